// SPDX-License-Identifier: GPL-2.0
/*
 * ACPI hot-plug of a DIMM: plug, use, unplug, and all of it once more.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define SIZE	(256 * MIB)
#define NODE	1

/*
 * The guest's kernel says by _OST that an eject is in progress (132), then how
 * it ended. Until then it looks at the slot, and would take what is plugged
 * into it for the old DIMM.
 */
static bool ejected(void)
{
	char text[4096];

	while (qmp_line(text, sizeof(text))) {
		if (!strstr(text, "\"ACPI_DEVICE_OST\"") ||
		    !strstr(text, "\"source\": 3") ||
		    strstr(text, "\"status\": 132"))
			continue;
		if (strstr(text, "\"status\": 0"))
			return true;
		note("qmp: %s", text);
		return false;
	}
	return false;
}

bool dimm_plug(int nr, unsigned long phys, unsigned long size)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "{\"execute\":\"object-add\",\"arguments\":{\"qom-type\":"
		 "\"memory-backend-ram\",\"id\":\"plug%d\",\"size\":%lu}}", nr, size);
	if (!qmp_run(command))
		return false;
	snprintf(command, sizeof(command),
		 "{\"execute\":\"device_add\",\"arguments\":{\"driver\":"
		 "\"pc-dimm\",\"id\":\"dimm%d\",\"memdev\":\"plug%d\","
		 "\"node\":%d,\"addr\":%lu}}", nr, nr, NODE, phys);
	return qmp_run(command) && memory_is_there(phys, size, true);
}

bool dimm_unplug(int nr, unsigned long phys, unsigned long size)
{
	char command[128];
	int ms;

	snprintf(command, sizeof(command),
		 "{\"execute\":\"device_del\",\"arguments\":{\"id\":\"dimm%d\"}}", nr);
	if (!qmp_run(command) || !memory_is_there(phys, size, false) || !ejected())
		return false;
	/* QEMU lets go of the backend a little later. */
	snprintf(command, sizeof(command),
		 "{\"execute\":\"object-del\",\"arguments\":{\"id\":\"plug%d\"}}", nr);
	for (ms = 0; ms < 10000; ms += 100) {
		if (qmp_run(command))
			return true;
		usleep(100000);
	}
	return false;
}

static unsigned long dimm;

static bool look(unsigned long fill)
{
	return pages_use(NODE, dimm, SIZE, fill);
}

void dimm_run(unsigned long phys)
{
	int round;

	dimm = phys;
	qmp_open();
	bystanders_start(look);

	for (round = 1; round <= 2; round++) {
		trigger("plug a DIMM");
		need(dimm_plug(1, phys, SIZE), "round %d: the DIMM is plugged", round);
		need(memory_online(phys, SIZE), "round %d: its memory is online", round);
		ok(look(SIZE * 15 / 16),
		   "round %d: its memory can be allocated and written", round);
		ok(bystanders_look(8 * MIB),
		   "round %d: bystanders reach it", round);
		need(memory_offline(phys, SIZE), "round %d: its memory is offline", round);
		need(dimm_unplug(1, phys, SIZE), "round %d: the DIMM is unplugged", round);
	}
}
