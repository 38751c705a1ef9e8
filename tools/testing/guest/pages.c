// SPDX-License-Identifier: GPL-2.0
/*
 * Page frames, seen through the kernel: their struct pages in the vmemmap, and
 * their contents in the direct map. The kernel gets to both by way of the page
 * tables of the process that asks.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

#define PAGE		4096UL
#define MPOL_BIND	2
#define PFN_MASK	((1UL << 55) - 1)
#define KPF_NOPAGE	20

/* Have the kernel read the struct page of each frame of a range. */
bool pages_inspect(unsigned long phys, unsigned long size)
{
	uint64_t flags, count;
	int flags_fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	int count_fd = open("/proc/kpagecount", O_RDONLY | O_CLOEXEC);
	unsigned long pfn, bad = 0;

	/* One frame in 64 reaches each page of the vmemmap, and each PMD. */
	for (pfn = phys / PAGE; pfn < (phys + size) / PAGE; pfn += 64)
		if (pread(flags_fd, &flags, 8, pfn * 8) != 8 ||
		    pread(count_fd, &count, 8, pfn * 8) != 8 ||
		    flags & (1UL << KPF_NOPAGE))
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

/*
 * Allocate @size bytes on @node and write all of them. Each frame has to lie
 * between the physical addresses @from and @to.
 */
bool pages_fill_node(int node, unsigned long size, unsigned long from,
		     unsigned long to)
{
	unsigned long mask = 1UL << node, off, frame, bad = 0;
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	char *mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED || pagemap < 0 ||
	    syscall(SYS_mbind, mem, size, MPOL_BIND, &mask, 64, 0)) {
		note("cannot bind %lu MiB to node %d: %s", size / MIB, node,
		     strerror(errno));
		return false;
	}
	memset(mem, 0x5a, size);
	for (off = 0; off < size; off += PAGE) {
		frame = frame_of(pagemap, mem + off) * PAGE;
		if (mem[off] != 0x5a || frame < from || frame >= to)
			bad++;
	}
	if (bad)
		note("%lu pages are not where node %d is, or not as written", bad,
		     node);
	munmap(mem, size);
	close(pagemap);
	return !bad;
}

bool pages_use(int node, unsigned long phys, unsigned long size,
	       unsigned long fill)
{
	return pages_inspect(phys, size) &&
	       pages_fill_node(node, fill, phys, phys + size);
}
