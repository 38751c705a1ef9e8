// SPDX-License-Identifier: GPL-2.0
/*
 * The KUnit suite of KASAN's zero shadow, which has run at boot, runs again while processes
 * exist. At boot nothing but the test's own mm can lack a top-level entry.
 */
#include "guest.h"

#define SUITE "kasan_zero_shadow"

static void run(void)
{
	need(kunit_has(SUITE), "the suite has run at boot");
	ok(kunit_passed(SUITE, NULL), "all cases passed at boot");
	bystanders_start(NULL);
	trigger("run the KUnit suite");
	need(kunit_run(SUITE), "the suite has run again");
	ok(kunit_passed(SUITE, NULL), "all cases passed while processes exist");
	ok(bystanders_use(0), "bystanders are alive");
}

SCENARIO("kunit-shadow", 5, run());
