// SPDX-License-Identifier: GPL-2.0
/*
 * The same as eject, where the page of the direct mapping cannot be split: there is no
 * memory for its page table.
 */
#include "guest.h"

static void run(void)
{
	eject_run("set_memory_4k");
}

SCENARIO(11, run);
