// SPDX-License-Identifier: GPL-2.0
/*
 * A device-dax device. With its struct pages in RAM, vmemmap_populate_compound_pages() populates
 * the vmemmap, as in crash compound. With them on the device, vmemmap_populate() does.
 */
#include "guest.h"

SCENARIO("dax", 10, dax_run("ram", NULL));
SCENARIO("dax-pmem", 10, dax_run("pmem", NULL));
