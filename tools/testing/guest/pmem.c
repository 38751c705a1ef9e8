// SPDX-License-Identifier: GPL-2.0
/*
 * An NVDIMM at 32 TiB becomes a block device that the kernel reaches through
 * the direct mapping (an fsdax namespace). With KASAN, memremap_pages() first
 * maps shadow for it, and reading a sector takes a look at that shadow.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define REGION		"/sys/bus/nd/devices/region0/"
#define NAMESPACE	"/sys/bus/nd/devices/namespace0.0/"
#define DRIVER		"/sys/bus/nd/drivers/nd_pmem/"
#define DISK		"/dev/pmem0"
#define BLOCK		4096UL

static char seed[64];

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

static bool seed_write(const char *attribute, const char *value)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/bus/nd/devices/%s/%s", seed,
		 attribute);
	return file_write(path, "%s", value);
}

static bool bind(bool yes)
{
	return file_write(yes ? DRIVER "bind" : DRIVER "unbind", "%s", seed) &&
	       wait_for_file(DISK, yes);
}

static void run(void)
{
	unsigned long size;

	need(wait_for_file(NAMESPACE, true), "the NVDIMM has a namespace");
	note("at %#lx", file_number(REGION "resource", 16));
	need(file_read(REGION "pfn_seed", seed, sizeof(seed)),
	     "the region has a pfn seed");
	bystanders_start(look);
	if (file_exists(NAMESPACE "driver"))
		file_write(NAMESPACE "driver/unbind", "namespace0.0");
	need(wait_for_file(DISK, false) &&
	     seed_write("mode", "ram") && seed_write("align", "2097152") &&
	     seed_write("uuid", "4b0f5c1e-52a7-4d0e-9a27-2f4e2c2d7b11") &&
	     seed_write("namespace", "namespace0.0"),
	     "%s is configured, map in ram", seed);

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

const struct scenario pmem_scenario = { "pmem", 10, run };
