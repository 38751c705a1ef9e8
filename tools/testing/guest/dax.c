// SPDX-License-Identifier: GPL-2.0
/*
 * An NVDIMM at 32 TiB becomes a device-dax with 2 MiB compound pages. With its
 * map in RAM (mode ram) that takes vmemmap_populate_compound_pages(): crash 1.
 * With its map on the device (mode pmem) it takes vmemmap_populate().
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define REGION		"/sys/bus/nd/devices/region0/"
#define NAMESPACE	"/sys/bus/nd/devices/namespace0.0/"
#define DAX		"/sys/bus/dax/devices/dax0.0"
#define ALIGN		(2 * MIB)

static char seed[64];

/* Write and read back the 2 MiB at an offset into the device. */
static bool look(unsigned long offset)
{
	int fd = open("/dev/dax0.0", O_RDWR | O_CLOEXEC);
	volatile unsigned long *mem;
	unsigned long i, pid = getpid();
	bool good = true;

	mem = mmap(NULL, ALIGN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	close(fd);
	if (mem == MAP_FAILED)
		return false;
	for (i = 0; i < ALIGN / sizeof(*mem); i += 512)
		mem[i] = pid + i;
	for (i = 0; i < ALIGN / sizeof(*mem); i += 512)
		good &= mem[i] == pid + i;
	munmap((void *)mem, ALIGN);
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
	return file_write(yes ? "/sys/bus/nd/drivers/dax_pmem/bind" :
			  "/sys/bus/nd/drivers/dax_pmem/unbind", "%s", seed);
}

static bool look_everywhere(unsigned long size)
{
	unsigned long offset;

	for (offset = 0; offset + ALIGN <= size; offset += ALIGN)
		if (!look(offset))
			return false;
	return true;
}

static void run(const char *mode)
{
	unsigned long size;

	/* The NFIT has been parsed by now, or there is no NVDIMM. */
	need(wait_for_file(NAMESPACE, true), "the NVDIMM has a namespace");
	note("at %#lx", file_number(REGION "resource", 16));
	need(file_read(REGION "dax_seed", seed, sizeof(seed)),
	     "the region has a dax seed");
	bystanders_start(look);
	if (file_exists(NAMESPACE "driver"))
		file_write(NAMESPACE "driver/unbind", "namespace0.0");
	need(seed_write("mode", mode) && seed_write("align", "2097152") &&
	     seed_write("uuid", "6e1b6a0c-9d2f-4b57-8c37-3c0f1a6d9e52") &&
	     seed_write("namespace", "namespace0.0"),
	     "%s is configured, map in %s", seed, mode);

	trigger("bind device-dax");
	need(bind(true) && wait_for_file("/dev/dax0.0", true),
	     "device-dax is bound");
	size = file_number(DAX "/size", 10);
	ok(size >= 64 * MIB && look_everywhere(size),
	   "all of the device can be written");
	ok(bystanders_look(0), "bystanders reach its first pages");
	ok(bystanders_look(size - ALIGN), "bystanders reach its last pages");

	need(bind(false) && wait_for_file("/dev/dax0.0", false),
	     "device-dax is unbound");
	need(bind(true) && wait_for_file("/dev/dax0.0", true),
	     "device-dax is bound again");
	ok(bystanders_look(0), "bystanders reach it again");
}

static void run_ram(void)
{
	run("ram");
}

static void run_pmem(void)
{
	run("pmem");
}

const struct scenario dax_scenario = { "dax", 10, run_ram };
const struct scenario dax_pmem_scenario = { "dax-pmem", 10, run_pmem };
