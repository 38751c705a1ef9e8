// SPDX-License-Identifier: GPL-2.0
/*
 * An NVDIMM at 32 TiB or 3.5 TiB becomes a block device, an fsdax namespace, which the kernel
 * accesses through the direct mapping. With KASAN, memremap_pages() first maps shadow for it,
 * and reading a sector checks that shadow.
 */
#include "guest.h"

static void run(void)
{
	static const struct device device = {
		.name = "the block device", .bind = disk_bind, .use = disk_use, .last = disk_last,
	};

	disk_configure(0);
	bystanders_start(disk_use);
	trigger("bind block device");
	device_run(&device);
}

SCENARIO("pmem", 10, run());
SCENARIO("pmem-shadow", 10, run());
