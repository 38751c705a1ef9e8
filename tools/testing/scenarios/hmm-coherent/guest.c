// SPDX-License-Identifier: GPL-2.0
/*
 * Device memory that the CPU can access. test_hmm uses RAM for it that the kernel was told to
 * ignore, in a top-level entry that no other RAM shares. The kernel reads the pages through
 * the direct mapping for process_vm_readv(), and with KASAN checks their shadow.
 */
#include "guest.h"

#define CHUNK	(256 * MIB)

/* Sv39 cannot map the address that the other modes need. */
static unsigned long address(void)
{
	unsigned long gib = 560;
	char line[256];

	for_each_line(line, "/proc/cpuinfo")
		if (strstr(line, "sv39"))
			gib = 12;
	return gib * GIB;
}

static void run(void)
{
	static const char *const devices[] = { "/dev/hmm_dmirror2" };

	hmm_run(devices, ARRAY_SIZE(devices), hmm_coherent(address(), address() + CHUNK),
		pages_read);
}

SCENARIO("hmm-coherent", 8, run());
