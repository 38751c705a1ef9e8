// SPDX-License-Identifier: GPL-2.0
/*
 * A virtio-pmem device: a virtual machine's disk in the page cache of the host. Its driver is
 * a module, so that processes exist before the device is added.
 */
#include "guest.h"

#define ND	"/sys/bus/nd/drivers/"

/* The namespace and its region hold references to the module. */
static bool bind(bool yes)
{
	if (yes)
		return module_load("nd_virtio", "") && module_load("virtio_pmem", "") &&
		       disk_wait(true);
	return file_write(ND "nd_pmem/unbind", "namespace0.0") &&
	       file_write(ND "nd_region/unbind", "region0") &&
	       module_unload("virtio_pmem") && module_unload("nd_virtio") && disk_wait(false);
}

static void run(void)
{
	static const struct device device = {
		.name = "the block device", .bind = bind, .use = disk_use, .last = disk_last,
	};

	module_require("virtio_pmem");
	bystanders_start(disk_use);
	trigger("load virtio_pmem");
	device_run(&device);
}

SCENARIO("virtio-pmem", 7, run());
