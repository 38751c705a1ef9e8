// SPDX-License-Identifier: GPL-2.0
/*
 * A DIMM that holds its own page map, at 3.5 TiB, where KASAN's shadow needs
 * another entry. The shadow of the page map is mapped before that of the rest.
 */
#include "guest.h"

static void run(void)
{
	if (!file_exists("/sys/module/memory_hotplug/parameters/memmap_on_memory"))
		skip("this kernel has no memmap_on_memory");
	dimm_run(7 * TIB / 2);
}

SCENARIO(13, run);
