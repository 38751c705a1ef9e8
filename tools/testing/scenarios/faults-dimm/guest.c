// SPDX-License-Identifier: GPL-2.0
/*
 * A DIMM is plugged while the first page allocation of the kernel's worker fails, then the
 * second, and so on. Each DIMM is in another entry of the direct mapping than the one before.
 */
#include "guest.h"

#define ADD	"__add_memory"
#define NR	1
#define FIRST	3
#define SPANS	76

static unsigned long phys, size;

/* A DIMM whose memory was not added stays in its slot until a retry unplugs it. */
static bool plug(int nth, bool *hit)
{
	bool good;

	if (nth) {
		phys = (FIRST + nth % SPANS) * 512 * GIB;
		faults_below(ADD, nth);
	} else if (!dimm_unplug(NR, phys, size)) {
		return false;
	}
	good = dimm_try(NR, phys, size);
	*hit = nth && faults_hit();
	return good;
}

static bool unplug(void)
{
	return dimm_unplug(NR, phys, size);
}

static void run(void)
{
	struct attempt a = { .kind = "page", .make = plug, .undo = unplug };

	faults_open();
	qmp_open();
	size = memory_block_size();
	a.size = size;
	trigger("plug a DIMM while page allocations fail");
	faults_each(&a, 1);
	faults_report(&a, 3);
}

SCENARIO("faults-dimm", 7, run());
