// SPDX-License-Identifier: GPL-2.0
/*
 * A virtual machine grows and shrinks by virtio-mem, with a device at 32 TiB or at an address
 * that tools/testing/soak draws.
 */
#include "guest.h"

#define NODE	1
#define SIZE	(256 * MIB)

static void run(void)
{
	unsigned long phys = param_number("at", 0) * TIB;
	int round;

	qmp_open();
	memory_start(NODE, phys, SIZE);
	for (round = 1; round <= 2; round++) {
		trigger("grow by virtio-mem");
		need(vmem_resize(phys, SIZE, true), "round %d: the memory is added", round);
		memory_use(round, SIZE * 15 / 16);
		need(vmem_resize(phys, SIZE, false), "round %d: the memory is removed", round);
	}
}

SCENARIO("virtio-mem", 11, run());
