// SPDX-License-Identifier: GPL-2.0
/*
 * Device-private memory at the top of the physical address range, taken by a
 * process long after boot: the way of the GPU drivers, with test_hmm for one.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "guest.h"

#define MODULE	"test_hmm"
#define DEVICE	"/dev/hmm_dmirror0"
#define SIZE	(1 * MIB)

/* lib/test_hmm_uapi.h, which is not installed with the kernel's headers. */
struct dmirror_cmd {
	uint64_t addr;
	uint64_t ptr;
	uint64_t npages;
	uint64_t cpages;
	uint64_t faults;
};

#define DMIRROR_MIGRATE_TO_DEV	_IOWR('H', 0x02, struct dmirror_cmd)

/* Have memory of our own migrated to the device, and fault it back in. */
static bool look(unsigned long size)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	struct dmirror_cmd cmd = { .npages = size / 4096 };
	unsigned long i;
	bool good;
	char *mem, *mirror;

	mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mirror = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || mem == MAP_FAILED || mirror == MAP_FAILED)
		return false;
	memset(mem, 0xa5, size);
	cmd.addr = (uint64_t)(uintptr_t)mem;
	cmd.ptr = (uint64_t)(uintptr_t)mirror;
	good = !ioctl(fd, DMIRROR_MIGRATE_TO_DEV, &cmd) &&
	       cmd.cpages == cmd.npages;
	if (!good)
		note("migrated %lu of %lu pages", (unsigned long)cmd.cpages,
		     (unsigned long)cmd.npages);
	for (i = 0; i < size; i += 4096)
		good &= mem[i] == (char)0xa5;
	munmap(mem, size);
	munmap(mirror, size);
	close(fd);
	return good;
}

/* Before v6.1 test_hmm has a number, and leaves it to others to make a node. */
static void make_node(void)
{
	char line[128];
	FILE *devices = fopen("/proc/devices", "re");
	unsigned int major;
	char name[64];

	while (devices && fgets(line, sizeof(line), devices))
		if (sscanf(line, "%u %63s", &major, name) == 2 &&
		    !strcmp(name, "HMM_DMIRROR"))
			mknod(DEVICE, S_IFCHR | 0600, makedev(major, 0));
	if (devices)
		fclose(devices);
}

static bool load(void)
{
	bool good = module_load(MODULE, "");

	if (good && !file_exists(DEVICE))
		make_node();
	return good && wait_for_file(DEVICE, true);
}

static bool unload(void)
{
	unlink(DEVICE);
	return module_unload(MODULE);
}

static void run(void)
{
	if (!file_exists("/" MODULE ".ko"))
		skip("no test_hmm module in this kernel");
	bystanders_start(look);
	trigger("load test_hmm");
	need(load(), "device-private memory is there");
	ok(look(SIZE), "memory migrates to the device and back");
	ok(bystanders_look(SIZE), "bystanders migrate theirs, too");
	need(unload(), "device-private memory is gone");
	need(load(), "device-private memory is there again");
	ok(bystanders_look(SIZE), "bystanders migrate theirs again");
}

SCENARIO(6, run);
