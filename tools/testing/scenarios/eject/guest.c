// SPDX-License-Identifier: GPL-2.0
/*
 * RAM that was there at boot is ejected, less than the GiB by which the direct mapping has
 * it. The rest of that has to stay, and what is gone can be added again.
 */
#include "guest.h"

static void run(void)
{
	eject_run(NULL);
}

SCENARIO(9, run);
