// SPDX-License-Identifier: GPL-2.0
/*
 * Persistent memory of riscv64. In faults-of-pmem it becomes a block device while its first
 * page allocation fails, then the second, and so on. The memory lies across the end of a PUD
 * entry. In of-pmem-low, memory is added below other memory, which /proc has to cover still.
 */
#include <fcntl.h>

#include "guest.h"

#define HIGH	(13 * GIB)

static const char *device;

static bool bind(int nth, bool *hit)
{
	return faults_write(DISK_BIND, device, nth, hit) && disk_wait(true);
}

static bool unbind(void)
{
	return disk_bind(false);
}

static void add_memory(void)
{
	module_require("of_pmem");
	need(module_load("of_pmem", ""), "persistent memory is announced");
}

static void run(void)
{
	struct attempt a = { .kind = "page", .make = bind, .undo = unbind };
	bool hit;

	faults_open();
	add_memory();
	device = disk_configure(0);
	need(bind(0, &hit), "the block device is bound");
	need(unbind(), "the block device is unbound");
	trigger("bind block device while page allocations fail");
	faults_each(&a, 1);
	faults_report(&a, 2);
}

/* Read the flags of the page at @phys. */
static bool page_known(unsigned long phys)
{
	int file = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	uint64_t flags;
	off_t at = phys / PAGE * sizeof(flags);
	bool good = pread(file, &flags, sizeof(flags), at) == sizeof(flags);

	close(file);
	return good;
}

static void run_low(void)
{
	int nr;

	add_memory();
	for (nr = 1; nr >= 0; nr--) {
		disk_configure(nr);
		trigger("bind block device");
		need(disk_bind(true), "block device %d is bound", nr);
		ok(page_known(HIGH), "/proc/kpageflags covers the memory at 13 GiB");
	}
}

SCENARIO("faults-of-pmem", 11, run());
SCENARIO("of-pmem-low", 11, run_low());
