// SPDX-License-Identifier: GPL-2.0
/*
 * A device-dax. With its page map in RAM, vmemmap_populate_compound_pages() populates the map,
 * as in crash compound. With the map on the device, vmemmap_populate() does.
 */
#include "guest.h"

SCENARIO("dax", 10, dax_run("ram", NULL));
SCENARIO("dax-pmem", 10, dax_run("pmem", NULL));
