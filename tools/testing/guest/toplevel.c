// SPDX-License-Identifier: GPL-2.0
/*
 * The top level of the caller's page table, by the dump that x86 makes in debugfs:
 * "kernel" walks init_mm's, "current_kernel" the reader's own, and both say of each
 * hole at which level it is. What is no hole of the top level has an entry there.
 *
 * Entries are added while others read, first to init_mm's, and none is taken away: what
 * init_mm's had before the reader's table was walked has to be in that, and what is in
 * that has to be in init_mm's afterwards.
 */
#include <stdio.h>
#include <string.h>

#include "guest.h"

#define TABLES		DEBUGFS "/page_tables/"
#define INIT_MM		TABLES "kernel"
#define OWN		TABLES "current_kernel"
#define ENTRIES		512
#define HALF		(ENTRIES / 2)

/* The half of a top-level table that is the kernel's: which entries are there. */
struct top {
	bool has[HALF];
};

/* One entry maps 512 GiB with 4 levels, 256 TiB with 5. */
int toplevel_shift(void)
{
	FILE *cpuinfo = fopen("/proc/cpuinfo", "re");
	static int shift;
	char line[4096];

	while (!shift && cpuinfo && fgets(line, sizeof(line), cpuinfo))
		if (!strncmp(line, "flags", 5))
			shift = strstr(line, " la57") ? 48 : 39;
	if (cpuinfo)
		fclose(cpuinfo);
	return shift;
}

static int entry_of(unsigned long address)
{
	return (address >> toplevel_shift()) % ENTRIES - HALF;
}

/* A line is "0x<start>-0x<end> <size> <flags> <level>"; a hole has no flags. */
static bool read_top(const char *dump, struct top *top)
{
	FILE *file = fopen(dump, "re");
	unsigned long start, end;
	char line[256];
	int lines = 0, i;

	memset(top->has, true, sizeof(top->has));
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "0x%lx-0x%lx", &start, &end) != 2 || !(start >> 63))
			continue;
		lines++;
		if (strstr(line, " pgd\n"))
			for (i = entry_of(start); i <= entry_of(end - 1); i++)
				top->has[i] = false;
	}
	if (file)
		fclose(file);
	return lines;
}

/* Has @more what @less has? */
static bool includes(const struct top *more, const struct top *less,
		     unsigned long *missing)
{
	int i;

	for (i = 0; i < HALF; i++)
		if (less->has[i] && !more->has[i]) {
			*missing = (~0UL << (toplevel_shift() + 8)) +
				   ((unsigned long)i << toplevel_shift());
			return false;
		}
	return true;
}

bool toplevel_is_right(unsigned long *missing)
{
	struct top before, own, after;

	*missing = 0;
	return read_top(INIT_MM, &before) && read_top(OWN, &own) &&
	       read_top(INIT_MM, &after) &&
	       includes(&own, &before, missing) && includes(&after, &own, missing);
}

int toplevel_entries(void)
{
	struct top top;
	int i, entries = 0;

	if (read_top(INIT_MM, &top))
		for (i = 0; i < HALF; i++)
			entries += top.has[i];
	return entries;
}

void toplevel_open(void)
{
	unsigned long missing;

	if (!file_exists(OWN))
		skip("no dump of page tables in this kernel");
	/* A dump that is read wrongly has no holes. */
	need(toplevel_entries() < HALF && toplevel_is_right(&missing),
	     "page tables can be compared");
}
