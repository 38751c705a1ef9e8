// SPDX-License-Identifier: GPL-2.0
/*
 * Persistent memory that is exactly the range of one top-level entry of KASAN's shadow, so
 * that KASAN may point the entry at its static tables. It is added by a module, when other
 * processes have copies of the entry. The kernel reads the device-dax through the direct
 * mapping and checks its shadow.
 */
#include <sys/mman.h>

#include "guest.h"

static bool use(unsigned long offset)
{
	char *mem = dax_map(offset);
	bool good;

	if (!mem)
		return false;
	memset(mem, getpid(), PAGE);
	good = pages_read(mem, PAGE);
	munmap(mem, 2 * MIB);
	return good;
}

static void run(void)
{
	static const struct device device = {
		.name = "device-dax", .bind = dax_bind, .use = use, .last = dax_last,
	};

	module_require("of_pmem");
	bystanders_start(use);
	trigger("load of_pmem");
	need(module_load("of_pmem", "") && disk_wait(true), "persistent memory is added");
	dax_configure(0, "ram");
	device_run(&device);
}

SCENARIO("of-pmem", 11, run());
