// SPDX-License-Identifier: GPL-2.0
/*
 * mm/hmm-tests of the kernel's selftests, on all four devices of test_hmm: two with
 * memory that no CPU reaches, at the top of the physical address range, and two with
 * some that each does, RAM that the kernel was told not to use.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define CHUNK		(256 * MIB)
#define MOST_LINES	100

static struct results results;

/* A test that fails may say so for each word that it looks at. */
static void see(const char *line)
{
	static int lines;

	if (!result_of_line(&results, "hmm-tests", line) &&
	    lines++ < MOST_LINES)
		note("%s", line);
}

/* Where RAM goes on above 4 GiB depends on the machine: at 1 TiB, where an AMD has a hole. */
static unsigned long high_ram(void)
{
	unsigned long start, end, high = 0;
	int kmsg = kmsg_open(false);
	char line[256], *at;

	while (!high && kmsg_read(kmsg, line, sizeof(line))) {
		at = strstr(line, "BIOS-e820: [mem ");
		if (at && strstr(at, "usable") &&
		    sscanf(at, "BIOS-e820: [mem %lx-%lx]", &start, &end) == 2 &&
		    start >= 4 * GIB && end - start >= 2 * CHUNK - 1)
			high = start;
	}
	close(kmsg);
	return high;
}

static void run(void)
{
	unsigned long coherent = high_ram();
	char param[128];
	int code;

	if (!file_exists("/test_hmm.ko"))
		skip("no test_hmm module in this kernel");
	snprintf(param, sizeof(param), "spm_addr_dev0=%lu spm_addr_dev1=%lu",
		 coherent, coherent + CHUNK);
	need(coherent, "there is RAM at %#lx", coherent);
	trigger("load test_hmm");
	need(hmm_load("/dev/hmm_dmirror0", param), "test_hmm is loaded");
	code = command_see(see, (const char *const[]){
		"/selftests/hmm-tests", NULL });
	ok(results_good(&results, "hmm-tests"), "each test passes");
	ok(code == 0, "hmm-tests ends with 0");
	need(hmm_unload("/dev/hmm_dmirror0"), "test_hmm is unloaded");
}

SCENARIO("selftest-hmm", 5, run);
