// SPDX-License-Identifier: GPL-2.0
/*
 * If a struct page has 80 bytes, memory at 26 TiB needs the second top-level entry of the
 * vmemmap, and vmemmap_use_new_sub_pmd() writes below it: crash subpmd.
 */
#include "guest.h"

static const unsigned long address = 26 * TIB;

SCENARIO("subpmd", 3, probe_run(&address, 1));
