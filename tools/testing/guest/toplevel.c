// SPDX-License-Identifier: GPL-2.0
/*
 * The top level of the caller's page table, from the dump that x86 has in debugfs: "kernel"
 * walks the table of init_mm, "current_kernel" that of the reader. A dump has the level of
 * each hole. What is not a hole at the top level has a top-level entry.
 *
 * Other processes may add entries meanwhile, first to init_mm, and never remove one. So an
 * entry that init_mm had before the reader's table was walked has to be in that table, and an
 * entry of that table has to be in init_mm's afterwards.
 */
#include "guest.h"

#define TABLES		DEBUGFS "/page_tables/"
#define INIT_MM		TABLES "kernel"
#define OWN		TABLES "current_kernel"
#define ENTRIES		512
#define HALF		(ENTRIES / 2)

int toplevel_shift(void)
{
	static int shift;
	char line[4096];

	if (shift)
		return shift;
	for_each_line(line, "/proc/cpuinfo")
		if (!strncmp(line, "flags", 5))
			shift = strstr(line, " la57") ? 48 : 39;
	return shift;
}

static int entry_of(unsigned long address)
{
	return (address >> toplevel_shift()) % ENTRIES - HALF;
}

/*
 * Read which entries of the kernel's half of a top-level table exist. A line of the dump is
 * "0x<start>-0x<end> <size> <flags> <level>". A hole has no flags.
 */
static bool read_top(const char *dump, bool *top)
{
	unsigned long start, end;
	char line[256];
	int lines = 0, i;

	memset(top, true, HALF * sizeof(*top));
	for_each_line(line, dump) {
		if (sscanf(line, "0x%lx-0x%lx", &start, &end) != 2 || !(start >> 63))
			continue;
		lines++;
		if (strstr(line, " pgd\n"))
			for (i = entry_of(start); i <= entry_of(end - 1); i++)
				top[i] = false;
	}
	return lines;
}

static bool includes(const bool *more, const bool *less, unsigned long *missing)
{
	int i;

	for (i = 0; i < HALF; i++)
		if (less[i] && !more[i]) {
			*missing = (~0UL << (toplevel_shift() + 8)) +
				   ((unsigned long)i << toplevel_shift());
			return false;
		}
	return true;
}

bool toplevel_synced(unsigned long *missing)
{
	bool before[HALF], own[HALF], after[HALF];

	*missing = 0;
	return read_top(INIT_MM, before) && read_top(OWN, own) && read_top(INIT_MM, after) &&
	       includes(own, before, missing) && includes(after, own, missing);
}

int toplevel_entries(void)
{
	bool top[HALF];
	int i, entries = 0;

	if (read_top(INIT_MM, top))
		for (i = 0; i < HALF; i++)
			entries += top[i];
	return entries;
}

void toplevel_open(void)
{
	unsigned long missing;

	if (!file_exists(OWN))
		skip("no page-table dump in this kernel");
	/* If the dump is misread, it seems to have no holes. */
	need(toplevel_entries() < HALF && toplevel_synced(&missing),
	     "page-table dumps can be compared");
}
