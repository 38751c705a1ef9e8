// SPDX-License-Identifier: GPL-2.0
/*
 * The KUnit suites of the series, which have run at boot, run again while processes exist.
 */
#include "guest.h"

static const char *const suites[] = { "x86_pgtable_sync", "pgalloc" };

/* Check that the suites have run, or with @again run them now, and that all cases passed. */
static void check_suites(bool again, const char *when)
{
	bool ran = true, good = true;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		if (!kunit_has(suites[i]))
			continue;
		ran &= !again || kunit_run(suites[i]);
		good &= ran && kunit_passed(suites[i], NULL);
	}
	need(ran, "the suites have run %s", when);
	ok(good, "all cases passed %s", when);
}

static void run(void)
{
	if (!kunit_has(suites[0]) && !kunit_has(suites[1]))
		skip("no KUnit suite of the series in this kernel");
	check_suites(false, "at boot");
	bystanders_start(NULL);
	trigger("run the KUnit suites");
	check_suites(true, "while processes exist");
	ok(bystanders_use(0), "bystanders are alive");
}

SCENARIO("kunit", 5, run());
SCENARIO("kunit-bits", 5, run());
