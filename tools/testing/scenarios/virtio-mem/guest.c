// SPDX-License-Identifier: GPL-2.0
/*
 * A virtio-mem device at 32 TiB is asked to give memory, and to take it back: how
 * virtual machines grow and shrink while they run.
 */
#include "guest.h"

#define PHYS	0x200000000000UL
#define SIZE	(256 * MIB)
#define NODE	1

static bool look(unsigned long fill)
{
	return pages_use(NODE, PHYS, SIZE, fill);
}

static void run(void)
{
	int round;

	qmp_open();
	bystanders_start(look);

	for (round = 1; round <= 2; round++) {
		trigger("grow by virtio-mem");
		need(vmem_request(SIZE) && memory_is_there(PHYS, SIZE, true) &&
		     vmem_gives(SIZE),
		     "round %d: the memory is there", round);
		need(memory_online(PHYS, SIZE), "round %d: it is online", round);
		ok(look(SIZE * 15 / 16),
		   "round %d: it can be allocated and written", round);
		ok(bystanders_look(8 * MIB), "round %d: bystanders reach it", round);
		need(vmem_request(0) && memory_is_there(PHYS, SIZE, false) &&
		     vmem_gives(0),
		     "round %d: the memory is given back", round);
	}
}

SCENARIO(11, run);
