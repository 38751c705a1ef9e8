// SPDX-License-Identifier: GPL-2.0
/*
 * An NVDIMM becomes a block device while its first page allocation fails, then the second, and
 * so on. One NVDIMM lies across the end of a top-level entry, the other across the end of a
 * PUD entry: a failure before that end must not be lost after it.
 */
#include "guest.h"

#define NVDIMMS	2

static const char *device;

static bool bind(int nth, bool *hit)
{
	return faults_write(DISK_BIND, device, nth, hit) && disk_wait(true);
}

static bool unbind(void)
{
	return disk_bind(false);
}

static void run(void)
{
	struct attempt a = { .kind = "page", .make = bind, .undo = unbind };
	unsigned long before;
	bool hit;
	int nr;

	faults_open();
	for (nr = 0; nr < NVDIMMS; nr++) {
		device = disk_configure(nr);
		before = direct_map(NULL);
		need(bind(0, &hit), "block device %d is bound", nr);
		a.size = (direct_map(NULL) - before) * 1024;
		need(a.size && unbind(), "block device %d is unbound", nr);
		trigger("bind block device while page allocations fail");
		faults_each(&a, 1);
	}
	faults_report(&a, 2 * NVDIMMS);
}

SCENARIO("faults-pmem", 16, run());
