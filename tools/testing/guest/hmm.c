// SPDX-License-Identifier: GPL-2.0
/*
 * test_hmm, which stands for a GPU: memory of a device, and pages that migrate to it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include "guest.h"

#define MODULE	"test_hmm"

/* lib/test_hmm_uapi.h, which is not installed with the kernel's headers. */
struct dmirror_cmd {
	uint64_t addr;
	uint64_t ptr;
	uint64_t npages;
	uint64_t cpages;
	uint64_t faults;
};

#define DMIRROR_MIGRATE_TO_DEV	_IOWR('H', 0x02, struct dmirror_cmd)

bool hmm_look(const char *device, unsigned long size,
	      bool (*look)(char *mem, unsigned long size))
{
	int fd = open(device, O_RDWR | O_CLOEXEC);
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
	good = good && (!look || look(mem, size));
	for (i = 0; i < size; i += 4096)
		good &= mem[i] == (char)0xa5;
	munmap(mem, size);
	munmap(mirror, size);
	close(fd);
	return good;
}

bool hmm_read(char *mem, unsigned long size)
{
	struct iovec local = { .iov_len = size }, remote = { mem, size };
	bool good;

	local.iov_base = malloc(size);
	good = local.iov_base &&
	       process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)size &&
	       !memcmp(local.iov_base, mem, size);
	free(local.iov_base);
	return good;
}

/* Before v6.1 test_hmm has a number, and leaves it to others to make a node. */
static void make_node(const char *device)
{
	char line[128];
	FILE *devices = fopen("/proc/devices", "re");
	unsigned int major;
	char name[64];

	while (devices && fgets(line, sizeof(line), devices))
		if (sscanf(line, "%u %63s", &major, name) == 2 &&
		    !strcmp(name, "HMM_DMIRROR"))
			mknod(device, S_IFCHR | 0600,
			      makedev(major, device[strlen(device) - 1] - '0'));
	if (devices)
		fclose(devices);
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
