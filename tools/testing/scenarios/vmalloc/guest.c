// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own test of vmalloc, whose top-level entries x86_64 preallocates. Two threads
 * run all of its tests but one. That one asks for an alignment that vmalloc() does not
 * support, and its author expects it to fail.
 */
#include "guest.h"

#define ALIGN_SHIFT	(1 << 6)
#define ALL		((1 << 13) - 1)
#define LOOPS		300

/*
 * The module runs in its init function, which then fails so that it is not kept. It prints
 * "test_vmalloc: Summary: NAME passed: 1 failed: 0 ..." for each thread and test.
 */
static struct results test(int mask, int threads)
{
	const char *param = format("nr_threads=%d run_test_mask=%d test_loop_count=%d", threads,
				   mask, LOOPS);
	int kmsg = kmsg_open(true), passed, failed;
	struct results r = { 0 };
	char line[1024], name[64], *summary;

	module_load("test_vmalloc", param);
	while (kmsg_read(kmsg, line, sizeof(line))) {
		summary = strstr(line, "Summary: ");
		if (summary && sscanf(summary, "Summary: %63s passed: %d failed: %d", name,
				      &passed, &failed) == 3)
			result(&r, passed && !failed ? "ok" : "failed", name);
	}
	close(kmsg);
	return r;
}

static void run(void)
{
	struct results r;

	module_require("test_vmalloc");
	bystanders_start(NULL);
	trigger("load test_vmalloc");
	r = test(ALL & ~ALIGN_SHIFT, 2);
	ok(results_good(&r, "two threads"), "all tests of vmalloc() pass");
	ok(r.passed >= 2 * 8, "two threads run at least 8 tests each");
	r = test(ALIGN_SHIFT, 1);
	ok(r.passed == 0 && r.failed == 1, "the test of unsupported alignments fails");
	ok(bystanders_use(0), "bystanders are alive");
}

SCENARIO("vmalloc", 4, run());
