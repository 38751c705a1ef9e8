// SPDX-License-Identifier: GPL-2.0
/*
 * RAM that was there at boot is ejected, and what test_hmm stands for has memory at its
 * place. KASAN mapped the shadow of such RAM by large pages, which stay: of 2 MiB, of which
 * the first memory has a part at either end, and of 1 GiB. The kernel reads the memory
 * through the direct mapping for process_vm_readv(), and KASAN takes a look at that shadow.
 */
#include <stdio.h>

#include "guest.h"

#define SIZE	(1 * MIB)

/* What machine.asl says, each as large, and the devices that have memory there. */
static const unsigned long rams[] = { 6 * GIB, 8 * GIB };
static const char *const devices[] = { "/dev/hmm_dmirror2", "/dev/hmm_dmirror3" };

#define COUNT	(sizeof(rams) / sizeof(rams[0]))

static bool look(unsigned long nr)
{
	return hmm_look(devices[nr], SIZE, hmm_read);
}

static void run(void)
{
	char param[128];
	unsigned int nr;
	int round;

	if (!file_exists("/test_hmm.ko"))
		skip("no test_hmm module in this kernel");
	for (nr = 0; nr < COUNT; nr++)
		need(ram_eject(nr, rams[nr], GIB), "RAM %u is ejected", nr);
	snprintf(param, sizeof(param), "spm_addr_dev0=%lu spm_addr_dev1=%lu",
		 rams[0] + 2 * MIB, rams[1]);
	bystanders_start(look);
	for (round = 1; round <= 2; round++) {
		trigger("load test_hmm");
		need(hmm_load(devices[1], param), "round %d: other memory is there", round);
		for (nr = 0; nr < COUNT; nr++) {
			ok(look(nr), "round %d: the kernel reads memory %u", round, nr);
			ok(bystanders_look(nr), "round %d: for bystanders, too", round);
		}
		need(hmm_unload(devices[1]), "round %d: it is gone", round);
	}
}

SCENARIO("ejected", 14, run);
