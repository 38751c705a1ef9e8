// SPDX-License-Identifier: GPL-2.0
/*
 * A DIMM is plugged, and the first, second, third... page that the kernel's own worker
 * allocates for it cannot be had, until it takes no more. Each is in another entry of the
 * direct map than the one before.
 */
#include "guest.h"

#define ADD	"__add_memory"
#define NR	1
#define STEP	(512UL << 30)
#define FIRST	3
#define SPANS	76
#define MOST	1000

static void run(void)
{
	bool hit = true, came, whole = true, gone = true, again = true;
	unsigned long size, phys, mapped;
	int nth, refused = 0;
	uint64_t before;

	faults_open();
	qmp_open();
	size = memory_block_size();
	trigger("plug a DIMM while pages cannot be had");
	for (nth = 1; hit && gone && again && nth <= MOST; nth++) {
		phys = (FIRST + nth % SPANS) * STEP;
		before = memory_sum();
		mapped = direct_map(NULL);
		faults_below(ADD, nth);
		came = dimm_plug_ends(NR, phys, size);
		hit = faults_hit();
		if (!came) {
			refused++;
			gone = memory_is_as_before(before);
			/* The next try. */
			again = dimm_unplug(NR, phys, size) && dimm_plug_ends(NR, phys, size);
		} else {
			whole &= direct_map(NULL) == mapped + size / 1024;
		}
		again = again && dimm_unplug(NR, phys, size);
		gone = gone && memory_is_as_before(before);
		if (!gone)
			note("page %d: memory is not as it was", nth);
		if (!again)
			note("page %d: the next try fails", nth);
	}
	note("%d of %d pages that could not be had made it fail", refused, nth - 2);
	ok(!hit, "each page was tried");
	ok(refused >= 3, "no memory comes where a page is missing");
	ok(whole, "what comes is all mapped");
	ok(gone, "memory is then as it was");
	ok(again, "the next try works");
}

SCENARIO("faults-dimm", 7, run);
