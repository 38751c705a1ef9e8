// SPDX-License-Identifier: GPL-2.0
/*
 * ACPI hot-plug of a DIMM: plug, use, unplug, and all of it once more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define SIZE	(256 * MIB)
#define NODE	1

#define STATUS	"\"status\": "

/* What _OST is said of: a device that came, and one that is to go. */
#define PLUGGED	1
#define EJECTED	3

/*
 * The guest's kernel says by _OST that an eject is in progress (132), then how
 * it ended. Until then it looks at the slot, and would take what is plugged
 * into it for the old DIMM.
 */
static bool went_well(int what)
{
	char source[32], text[4096], *status;
	int code;

	snprintf(source, sizeof(source), "\"source\": %d", what);
	while (qmp_line(text, sizeof(text))) {
		status = strstr(text, STATUS);
		if (!strstr(text, "\"ACPI_DEVICE_OST\"") || !strstr(text, source) || !status)
			continue;
		code = atoi(status + strlen(STATUS));
		if (code == 132)
			continue;
		if (code)
			note("the slot of the DIMM says %d", code);
		return !code;
	}
	return false;
}

static bool plug(int nr, int node, unsigned long phys, unsigned long size)
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
		 "\"node\":%d,\"addr\":%lu}}", nr, nr, node, phys);
	return qmp_run(command);
}

bool dimm_plug(int nr, unsigned long phys, unsigned long size)
{
	return plug(nr, NODE, phys, size) && memory_is_there(phys, size, true);
}

/* _OST says that it went well where the memory could not be added, too. */
bool dimm_plug_ends(int nr, unsigned long phys, unsigned long size)
{
	return plug(nr, 0, phys, size) && went_well(PLUGGED) &&
	       memory_block_is(phys, "offline");
}

bool dimm_unplug(int nr, unsigned long phys, unsigned long size)
{
	char command[128];
	int ms;

	snprintf(command, sizeof(command),
		 "{\"execute\":\"device_del\",\"arguments\":{\"id\":\"dimm%d\"}}", nr);
	if (!qmp_run(command) || !memory_is_there(phys, size, false) ||
	    !went_well(EJECTED))
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
