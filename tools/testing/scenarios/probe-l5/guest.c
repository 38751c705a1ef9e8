// SPDX-License-Identifier: GPL-2.0
/*
 * 5-level paging: 256 TiB per entry, so only the direct map gets new ones.
 */
#include "guest.h"

static void run(void)
{
	static const unsigned long addresses[] = { 256 * TIB, 512 * TIB, 1024 * TIB };

	probe_run(addresses, sizeof(addresses) / sizeof(addresses[0]));
}

SCENARIO(7, run);
