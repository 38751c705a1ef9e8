// SPDX-License-Identifier: GPL-2.0
/*
 * Device-private memory at the top of the physical address range, as GPU drivers add it. It is
 * added by a process long after boot.
 */
#include "guest.h"

static const char *const devices[] = { "/dev/hmm_dmirror0" };

SCENARIO("hmm", 8, hmm_run(devices, ARRAY_SIZE(devices), "", NULL));
