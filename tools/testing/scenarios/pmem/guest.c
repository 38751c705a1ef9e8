// SPDX-License-Identifier: GPL-2.0
/*
 * An NVDIMM at 32 TiB becomes a block device that the kernel reaches through
 * the direct mapping (an fsdax namespace). With KASAN, memremap_pages() first
 * maps shadow for it, and reading a sector takes a look at that shadow.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define DRIVER		"/sys/bus/nd/drivers/nd_pmem/"
#define DISK		"/dev/pmem0"
#define BLOCK		4096UL

static const char *device;

/* Write and read back the block at an offset, past the page cache. */
static bool look(unsigned long offset)
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

static bool bind(bool yes)
{
	return file_write(yes ? DRIVER "bind" : DRIVER "unbind", "%s", device) &&
	       wait_for_file(DISK, yes);
}

static void run(void)
{
	unsigned long size;

	device = nvdimm_configure("pfn", "ram");
	bystanders_start(look);

	trigger("bind block device");
	need(bind(true), "the block device is there");
	size = 512 * file_number("/sys/class/block/pmem0/size", 10);
	ok(size >= 64 * MIB && look(0) && look(size - BLOCK),
	   "its first and last block can be written");
	ok(bystanders_look(0), "bystanders reach the first");
	ok(bystanders_look(size - BLOCK), "bystanders reach the last");

	need(bind(false), "the block device is gone");
	need(bind(true), "the block device is back");
	ok(bystanders_look(0), "bystanders reach it again");
}

SCENARIO(10, run);
