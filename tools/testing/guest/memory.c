// SPDX-License-Identifier: GPL-2.0
/*
 * Memory blocks in sysfs, and the pages in them. The kernel reaches struct pages in the vmemmap
 * and the contents of pages in the direct mapping through the page tables of the caller.
 */
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "guest.h"

#define MPOL_BIND	2
#define PFN_MASK	((1UL << 55) - 1)
#define KPF_NOPAGE	20

#define MEMORY	"/sys/devices/system/memory/"

unsigned long memory_block_size(void)
{
	return file_number(MEMORY "block_size_bytes", 16);
}

static const char *block(unsigned long phys, const char *file)
{
	return format(MEMORY "memory%lu%s", phys / memory_block_size(), file);
}

bool memory_block_exists(unsigned long phys)
{
	return file_exists(block(phys, ""));
}

bool memory_block_is(unsigned long phys, const char *state)
{
	return file_is(block(phys, "/state"), state);
}

/* The files of a block appear after its directory. */
bool memory_wait(unsigned long phys, unsigned long size, bool exists)
{
	unsigned long end = phys + size;

	for (; phys < end; phys += memory_block_size())
		if (!wait_for_file(block(phys, exists ? "/state" : ""), exists))
			return false;
	return true;
}

bool memory_set(unsigned long phys, unsigned long size, bool online)
{
	unsigned long end = phys + size;
	bool good = true;

	for (; phys < end; phys += memory_block_size())
		good &= file_write(block(phys, "/state"), online ? "online_movable" : "offline") &&
			memory_block_is(phys, online ? "online" : "offline");
	return good;
}

bool pages_inspect(unsigned long phys, unsigned long size)
{
	uint64_t flags, count;
	int flags_fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	int count_fd = open("/proc/kpagecount", O_RDONLY | O_CLOEXEC);
	unsigned long pfn, bad = 0;

	/* One frame in 64 is enough to reach each page of the vmemmap. */
	for (pfn = phys / PAGE; pfn < (phys + size) / PAGE; pfn += 64)
		if (pread(flags_fd, &flags, 8, pfn * 8) != 8 ||
		    pread(count_fd, &count, 8, pfn * 8) != 8 || flags & (1UL << KPF_NOPAGE))
			bad++;
	if (bad)
		note("%lu frames from %#lx on have no struct page", bad, phys);
	close(flags_fd);
	close(count_fd);
	return !bad;
}

static unsigned long frame_of(int pagemap, const void *addr)
{
	uint64_t entry;

	if (pread(pagemap, &entry, 8, (unsigned long)addr / PAGE * 8) != 8)
		return 0;
	return entry & PFN_MASK;
}

bool pages_fill(int node, unsigned long size, unsigned long start, unsigned long end)
{
	unsigned long mask = 1UL << node, off, phys, bad = 0;
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	char *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED || pagemap < 0 ||
	    syscall(SYS_mbind, mem, size, MPOL_BIND, &mask, 64, 0)) {
		note("cannot bind %lu MiB to node %d: %s", size / MIB, node, strerror(errno));
		return false;
	}
	memset(mem, 0x5a, size);
	for (off = 0; off < size; off += PAGE) {
		phys = frame_of(pagemap, mem + off) * PAGE;
		if (mem[off] != 0x5a || phys < start || phys >= end)
			bad++;
	}
	if (bad)
		note("%lu pages are outside the memory of node %d or have lost data", bad, node);
	munmap(mem, size);
	close(pagemap);
	return !bad;
}

bool pages_read(char *mem, unsigned long size)
{
	struct iovec local = { malloc(size), size }, remote = { mem, size };
	bool good = local.iov_base &&
		    process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)size &&
		    !memcmp(local.iov_base, mem, size);

	free(local.iov_base);
	return good;
}

unsigned long direct_map(const char *size)
{
	unsigned long sum = 0, value;
	char line[128], name[8];

	for_each_line(line, "/proc/meminfo")
		if (sscanf(line, "DirectMap%7[0-9kMG]: %lu", name, &value) == 2 &&
		    (!size || !strcmp(name, size)))
			sum += value;
	return sum;
}

static uint64_t add_hash(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ *text) * 0x100000001b3;
	return hash;
}

/* The order of the blocks in their directory does not matter: add up their hashes. */
uint64_t memory_hash(void)
{
	uint64_t hash = direct_map(NULL), blocks = 0;
	char line[512];
	const char *name;

	for_each_line(line, "/proc/iomem")
		hash = add_hash(hash, line);
	for_each_name(name, MEMORY)
		if (file_read(format(MEMORY "%s/state", name), line, sizeof(line)))
			blocks += add_hash(add_hash(0, name), line);
	return hash + blocks;
}

/* The kernel removes some of it asynchronously. */
bool memory_restored(uint64_t hash)
{
	return wait_until(memory_hash() == hash, 2000);
}

static struct {
	int node;
	unsigned long phys, size;
} memory;

static bool use(unsigned long fill)
{
	return pages_inspect(memory.phys, memory.size) &&
	       pages_fill(memory.node, fill, memory.phys, memory.phys + memory.size);
}

void memory_start(int node, unsigned long phys, unsigned long size)
{
	memory.node = node;
	memory.phys = phys;
	memory.size = size;
	bystanders_start(use);
}

void memory_use(int round, unsigned long fill)
{
	need(memory_set(memory.phys, memory.size, true), "round %d: the memory is online", round);
	ok(use(fill), "round %d: the memory can be allocated and written", round);
	ok(bystanders_use(fill < 8 * MIB ? fill : 8 * MIB),
	   "round %d: bystanders can allocate and write the memory", round);
}
