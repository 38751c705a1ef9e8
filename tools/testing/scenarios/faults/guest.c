// SPDX-License-Identifier: GPL-2.0
/*
 * Memory is added by address while its first page allocation fails, then the second, and so
 * on. The first addresses are each in a top-level entry of their own, so that tables of all
 * levels are allocated. debug_pagealloc adds the tables of 4 KiB pages. Afterwards only
 * allocations fail that must not sleep. Slab tries these first and then others, so the memory
 * has to be added.
 */
#include "guest.h"

/* More tables than a top-level entry needs. */
#define TABLES	8

/* Add memory at the next address, or in a retry at the same one. */
static bool add(int nth, bool *hit)
{
	static unsigned long count;
	unsigned long phys;

	if (nth)
		count++;
	/* The entry of a direct mapping with 4 levels is 512 GiB. */
	phys = count <= TABLES ? count << toplevel_shift() : 4 * TIB + count * 512 * GIB;
	return faults_write(PROBE, format("%#lx", phys), nth, hit) && memory_block_exists(phys);
}

static void run(void)
{
	struct attempt a = { .kind = "page", .make = add, .size = memory_block_size() };
	unsigned long mapped;
	bool good, hit = true;
	int nth, hits = 0;

	if (!file_exists(PROBE))
		skip("no probe file in this kernel");
	faults_open();
	trigger("add memory while page allocations fail");
	faults_each(&a, 1);
	faults_report(&a, 3);
	good = file_write(DEBUGFS "/fail_page_alloc/ignore-gfp-wait", "Y");
	for (nth = 1; hit && nth <= TABLES; nth++) {
		mapped = direct_map(NULL) + a.size / 1024;
		good &= add(nth, &hit) && direct_map(NULL) == mapped;
		hits += hit;
	}
	ok(good && hits, "memory is added while atomic allocations fail");
}

SCENARIO("faults", 7, run());
