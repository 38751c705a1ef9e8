// SPDX-License-Identifier: GPL-2.0
/*
 * Memory added by address. With 4 levels, a top-level entry covers 512 GiB of the direct
 * mapping and, in the vmemmap, 32 TiB of memory: the first address needs a new entry for both,
 * the others for the direct mapping. With 5 levels, an entry covers 256 TiB of the direct
 * mapping, which alone needs new entries.
 */
#include "guest.h"

static const unsigned long four_levels[] = { 32 * TIB, 40 * TIB, 60 * TIB };
static const unsigned long five_levels[] = { 256 * TIB, 512 * TIB, 1024 * TIB };

SCENARIO("probe", 7, probe_run(four_levels, ARRAY_SIZE(four_levels)));
SCENARIO("probe-l5", 7, probe_run(five_levels, ARRAY_SIZE(five_levels)));
