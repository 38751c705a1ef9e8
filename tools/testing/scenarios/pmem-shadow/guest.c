// SPDX-License-Identifier: GPL-2.0
/*
 * What scenario pmem does, where the machine of this folder has the NVDIMM.
 */
#include "../pmem/guest.c"
