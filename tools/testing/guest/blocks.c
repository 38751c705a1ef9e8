// SPDX-License-Identifier: GPL-2.0
/*
 * The memory blocks of sysfs, which are what is put online and offline.
 */
#include <stdio.h>

#include "guest.h"

#define BLOCK	"/sys/devices/system/memory/memory%lu"

unsigned long memory_block_size(void)
{
	return file_number("/sys/devices/system/memory/block_size_bytes", 16);
}

bool memory_block_set(unsigned long phys, const char *state)
{
	char path[128];

	snprintf(path, sizeof(path), BLOCK "/state", phys / memory_block_size());
	return file_write(path, "%s", state);
}

bool memory_block_is(unsigned long phys, const char *state)
{
	char path[128];

	snprintf(path, sizeof(path), BLOCK "/state", phys / memory_block_size());
	return file_is(path, state);
}

/* A block is there with its files, which come behind its folder. */
bool memory_is_there(unsigned long phys, unsigned long size, bool yes)
{
	char path[128];

	for (; size; phys += memory_block_size(), size -= memory_block_size()) {
		snprintf(path, sizeof(path), yes ? BLOCK "/state" : BLOCK,
			 phys / memory_block_size());
		if (!wait_for_file(path, yes))
			return false;
	}
	return true;
}

bool memory_online(unsigned long phys, unsigned long size)
{
	unsigned long end = phys + size;
	bool good = true;

	for (; phys < end; phys += memory_block_size())
		good &= memory_block_set(phys, "online_movable") &&
			memory_block_is(phys, "online");
	return good;
}

bool memory_offline(unsigned long phys, unsigned long size)
{
	unsigned long end = phys + size;
	bool good = true;

	for (; phys < end; phys += memory_block_size())
		good &= memory_block_set(phys, "offline") &&
			memory_block_is(phys, "offline");
	return good;
}
