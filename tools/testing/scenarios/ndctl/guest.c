// SPDX-License-Identifier: GPL-2.0
/*
 * Scenario dax with the programs that users have: ndctl turns an NVDIMM into a device-dax with
 * its struct pages in RAM, and daxctl turns that into system RAM and back.
 */
#include "guest.h"

/* daxctl checks that these drivers are built in. */
#define BUILTIN	"kernel/drivers/dax/device_dax.ko\nkernel/drivers/dax/kmem.ko\n"

#define NDCTL(...)	command_run((const char *const[]){ "/bin/ndctl", __VA_ARGS__, NULL })
#define DAXCTL(...)	command_run((const char *const[]){ "/bin/daxctl", __VA_ARGS__, NULL })

/* Wait for the first whole block. The start of the namespace holds its metadata. */
static bool wait_for_memory(bool exists)
{
	return memory_wait(32 * TIB + memory_block_size(), memory_block_size(), exists);
}

static bool wait_for_dax(bool exists)
{
	return wait_for_file("/dev/dax0.0", exists);
}

static void run(void)
{
	need(command_modules(BUILTIN), "modprobe finds the drivers");
	need(wait_for_file("/sys/bus/nd/devices/namespace0.0", true),
	     "the NVDIMM has a namespace");
	bystanders_start(dax_use);

	trigger("ndctl create-namespace");
	need(NDCTL("create-namespace", "--force", "--reconfig=namespace0.0", "--mode=devdax",
		   "--map=mem", "--align=2M") && wait_for_dax(true),
	     "ndctl creates a device-dax");
	ok(NDCTL("list", "--namespaces", "--device-dax"), "ndctl lists the device-dax");
	ok(dax_use(0), "the start of the device can be written");
	ok(bystanders_use(0), "bystanders can write the start of the device");
	need(NDCTL("disable-namespace", "namespace0.0") && wait_for_dax(false),
	     "ndctl disables the namespace");
	need(NDCTL("enable-namespace", "namespace0.0") && wait_for_dax(true),
	     "ndctl enables the namespace");
	ok(bystanders_use(0), "bystanders can write the device again");

	trigger("daxctl reconfigure-device");
	need(DAXCTL("reconfigure-device", "--mode=system-ram", "dax0.0") && wait_for_memory(true),
	     "daxctl turns the device into system RAM");
	ok(DAXCTL("list", "--devices"), "daxctl lists the device");
	need(DAXCTL("reconfigure-device", "--mode=devdax", "--force", "dax0.0") &&
	     wait_for_memory(false), "daxctl turns system RAM into a device-dax");
	ok(bystanders_use(0), "bystanders can write the device-dax");
}

SCENARIO("ndctl", 13, run());
