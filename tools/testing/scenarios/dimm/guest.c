// SPDX-License-Identifier: GPL-2.0
/*
 * ACPI hot-plug of a DIMM: plug, use, unplug, twice. In dimm it is at 32 TiB, where the page
 * map needs a new top-level entry, or at an address that tools/testing/soak draws. In memmap
 * it is at 3.5 TiB and holds its own struct pages: KASAN's shadow needs a new entry, and the
 * shadow of the vmemmap is mapped first.
 */
#include "guest.h"

#define NR	1
#define NODE	1
#define SIZE	(256 * MIB)

static void plug_at(unsigned long phys)
{
	int round;

	qmp_open();
	memory_start(NODE, phys, SIZE);
	for (round = 1; round <= 2; round++) {
		trigger("plug a DIMM");
		need(dimm_plug(NR, phys, SIZE), "round %d: the DIMM is plugged", round);
		memory_use(round, SIZE * 15 / 16);
		need(memory_set(phys, SIZE, false), "round %d: the memory is offline", round);
		need(dimm_unplug(NR, phys, SIZE), "round %d: the DIMM is unplugged", round);
	}
}

static void memmap_on_dimm(void)
{
	if (!file_exists("/sys/module/memory_hotplug/parameters/memmap_on_memory"))
		skip("no memmap_on_memory in this kernel");
	plug_at(7 * TIB / 2);
}

SCENARIO("dimm", 13, plug_at(param_number("at", 0) * TIB));
SCENARIO("memmap", 13, memmap_on_dimm());
