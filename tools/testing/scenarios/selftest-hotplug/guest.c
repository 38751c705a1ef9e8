// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's selftest memory-hotplug/mem-on-off-test.sh sets all memory online and one block
 * offline, and injects errors into the kernel's notifiers in between. A DIMM that exists at
 * boot is the memory that is offline at first.
 */
#include "guest.h"

#define DIMM	(32 * TIB)
#define SIZE	(512 * MIB)

static bool complete = true;

/* The script exits with 0 even if it cannot inject errors. */
static void handle(const char *line)
{
	note("%s", line);
	if (strstr(line, "skip extra tests") || strstr(line, "SKIPPED"))
		complete = false;
}

static void run(void)
{
	int code;

	need(memory_wait(DIMM, SIZE, true) && memory_block_is(DIMM, "offline"),
	     "the DIMM exists and is offline");
	command_run((const char *const[]){ "/bin/busybox", "--install", "-s", "/bin", NULL });
	need(command_modules(""), "modprobe finds the modules");
	trigger("mem-on-off-test.sh");
	code = command_output(handle, (const char *const[]){
		"/bin/bash", "/selftests/mem-on-off-test.sh", NULL });
	ok(code == 0, "mem-on-off-test.sh exits with 0");
	ok(complete, "mem-on-off-test.sh has skipped nothing");
	ok(memory_block_is(DIMM, "online") &&
	   memory_block_is(DIMM + SIZE - memory_block_size(), "online"),
	   "the DIMM is online");
}

SCENARIO("selftest-hotplug", 5, run());
