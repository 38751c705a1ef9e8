// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of all kinds is plugged, put online and offline, bound and taken away, in an
 * order and at addresses that a seed draws: pgsync.seed=N, for pgsync.for=SECONDS. Each
 * of these events is made by one of several bystanders, which are ended and made anew
 * in between, so that the page tables that it is made from are of any age; all of them
 * use what is there then. Beside them run processes that do nothing but fork, execute,
 * read and exit. Of each the top-level table is compared with init_mm's.
 *
 * What the events draw and do depends on the seed alone, how many there are on time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define SPAN		(512UL << 30)	/* of an entry of the direct map, with 4 levels */
#define SPANS		119		/* below the machine's maxmem */
#define LOW_SPANS	60		/* below 30 TiB */
#define DIMMS		3
#define NODE		1
#define VMEM		(56 * TIB)
#define VMEM_SIZE	(512 * MIB)
#define HMM		"/dev/hmm_dmirror0"
#define LOOK_SIZE	(1 * MIB)
#define PROBES		60
#define CHURNS		2
#define SECONDS		30
#define LEAST		12	/* events, on a slow machine */

/* What the bystanders are asked for besides an event, by its number. */
#define LOOK		1000
#define COMPARE		1001

enum state { GONE, OFFLINE, ONLINE };

struct range {
	unsigned long phys, size;
	enum state state;
};

/* What all processes share, by a file for those that execute this program anew. */
#define WORLD		"/world"
static struct world {
	uint64_t random;
	/* The page map's second entry, from 32 TiB on, is there. */
	bool opened;
	bool dax, disk, hmm;
	int events, probes;
	bool used[SPANS + 1];
	struct range dimms[DIMMS], vmem;
	unsigned long blocks[PROBES];
	int churned[CHURNS], lives;
	/* What one of these has found. */
	unsigned long missing;
} *world;

static const char *disk;

/* A number below @n. */
static unsigned long draw(unsigned long n)
{
	uint64_t x = world->random += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return (x ^ x >> 31) % n;
}

static void announce(const char *what, unsigned long phys, unsigned long size)
{
	char text[128];

	if (phys)
		snprintf(text, sizeof(text), "event %d: %s, %lu MiB at %#lx",
			 world->events, what, size / MIB, phys);
	else
		snprintf(text, sizeof(text), "event %d: %s", world->events, what);
	trigger(text);
}

/*
 * Where @size bytes go that are alone in their entries of the direct map: to the
 * beginning of one, to its middle, or across its end. 0 where none are free.
 */
static unsigned long draw_place(unsigned long size)
{
	unsigned long span, offset, block = memory_block_size();
	int tries = 0;

	do {
		if (tries++ == 1000)
			return 0;
		span = 3 + draw(world->opened ? SPANS - 3 : LOW_SPANS - 3);
	} while (world->used[span] || world->used[span + 1]);
	switch (draw(3)) {
	case 0:
		offset = 0;
		break;
	case 1:
		offset = block * draw((SPAN - size) / block);
		break;
	default:
		offset = SPAN - block;
	}
	world->used[span] = true;
	world->used[span + 1] = true;
	return span * SPAN + offset;
}

static void leave_place(unsigned long phys)
{
	world->used[phys / SPAN] = false;
	world->used[phys / SPAN + 1] = false;
}

/* A block of it, or all. */
static bool set_blocks(struct range *range)
{
	unsigned long block = memory_block_size(), at = range->phys;
	bool online = range->state == OFFLINE;
	bool good = true;

	if (draw(2)) {
		/* One goes, comes, and goes with the others. */
		at += block * draw(range->size / block);
		good = online ? memory_online(at, block) && memory_offline(at, block) :
				memory_offline(at, block) && memory_online(at, block);
	}
	range->state = online ? ONLINE : OFFLINE;
	return good && (online ? memory_online(range->phys, range->size) :
				 memory_offline(range->phys, range->size));
}

static bool event_dimm(void)
{
	int nr = draw(DIMMS);
	struct range *dimm = &world->dimms[nr];
	bool good;

	switch (dimm->state) {
	case GONE:
		dimm->size = (1 + draw(2)) * 128 * MIB;
		dimm->phys = draw_place(dimm->size);
		if (!dimm->phys)
			return true;
		dimm->state = OFFLINE;
		announce("plug a DIMM", dimm->phys, dimm->size);
		return dimm_plug(nr, dimm->phys, dimm->size);
	case OFFLINE:
		if (draw(3)) {
			announce("DIMM online", dimm->phys, dimm->size);
			return set_blocks(dimm);
		}
		announce("unplug a DIMM", dimm->phys, dimm->size);
		good = dimm_unplug(nr, dimm->phys, dimm->size);
		leave_place(dimm->phys);
		dimm->state = GONE;
		return good;
	default:
		announce("DIMM offline", dimm->phys, dimm->size);
		return set_blocks(dimm);
	}
}

/* What is added by address stays. */
static bool event_probe(void)
{
	unsigned long phys;

	if (world->probes == PROBES)
		return true;
	phys = draw_place(memory_block_size());
	if (!phys)
		return true;
	/* With 5 levels an entry is of 256 TiB. */
	if (toplevel_shift() > 39)
		phys += draw(8) * 256 * TIB;
	announce("probe", phys, memory_block_size());
	world->blocks[world->probes++] = phys;
	return probe_add(phys) || probe_refused();
}

static bool event_dax(void)
{
	world->dax = !world->dax;
	world->opened = true;
	announce(world->dax ? "bind device-dax" : "unbind device-dax", 0, 0);
	return dax_bind(world->dax);
}

static bool event_disk(void)
{
	world->disk = !world->disk;
	announce(world->disk ? "bind block device" : "unbind block device", 0, 0);
	return disk_bind(disk, world->disk);
}

static bool event_hmm(void)
{
	world->hmm = !world->hmm;
	announce(world->hmm ? "load test_hmm" : "unload test_hmm", 0, 0);
	return world->hmm ? hmm_load(HMM, "") : hmm_unload(HMM);
}

/* Grow, go online, and shrink. */
static bool event_vmem(void)
{
	struct range *vmem = &world->vmem;
	unsigned long block = memory_block_size();

	if (vmem->state == OFFLINE) {
		announce("virtio-mem online", vmem->phys, vmem->size);
		return set_blocks(vmem);
	}
	vmem->phys = VMEM;
	if (vmem->state == GONE) {
		vmem->size = block * (1 + draw(VMEM_SIZE / block));
		vmem->state = OFFLINE;
		announce("virtio-mem grows", vmem->phys, vmem->size);
		return vmem_request(vmem->size) &&
		       memory_is_there(vmem->phys, vmem->size, true) &&
		       vmem_gives(vmem->size);
	}
	vmem->state = GONE;
	announce("virtio-mem shrinks", vmem->phys, vmem->size);
	return vmem_request(0) && memory_is_there(vmem->phys, vmem->size, false) &&
	       vmem_gives(0);
}

/* The kernel's own test of vmalloc() does its work in its init, which says then: again. */
static bool event_vmalloc(void)
{
	char param[128];

	snprintf(param, sizeof(param),
		 "nr_threads=2 nr_pages=%lu run_test_mask=%d test_loop_count=%lu",
		 1 + draw(512), draw(2) ? 1 : 8, 20 + draw(100));
	announce("vmalloc", 0, 0);
	return !module_load("test_vmalloc", param) && errno == EAGAIN;
}

static const struct event {
	bool (*make)(void);
	/* It leaves the page map's second entry alone. */
	bool low;
} events[] = {
	{ event_dimm, true },
	{ event_probe, true },
	{ event_vmalloc, true },
	{ event_dimm, true },
	{ event_dax, false },
	{ event_disk, false },
	{ event_hmm, false },
	{ event_vmem, false },
};

#define EVENTS	(sizeof(events) / sizeof(events[0]))
#define DAX	4

static bool look_at(const struct range *range, bool *some)
{
	if (range->state != ONLINE)
		return true;
	*some = true;
	return pages_inspect(range->phys, range->size);
}

/* Use all that is there. */
static bool look(void)
{
	bool good, some = false;
	int i;

	good = look_at(&world->vmem, &some);
	for (i = 0; i < DIMMS; i++)
		good &= look_at(&world->dimms[i], &some);
	if (some)
		good &= pages_fill_node(NODE, LOOK_SIZE, 0, ~0UL);
	if (world->dax)
		good &= dax_look(0) && dax_look(dax_end());
	if (world->disk)
		good &= disk_look(0) && disk_look(disk_end());
	if (world->hmm)
		good &= hmm_look(HMM, LOOK_SIZE, NULL);
	return good;
}

static bool compare(void)
{
	unsigned long missing;

	if (toplevel_is_right(&missing))
		return true;
	note("the entry for %#lx and following is not in both", missing);
	return false;
}

static bool serve(unsigned long arg)
{
	switch (arg) {
	case LOOK:
		return look();
	case COMPARE:
		return compare();
	default:
		return events[arg].make();
	}
}

/* Read of a file and @offset what there may be, or what is going away. */
static void glance(const char *path, unsigned long offset, unsigned long count)
{
	static char buf[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && pread(fd, buf, count, offset) < 0)
		buf[0] = 0;
	if (fd >= 0)
		close(fd);
}

static void glance_around(void)
{
	unsigned long pfn;
	int i;

	for (i = 0; i < DIMMS; i++) {
		pfn = world->dimms[i].phys >> 12;
		glance("/proc/kpageflags", pfn * 8, 4096);
		glance("/proc/kpagecount", pfn * 8, 4096);
	}
	glance("/proc/kpageflags", VMEM >> 9, 4096);
	glance("/proc/vmallocinfo", 0, 4096);
	glance(DISK, 0, 4096);
}

/* A short life, of a process that was forked or has executed this. */
static int live(void)
{
	unsigned long missing;

	glance_around();
	/* A dump takes longer than all the rest. */
	if (world->lives++ % 4 || toplevel_is_right(&missing))
		return 0;
	world->missing = missing;
	return 1;
}

static bool map_world(void)
{
	int fd = open(WORLD, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, sizeof(*world)))
		return false;
	world = mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return world != MAP_FAILED;
}

static int again(void)
{
	return map_world() ? live() : 1;
}

/* Fork, execute, exit, until the one that has started this ends. */
static void churn(int nr)
{
	int status;
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		pid = fork();
		if (pid == 0) {
			if (world->churned[nr] % 2)
				_exit(live());
			execl("/proc/self/exe", "again", NULL);
			_exit(1);
		}
		if (waitpid(pid, &status, 0) != pid || status) {
			note("a process has ended with %#x, at %#lx", status,
			     world->missing);
			_exit(1);
		}
		world->churned[nr]++;
	}
}

static void start_churns(pid_t *pids)
{
	int i;

	for (i = 0; i < CHURNS; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			churn(i);
	}
}

static bool churns_live(const pid_t *pids)
{
	bool good = true;
	int i;

	for (i = 0; i < CHURNS; i++)
		good &= waitpid(pids[i], NULL, WNOHANG) == 0 && world->churned[i];
	return good;
}

static void make_world(unsigned long seed)
{
	if (!map_world())
		need(false, "room for what the processes share");
	world->random = seed;
	/* The NVDIMMs and virtio-mem. */
	world->used[80] = true;
	world->used[96] = true;
	world->used[112] = true;
}

/*
 * The page map's second entry can be opened once, and without the series only device-dax
 * fails to have it everywhere: that comes first, behind some events that leave it alone.
 */
static unsigned long draw_event(int before)
{
	unsigned long nr;

	if (world->events == before)
		return DAX;
	do {
		nr = draw(EVENTS);
	} while (!world->opened && !events[nr].low);
	return nr;
}

static void run(void)
{
	unsigned long seed = param_number("seed", 1);
	long end = time(NULL) + param_number("for", SECONDS);
	int before, entries;
	bool made = true, used = true, right = true;
	pid_t churns[CHURNS];

	if (!file_exists("/test_hmm.ko") || !file_exists("/test_vmalloc.ko"))
		skip("no test_hmm or no test_vmalloc in this kernel");
	toplevel_open();
	qmp_open();
	make_world(seed);
	dax_configure(1, "ram");
	disk = nvdimm_configure(0, "pfn", "ram");
	note("seed %lu", seed);
	bystanders_start(serve);
	start_churns(churns);
	before = draw(8);
	entries = toplevel_entries();

	while (made && used && right && (time(NULL) < end || world->events < LEAST)) {
		made = bystander_look(draw(BYSTANDERS), draw_event(before));
		used = !made || bystanders_look(LOOK);
		/* Not each time, as a dump takes long, but before a crash may come. */
		right = (draw(4) && world->opened) || (bystanders_look(COMPARE) && compare());
		world->events++;
		/* The first is of the oldest page tables. */
		if (!draw(3))
			bystander_renew(1 + draw(BYSTANDERS - 1));
	}
	right = right && bystanders_look(COMPARE) && compare();
	note("seed %lu: %d events, %d processes, %d entries, then %d", seed, world->events,
	     world->churned[0] + world->churned[1], entries, toplevel_entries());
	ok(made, "each event does what it should");
	ok(used, "processes of any age use what is there");
	ok(right, "and have the top-level entries that init_mm has");
	ok(churns_live(churns), "so do processes that come and go");
}

SCENARIO_AGAIN("stress", 12, run, again);
