// SPDX-License-Identifier: GPL-2.0
/*
 * memory-hotplug/mem-on-off-test.sh of the kernel's selftests puts all memory online,
 * one block offline, and has the kernel's notifiers fail in between. What is offline
 * at first is a DIMM that was there at boot.
 */
#include <string.h>

#include "guest.h"

#define DIMM	(32 * TIB)
#define SIZE	(512 * MIB)

static bool injected = true;

/* It ends well, too, where it cannot have errors made. */
static void see(const char *line)
{
	note("%s", line);
	if (strstr(line, "skip extra tests") || strstr(line, "SKIPPED"))
		injected = false;
}

static void run(void)
{
	int code;

	need(memory_is_there(DIMM, SIZE, true) &&
	     memory_block_is(DIMM, "offline"), "a DIMM is there, offline");
	command_run((const char *const[]){ "/bin/busybox", "--install", "-s",
		    "/bin", NULL });
	need(command_modules(""), "modules can be found");
	trigger("mem-on-off-test.sh");
	code = command_see(see, (const char *const[]){ "/bin/bash",
			   "/selftests/mem-on-off-test.sh", NULL });
	ok(code == 0, "mem-on-off-test.sh ends with 0");
	ok(injected, "it has left nothing out");
	ok(memory_block_is(DIMM, "online") &&
	   memory_block_is(DIMM + SIZE - memory_block_size(), "online"),
	   "the DIMM is online");
}

SCENARIO("selftest-hotplug", 5, run);
