// SPDX-License-Identifier: GPL-2.0
/*
 * RAM that the firmware takes away: a memory device of the scenario's machine.asl.
 */
#include <stdio.h>
#include <unistd.h>

#include "guest.h"

#define DEVICE	"/sys/bus/acpi/devices/PGSY0001:%02d/"

/* The firmware says that there is none when all of the kernel is done with it. */
bool ram_eject(int nr, unsigned long phys, unsigned long size)
{
	char eject[64], status[64];
	int ms;

	snprintf(eject, sizeof(eject), DEVICE "eject", nr);
	snprintf(status, sizeof(status), DEVICE "status", nr);
	if (!memory_offline(phys, size) || !file_write(eject, "1"))
		return false;
	for (ms = 0; ms < WAIT_MS && !file_is(status, "0"); ms += 100)
		usleep(100000);
	return file_is(status, "0") && memory_is_there(phys, size, false);
}
