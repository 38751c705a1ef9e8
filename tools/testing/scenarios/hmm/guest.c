// SPDX-License-Identifier: GPL-2.0
/*
 * Device-private memory at the top of the physical address range, taken by a
 * process long after boot: the way of the GPU drivers, with test_hmm for one.
 */
#include "guest.h"

#define DEVICE	"/dev/hmm_dmirror0"
#define SIZE	(1 * MIB)

static bool look(unsigned long size)
{
	return hmm_look(DEVICE, size, NULL);
}

static void run(void)
{
	if (!file_exists("/test_hmm.ko"))
		skip("no test_hmm module in this kernel");
	bystanders_start(look);
	trigger("load test_hmm");
	need(hmm_load(DEVICE, ""), "device-private memory is there");
	ok(look(SIZE), "memory migrates to the device and back");
	ok(bystanders_look(SIZE), "bystanders migrate theirs, too");
	need(hmm_unload(DEVICE), "device-private memory is gone");
	need(hmm_load(DEVICE, ""), "device-private memory is there again");
	ok(bystanders_look(SIZE), "bystanders migrate theirs again");
}

SCENARIO("hmm", 6, run);
