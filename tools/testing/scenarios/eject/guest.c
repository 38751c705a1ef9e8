// SPDX-License-Identifier: GPL-2.0
/*
 * The firmware ejects boot RAM that is less than the 1 GiB page by which the direct mapping
 * maps it. The rest of that page has to stay mapped, and the ejected RAM can be added again.
 * Nothing has used the RAM, so a kernel that takes it for a page table finds zeros. In
 * faults-eject there is no memory for the page table that splits the page.
 */
#include "guest.h"

/* The RAM of node 1, the part that machine.asl ejects, and what is left to other users. */
#define NODE	1
#define START	(5 * GIB)
#define END	(7 * GIB)
#define RAM	(6 * GIB)
#define SIZE	(384 * MIB)
#define RESERVE	(512 * MIB)

#define KIB(size)	((size) >> 10)

static bool add_again(void)
{
	unsigned long phys;

	for (phys = RAM; phys < RAM + SIZE; phys += memory_block_size())
		if (!probe_add(phys))
			return false;
	return memory_set(RAM, SIZE, true);
}

/* KASLR puts the kernel into any RAM. */
static bool kernel_in_ram(void)
{
	unsigned long start, end;
	bool found = false;
	char line[256];

	for_each_line(line, "/proc/iomem")
		if (strstr(line, " : Kernel ") && sscanf(line, "%lx-%lx", &start, &end) == 2)
			found |= start < RAM + SIZE && end >= RAM;
	return found;
}

/* The number of pages that the kernel counts as page tables. */
static unsigned long page_tables(void)
{
	unsigned long pages = 0;
	char line[128];

	/* Add up what each CPU has counted. */
	file_write("/proc/sys/vm/stat_refresh", "1");
	for_each_line(line, "/proc/vmstat")
		sscanf(line, "nr_page_table_pages %lu", &pages);
	return pages;
}

static bool use(unsigned long size)
{
	return pages_fill(NODE, size, START, END);
}

/*
 * Ejecting the RAM splits a 1 GiB page into 2 MiB pages. If @fails, a function of the kernel,
 * cannot allocate the page table for that, the direct mapping stays as it was.
 */
static void run(const char *fails)
{
	unsigned long by_1g = direct_map("1G"), by_2m = direct_map("2M"), by_4k = direct_map("4k");
	unsigned long split = fails ? 0 : KIB(GIB), rest = fails ? 0 : KIB(GIB - SIZE);
	unsigned long tables;

	if (!file_exists(PROBE))
		skip("no probe file in this kernel");
	if (kernel_in_ram())
		skip("KASLR has put the kernel into the RAM to be ejected");
	if (fails)
		faults_open();
	need(by_1g, "the direct mapping has 1 GiB pages");
	bystanders_start(use);
	tables = page_tables();
	trigger("eject RAM");
	if (fails)
		faults_below(fails, 1);
	need(ram_eject(0, RAM, SIZE), "the RAM is ejected");
	if (fails)
		need(faults_hit(), "allocating a page table has failed");
	ok(direct_map("1G") == by_1g - split && direct_map("2M") == by_2m + rest &&
	   direct_map("4k") == by_4k,
	   "the direct mapping has %s", fails ? "the same pages as before" : "the rest of the GiB");
	/* The table of 2 MiB pages stays. The table of 4 KiB pages is freed. */
	tables = page_tables() - tables;
	ok(tables == (fails ? 0 : 1), "nr_page_table_pages has grown by %lu", tables);
	ok(pages_inspect(RAM + SIZE, END - RAM - SIZE), "the rest of the GiB has struct pages");
	ok(use(END - START - SIZE - RESERVE), "the rest of the RAM can be allocated");
	ok(bystanders_use(8 * MIB), "bystanders can allocate the rest of the RAM");
	need(add_again(), "the RAM is added again");
	ok(use(END - START - RESERVE), "all of the RAM can be allocated");
	ok(bystanders_use(8 * MIB), "bystanders can allocate all of the RAM");
}

SCENARIO("eject", 10, run(NULL));
SCENARIO("faults-eject", 12, run("set_memory_4k"));
