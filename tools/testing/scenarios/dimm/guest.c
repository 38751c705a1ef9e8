// SPDX-License-Identifier: GPL-2.0
/*
 * ACPI hot-plug of a DIMM above 32 TiB. The guest is its own machine operator:
 * the virtio port "qmp" leads to the monitor of the QEMU that it runs in.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define PHYS	0x200000000000UL
#define SIZE	(256 * MIB)
#define NODE	1

static int qmp;

/* The next line of the monitor: an answer, or an event. */
static bool qmp_line(char *text, size_t size)
{
	struct pollfd port = { .fd = qmp, .events = POLLIN };
	size_t len = 0;

	while (len < size && poll(&port, 1, WAIT_MS) == 1 &&
	       read(qmp, text + len, 1) == 1) {
		if (text[len] == '\n') {
			text[len] = '\0';
			return true;
		}
		len++;
	}
	note("qmp: no line after %d s", WAIT_MS / 1000);
	return false;
}

/* One command, and whether its answer is a "return". */
static bool qmp_run(const char *command)
{
	char text[4096];

	dprintf(qmp, "%s\r\n", command);
	while (qmp_line(text, sizeof(text))) {
		if (!strncmp(text, "{\"return\"", 9))
			return true;
		if (strncmp(text, "{\"error\"", 8))
			continue;
		note("qmp: %s", text);
		return false;
	}
	return false;
}

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

static bool plug(void)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "{\"execute\":\"object-add\",\"arguments\":{\"qom-type\":"
		 "\"memory-backend-ram\",\"id\":\"ram1\",\"size\":%lu}}", SIZE);
	if (!qmp_run(command))
		return false;
	snprintf(command, sizeof(command),
		 "{\"execute\":\"device_add\",\"arguments\":{\"driver\":"
		 "\"pc-dimm\",\"id\":\"dimm1\",\"memdev\":\"ram1\","
		 "\"node\":%d,\"addr\":%lu}}", NODE, PHYS);
	return qmp_run(command);
}

static bool for_each_block(bool (*call)(unsigned long phys, const char *state),
			   const char *state)
{
	unsigned long phys;
	bool good = true;

	for (phys = PHYS; phys < PHYS + SIZE; phys += memory_block_size())
		good &= call(phys, state);
	return good;
}

static bool plugged(bool yes)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/devices/system/memory/memory%lu",
		 (PHYS + SIZE - 1) / memory_block_size());
	return wait_for_file(path, yes);
}

static bool unplug(void)
{
	int ms;

	if (!qmp_run("{\"execute\":\"device_del\",\"arguments\":{\"id\":\"dimm1\"}}") ||
	    !plugged(false) || !ejected())
		return false;
	/* QEMU lets go of the backend a little later. */
	for (ms = 0; ms < 10000; ms += 100) {
		if (qmp_run("{\"execute\":\"object-del\",\"arguments\":{\"id\":\"ram1\"}}"))
			return true;
		usleep(100000);
	}
	return false;
}

static bool look(unsigned long fill)
{
	return pages_inspect(PHYS, SIZE) &&
	       pages_fill_node(NODE, fill, PHYS, PHYS + SIZE);
}

static void run(void)
{
	int round;

	qmp = port_open("qmp");
	if (qmp < 0)
		skip("no port to QEMU's monitor");
	need(qmp_run("{\"execute\":\"qmp_capabilities\"}"), "QEMU's monitor answers");
	bystanders_start(look);

	for (round = 1; round <= 2; round++) {
		trigger("plug a DIMM");
		need(plug() && plugged(true), "round %d: the DIMM is plugged", round);
		need(for_each_block(memory_block_set, "online_movable") &&
		     for_each_block(memory_block_is, "online"),
		     "round %d: its memory is online", round);
		ok(look(SIZE * 15 / 16),
		   "round %d: its memory can be allocated and written", round);
		ok(bystanders_look(8 * MIB),
		   "round %d: bystanders reach it", round);
		need(for_each_block(memory_block_set, "offline") &&
		     for_each_block(memory_block_is, "offline"),
		     "round %d: its memory is offline", round);
		need(unplug(), "round %d: the DIMM is unplugged", round);
	}
}

SCENARIO(13, run);
