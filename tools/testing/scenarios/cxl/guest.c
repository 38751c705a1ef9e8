// SPDX-License-Identifier: GPL-2.0
/*
 * A CXL memory expander. The guest makes a region of it by sysfs, and that is used
 * as device-dax first, its map in RAM, and then as memory of the system.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"

#define CXL		"/sys/bus/cxl/"
#define ROOT		CXL "devices/decoder0.0/"
#define NAMESPACE	"/sys/bus/nd/devices/namespace0.0/"
#define DAX		"/sys/bus/dax/"
#define SIZE		(256 * MIB)
/* QEMU emulates each access. */
#define FILL		(1 * MIB)

static char region[64], decoder[64];
static unsigned long start, size, node;

static bool region_write(const char *attribute, const char *value)
{
	char path[256];

	snprintf(path, sizeof(path), CXL "devices/%s/%s", region, attribute);
	return file_write(path, "%s\n", value);
}

static bool decoder_write(const char *attribute, const char *value)
{
	char path[256];

	snprintf(path, sizeof(path), CXL "devices/%s/%s", decoder, attribute);
	return file_write(path, "%s\n", value);
}

/* The decoder of the expander is the one that has device addresses. */
static bool find_decoder(void)
{
	DIR *dir = opendir(CXL "devices");
	struct dirent *entry;
	char path[512];

	while (dir && !decoder[0] && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), CXL "devices/%s/dpa_size",
			 entry->d_name);
		if (!strncmp(entry->d_name, "decoder", 7) && file_exists(path))
			snprintf(decoder, sizeof(decoder), "%.60s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	note("the decoder of the expander: %s", decoder);
	return decoder[0];
}

static bool make_region(void)
{
	char bytes[32];

	snprintf(bytes, sizeof(bytes), "%lu", SIZE);
	return file_read(ROOT "create_pmem_region", region, sizeof(region)) &&
	       file_write(ROOT "create_pmem_region", "%s", region) &&
	       region_write("uuid", "2b0f5c1e-7a64-4d0e-9a3b-51c8e2f7d604") &&
	       region_write("interleave_granularity", "256") &&
	       region_write("interleave_ways", "1") &&
	       region_write("size", bytes) &&
	       decoder_write("mode", "pmem") &&
	       decoder_write("dpa_size", bytes) &&
	       region_write("target0", decoder) &&
	       region_write("commit", "1") &&
	       file_write(CXL "drivers/cxl_region/bind", "%s", region);
}

static bool make_namespace(void)
{
	return wait_for_file(NAMESPACE "uuid", true) && nvdimm_settled() &&
	       file_write(NAMESPACE "uuid", "c4a1d3f0-52b7-4e86-8f19-0d6e3a9b7c25") &&
	       file_write(NAMESPACE "size", "%lu", SIZE);
}

/* Of the device kmem adds whole blocks. */
static void find_blocks(void)
{
	unsigned long block = memory_block_size(), end;

	start = file_number(DAX "devices/dax0.0/resource", 16);
	end = start + file_number(DAX "devices/dax0.0/size", 10);
	node = file_number(DAX "devices/dax0.0/target_node", 10);
	start = (start + block - 1) / block * block;
	size = end / block * block - start;
	note("%lu MiB at %#lx, node %lu", size / MIB, start, node);
}

/* Hand the device from device-dax to kmem. */
static bool to_system_ram(void)
{
	return file_write(DAX "drivers/device_dax/unbind", "dax0.0") &&
	       file_write(DAX "drivers/kmem/new_id", "dax0.0") &&
	       memory_is_there(start, size, true);
}

static bool look(unsigned long fill)
{
	return pages_use(node, start, size, fill);
}

static void run(void)
{
	/* How far CXL gets without a driver's help differs from release to release. */
	if (!wait_for_file(CXL "devices/mem0", true) || !find_decoder())
		skip("this kernel finds no CXL memory device with a decoder");
	ok(true, "there is a CXL memory device");
	if (!make_region())
		skip("this kernel makes no region of a CXL memory device");
	ok(true, "%s is made of it", region);
	if (!make_namespace())
		skip("this kernel makes no namespace of a CXL region");
	ok(true, "it has a namespace");
	dax_run("ram", "this kernel's CXL region does not lead to the memory");

	find_blocks();
	bystanders_start(look);
	trigger("add CXL memory");
	need(to_system_ram(), "it becomes memory of the system");
	need(memory_online(start, size), "that is online");
	ok(look(FILL), "it can be allocated and written");
	ok(bystanders_look(FILL), "bystanders reach it");
	need(memory_offline(start, size), "it is offline");
}

SCENARIO("cxl", 18, run);
