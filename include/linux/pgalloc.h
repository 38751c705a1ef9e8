/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PGALLOC_H
#define _LINUX_PGALLOC_H

#include <linux/pgtable.h>
#include <asm/pgalloc.h>

#ifdef CONFIG_MMU

/**
 * pgd_populate_kernel() - add a PGD entry for kernel addresses, in all tables
 * @addr: a kernel virtual address, in bytes, that the entry covers
 * @pgd: the entry for @addr in init_mm, see pgd_offset_k()
 * @p4d: the table it is to point to, ready for use
 *
 * Populate @pgd, then let the architecture copy it to the page tables that hold
 * a copy of it, if ARCH_PAGE_TABLE_SYNC_MASK says that there are any. A bare
 * pgd_populate() leaves these without the entry, and the kernel dies when it
 * uses @addr while running on one of them.
 *
 * The suffix says that the entry is for kernel addresses and that other tables
 * get it too. pmd_populate_kernel() has the suffix in another sense: it takes
 * the kind of PTE table that the kernel uses, and synchronizes nothing.
 *
 * All arguments are evaluated, also where the P4D is folded and there is
 * nothing to populate: do not name a table that the configuration lacks.
 *
 * Context: Process context or early boot. Neither in an interrupt nor with a
 * page_table_lock held: the architecture may have to take that of every mm, below
 * a lock that does not disable interrupts.
 */
static inline void pgd_populate_kernel(unsigned long addr, pgd_t *pgd,
				       p4d_t *p4d)
{
	pgd_populate(&init_mm, pgd, p4d);
	if (ARCH_PAGE_TABLE_SYNC_MASK & PGTBL_PGD_MODIFIED)
		arch_sync_kernel_mappings(addr, addr);
}

/**
 * p4d_populate_kernel() - add a P4D entry for kernel addresses, in all tables
 * @addr: a kernel virtual address, in bytes, that the entry covers
 * @p4d: the entry for @addr in init_mm, see p4d_offset()
 * @pud: the table it is to point to, ready for use
 *
 * What pgd_populate_kernel() is for a PGD entry. Where the P4D is folded into
 * the PGD, as on x86_64 with 4-level paging, this is the top level.
 *
 * Context: As pgd_populate_kernel().
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
