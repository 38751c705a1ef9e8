// SPDX-License-Identifier: GPL-2.0
/*
 * 4-level paging: 512 GiB of direct map per entry, 32 TiB of vmemmap. The first
 * address opens an entry in both, the others in the direct map.
 */
#include "guest.h"

static void run(void)
{
	static const unsigned long addresses[] = { 32 * TIB, 40 * TIB, 60 * TIB };

	probe_run(addresses, sizeof(addresses) / sizeof(addresses[0]));
}

SCENARIO(7, run);
