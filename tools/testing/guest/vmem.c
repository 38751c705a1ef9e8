// SPDX-License-Identifier: GPL-2.0
/*
 * The virtio-mem device of the machine, asked by QEMU's monitor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define DEVICE	"\"path\":\"/machine/peripheral/vmem0\""

bool vmem_request(unsigned long size)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "{\"execute\":\"qom-set\",\"arguments\":{" DEVICE ","
		 "\"property\":\"requested-size\",\"value\":%lu}}", size);
	return qmp_run(command);
}

/* The device and its driver agree on a size in small steps. */
bool vmem_gives(unsigned long size)
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
