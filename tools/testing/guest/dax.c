// SPDX-License-Identifier: GPL-2.0
/*
 * An NVDIMM becomes a device-dax with 2 MiB compound pages, its map in RAM or on
 * the device itself.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define ALIGN		(2 * MIB)

static const char *device;
static char node[32] = "/dev/dax0.0", size_file[64];

void dax_configure(int nr, const char *map)
{
	device = nvdimm_configure(nr, "dax", map);
	snprintf(node, sizeof(node), "/dev/dax%d.0", nr);
	snprintf(size_file, sizeof(size_file),
		 "/sys/bus/dax/devices/dax%d.0/size", nr);
}

/* The 2 MiB at an offset into the device. */
static unsigned long *map_at(unsigned long offset)
{
	int fd = open(node, O_RDWR | O_CLOEXEC);
	void *mem;

	mem = mmap(NULL, ALIGN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	close(fd);
	return mem == MAP_FAILED ? NULL : mem;
}

/* Write and read them back. */
bool dax_look(unsigned long offset)
{
	volatile unsigned long *mem = map_at(offset);
	unsigned long i, pid = getpid();
	bool good = true;

	if (!mem)
		return false;
	for (i = 0; i < ALIGN / sizeof(*mem); i += 512)
		mem[i] = pid + i;
	for (i = 0; i < ALIGN / sizeof(*mem); i += 512)
		good &= mem[i] == pid + i;
	munmap((void *)mem, ALIGN);
	return good;
}

bool dax_bind(bool yes)
{
	return file_write(yes ? "/sys/bus/nd/drivers/dax_pmem/bind" :
			  "/sys/bus/nd/drivers/dax_pmem/unbind", "%s", device) &&
	       wait_for_file(node, yes);
}

/* Where its last pages begin. */
unsigned long dax_end(void)
{
	unsigned long size = file_number(size_file, 10);

	return size < ALIGN ? 0 : size - ALIGN;
}

static bool look_everywhere(unsigned long end)
{
	unsigned long offset;

	for (offset = 0; offset <= end; offset += ALIGN)
		if (!dax_look(offset)) {
			note("at %lu MiB of %lu", offset / MIB, end / MIB);
			return false;
		}
	return true;
}

void dax_run(const char *map, const char *hollow)
{
	unsigned long end;

	dax_configure(0, map);
	bystanders_start(dax_look);

	trigger("bind device-dax");
	need(dax_bind(true), "device-dax is bound");
	if (hollow && map_at(0) && !dax_look(0))
		skip(hollow);
	end = dax_end();
	ok(end >= 62 * MIB && look_everywhere(end),
	   "all of the device can be written");
	ok(bystanders_look(0), "bystanders reach its first pages");
	ok(bystanders_look(end), "bystanders reach its last pages");

	need(dax_bind(false), "device-dax is unbound");
	need(dax_bind(true), "device-dax is bound again");
	ok(bystanders_look(0), "bystanders reach it again");
}
