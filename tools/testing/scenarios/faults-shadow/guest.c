// SPDX-License-Identifier: GPL-2.0
/*
 * NVDIMMs become block devices while a page table fails to be allocated for the shadow: with
 * the first NVDIMM the second table that KASAN allocates, with the other NVDIMM the first.
 * Neither range had shadow before.
 */
#include "guest.h"

#define ADD	"kasan_add_zero_shadow"
#define NVDIMMS	2

static void run(void)
{
	int nr;

	faults_open();
	for (nr = 0; nr < NVDIMMS; nr++) {
		disk_configure(nr);
		trigger("bind block device while allocating a table of its shadow fails");
		faults_below(ADD, NVDIMMS - nr);
		need(!disk_bind(true), "block device %d is not bound", nr);
		need(faults_hit(), "allocating table %d has failed", NVDIMMS - nr);
		need(disk_bind(true), "block device %d is bound in a retry", nr);
	}
}

SCENARIO("faults-shadow", 13, run());
