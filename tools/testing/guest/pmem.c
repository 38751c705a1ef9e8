// SPDX-License-Identifier: GPL-2.0
/*
 * NVDIMMs, the first at 32 TiB. The kernel makes a device-dax with 2 MiB compound pages of
 * one, or a block device, which it accesses through the direct mapping.
 */
#include <sys/mman.h>

#include "guest.h"

#define ND	"/sys/bus/nd/devices/"
#define DRIVERS	"/sys/bus/nd/drivers/"
#define ALIGN	(2 * MIB)

static bool use_all(const struct device *d, unsigned long last)
{
	unsigned long offset;

	if (last < 62 * MIB || !d->use(0) || !d->use(last))
		return false;
	for (offset = d->step; d->step && offset < last; offset += d->step)
		if (!d->use(offset)) {
			note("writing at %#lx of %#lx failed", offset, last);
			return false;
		}
	return true;
}

void device_run(const struct device *d)
{
	unsigned long last;

	need(d->bind(true), "%s is bound", d->name);
	if (d->lossy && d->lossy())
		skip("the device loses what is written to it");
	last = d->last();
	ok(use_all(d, last), "%s can be written", d->name);
	ok(bystanders_use(0), "bystanders can write the start of %s", d->name);
	ok(bystanders_use(last), "bystanders can write the end of %s", d->name);
	need(d->bind(false), "%s is unbound", d->name);
	need(d->bind(true), "%s is bound again", d->name);
	ok(bystanders_use(0), "bystanders can write %s again", d->name);
}

bool nvdimm_settle(void)
{
	char buf[8];

	return file_read(ND "ndbus0/wait_probe", buf, sizeof(buf));
}

static bool seed_write(const char *seed, const char *attribute, const char *value)
{
	return file_write(format(ND "%s/%s", seed, attribute), value);
}

/* Have a device of @kind "dax" or "pfn" use the namespace. Returns its name. */
static const char *configure(int nr, const char *kind, const char *map)
{
	const char *namespace = format("namespace%d.0", nr);
	const char *unbind = format(ND "%s/driver/unbind", namespace);
	static char seeds[2][64];
	char *seed = seeds[nr];

	/* The kernel has parsed the NFIT by now, or there is no NVDIMM. */
	need(wait_for_file(format(ND "%s", namespace), true) && nvdimm_settle(),
	     "the NVDIMM has a namespace");
	note("NVDIMM %d at %#lx", nr, file_number(format(ND "region%d/resource", nr), 16));
	need(file_read(format(ND "region%d/%s_seed", nr, kind), seed, sizeof(seeds[0])),
	     "the region has a %s seed", kind);
	if (file_exists(unbind))
		file_write(unbind, namespace);
	need(wait_for_file(format("/dev/pmem%d", nr), false) && seed_write(seed, "mode", map) &&
	     seed_write(seed, "align", "2097152") &&
	     seed_write(seed, "uuid", "6e1b6a0c-9d2f-4b57-8c37-3c0f1a6d9e52") &&
	     seed_write(seed, "namespace", namespace),
	     "%s is configured, map in %s", seed, map);
	return seed;
}

static const char *dax;
static char node[32] = "/dev/dax0.0";

void dax_configure(int nr, const char *map)
{
	dax = configure(nr, "dax", map);
	snprintf(node, sizeof(node), "/dev/dax%d.0", nr);
}

bool dax_bind(bool yes)
{
	return file_write(yes ? DRIVERS "dax_pmem/bind" : DRIVERS "dax_pmem/unbind", dax) &&
	       wait_for_file(node, yes);
}

void *dax_map(unsigned long offset)
{
	int fd = open(node, O_RDWR | O_CLOEXEC);
	void *mem = mmap(NULL, ALIGN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);

	close(fd);
	return mem == MAP_FAILED ? NULL : mem;
}

bool dax_use(unsigned long offset)
{
	volatile unsigned long *mem = dax_map(offset);
	unsigned long i, pid = getpid();
	bool good = true;

	if (!mem)
		return false;
	for (i = 0; i < ALIGN / sizeof(*mem); i += 512)
		mem[i] = pid + i;
	for (i = 0; i < ALIGN / sizeof(*mem); i += 512)
		good &= mem[i] == pid + i;
	munmap((void *)mem, ALIGN);
	return good;
}

unsigned long dax_last(void)
{
	unsigned long size = file_number(format("/sys/bus/dax/devices/%s/size", node + 5), 10);

	return size < ALIGN ? 0 : size - ALIGN;
}

void dax_run(const char *map, bool (*lossy)(void))
{
	const struct device device = {
		.name = "device-dax", .bind = dax_bind, .use = dax_use, .last = dax_last,
		.step = ALIGN, .lossy = lossy,
	};

	dax_configure(0, map);
	bystanders_start(dax_use);
	trigger("bind device-dax");
	device_run(&device);
}

static const char *pfn;
static char disk[32] = "/dev/pmem0";

const char *disk_configure(int nr)
{
	snprintf(disk, sizeof(disk), "/dev/pmem%d", nr);
	pfn = configure(nr, "pfn", "ram");
	return pfn;
}

bool disk_bind(bool yes)
{
	return file_write(yes ? DISK_BIND : DRIVERS "nd_pmem/unbind", pfn) && disk_wait(yes);
}

static bool can_open(void)
{
	int fd = open(disk, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && !close(fd);
}

/* The node exists some time before the disk can be opened. */
bool disk_wait(bool exists)
{
	return wait_for_file(disk, exists) && (!exists || wait_until(can_open(), WAIT_MS));
}

unsigned long disk_last(void)
{
	unsigned long size = 512 * file_number(format("/sys/class/block/%s/size", disk + 5), 10);

	return size < PAGE ? 0 : size - PAGE;
}

bool disk_use(unsigned long offset)
{
	static char out[PAGE] __attribute__((aligned(PAGE)));
	static char in[PAGE] __attribute__((aligned(PAGE)));
	int fd = open(disk, O_RDWR | O_DIRECT | O_CLOEXEC);
	bool good;

	memset(out, getpid(), PAGE);
	memset(in, ~getpid(), PAGE);
	good = pwrite(fd, out, PAGE, offset) == (ssize_t)PAGE &&
	       pread(fd, in, PAGE, offset) == (ssize_t)PAGE && !memcmp(in, out, PAGE);
	if (fd >= 0)
		close(fd);
	return good;
}
