// SPDX-License-Identifier: GPL-2.0
/*
 * A device-dax. With its page map in RAM, vmemmap_populate_compound_pages() populates that,
 * and crash compound follows; with the page map on the device, vmemmap_populate() does.
 */
#include "guest.h"

static void map_in_ram(void)
{
	dax_run("ram", NULL);
}

static void map_on_device(void)
{
	dax_run("pmem", NULL);
}

SCENARIO("dax", 10, map_in_ram);
SCENARIO("dax-pmem", 10, map_on_device);
