// SPDX-License-Identifier: GPL-2.0
/*
 * RAM that was there at boot is ejected, and it is less than the GiB page by which the direct
 * mapping maps it. The rest of that page has to stay mapped, and the ejected part can be
 * added again. In faults-eject, splitting the page fails, as there is no memory for its page
 * table.
 */
#include "guest.h"

static void eject(void)
{
	eject_run(NULL);
}

static void split_fails(void)
{
	eject_run("set_memory_4k");
}

SCENARIO("eject", 9, eject);
SCENARIO("faults-eject", 11, split_fails);
