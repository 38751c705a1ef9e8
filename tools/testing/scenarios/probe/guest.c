// SPDX-License-Identifier: GPL-2.0
/*
 * Memory added by address. With 4 levels, a top-level entry covers 512 GiB of the direct map
 * and 32 TiB of memory in the vmemmap: the first address opens an entry in both, the others
 * in the direct map. With 5 levels it covers 256 TiB of the direct map, which alone gets new
 * entries.
 */
#include "guest.h"

static void four_levels(void)
{
	static const unsigned long addresses[] = { 32 * TIB, 40 * TIB, 60 * TIB };

	probe_run(addresses, sizeof(addresses) / sizeof(addresses[0]));
}

static void five_levels(void)
{
	static const unsigned long addresses[] = { 256 * TIB, 512 * TIB, 1024 * TIB };

	probe_run(addresses, sizeof(addresses) / sizeof(addresses[0]));
}

SCENARIO("probe", 7, four_levels);
SCENARIO("probe-l5", 7, five_levels);
