// SPDX-License-Identifier: GPL-2.0
/*
 * NVDIMMs become block devices, and a page table cannot be had that the shadow of one
 * needs: the second that KASAN asks for, and with the other NVDIMM the first. Each is
 * where no shadow was before.
 */
#include <stdio.h>

#include "guest.h"

#define DRIVER	"/sys/bus/nd/drivers/nd_pmem/"
#define ADD	"kasan_add_zero_shadow"
#define NVDIMMS	2

static bool bind(const char *device, int nr)
{
	char disk[32];

	snprintf(disk, sizeof(disk), "/dev/pmem%d", nr);
	return file_write(DRIVER "bind", "%s", device) && file_exists(disk);
}

static void run(void)
{
	const char *device;
	int nr;

	faults_open();
	for (nr = 0; nr < NVDIMMS; nr++) {
		device = nvdimm_configure(nr, "pfn", "ram");
		trigger("bind block device while a table of its shadow cannot be had");
		faults_below(ADD, NVDIMMS - nr);
		need(!bind(device, nr), "it is not bound");
		need(faults_hit(), "for want of table %d", NVDIMMS - nr);
		need(bind(device, nr), "the next try binds it");
	}
}

SCENARIO("faults-shadow", 13, run);
