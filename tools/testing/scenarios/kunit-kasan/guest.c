// SPDX-License-Identifier: GPL-2.0
/*
 * KASAN's KUnit run-list: does the shadow that the kernel has show what it is to show?
 */
#include "guest.h"

/*
 * Of a string that it must not read it wants a report of strscpy(). Mainline's reads
 * words by load_unaligned_zeropad() on x86, with the series or without, which is
 * assembly that KASAN does not see.
 */
#define MAY_FAIL	"kasan_strings"

static void run(void)
{
	trigger("load kasan_test");
	need(module_load("kasan_test", ""), "the suite has run");
	ok(kunit_passed("kasan", MAY_FAIL), "suite kasan, but for " MAY_FAIL);
	need(module_unload("kasan_test"), "it is unloaded");
}

SCENARIO("kunit-kasan", 3, run);
