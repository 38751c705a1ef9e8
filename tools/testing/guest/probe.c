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

bool probe_add(unsigned long phys)
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
			return probe_add(phys);
	}
}

/*
 * Before 7ffb791423c7 KASLR ends the direct map behind the memory of boot and a
 * padding of 64 TiB at most, and memory above it is refused.
 */
bool probe_refused(void)
{
	char cmdline[4096];

	return errno == E2BIG &&
	       file_read("/proc/cmdline", cmdline, sizeof(cmdline)) &&
	       !strstr(cmdline, "nokaslr");
}

void probe_run(const unsigned long *addresses, int count)
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
		added = probe_add(addresses[i]);
		if (!added && probe_refused())
			skip("KASLR of this kernel leaves no room so high up");
		need(added, "%lu TiB: memory is there", addresses[i] / TIB);
		ok(bystanders_look(addresses[i]),
		   "%lu TiB: bystanders add their own beside it",
		   addresses[i] / TIB);
	}
}
