// SPDX-License-Identifier: GPL-2.0
/*
 * With its map on the device, the page map takes vmemmap_populate().
 */
#include "guest.h"

static void run(void)
{
	dax_run("pmem", NULL);
}

SCENARIO(10, run);
