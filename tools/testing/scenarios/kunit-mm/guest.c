// SPDX-License-Identifier: GPL-2.0
/*
 * mm's KUnit suites. Those that are built in have run at boot; those that are modules
 * run when they are loaded. DEBUG_VM_PGTABLE, which checks what the architecture's
 * page-table helpers promise, has run at boot and warns where one does not.
 */
#include "guest.h"

static void at_boot(void)
{
	static const char *const suites[] = {
		"damon", "damon-operations", "damon-sysfs",
	};
	size_t i;

	for (i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		ok(kunit_passed(suites[i], NULL), "suite %s", suites[i]);
}

static void load(const char *module, const char *suite)
{
	trigger(module);
	need(module_load(module, ""), "%s is loaded", module);
	ok(kunit_passed(suite, NULL), "suite %s", suite);
	need(module_unload(module), "%s is unloaded", module);
}

static void run(void)
{
	ok(kmsg_has("Validating architecture page table helpers"),
	   "the page-table helpers were looked at");
	at_boot();
	load("slub_kunit", "slub_test");
	load("kfence_test", "kfence");
}

SCENARIO("kunit-mm", 10, run);
