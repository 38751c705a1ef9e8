// SPDX-License-Identifier: GPL-2.0
/*
 * Memory is added by address, and the first, second, third... page that this
 * allocates cannot be had, until it takes no more. The first addresses are each in a
 * top-level entry of their own, for the tables of all levels to be among these pages:
 * those of 4 KiB pages too, by which debug_pagealloc maps all memory. At last those
 * cannot be had that the kernel does not wait for, which has to go well: slab asks for
 * some in that way first, and then again.
 */
#include <stdio.h>

#include "guest.h"

#define PROBE	"/sys/devices/system/memory/probe"
#define BASE	(4 * TIB)
#define STEP	(512UL << 30)
#define MOST	100
/* More than a top-level entry needs tables. */
#define TABLES	8

static unsigned long address(int nth)
{
	return nth <= TABLES ? (unsigned long)nth << toplevel_shift() : BASE + nth * STEP;
}

static bool is_there(unsigned long phys)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/devices/system/memory/memory%lu",
		 phys / memory_block_size());
	return file_exists(path);
}

static bool add(unsigned long phys, int nth, bool *hit)
{
	char where[32];

	snprintf(where, sizeof(where), "%#lx", phys);
	return faults_write(PROBE, where, nth, hit);
}

/* Is the block at @phys there, and all of it in the direct map, which had @before KiB? */
static bool is_whole(unsigned long phys, unsigned long before)
{
	return is_there(phys) && direct_map(NULL) == before + memory_block_size() / 1024;
}

static void run(void)
{
	bool hit = true, whole = true, counted = true, gone = true, again = true, waits, more;
	int nth, refused = 0, hits = 0;
	unsigned long before;

	if (!file_exists(PROBE))
		skip("no probe file in this kernel");
	faults_open();
	trigger("add memory while pages cannot be had");
	for (nth = 1; hit && nth <= MOST; nth++) {
		unsigned long phys = address(nth);

		before = direct_map(NULL);
		if (add(phys, nth, &hit)) {
			whole &= is_whole(phys, before);
			continue;
		}
		refused++;
		if (direct_map(NULL) != before) {
			note("page %d: the direct map had %lu KiB, and has %lu",
			     nth, before, direct_map(NULL));
			counted = false;
		}
		gone &= !is_there(phys);
		if (!add(phys, 0, &more) || !is_whole(phys, before)) {
			note("page %d: the next try fails", nth);
			again = false;
		}
	}
	note("%d of %d pages that could not be had made it fail", refused, nth - 2);
	waits = faults_atomic_only();
	for (nth = 1, more = true; more && nth <= TABLES; nth++) {
		unsigned long phys = address(MOST + nth);

		before = direct_map(NULL);
		waits &= add(phys, nth, &more) && is_whole(phys, before);
		hits += more;
	}
	ok(!hit, "each page was tried");
	ok(refused >= 3, "memory is not added where a page is missing");
	ok(whole, "what is added is all mapped");
	ok(counted, "the direct map is then as it was");
	ok(gone, "no memory block is left");
	ok(again, "the next try adds it");
	ok(waits && hits, "it is added where only pages are missing that are not waited for");
}

SCENARIO("faults", 8, run);
