// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suites of mm. The built-in ones have run at boot, the modules run when they are
 * loaded. DEBUG_VM_PGTABLE also runs at boot and warns if a page-table helper of the
 * architecture breaks a promise.
 */
#include "guest.h"

static void load(const char *module, const char *suite)
{
	trigger(module);
	need(module_load(module, ""), "%s is loaded", module);
	ok(kunit_passed(suite, NULL), "suite %s passes", suite);
	need(module_unload(module), "%s is unloaded", module);
}

static void run(void)
{
	static const char *const suites[] = { "damon", "damon-operations", "damon-sysfs" };
	size_t i;

	ok(kmsg_has("Validating architecture page table helpers"),
	   "the kernel has checked its page-table helpers");
	for (i = 0; i < ARRAY_SIZE(suites); i++)
		ok(kunit_passed(suites[i], NULL), "suite %s passes", suites[i]);
	load("slub_kunit", "slub_test");
	load("kfence_test", "kfence");
}

SCENARIO("kunit-mm", 10, run());
