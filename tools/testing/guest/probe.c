// SPDX-License-Identifier: GPL-2.0
/*
 * Memory added by physical address, through the sysfs probe file. No RAM is
 * behind it, so it stays offline. Adding a section fills its part of the
 * vmemmap, with DEBUG_VM also after x86's own sync: each bystander adds the
 * section next to the first one, and so writes below the same new entry.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"

#define PROBE	"/sys/devices/system/memory/probe"
#define TIB	(1UL << 40)

static bool add(unsigned long phys)
{
	return file_write(PROBE, "%#lx", phys) &&
	       memory_block_is(phys, "offline");
}

/* Of @phys and the blocks behind it, add the first that is not there. */
static bool add_next(unsigned long phys)
{
	char path[128];

	for (;; phys += memory_block_size()) {
		snprintf(path, sizeof(path),
			 "/sys/devices/system/memory/memory%lu",
			 phys / memory_block_size());
		if (!file_exists(path))
			return add(phys);
	}
}

/*
 * Before 7ffb791423c7 KASLR ends the direct map behind the memory of boot and a
 * padding of 64 TiB at most, and memory above it is refused.
 */
static bool kaslr_refused(void)
{
	char cmdline[4096];

	return errno == E2BIG &&
	       file_read("/proc/cmdline", cmdline, sizeof(cmdline)) &&
	       !strstr(cmdline, "nokaslr");
}

static void run(const unsigned long *addresses, int count)
{
	char what[64];
	bool added;
	int i;

	if (!file_exists(PROBE))
		skip("no probe file in this kernel");
	need(file_is("/sys/devices/system/memory/auto_online_blocks", "offline"),
	     "new memory stays offline");
	bystanders_start(add_next);
	for (i = 0; i < count; i++) {
		snprintf(what, sizeof(what), "probe %#lx", addresses[i]);
		trigger(what);
		added = add(addresses[i]);
		if (!added && kaslr_refused())
			skip("KASLR of this kernel leaves no room for memory at so high an address");
		need(added, "%lu TiB: memory is there", addresses[i] / TIB);
		ok(bystanders_look(addresses[i]),
		   "%lu TiB: bystanders add their own beside it",
		   addresses[i] / TIB);
	}
}

/*
 * 4-level paging: 512 GiB of direct map per entry, 32 TiB of vmemmap. The first
 * address opens an entry in both, the others in the direct map.
 */
static void run_l4(void)
{
	static const unsigned long addresses[] = { 32 * TIB, 40 * TIB, 60 * TIB };

	run(addresses, sizeof(addresses) / sizeof(addresses[0]));
}

/* 5-level paging: 256 TiB per entry, so only the direct map gets new ones. */
static void run_l5(void)
{
	static const unsigned long addresses[] = { 256 * TIB, 512 * TIB, 1024 * TIB };

	run(addresses, sizeof(addresses) / sizeof(addresses[0]));
}

/*
 * Where a struct page has 80 bytes, 26 TiB is past the first entry of the
 * vmemmap, and vmemmap_use_new_sub_pmd() has work to do: crash 2.
 */
static void run_subpmd(void)
{
	static const unsigned long addresses[] = { 26 * TIB };

	run(addresses, sizeof(addresses) / sizeof(addresses[0]));
}

const struct scenario probe_scenario = { "probe", 7, run_l4 };
const struct scenario probe_l5_scenario = { "probe-l5", 7, run_l5 };
const struct scenario subpmd_scenario = { "subpmd", 3, run_subpmd };
