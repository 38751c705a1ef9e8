// SPDX-License-Identifier: GPL-2.0
/*
 * A DIMM at 32 TiB, where the page map needs another entry, or where soak has drawn it.
 */
#include "guest.h"

static void run(void)
{
	dimm_run(param_number("at", 0) * TIB);
}

SCENARIO(13, run);
