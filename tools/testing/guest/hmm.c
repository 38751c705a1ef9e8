// SPDX-License-Identifier: GPL-2.0
/*
 * test_hmm, which stands for a GPU driver: a device's memory, and pages that migrate to it.
 */
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "guest.h"

#define MODULE	"test_hmm"
#define SIZE	(1 * MIB)

/* From lib/test_hmm_uapi.h, which the kernel does not install with its headers. */
struct dmirror_cmd {
	uint64_t addr;
	uint64_t ptr;
	uint64_t npages;
	uint64_t cpages;
	uint64_t faults;
};

#define DMIRROR_MIGRATE_TO_DEV	_IOWR('H', 0x02, struct dmirror_cmd)

bool hmm_migrate(const char *device, bool (*check)(char *mem, unsigned long size))
{
	struct dmirror_cmd cmd = { .npages = SIZE / PAGE };
	int fd = open(device, O_RDWR | O_CLOEXEC);
	unsigned long i;
	bool good;
	char *mem;

	/* The second half is for the device's copy. */
	mem = mmap(NULL, 2 * SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || mem == MAP_FAILED)
		return false;
	memset(mem, 0xa5, SIZE);
	cmd.addr = (uintptr_t)mem;
	cmd.ptr = (uintptr_t)mem + SIZE;
	good = !ioctl(fd, DMIRROR_MIGRATE_TO_DEV, &cmd) && cmd.cpages == cmd.npages;
	if (!good)
		note("migrated %lu of %lu pages", (unsigned long)cmd.cpages,
		     (unsigned long)cmd.npages);
	good = good && (!check || check(mem, SIZE));
	for (i = 0; i < SIZE; i += PAGE)
		good &= mem[i] == (char)0xa5;
	munmap(mem, 2 * SIZE);
	close(fd);
	return good;
}

/* Before v6.1, test_hmm has a device number and leaves it to others to create a node. */
static void make_node(const char *device)
{
	char line[128], name[64];
	unsigned int major;

	for_each_line(line, "/proc/devices")
		if (sscanf(line, "%u %63s", &major, name) == 2 && !strcmp(name, "HMM_DMIRROR"))
			mknod(device, S_IFCHR | 0600,
			      makedev(major, device[strlen(device) - 1] - '0'));
}

bool hmm_load(const char *device, const char *param)
{
	bool good = module_load(MODULE, param);

	if (good && !file_exists(device))
		make_node(device);
	return good && wait_for_file(device, true);
}

bool hmm_unload(const char *device)
{
	unlink(device);
	return module_unload(MODULE);
}

const char *hmm_coherent(unsigned long first, unsigned long second)
{
	return format("spm_addr_dev0=%lu spm_addr_dev1=%lu", first, second);
}

static const char *const *devices;
static bool (*check)(char *mem, unsigned long size);

static bool use(unsigned long nr)
{
	return hmm_migrate(devices[nr], check);
}

void hmm_run(const char *const names[], int count, const char *param,
	     bool (*function)(char *mem, unsigned long size))
{
	const char *last = names[count - 1];
	int round, nr;

	module_require(MODULE);
	devices = names;
	check = function;
	param = strdup(param);
	bystanders_start(use);
	for (round = 1; round <= 2; round++) {
		trigger("load test_hmm");
		need(hmm_load(last, param), "round %d: device memory is added", round);
		for (nr = 0; nr < count; nr++) {
			ok(use(nr), "round %d: pages migrate to %s", round, devices[nr]);
			ok(bystanders_use(nr), "round %d: bystanders' pages migrate to %s",
			   round, devices[nr]);
		}
		need(hmm_unload(last), "round %d: device memory is removed", round);
	}
}
