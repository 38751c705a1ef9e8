// SPDX-License-Identifier: GPL-2.0
/*
 * Boot RAM is ejected, and test_hmm adds device memory in its place. The shadow of boot RAM
 * was mapped by large pages, which stay. The first device memory covers only a part of the
 * 2 MiB shadow pages at its ends, the second lies within a 1 GiB shadow page. The kernel reads
 * the device memory through the direct mapping for process_vm_readv(), and KASAN checks that
 * shadow.
 */
#include "guest.h"

/* As in machine.asl, 1 GiB each. */
static const unsigned long rams[] = { 6 * GIB, 8 * GIB };

static void run(void)
{
	static const char *const devices[] = { "/dev/hmm_dmirror2", "/dev/hmm_dmirror3" };
	unsigned int nr;

	module_require("test_hmm");
	for (nr = 0; nr < ARRAY_SIZE(rams); nr++)
		need(ram_eject(nr, rams[nr], GIB), "RAM %u is ejected", nr);
	hmm_run(devices, ARRAY_SIZE(devices), hmm_coherent(rams[0] + 2 * MIB, rams[1]),
		pages_read);
}

SCENARIO("ejected", 14, run());
