// SPDX-License-Identifier: GPL-2.0
/*
 * Persistent memory as large as what one top-level entry of KASAN's shadow is for, and
 * aligned to it: KASAN may point the entry at its static tables. It is there when the
 * module comes, at a time when processes have copies of the entry. As a device-dax it
 * is read by the kernel through the direct mapping, which takes a look at its shadow.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "guest.h"

#define ALIGN	(2 * MIB)
#define PAGE	4096UL

/* Write a page at an offset into the device, and have the kernel read it. */
static bool look(unsigned long offset)
{
	int fd = open("/dev/dax0.0", O_RDWR | O_CLOEXEC);
	char *mem = mmap(NULL, ALIGN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	char copy[PAGE];
	struct iovec local = { copy, PAGE }, remote = { mem, PAGE };
	bool good;

	close(fd);
	if (mem == MAP_FAILED)
		return false;
	memset(mem, getpid(), PAGE);
	good = process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)PAGE &&
	       !memcmp(copy, mem, PAGE);
	munmap(mem, ALIGN);
	return good;
}

static void run(void)
{
	unsigned long end;

	if (!file_exists("/of_pmem.ko"))
		skip("no of_pmem module in this kernel");
	bystanders_start(look);

	trigger("load of_pmem");
	need(module_load("of_pmem", "") && disk_wait(), "the memory is there");
	dax_configure(0, "ram");
	need(dax_bind(true), "device-dax is bound");
	end = dax_end();
	ok(look(0) && look(end), "the kernel reads its first and last pages");
	ok(bystanders_look(0), "so do bystanders the first");
	ok(bystanders_look(end), "so do bystanders the last");

	need(dax_bind(false), "device-dax is unbound");
	need(dax_bind(true), "device-dax is bound again");
	ok(bystanders_look(0), "bystanders reach it again");
}

SCENARIO("of-pmem", 11, run);
