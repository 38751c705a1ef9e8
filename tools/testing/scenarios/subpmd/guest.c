// SPDX-License-Identifier: GPL-2.0
/*
 * Where a struct page has 80 bytes, 26 TiB is past the first entry of the vmemmap,
 * and vmemmap_use_new_sub_pmd() has work to do: crash subpmd.
 */
#include "guest.h"

static void run(void)
{
	static const unsigned long addresses[] = { 26 * TIB };

	probe_run(addresses, sizeof(addresses) / sizeof(addresses[0]));
}

SCENARIO("subpmd", 3, run);
