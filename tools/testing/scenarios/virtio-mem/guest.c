// SPDX-License-Identifier: GPL-2.0
/*
 * A virtio-mem device at 32 TiB is asked to give memory, and to take it back: how
 * virtual machines grow and shrink while they run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define PHYS	0x200000000000UL
#define SIZE	(256 * MIB)
#define NODE	1
#define DEVICE	"\"path\":\"/machine/peripheral/vmem0\""

static bool request(unsigned long size)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "{\"execute\":\"qom-set\",\"arguments\":{" DEVICE ","
		 "\"property\":\"requested-size\",\"value\":%lu}}", size);
	return qmp_run(command);
}

/* The device and its driver agree on a size in small steps. */
static bool gives(unsigned long size)
{
	char answer[4096], *number;
	int ms;

	for (ms = 0; ms < WAIT_MS; ms += 100) {
		if (!qmp_ask("{\"execute\":\"qom-get\",\"arguments\":{" DEVICE ","
			     "\"property\":\"size\"}}", answer, sizeof(answer)))
			return false;
		number = strchr(answer, ':');
		if (number && strtoul(number + 1, NULL, 10) == size)
			return true;
		usleep(100000);
	}
	note("the device gives something else: %s", answer);
	return false;
}

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
		need(request(SIZE) && memory_is_there(PHYS, SIZE, true) && gives(SIZE),
		     "round %d: the memory is there", round);
		need(memory_online(PHYS, SIZE), "round %d: it is online", round);
		ok(look(SIZE * 15 / 16),
		   "round %d: it can be allocated and written", round);
		ok(bystanders_look(8 * MIB), "round %d: bystanders reach it", round);
		need(request(0) && memory_is_there(PHYS, SIZE, false) && gives(0),
		     "round %d: the memory is given back", round);
	}
}

SCENARIO(11, run);
