// SPDX-License-Identifier: GPL-2.0
/*
 * An NVDIMM of several sections becomes a block device, and the first, second,
 * third... page that this allocates cannot be had, until it takes no more.
 */
#include "guest.h"

#define DRIVER	"/sys/bus/nd/drivers/nd_pmem/"
#define MOST	2000

static const char *device;

static bool bound(void)
{
	return file_exists(DISK);
}

static void run(void)
{
	bool hit = true, counted = true, again = true, more;
	unsigned long before;
	int nth, refused = 0;

	faults_open();
	device = nvdimm_configure(0, "pfn", "ram");
	trigger("bind block device while pages cannot be had");
	before = direct_map();
	for (nth = 1; hit && nth <= MOST; nth++) {
		if (!faults_write(DRIVER "bind", device, nth, &hit) || !bound()) {
			refused++;
			if (direct_map() != before) {
				note("page %d: the direct map had %lu KiB, and has %lu",
				     nth, before, direct_map());
				counted = false;
				before = direct_map();
			}
			if (!faults_write(DRIVER "bind", device, 0, &more) || !disk_wait()) {
				note("page %d: the next try fails", nth);
				again = false;
				break;
			}
		}
		if (!file_write(DRIVER "unbind", "%s", device) || !wait_for_file(DISK, false))
			need(false, "page %d: it is given back", nth);
	}
	note("%d of %d pages that could not be had made it fail", refused, nth - 2);
	ok(!hit, "each page was tried");
	ok(refused >= 2, "it is not bound where a page is missing");
	ok(counted, "the direct map is then as it was");
	ok(again, "the next try binds it");
}

SCENARIO(8, run);
