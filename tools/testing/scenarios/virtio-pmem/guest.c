// SPDX-License-Identifier: GPL-2.0
/*
 * A virtio-pmem device at 32 TiB, as virtual machines get a disk that the host
 * caches for them. Its driver is a module, so that processes are there before it.
 */
#include "guest.h"

#define ND	"/sys/bus/nd/drivers/"

static bool load(void)
{
	return module_load("nd_virtio", "") && module_load("virtio_pmem", "") &&
	       disk_wait();
}

/* What is bound to its region keeps the module. */
static bool unload(void)
{
	return file_write(ND "nd_pmem/unbind", "namespace0.0") &&
	       file_write(ND "nd_region/unbind", "region0") &&
	       module_unload("virtio_pmem") && module_unload("nd_virtio") &&
	       wait_for_file(DISK, false);
}

static void run(void)
{
	unsigned long end;

	if (!file_exists("/virtio_pmem.ko"))
		skip("no virtio_pmem module in this kernel");
	bystanders_start(disk_look);

	trigger("load virtio_pmem");
	need(load(), "the block device is there");
	end = disk_end();
	ok(end >= 64 * MIB && disk_look(0) && disk_look(end),
	   "its first and last block can be written");
	ok(bystanders_look(0), "bystanders reach the first");
	ok(bystanders_look(end), "bystanders reach the last");

	need(unload(), "the block device is gone");
	need(load(), "the block device is back");
	ok(bystanders_look(0), "bystanders reach it again");
}

SCENARIO("virtio-pmem", 7, run);
