/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PGALLOC_H
#define _LINUX_PGALLOC_H

#include <linux/pgtable.h>
#include <asm/pgalloc.h>

#ifdef CONFIG_MMU

/**
 * pgd_populate_kernel() - add a PGD entry for a kernel address
 * @addr: a kernel virtual address that the entry covers
 * @pgd: the entry of init_mm for @addr, see pgd_offset_k()
 * @p4d: the table that the entry points to, initialized by the caller
 *
 * Populate @pgd. If the architecture keeps copies of PGD entries for kernel
 * addresses in other page tables, also copy the new entry to them. After a
 * bare pgd_populate() of init_mm the kernel crashes if it uses @addr while it
 * runs on a page table without the entry.
 *
 * The suffix _kernel of pmd_populate_kernel() has another meaning: that function
 * takes the type of PTE table that the kernel uses, and synchronizes nothing.
 *
 * All arguments are evaluated, even if the P4D is folded and there is nothing to
 * populate. Do not pass a table that exists only with more page-table levels.
 *
 * Context: Process context, or early boot. Must not be called with a
 * page_table_lock held: the architecture may take that of every mm.
 */
static inline void pgd_populate_kernel(unsigned long addr, pgd_t *pgd,
				       p4d_t *p4d)
{
	pgd_populate(&init_mm, pgd, p4d);
	if (ARCH_PAGE_TABLE_SYNC_MASK & PGTBL_PGD_MODIFIED)
		arch_sync_kernel_mappings(addr, addr);
}

/**
 * p4d_populate_kernel() - add a P4D entry for a kernel address
 * @addr: a kernel virtual address that the entry covers
 * @p4d: the entry of init_mm for @addr, see p4d_offset()
 * @pud: the table that the entry points to, initialized by the caller
 *
 * Like pgd_populate_kernel(), one level below. If the P4D is folded into the PGD,
 * as on x86_64 with 4-level paging, this is the top level.
 *
 * Context: As for pgd_populate_kernel().
 */
static inline void p4d_populate_kernel(unsigned long addr, p4d_t *p4d,
				       pud_t *pud)
{
	p4d_populate(&init_mm, p4d, pud);
	if (ARCH_PAGE_TABLE_SYNC_MASK & PGTBL_P4D_MODIFIED)
		arch_sync_kernel_mappings(addr, addr);
}

#endif /* CONFIG_MMU */

#endif /* _LINUX_PGALLOC_H */
