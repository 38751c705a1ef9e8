// SPDX-License-Identifier: GPL-2.0
/*
 * The NVDIMMs, the first at 32 TiB, and what the kernel is to make of their namespaces.
 */
#include <stdio.h>

#include "guest.h"

#define ND	"/sys/bus/nd/devices/"

static bool seed_write(const char *seed, const char *attribute, const char *value)
{
	char path[256];

	snprintf(path, sizeof(path), ND "%s/%s", seed, attribute);
	return file_write(path, "%s", value);
}

bool nvdimm_settled(void)
{
	char buf[8];

	return file_read(ND "ndbus0/wait_probe", buf, sizeof(buf));
}

const char *nvdimm_configure(int nr, const char *kind, const char *map)
{
	static char seeds[2][64];
	char *seed = seeds[nr], namespace[32], path[256];

	/* The NFIT has been parsed by now, or there is no NVDIMM. */
	snprintf(namespace, sizeof(namespace), "namespace%d.0", nr);
	snprintf(path, sizeof(path), ND "%s", namespace);
	need(wait_for_file(path, true) && nvdimm_settled(),
	     "the NVDIMM has a namespace");
	snprintf(path, sizeof(path), ND "region%d/resource", nr);
	note("at %#lx", file_number(path, 16));
	snprintf(path, sizeof(path), ND "region%d/%s_seed", nr, kind);
	need(file_read(path, seed, sizeof(seeds[0])), "the region has a %s seed",
	     kind);
	snprintf(path, sizeof(path), ND "%s/driver/unbind", namespace);
	if (file_exists(path))
		file_write(path, "%s", namespace);
	snprintf(path, sizeof(path), "/dev/pmem%d", nr);
	need(wait_for_file(path, false) &&
	     seed_write(seed, "mode", map) && seed_write(seed, "align", "2097152") &&
	     seed_write(seed, "uuid", "6e1b6a0c-9d2f-4b57-8c37-3c0f1a6d9e52") &&
	     seed_write(seed, "namespace", namespace),
	     "%s is configured, map in %s", seed, map);
	return seed;
}
