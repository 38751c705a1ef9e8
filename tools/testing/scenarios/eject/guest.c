// SPDX-License-Identifier: GPL-2.0
/*
 * RAM that was there at boot is ejected, less than the GiB by which the direct mapping has
 * it. The rest of that has to stay, and what is gone can be added again. Nothing has used it
 * before, so that it is zeros which a kernel finds that takes it for a page table.
 */
#include "guest.h"

#define NODE	1

/* The node, and what machine.asl says. */
#define START	(5UL << 30)
#define END	(7UL << 30)
#define RAM	(6UL << 30)
#define SIZE	(384 * MIB)

/* Of what a process asks for, all of the node but this much is its own. */
#define RESERVE	(512 * MIB)

static bool add(void)
{
	unsigned long at;

	for (at = RAM; at < RAM + SIZE; at += memory_block_size())
		if (!probe_add(at))
			return false;
	return memory_online(RAM, SIZE);
}

static bool look(unsigned long size)
{
	return pages_fill_node(NODE, size, START, END);
}

static void run(void)
{
	if (!file_exists("/sys/devices/system/memory/probe"))
		skip("no probe file in this kernel");
	bystanders_start(look);
	trigger("eject RAM");
	need(ram_eject(0, RAM, SIZE), "the RAM is ejected");
	ok(pages_inspect(RAM + SIZE, END - RAM - SIZE), "the rest has struct pages");
	ok(look(END - START - SIZE - RESERVE), "it is in use");
	ok(bystanders_look(8 * MIB), "bystanders reach it");
	need(add(), "the RAM is added again");
	ok(look(END - START - RESERVE), "and in use again");
	ok(bystanders_look(8 * MIB), "bystanders reach it");
}

SCENARIO(7, run);
