// SPDX-License-Identifier: GPL-2.0
/*
 * An NVDIMM at 32 TiB becomes a device-dax with 2 MiB compound pages, its map in
 * RAM or on the device itself.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define DAX		"/sys/bus/dax/devices/dax0.0"
#define ALIGN		(2 * MIB)

static const char *device;

/* Write and read back the 2 MiB at an offset into the device. */
bool dax_look(unsigned long offset)
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

static bool bind(bool yes)
{
	return file_write(yes ? "/sys/bus/nd/drivers/dax_pmem/bind" :
			  "/sys/bus/nd/drivers/dax_pmem/unbind", "%s", device);
}

static bool look_everywhere(unsigned long size)
{
	unsigned long offset;

	for (offset = 0; offset + ALIGN <= size; offset += ALIGN)
		if (!dax_look(offset)) {
			note("at %lu MiB of %lu", offset / MIB, size / MIB);
			return false;
		}
	return true;
}

void dax_run(const char *map, const char *hollow)
{
	unsigned long size;

	device = nvdimm_configure("dax", map);
	bystanders_start(dax_look);

	trigger("bind device-dax");
	need(bind(true) && wait_for_file("/dev/dax0.0", true),
	     "device-dax is bound");
	if (hollow && !dax_look(0))
		skip(hollow);
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
