// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of a device that the CPU reaches, as test_hmm takes it where there is RAM
 * that the kernel was told not to use, in a top-level entry that no other RAM shares.
 * The kernel reads a page of it through the direct mapping for process_vm_readv(), and
 * with KASAN takes a look at its shadow.
 */
#include <stdio.h>
#include <string.h>

#include "guest.h"

#define DEVICE	"/dev/hmm_dmirror2"
#define CHUNK	(256 * MIB)
#define SIZE	(1 * MIB)

/* Sv39 maps less than the address that the other modes need. */
static unsigned long address(void)
{
	FILE *cpuinfo = fopen("/proc/cpuinfo", "re");
	unsigned long gib = 560;
	char line[256];

	while (cpuinfo && fgets(line, sizeof(line), cpuinfo))
		if (strstr(line, "sv39"))
			gib = 12;
	if (cpuinfo)
		fclose(cpuinfo);
	return gib << 30;
}

static bool look(unsigned long size)
{
	return hmm_look(DEVICE, size, hmm_read);
}

static void run(void)
{
	char param[128];
	int round;

	if (!file_exists("/test_hmm.ko"))
		skip("no test_hmm module in this kernel");
	snprintf(param, sizeof(param), "spm_addr_dev0=%lu spm_addr_dev1=%lu",
		 address(), address() + CHUNK);
	bystanders_start(look);
	for (round = 1; round <= 2; round++) {
		trigger("load test_hmm");
		need(hmm_load(DEVICE, param), "round %d: the memory is there", round);
		ok(look(SIZE), "round %d: pages migrate, and the kernel reads them", round);
		ok(bystanders_look(SIZE), "round %d: so do those of bystanders", round);
		need(hmm_unload(DEVICE), "round %d: the memory is gone", round);
	}
}

SCENARIO("hmm-coherent", 8, run);
