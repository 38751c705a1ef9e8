// SPDX-License-Identifier: GPL-2.0
/*
 * With the map in RAM, the page map takes vmemmap_populate_compound_pages():
 * crash compound.
 */
#include "guest.h"

static void run(void)
{
	dax_run("ram", NULL);
}

SCENARIO(10, run);
