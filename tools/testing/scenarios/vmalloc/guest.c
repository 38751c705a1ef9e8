// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own test of vmalloc, whose entries x86_64 preallocates: each of its
 * tests by two threads, and then by one the test of alignments, whose author has it
 * fail.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define ALIGN_SHIFT	(1 << 6)
#define ALL		((1 << 13) - 1)
#define LOOPS		300

/* "test_vmalloc: Summary: NAME passed: 1 failed: 0 ..." for each thread and test. */
static bool summary(struct results *r, const char *line)
{
	int passed, failed;
	char name[64];

	line = strstr(line, "Summary: ");
	if (!line || sscanf(line, "Summary: %63s passed: %d failed: %d", name,
			    &passed, &failed) != 3)
		return false;
	result(r, passed && !failed ? "ok" : "failed", "%s", name);
	return true;
}

/* It does its work in its init, and fails then, so as not to stay. */
static struct results test(int mask, int threads)
{
	int kmsg = kmsg_open(true);
	struct results r = { 0 };
	char line[1024];

	snprintf(line, sizeof(line),
		 "nr_threads=%d run_test_mask=%d test_loop_count=%d",
		 threads, mask, LOOPS);
	module_load("test_vmalloc", line);
	while (kmsg_read(kmsg, line, sizeof(line)))
		summary(&r, line);
	close(kmsg);
	return r;
}

static bool look(unsigned long arg)
{
	return arg != 0;
}

static void run(void)
{
	struct results r;

	if (!file_exists("/test_vmalloc.ko"))
		skip("no test_vmalloc module in this kernel");
	bystanders_start(look);
	trigger("load test_vmalloc");
	r = test(ALL & ~ALIGN_SHIFT, 2);
	ok(results_good(&r, "two threads"), "each test of vmalloc passes");
	ok(r.passed >= 2 * 8, "by two threads");
	r = test(ALIGN_SHIFT, 1);
	ok(r.passed == 0 && r.failed == 1,
	   "what cannot be aligned cannot be had");
	ok(bystanders_look(1), "bystanders live");
}

SCENARIO("vmalloc", 4, run);
