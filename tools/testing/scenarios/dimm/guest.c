// SPDX-License-Identifier: GPL-2.0
/*
 * A DIMM at 32 TiB, where the page map needs another entry.
 */
#include "guest.h"

static void run(void)
{
	dimm_run(32 * TIB);
}

SCENARIO(13, run);
