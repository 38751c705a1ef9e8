// SPDX-License-Identifier: GPL-2.0
/*
 * An NVDIMM becomes a block device, and the first, second, third... page that this
 * allocates cannot be had, until it takes no more. One lies across the end of a
 * top-level entry, the other across that of a PUD entry: what fails before such an end
 * is not to be forgotten behind it.
 */
#include <stdio.h>

#include "guest.h"

#define DRIVER	"/sys/bus/nd/drivers/nd_pmem/"
#define NVDIMMS	2
#define MOST	2000

static int tried, refused;
static bool hit, counted = true, again = true, whole = true;

/* The direct map has @now KiB, and should have @then. */
static bool has(const char *what, int nth, unsigned long now, unsigned long then)
{
	if (now == then)
		return true;
	note("page %d: %s, the direct map has %lu KiB, not %lu", nth, what, now, then);
	return false;
}

static bool bind(const char *device, const char *disk, int nth)
{
	return faults_write(DRIVER "bind", device, nth, &hit) && file_exists(disk);
}

static void unbind(const char *device, const char *disk, int nth)
{
	if (!file_write(DRIVER "unbind", "%s", device) || !wait_for_file(disk, false))
		need(false, "page %d: it is given back", nth);
}

static void try_pages(int nr)
{
	const char *device = nvdimm_configure(nr, "pfn", "ram");
	unsigned long before = direct_map(NULL), full;
	char disk[32];
	int nth;

	snprintf(disk, sizeof(disk), "/dev/pmem%d", nr);
	trigger("bind block device while pages cannot be had");
	again &= bind(device, disk, 0);
	full = direct_map(NULL);
	for (nth = 1, hit = true; hit && again && nth <= MOST; nth++) {
		unbind(device, disk, nth);
		if (bind(device, disk, nth)) {
			whole &= has("bound", nth, direct_map(NULL), full);
			continue;
		}
		refused++;
		counted &= has("refused", nth, direct_map(NULL), before);
		again = bind(device, disk, 0);
		if (!again)
			note("page %d: the next try fails", nth);
		hit = true;
	}
	unbind(device, disk, nth);
	tried += nth - 2;
}

static void run(void)
{
	int nr;

	faults_open();
	for (nr = 0; nr < NVDIMMS; nr++)
		try_pages(nr);
	note("%d of %d pages that could not be had made it fail", refused, tried);
	ok(!hit, "each page was tried");
	ok(refused >= 2 * NVDIMMS, "it is not bound where a page is missing");
	ok(counted, "the direct map is then as it was");
	ok(again, "the next try binds it");
	ok(whole, "bound, all of it is in the direct map");
}

SCENARIO("faults-pmem", 12, run);
