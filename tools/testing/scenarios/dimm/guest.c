// SPDX-License-Identifier: GPL-2.0
/*
 * A DIMM at 32 TiB, where the page map needs another top-level entry, or at an address that
 * soak has drawn. Or, in memmap, one at 3.5 TiB that holds its own page map, where KASAN's
 * shadow needs another entry: the shadow of the page map is mapped first.
 */
#include "guest.h"

static void dimm(void)
{
	dimm_run(param_number("at", 0) * TIB);
}

static void memmap_on_dimm(void)
{
	if (!file_exists("/sys/module/memory_hotplug/parameters/memmap_on_memory"))
		skip("this kernel has no memmap_on_memory");
	dimm_run(7 * TIB / 2);
}

SCENARIO("dimm", 13, dimm);
SCENARIO("memmap", 13, memmap_on_dimm);
