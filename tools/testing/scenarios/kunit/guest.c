// SPDX-License-Identifier: GPL-2.0
/*
 * The KUnit suites of the page tables, which have run at boot already, run again
 * among processes, and their results as test points.
 */
#include "guest.h"

static const char *const suites[] = { "x86_pgtable_sync", "pgalloc" };

#define COUNT	(sizeof(suites) / sizeof(suites[0]))

static bool look(unsigned long arg)
{
	return arg != 0;
}

/* Each suite has run, or with @again runs now, and each of its cases passed. */
static void look_at_suites(bool again, const char *when)
{
	bool ran = true, good = true;
	unsigned int i;

	for (i = 0; i < COUNT; i++) {
		ran &= again ? kunit_run(suites[i]) : kunit_has(suites[i]);
		good &= ran && kunit_passed(suites[i], NULL);
	}
	need(ran, "the suites have run %s", when);
	ok(good, "each case passed %s", when);
}

static void run(void)
{
	if (!kunit_has(suites[0]))
		skip("no such KUnit suite in this kernel");
	look_at_suites(false, "at boot");

	bystanders_start(look);
	trigger("run the KUnit suites");
	look_at_suites(true, "among processes");
	ok(bystanders_look(1), "bystanders live");
}

SCENARIO("kunit", 5, run);
