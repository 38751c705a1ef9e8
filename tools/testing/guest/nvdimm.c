// SPDX-License-Identifier: GPL-2.0
/*
 * The NVDIMM at 32 TiB, and what the kernel is to make of its namespace.
 */
#include <stdio.h>

#include "guest.h"

#define ND		"/sys/bus/nd/devices/"
#define REGION		ND "region0/"
#define NAMESPACE	ND "namespace0.0/"

static char seed[64];

static bool seed_write(const char *attribute, const char *value)
{
	char path[256];

	snprintf(path, sizeof(path), ND "%s/%s", seed, attribute);
	return file_write(path, "%s", value);
}

const char *nvdimm_configure(const char *kind, const char *map)
{
	char path[256];

	/* The NFIT has been parsed by now, or there is no NVDIMM. */
	need(wait_for_file(NAMESPACE, true), "the NVDIMM has a namespace");
	note("at %#lx", file_number(REGION "resource", 16));
	snprintf(path, sizeof(path), REGION "%s_seed", kind);
	need(file_read(path, seed, sizeof(seed)), "the region has a %s seed",
	     kind);
	if (file_exists(NAMESPACE "driver"))
		file_write(NAMESPACE "driver/unbind", "namespace0.0");
	need(wait_for_file(DISK, false) &&
	     seed_write("mode", map) && seed_write("align", "2097152") &&
	     seed_write("uuid", "6e1b6a0c-9d2f-4b57-8c37-3c0f1a6d9e52") &&
	     seed_write("namespace", "namespace0.0"),
	     "%s is configured, map in %s", seed, map);
	return seed;
}
