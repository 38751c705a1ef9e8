// SPDX-License-Identifier: GPL-2.0
/*
 * KASAN's KUnit suite, which checks that the shadow is right.
 */
#include "guest.h"

/*
 * The test expects KASAN to report a strscpy() that reads out of bounds. On x86, mainline's
 * strscpy() reads words by load_unaligned_zeropad(), assembly that KASAN does not check. The
 * series do not change that.
 */
#define MAY_FAIL	"kasan_strings"

static void run(void)
{
	trigger("load kasan_test");
	need(module_load("kasan_test", ""), "kasan_test is loaded");
	ok(kunit_passed("kasan", MAY_FAIL), "suite kasan passes, except " MAY_FAIL);
	need(module_unload("kasan_test"), "kasan_test is unloaded");
}

SCENARIO("kunit-kasan", 3, run());
