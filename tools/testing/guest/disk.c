// SPDX-License-Identifier: GPL-2.0
/*
 * The pmem block device, which the kernel reaches through the direct mapping.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define BLOCK	4096UL
#define DRIVER	"/sys/bus/nd/drivers/nd_pmem/"

bool disk_bind(const char *device, bool yes)
{
	return file_write(yes ? DRIVER "bind" : DRIVER "unbind", "%s", device) &&
	       (yes ? disk_wait() : wait_for_file(DISK, false));
}

/* The node is there a little before the disk can be opened. */
bool disk_wait(void)
{
	int fd = -1, ms;

	if (!wait_for_file(DISK, true))
		return false;
	for (ms = 0; fd < 0 && ms < WAIT_MS; ms += 10) {
		fd = open(DISK, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			usleep(10000);
	}
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

unsigned long disk_end(void)
{
	unsigned long size = 512 * file_number("/sys/class/block/pmem0/size", 10);

	return size < BLOCK ? 0 : size - BLOCK;
}

bool disk_look(unsigned long offset)
{
	int fd = open(DISK, O_RDWR | O_DIRECT | O_CLOEXEC);
	bool good = false;
	char *out, *in;

	if (fd < 0)
		return false;
	out = aligned_alloc(BLOCK, BLOCK);
	in = aligned_alloc(BLOCK, BLOCK);
	if (out && in) {
		memset(out, getpid(), BLOCK);
		memset(in, ~getpid(), BLOCK);
		good = pwrite(fd, out, BLOCK, offset) == (ssize_t)BLOCK &&
		       pread(fd, in, BLOCK, offset) == (ssize_t)BLOCK &&
		       !memcmp(in, out, BLOCK);
	}
	free(out);
	free(in);
	close(fd);
	return good;
}
