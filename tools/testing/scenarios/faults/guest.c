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

/* The next address, or in a retry the same one. */
static unsigned long address(bool next)
{
	static unsigned long count;

	count += next;
	/* The entry of a direct mapping with 4 levels is 512 GiB. */
	return count <= TABLES ? count << toplevel_shift() : 4 * TIB + count * 512 * GIB;
}

static bool add(int nth, bool *hit)
{
	unsigned long phys = address(nth);

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

/*
 * Only the tables of the direct mapping fail to be allocated. What was mapped may stay, but a
 * retry has to work and to map the rest.
 */
static void run_tables(void)
{
	unsigned long mapped, phys;
	int nth, refused = 0, failed = 0;
	bool hit = true, none;

	if (!file_exists(PROBE))
		skip("no probe file in this kernel");
	faults_open();
	trigger("add memory while allocating a page table fails");
	for (nth = 1; hit; nth++) {
		mapped = direct_map(NULL) + memory_block_size() / 1024;
		phys = address(true);
		faults_below("init_memory_mapping", nth);
		refused += !file_write(PROBE, format("%#lx", phys));
		hit = faults_hit();
		if (!memory_block_exists(phys))
			failed += !add(0, &none);
		failed += direct_map(NULL) != mapped;
	}
	note("fail: %d of %d tables made the attempt fail", refused, nth - 2);
	ok(refused > 1, "adding memory fails if a table cannot be allocated");
	ok(!failed, "each retry works, and all memory that was added is mapped");
}

SCENARIO("faults", 7, run());
SCENARIO("faults-tables", 3, run_tables());
