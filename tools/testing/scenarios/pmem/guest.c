// SPDX-License-Identifier: GPL-2.0
/*
 * An NVDIMM, at 32 TiB or 3.5 TiB, becomes a block device that the kernel accesses through
 * the direct mapping (an fsdax namespace). With KASAN, memremap_pages() first maps shadow
 * for it, and reading a sector checks that shadow.
 */
#include "guest.h"

static void run(void)
{
	const char *device = nvdimm_configure(0, "pfn", "ram");
	unsigned long end;

	bystanders_start(disk_look);

	trigger("bind block device");
	need(disk_bind(device, true), "the block device is there");
	end = disk_end();
	ok(end >= 64 * MIB && disk_look(0) && disk_look(end),
	   "its first and last block can be written");
	ok(bystanders_look(0), "bystanders reach the first");
	ok(bystanders_look(end), "bystanders reach the last");

	need(disk_bind(device, false), "the block device is gone");
	need(disk_bind(device, true), "the block device is back");
	ok(bystanders_look(0), "bystanders reach it again");
}

SCENARIO("pmem", 10, run);
SCENARIO("pmem-shadow", 10, run);
