// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's selftest mm/hmm-tests, on all four devices of test_hmm: two with memory at the
 * top of the physical address range, which no CPU can access, and two with RAM that the kernel
 * was told to ignore, which each CPU can.
 */
#include "guest.h"

#define DEVICE		"/dev/hmm_dmirror0"
#define CHUNK		(256 * MIB)
#define MOST_LINES	100

static struct results results;

/* A test that fails may print a line for each word that it compares. */
static void handle(const char *line)
{
	static int lines;

	if (!result_of_line(&results, "hmm-tests", line) && lines++ < MOST_LINES)
		note("%s", line);
}

/* RAM above 4 GiB is at 1 TiB on machines with an AMD CPU. */
static unsigned long high_ram(void)
{
	unsigned long start, end, high = 0;
	int kmsg = kmsg_open(false);
	char line[256], *range;

	while (!high && kmsg_read(kmsg, line, sizeof(line))) {
		range = strstr(line, "BIOS-e820: [mem ");
		if (range && strstr(range, "usable") &&
		    sscanf(range, "BIOS-e820: [mem %lx-%lx]", &start, &end) == 2 &&
		    start >= 4 * GIB && end - start >= 2 * CHUNK - 1)
			high = start;
	}
	close(kmsg);
	return high;
}

static void run(void)
{
	unsigned long ram = high_ram();
	int code;

	module_require("test_hmm");
	need(ram, "RAM above 4 GiB is at %#lx", ram);
	trigger("load test_hmm");
	need(hmm_load(DEVICE, hmm_coherent(ram, ram + CHUNK)), "test_hmm is loaded");
	code = command_output(handle, (const char *const[]){ "/selftests/hmm-tests", NULL });
	ok(results_good(&results, "hmm-tests"), "all tests pass");
	ok(code == 0, "hmm-tests exits with 0");
	need(hmm_unload(DEVICE), "test_hmm is unloaded");
}

SCENARIO("selftest-hmm", 5, run());
