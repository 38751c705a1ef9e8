// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of all kinds is added, set online and offline, bound and removed, in an order and at
 * addresses drawn from pgsync.seed=N, for pgsync.for=SECONDS. One of several bystanders makes
 * each event. They are replaced now and then, so the page tables from which an event is made
 * are of any age. All of them use the memory that exists. Other processes fork, execute, read
 * and exit all the time. The top-level table of each process is compared with init_mm's.
 *
 * The seed determines what the events draw and do, the time only how many there are.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "guest.h"

#define SPAN		(512 * GIB)	/* of an entry of the direct mapping, with 4 levels */
#define SPANS		119		/* below the machine's maxmem */
#define LOW_SPANS	60		/* below 30 TiB */
#define DIMMS		3
#define NODE		1
#define VMEM		(56 * TIB)
#define VMEM_SIZE	(512 * MIB)
#define HMM		"/dev/hmm_dmirror0"
#define FILL		(1 * MIB)
#define PROBES		60
#define CHURNS		2
#define SECONDS		30
#define LEAST		12		/* events, on a slow machine */

/* What bystanders are asked to do, besides the number of an event. */
#define USE		1000
#define COMPARE		1001

enum state { GONE, OFFLINE, ONLINE };

struct range {
	unsigned long phys, size;
	enum state state;
};

/* Shared by all processes, through a file: some execute this program again. */
#define WORLD		"/world"
static struct world {
	uint64_t random;
	/* The second entry of the vmemmap, for 32 TiB and above, exists. */
	bool opened;
	bool dax, disk, hmm;
	int events, probes;
	bool used[SPANS + 1];
	struct range dimms[DIMMS], vmem;
	int churned[CHURNS], lives;
	/* What a churning process found missing. */
	unsigned long missing;
} *world;

/* A number below @n. */
static unsigned long draw(unsigned long n)
{
	uint64_t x = world->random += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return (x ^ x >> 31) % n;
}

static void announce(const char *what)
{
	trigger(format("event %d: %s", world->events, what));
}

static void announce_range(const char *what, unsigned long phys, unsigned long size)
{
	announce(format("%s, %lu MiB at %#lx", what, size / MIB, phys));
}

static void set_used(unsigned long phys, bool used)
{
	world->used[phys / SPAN] = used;
	world->used[phys / SPAN + 1] = used;
}

/*
 * Find a place for @size bytes that are alone in their entries of the direct mapping: at the
 * start of one, in its middle, or across its end. 0 if none is free.
 */
static unsigned long draw_place(unsigned long size)
{
	unsigned long span, phys, block = memory_block_size();
	const unsigned long starts[] = { 0, block * draw((SPAN - size) / block), SPAN - block };
	int tries = 0;

	do {
		if (tries++ == 1000)
			return 0;
		span = 3 + draw(world->opened ? SPANS - 3 : LOW_SPANS - 3);
	} while (world->used[span] || world->used[span + 1]);
	phys = span * SPAN + starts[draw(ARRAY_SIZE(starts))];
	set_used(phys, true);
	return phys;
}

/* Set all of a range online or offline. Sometimes set one block there and back before. */
static bool set_blocks(const char *what, struct range *range)
{
	unsigned long block = memory_block_size(), phys = range->phys;
	bool online = range->state == OFFLINE, good = true;

	announce_range(format("%s %s", what, online ? "online" : "offline"), phys, range->size);
	if (draw(2)) {
		phys += block * draw(range->size / block);
		good = memory_set(phys, block, online) && memory_set(phys, block, !online);
	}
	range->state = online ? ONLINE : OFFLINE;
	return good && memory_set(range->phys, range->size, online);
}

static bool event_dimm(void)
{
	int nr = draw(DIMMS);
	struct range *dimm = &world->dimms[nr];

	if (dimm->state == GONE) {
		dimm->size = (1 + draw(2)) * 128 * MIB;
		dimm->phys = draw_place(dimm->size);
		if (!dimm->phys)
			return true;
		dimm->state = OFFLINE;
		announce_range("plug a DIMM", dimm->phys, dimm->size);
		return dimm_plug(nr, dimm->phys, dimm->size);
	}
	if (dimm->state == ONLINE || draw(3))
		return set_blocks("DIMM", dimm);
	announce_range("unplug a DIMM", dimm->phys, dimm->size);
	set_used(dimm->phys, false);
	dimm->state = GONE;
	return dimm_unplug(nr, dimm->phys, dimm->size);
}

/* Memory that is added by address stays. */
static bool event_probe(void)
{
	unsigned long phys;

	if (world->probes == PROBES)
		return true;
	phys = draw_place(memory_block_size());
	if (!phys)
		return true;
	/* With 5 levels an entry is 256 TiB. */
	if (toplevel_shift() > 39)
		phys += draw(8) * 256 * TIB;
	announce_range("probe", phys, memory_block_size());
	world->probes++;
	return probe_add(phys) || probe_refused();
}

static bool event_dax(void)
{
	world->dax = !world->dax;
	world->opened = true;
	announce(world->dax ? "bind device-dax" : "unbind device-dax");
	return dax_bind(world->dax);
}

static bool event_disk(void)
{
	world->disk = !world->disk;
	announce(world->disk ? "bind block device" : "unbind block device");
	return disk_bind(world->disk);
}

static bool event_hmm(void)
{
	world->hmm = !world->hmm;
	announce(world->hmm ? "load test_hmm" : "unload test_hmm");
	return world->hmm ? hmm_load(HMM, "") : hmm_unload(HMM);
}

/* Grow, go online, and shrink. */
static bool event_vmem(void)
{
	struct range *vmem = &world->vmem;
	unsigned long block = memory_block_size();
	bool grow = vmem->state == GONE;

	if (vmem->state == OFFLINE)
		return set_blocks("virtio-mem", vmem);
	vmem->phys = VMEM;
	if (grow)
		vmem->size = block * (1 + draw(VMEM_SIZE / block));
	vmem->state = grow ? OFFLINE : GONE;
	announce_range(grow ? "virtio-mem grows" : "virtio-mem shrinks", VMEM, vmem->size);
	return vmem_resize(VMEM, vmem->size, grow);
}

/* The kernel's test of vmalloc() runs in its init function, which then fails with -EAGAIN. */
static bool event_vmalloc(void)
{
	unsigned long pages = 1 + draw(512);
	int mask = draw(2) ? 1 : 8;

	announce("vmalloc");
	return !module_load("test_vmalloc",
			    format("nr_threads=2 nr_pages=%lu run_test_mask=%d test_loop_count=%lu",
				   pages, mask, 20 + draw(100))) && errno == EAGAIN;
}

/* The first LOW_EVENTS do not need the second entry of the vmemmap. */
#define LOW_EVENTS	4
#define DAX		4
static bool (*const events[])(void) = {
	event_dimm, event_probe, event_vmalloc, event_dimm, event_dax, event_disk, event_hmm,
	event_vmem,
};

static bool use_range(const struct range *range, bool *some)
{
	if (range->state != ONLINE)
		return true;
	*some = true;
	return pages_inspect(range->phys, range->size);
}

/* Use all memory that exists. */
static bool use(void)
{
	bool good, some = false;
	int i;

	good = use_range(&world->vmem, &some);
	for (i = 0; i < DIMMS; i++)
		good &= use_range(&world->dimms[i], &some);
	if (some)
		good &= pages_fill(NODE, FILL, 0, ~0UL);
	if (world->dax)
		good &= dax_use(0) && dax_use(dax_last());
	if (world->disk)
		good &= disk_use(0) && disk_use(disk_last());
	if (world->hmm)
		good &= hmm_migrate(HMM, NULL);
	return good;
}

static bool compare(void)
{
	unsigned long missing;

	if (toplevel_synced(&missing))
		return true;
	note("the entry for %#lx is in one table only", missing);
	return false;
}

static bool serve(unsigned long arg)
{
	if (arg == USE)
		return use();
	if (arg == COMPARE)
		return compare();
	return events[arg]();
}

/* Read something that may not exist, or is being removed. */
static void glance(const char *path, unsigned long offset)
{
	static char buf[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && pread(fd, buf, sizeof(buf), offset) < 0)
		buf[0] = 0;
	if (fd >= 0)
		close(fd);
}

static void glance_around(void)
{
	int i;

	/* 8 bytes for each page. */
	for (i = 0; i < DIMMS; i++) {
		glance("/proc/kpageflags", world->dimms[i].phys / PAGE * 8);
		glance("/proc/kpagecount", world->dimms[i].phys / PAGE * 8);
	}
	glance("/proc/kpageflags", VMEM / PAGE * 8);
	glance("/proc/vmallocinfo", 0);
	glance("/dev/pmem0", 0);
}

/* The short life of a process that was forked, or has executed this program. */
static int live(void)
{
	unsigned long missing;

	glance_around();
	/* Not each time: a dump takes longer than the rest. */
	if (world->lives++ % 4 || toplevel_synced(&missing))
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

/* Fork, execute, exit, until the scenario ends. */
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
			note("a process has ended with %#x, at %#lx", status, world->missing);
			_exit(1);
		}
		world->churned[nr]++;
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

/*
 * The second entry of the vmemmap can be added only once, and without the series only device-dax
 * fails to sync it. So device-dax comes first, after @before events that do not need it.
 */
static unsigned long draw_event(int before)
{
	if (world->events == before)
		return DAX;
	return draw(world->opened ? ARRAY_SIZE(events) : LOW_EVENTS);
}

static void run(void)
{
	unsigned long seed = param_number("seed", 1);
	long end = time(NULL) + param_number("for", SECONDS);
	bool made = true, used = true, synced = true;
	int before, entries, i;
	pid_t churns[CHURNS];

	module_require("test_hmm");
	module_require("test_vmalloc");
	toplevel_open();
	qmp_open();
	if (!map_world())
		need(false, "the processes can share memory");
	world->random = seed;
	/* The NVDIMMs and virtio-mem. */
	world->used[80] = true;
	world->used[96] = true;
	world->used[112] = true;
	dax_configure(1, "ram");
	disk_configure(0);
	note("seed %lu", seed);
	bystanders_start(serve);
	for (i = 0; i < CHURNS; i++) {
		churns[i] = fork();
		if (churns[i] == 0)
			churn(i);
	}
	before = draw(8);
	entries = toplevel_entries();

	while (made && used && synced && (time(NULL) < end || world->events < LEAST)) {
		made = bystander_use(draw(BYSTANDERS), draw_event(before));
		used = !made || bystanders_use(USE);
		/* Not each time, as a dump takes long, but always before a crash may follow. */
		synced = (draw(4) && world->opened) || (bystanders_use(COMPARE) && compare());
		world->events++;
		/* The first keeps the oldest page tables. */
		if (!draw(3))
			bystander_replace(1 + draw(BYSTANDERS - 1));
	}
	synced = synced && bystanders_use(COMPARE) && compare();
	note("seed %lu: %d events, %d processes, %d entries, then %d", seed, world->events,
	     world->churned[0] + world->churned[1], entries, toplevel_entries());
	ok(made, "each event succeeds");
	ok(used, "processes of any age can use the memory");
	ok(synced, "processes of any age have the top-level entries of init_mm");
	ok(churns_live(churns), "short-lived processes have the top-level entries of init_mm");
}

SCENARIO_AGAIN("stress", 12, run(), again);
