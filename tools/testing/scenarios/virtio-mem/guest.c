// SPDX-License-Identifier: GPL-2.0
/*
 * A virtio-mem device at 32 TiB, or where soak has drawn it, is asked to give
 * memory, and to take it back: how virtual machines grow and shrink while they run.
 */
#include "guest.h"

#define SIZE	(256 * MIB)
#define NODE	1

static unsigned long phys;

static bool look(unsigned long fill)
{
	return pages_use(NODE, phys, SIZE, fill);
}

static void run(void)
{
	int round;

	phys = param_number("at", 0) * TIB;
	qmp_open();
	bystanders_start(look);

	for (round = 1; round <= 2; round++) {
		trigger("grow by virtio-mem");
		need(vmem_request(SIZE) && memory_is_there(phys, SIZE, true) &&
		     vmem_gives(SIZE),
		     "round %d: the memory is there", round);
		need(memory_online(phys, SIZE), "round %d: it is online", round);
		ok(look(SIZE * 15 / 16),
		   "round %d: it can be allocated and written", round);
		ok(bystanders_look(8 * MIB), "round %d: bystanders reach it", round);
		need(vmem_request(0) && memory_is_there(phys, SIZE, false) &&
		     vmem_gives(0),
		     "round %d: the memory is given back", round);
	}
}

SCENARIO("virtio-mem", 11, run);
