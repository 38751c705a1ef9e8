// SPDX-License-Identifier: GPL-2.0
/*
 * Memory is added by address, and the first, second, third... page that this
 * allocates cannot be had, until it takes no more. Each address is in a top-level
 * entry of its own, for the tables of all levels to be among these pages.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "guest.h"

#define PROBE	"/sys/devices/system/memory/probe"
#define NTH	"/proc/thread-self/fail-nth"
#define DEBUGFS	"/sys/kernel/debug"
#define FAIL	DEBUGFS "/fail_page_alloc/"
#define BASE	(32 * TIB)
#define STEP	(512UL << 30)
#define MOST	63

/* Any page may fail, and without a word. */
static bool set_up(void)
{
	mount("debugfs", DEBUGFS, "debugfs", 0, NULL);
	return file_write(FAIL "min-order", "0") &&
	       file_write(FAIL "ignore-gfp-wait", "N") &&
	       file_write(FAIL "verbose", "0");
}

/* The memory that the direct mapping has, in KiB. */
static unsigned long direct_map(void)
{
	FILE *meminfo = fopen("/proc/meminfo", "re");
	unsigned long sum = 0, size;
	char line[128];

	while (meminfo && fgets(line, sizeof(line), meminfo))
		if (sscanf(line, "DirectMap%*[0-9kMG]: %lu", &size) == 1)
			sum += size;
	if (meminfo)
		fclose(meminfo);
	return sum;
}

static bool is_there(unsigned long phys)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/devices/system/memory/memory%lu",
		 phys / memory_block_size());
	return file_exists(path);
}

/*
 * Add memory at @phys, where the @nth page cannot be had, if not 0. Nothing is
 * opened in between, so that the pages are those of the adding. @hit is whether it
 * took as many.
 */
static bool add(unsigned long phys, int nth, bool *hit)
{
	int probe = open(PROBE, O_WRONLY | O_CLOEXEC);
	int fail = open(NTH, O_RDWR | O_CLOEXEC);
	char where[32], count[16] = "";
	bool good;

	snprintf(where, sizeof(where), "%#lx", phys);
	snprintf(count, sizeof(count), "%d", nth);
	if (pwrite(fail, count, strlen(count), 0) < 0)
		need(false, "page %d is to fail", nth);
	good = write(probe, where, strlen(where)) == (ssize_t)strlen(where);
	memset(count, 0, sizeof(count));
	if (pread(fail, count, sizeof(count) - 1, 0) <= 0 ||
	    pwrite(fail, "0", 1, 0) < 0)
		need(false, "how many pages it took");
	*hit = nth && !atoi(count);
	close(probe);
	close(fail);
	return good;
}

static void run(void)
{
	unsigned long before, block = memory_block_size() / 1024;
	bool hit = true, counted = true, gone = true, again = true, more;
	int nth, refused = 0;

	if (!file_exists(PROBE) || !file_exists(NTH))
		skip("no probe file, or no fault injection, in this kernel");
	need(set_up(), "allocations can be made to fail");
	trigger("add memory while pages cannot be had");
	for (nth = 1; hit && nth <= MOST; nth++) {
		unsigned long phys = BASE + nth * STEP;

		before = direct_map();
		if (add(phys, nth, &hit))
			continue;
		refused++;
		if (direct_map() != before) {
			note("page %d: the direct map had %lu KiB, and has %lu",
			     nth, before, direct_map());
			counted = false;
		}
		gone &= !is_there(phys);
		if (!add(phys, 0, &more) || !is_there(phys) ||
		    direct_map() != before + block) {
			note("page %d: the next try fails", nth);
			again = false;
		}
	}
	note("%d of %d pages that could not be had made it fail", refused, nth - 2);
	ok(!hit, "each page was tried");
	ok(refused >= 3, "memory is not added where a page is missing");
	ok(counted, "the direct map is then as it was");
	ok(gone, "no memory block is left");
	ok(again, "the next try adds it");
}

SCENARIO(6, run);
