// SPDX-License-Identifier: GPL-2.0
/*
 * What dax does, by the programs that users have: ndctl makes a device-dax of an
 * NVDIMM, with its map in RAM, and daxctl makes memory of that, and takes it back.
 */
#include "guest.h"

/* daxctl wants to know of the drivers that they need not be loaded. */
#define BUILTIN	"kernel/drivers/dax/device_dax.ko\nkernel/drivers/dax/kmem.ko\n"

#define NDCTL(...)	command_run((const char *const[]){ "/bin/ndctl", __VA_ARGS__, NULL })
#define DAXCTL(...)	command_run((const char *const[]){ "/bin/daxctl", __VA_ARGS__, NULL })

static bool is_memory(bool yes)
{
	/* The first block that is whole: the map of the namespace is in front. */
	return memory_is_there(32 * TIB + memory_block_size(),
			       memory_block_size(), yes);
}

static void run(void)
{
	need(command_modules(BUILTIN), "drivers can be found");
	need(wait_for_file("/sys/bus/nd/devices/namespace0.0", true),
	     "the NVDIMM has a namespace");
	bystanders_start(dax_look);

	trigger("ndctl create-namespace");
	need(NDCTL("create-namespace", "--force", "--reconfig=namespace0.0",
		   "--mode=devdax", "--map=mem", "--align=2M") &&
	     wait_for_file("/dev/dax0.0", true), "ndctl makes a device-dax");
	ok(NDCTL("list", "--namespaces", "--device-dax"), "ndctl lists it");
	ok(dax_look(0), "its first pages can be written");
	ok(bystanders_look(0), "bystanders reach them");
	need(NDCTL("disable-namespace", "namespace0.0") &&
	     wait_for_file("/dev/dax0.0", false), "ndctl disables it");
	need(NDCTL("enable-namespace", "namespace0.0") &&
	     wait_for_file("/dev/dax0.0", true), "ndctl enables it");
	ok(bystanders_look(0), "bystanders reach it again");

	trigger("daxctl reconfigure-device");
	need(DAXCTL("reconfigure-device", "--mode=system-ram", "dax0.0") &&
	     is_memory(true), "daxctl makes memory of it");
	ok(DAXCTL("list", "--devices"), "daxctl lists it");
	need(DAXCTL("reconfigure-device", "--mode=devdax", "--force", "dax0.0") &&
	     is_memory(false), "daxctl makes a device of it");
	ok(bystanders_look(0), "bystanders reach the device");
}

SCENARIO("ndctl", 13, run);
