// SPDX-License-Identifier: GPL-2.0
/*
 * A CXL memory expander. The guest creates a region through sysfs and uses it as device-dax,
 * with its struct pages in RAM, and then as system RAM.
 */
#include "guest.h"

#define CXL		"/sys/bus/cxl/"
#define ROOT		CXL "devices/decoder0.0/"
#define NAMESPACE	"/sys/bus/nd/devices/namespace0.0/"
#define DAX		"/sys/bus/dax/"
#define SIZE		(256 * MIB)
/* Not more: QEMU emulates each access. */
#define FILL		(1 * MIB)

static char region[64], decoder[64];

static bool cxl_write(const char *device, const char *attribute, const char *value)
{
	return file_write(format(CXL "devices/%s/%s", device, attribute),
			  format("%s\n", value));
}

/* Only the decoder of the expander has device addresses. */
static bool find_decoder(void)
{
	const char *name;

	for_each_name(name, CXL "devices")
		if (!strncmp(name, "decoder", 7) && !decoder[0] &&
		    file_exists(format(CXL "devices/%s/dpa_size", name)))
			snprintf(decoder, sizeof(decoder), "%.60s", name);
	note("decoder of the expander: %s", decoder);
	return decoder[0];
}

static bool create_region(void)
{
	return file_read(ROOT "create_pmem_region", region, sizeof(region)) &&
	       file_write(ROOT "create_pmem_region", region) &&
	       cxl_write(region, "uuid", "2b0f5c1e-7a64-4d0e-9a3b-51c8e2f7d604") &&
	       cxl_write(region, "interleave_granularity", "256") &&
	       cxl_write(region, "interleave_ways", "1") &&
	       cxl_write(region, "size", format("%lu", SIZE)) &&
	       cxl_write(decoder, "mode", "pmem") &&
	       cxl_write(decoder, "dpa_size", format("%lu", SIZE)) &&
	       cxl_write(region, "target0", decoder) &&
	       cxl_write(region, "commit", "1") &&
	       file_write(CXL "drivers/cxl_region/bind", region);
}

static bool create_namespace(void)
{
	return wait_for_file(NAMESPACE "uuid", true) && nvdimm_settle() &&
	       file_write(NAMESPACE "uuid", "c4a1d3f0-52b7-4e86-8f19-0d6e3a9b7c25") &&
	       file_write(NAMESPACE "size", format("%lu", SIZE));
}

static bool lossy(void)
{
	return dax_map(0) && !dax_use(0);
}

static bool to_system_ram(void)
{
	return file_write(DAX "drivers/device_dax/unbind", "dax0.0") &&
	       file_write(DAX "drivers/kmem/new_id", "dax0.0");
}

/* The driver kmem adds the whole blocks of the device. */
static void use_as_ram(void)
{
	unsigned long block = memory_block_size();
	unsigned long start = file_number(DAX "devices/dax0.0/resource", 16);
	unsigned long end = start + file_number(DAX "devices/dax0.0/size", 10);
	unsigned long node = file_number(DAX "devices/dax0.0/target_node", 10), size;

	start = (start + block - 1) / block * block;
	size = end / block * block - start;
	note("%lu MiB at %#lx, node %lu", size / MIB, start, node);
	memory_start(node, start, size);
	trigger("add CXL memory");
	need(to_system_ram() && memory_wait(start, size, true),
	     "the device becomes system RAM");
	memory_use(1, FILL);
	need(memory_set(start, size, false), "the memory is offline");
}

static void run(void)
{
	/* What the CXL drivers do by themselves differs between releases. */
	if (!wait_for_file(CXL "devices/mem0", true) || !find_decoder())
		skip("no CXL memory device with a decoder in this kernel");
	ok(true, "the CXL memory device has a decoder");
	if (!create_region())
		skip("this kernel cannot create a region of the CXL memory device");
	ok(true, "a region is created");
	if (!create_namespace())
		skip("this kernel cannot create a namespace of the CXL region");
	ok(true, "a namespace is created");
	dax_run("ram", lossy);
	use_as_ram();
}

SCENARIO("cxl", 18, run());
