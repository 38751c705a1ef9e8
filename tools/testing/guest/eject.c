// SPDX-License-Identifier: GPL-2.0
/*
 * RAM that the firmware takes away: a memory device of the scenario's machine.asl. And
 * what is done with some that is a part of a page of the direct mapping, of a GiB. Nothing
 * has used it before, so that it is zeros which a kernel finds that takes it for a page
 * table.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define DEVICE	"/sys/bus/acpi/devices/PGSY0001:%02d/"
#define PROBE	"/sys/devices/system/memory/probe"

/* The node, what scenarios/eject/machine.asl says, and what is kept for others. */
#define NODE	1
#define START	(5 * GIB)
#define END	(7 * GIB)
#define RAM	(6 * GIB)
#define SIZE	(384 * MIB)
#define RESERVE	(512 * MIB)

#define KIB(size)	((size) >> 10)

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

static bool add(void)
{
	unsigned long at;

	for (at = RAM; at < RAM + SIZE; at += memory_block_size())
		if (!probe_add(at))
			return false;
	return memory_online(RAM, SIZE);
}

/* With KASLR, the kernel is in any of the RAM. */
static bool kernel_is_there(void)
{
	FILE *iomem = fopen("/proc/iomem", "re");
	unsigned long start, end;
	bool there = false;
	char line[256];

	while (iomem && fgets(line, sizeof(line), iomem))
		if (strstr(line, " : Kernel ") &&
		    sscanf(line, "%lx-%lx", &start, &end) == 2)
			there |= start < RAM + SIZE && end >= RAM;
	if (iomem)
		fclose(iomem);
	return there;
}

static bool look(unsigned long size)
{
	return pages_fill_node(NODE, size, START, END);
}

/*
 * A page of 1 GiB is split, and what is left of it are pages of 2 MiB. With @fails, a
 * function that cannot have the page that it asks for, it is as it was.
 */
void eject_run(const char *fails)
{
	unsigned long by_1g = direct_map("1G"), by_2m = direct_map("2M"), by_4k = direct_map("4k");
	unsigned long split = fails ? 0 : KIB(GIB), rest = fails ? 0 : KIB(GIB - SIZE);

	if (!file_exists(PROBE))
		skip("no probe file in this kernel");
	if (kernel_is_there())
		skip("KASLR has put the kernel into what is to be ejected");
	if (fails)
		faults_open();
	need(by_1g, "RAM is mapped by pages of 1 GiB");
	bystanders_start(look);
	trigger("eject RAM");
	if (fails)
		faults_below(fails, 1);
	need(ram_eject(0, RAM, SIZE), "the RAM is ejected");
	if (fails)
		need(faults_hit(), "for want of a page table");
	ok(direct_map("1G") == by_1g - split && direct_map("2M") == by_2m + rest &&
	   direct_map("4k") == by_4k,
	   "the direct mapping has %s", fails ? "what it had" : "the rest of the GiB");
	ok(pages_inspect(RAM + SIZE, END - RAM - SIZE), "the rest has struct pages");
	ok(look(END - START - SIZE - RESERVE), "it is in use");
	ok(bystanders_look(8 * MIB), "bystanders reach it");
	need(add(), "the RAM is added again");
	ok(look(END - START - RESERVE), "and in use again");
	ok(bystanders_look(8 * MIB), "bystanders reach it");
}
