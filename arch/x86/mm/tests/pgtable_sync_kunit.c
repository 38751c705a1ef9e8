// SPDX-License-Identifier: GPL-2.0
/*
 * A top-level page-table entry for kernel addresses has to reach every table
 * that holds a copy of the kernel half. Map a page where nothing is, and look
 * for it from tables made before that.
 */
#include <kunit/test.h>

#include <linux/cpufeature.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pgalloc.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>

#include <asm/tlbflush.h>

#define MAGIC	0x70677473796e6321UL

/* An address without an entry, the tables to go below it, and the page there. */
struct hole {
	unsigned long addr;
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;
	pte_t *pte;
	unsigned long *data;
	struct mm_struct *other;
};

/* Memory that is added while this runs must not find the entry, and fill it. */
static bool hotplug_may_use(unsigned long addr)
{
	unsigned long last = addr + PGDIR_SIZE - 1;

	if (last >= PAGE_OFFSET &&
	    addr <= (unsigned long)__va(DIRECT_MAP_PHYSMEM_END))
		return true;
	return last >= VMEMMAP_START &&
	       addr <= (unsigned long)pfn_to_page(PHYS_PFN(DIRECT_MAP_PHYSMEM_END));
}

/*
 * The last entry of the table has the kernel in it, and the one before, with 4
 * levels, espfix. Go down from there, which is above the shadow of memory. The
 * guard hole at the start of the kernel half would not do: it is not copied.
 */
static unsigned long find_hole(void)
{
	unsigned long addr;
	int i;

	for (i = PTRS_PER_PGD - 2; i > pgd_index(PAGE_OFFSET); i--) {
		addr = (unsigned long)(i - PTRS_PER_PGD) << PGDIR_SHIFT;
		if (!pgd_val(init_mm.pgd[i]) && !hotplug_may_use(addr))
			return addr;
	}
	return 0;
}

static bool has_entry(struct hole *hole, pgd_t *table)
{
	return pgd_val(table[pgd_index(hole->addr)]);
}

static pgd_t *table_in_use(void)
{
	return __va(read_cr3_pa());
}

/* Tables with the entry and tables without, of those that are kept in sync. */
static void count_tables(struct hole *hole, int *with, int *without)
{
	struct ptdesc *ptdesc;

	*with = 0;
	*without = 0;
	spin_lock(&pgd_lock);
	list_for_each_entry(ptdesc, &pgd_list, pt_list) {
		if (has_entry(hole, ptdesc_address(ptdesc)))
			(*with)++;
		else
			(*without)++;
	}
	spin_unlock(&pgd_lock);
}

/* Through the page tables in use, as any kernel code would. */
static bool page_is_mapped(struct hole *hole)
{
	unsigned long value;

	return !get_kernel_nofault(value, (unsigned long *)hole->addr) &&
	       value == MAGIC;
}

static void clear_entry(struct hole *hole, pgd_t *table)
{
	pgd_t *pgd = table + pgd_index(hole->addr);

	if (pgtable_l5_enabled())
		pgd_clear(pgd);
	else
		p4d_clear(p4d_offset(pgd, hole->addr));
}

/*
 * Nothing in the kernel takes a top-level entry back. Here it is safe to, as
 * nobody else knows the address. What efi_mm, which is on no list, may have
 * copied meanwhile is overwritten at its next use, and trampoline_pgd has its
 * copy from before.
 */
static void clear_entries(struct hole *hole)
{
	struct ptdesc *ptdesc;

	/* New tables are copied from init_mm's under the same lock. */
	spin_lock(&pgd_lock);
	clear_entry(hole, init_mm.pgd);
	list_for_each_entry(ptdesc, &pgd_list, pt_list)
		clear_entry(hole, ptdesc_address(ptdesc));
	spin_unlock(&pgd_lock);
	flush_tlb_all();
}

/* Link what is below the top level, and leave the top to the test. */
static void fill_tables(struct hole *hole)
{
	*hole->data = MAGIC;
	set_pte(hole->pte + pte_index(hole->addr),
		pfn_pte(__pa(hole->data) >> PAGE_SHIFT, PAGE_KERNEL));
	pmd_populate_kernel(&init_mm, hole->pmd + pmd_index(hole->addr), hole->pte);
	pud_populate(&init_mm, hole->pud + pud_index(hole->addr), hole->pmd);
}

static void expect_everywhere(struct kunit *test)
{
	struct hole *hole = test->priv;
	int with, without;

	KUNIT_EXPECT_TRUE(test, has_entry(hole, init_mm.pgd));
	KUNIT_EXPECT_TRUE(test, has_entry(hole, hole->other->pgd));
	KUNIT_EXPECT_TRUE(test, has_entry(hole, table_in_use()));
	KUNIT_EXPECT_TRUE(test, page_is_mapped(hole));

	count_tables(hole, &with, &without);
	KUNIT_EXPECT_GE(test, with, 2);
	KUNIT_EXPECT_EQ(test, without, 0);
}

static void expect_nowhere(struct kunit *test)
{
	struct hole *hole = test->priv;
	int with, without;

	KUNIT_EXPECT_FALSE(test, has_entry(hole, init_mm.pgd));
	KUNIT_EXPECT_FALSE(test, page_is_mapped(hole));

	count_tables(hole, &with, &without);
	KUNIT_EXPECT_EQ(test, with, 0);
	KUNIT_EXPECT_GE(test, without, 2);
}

/* pgd_populate_kernel() adds the entry with 5 levels, else it does nothing. */
static void pgd_populate_kernel_test(struct kunit *test)
{
	struct hole *hole = test->priv;
	pgd_t *pgd = pgd_offset_k(hole->addr);

	/* Where the P4D is folded, PTI would take the table for a PGD. */
	if (pgtable_l5_enabled())
		p4d_populate(&init_mm, hole->p4d + p4d_index(hole->addr),
			     hole->pud);
	pgd_populate_kernel(hole->addr, pgd, hole->p4d);

	if (pgtable_l5_enabled())
		expect_everywhere(test);
	else
		expect_nowhere(test);
}

/* p4d_populate_kernel() adds the entry with 4 levels, and below it with 5. */
static void p4d_populate_kernel_test(struct kunit *test)
{
	struct hole *hole = test->priv;
	pgd_t *pgd = pgd_offset_k(hole->addr);

	pgd_populate_kernel(hole->addr, pgd, hole->p4d);
	p4d_populate_kernel(hole->addr, p4d_offset(pgd, hole->addr), hole->pud);
	expect_everywhere(test);
}

/* Without a sync the older tables do not have the entry. New ones do. */
static void bare_populate_test(struct kunit *test)
{
	struct hole *hole = test->priv;
	pgd_t *pgd = pgd_offset_k(hole->addr);
	struct mm_struct *newer;

	pgd_populate(&init_mm, pgd, hole->p4d);
	p4d_populate(&init_mm, p4d_offset(pgd, hole->addr), hole->pud);

	KUNIT_EXPECT_TRUE(test, has_entry(hole, init_mm.pgd));
	KUNIT_EXPECT_FALSE(test, has_entry(hole, hole->other->pgd));
	KUNIT_EXPECT_FALSE(test, has_entry(hole, table_in_use()));
	KUNIT_EXPECT_FALSE(test, page_is_mapped(hole));

	newer = mm_alloc();
	KUNIT_ASSERT_NOT_NULL(test, newer);
	KUNIT_EXPECT_TRUE(test, has_entry(hole, newer->pgd));
	mmput(newer);

	arch_sync_kernel_mappings(hole->addr, hole->addr);
	expect_everywhere(test);
}

/* What the other tests leave behind is nothing, in any table. */
static void clear_entries_test(struct kunit *test)
{
	struct hole *hole = test->priv;

	p4d_populate_kernel_test(test);
	clear_entries(hole);
	expect_nowhere(test);
}

static int pgtable_sync_init(struct kunit *test)
{
	struct hole *hole;
	int err;

	if (cpu_feature_enabled(X86_FEATURE_XENPV))
		kunit_skip(test, "the hypervisor has to be told of page tables");

	hole = kunit_kzalloc(test, sizeof(*hole), GFP_KERNEL);
	if (!hole)
		return -ENOMEM;
	hole->addr = find_hole();
	if (!hole->addr)
		kunit_skip(test, "all top-level entries are in use");
	test->priv = hole;

	hole->p4d = (p4d_t *)get_zeroed_page(GFP_KERNEL);
	hole->pud = (pud_t *)get_zeroed_page(GFP_KERNEL);
	hole->pmd = (pmd_t *)get_zeroed_page(GFP_KERNEL);
	hole->pte = (pte_t *)get_zeroed_page(GFP_KERNEL);
	hole->data = (unsigned long *)get_zeroed_page(GFP_KERNEL);
	hole->other = mm_alloc();
	if (!hole->p4d || !hole->pud || !hole->pmd || !hole->pte ||
	    !hole->data || !hole->other)
		return -ENOMEM;

	/* The kthread of the test would run on init_mm's table otherwise. */
	err = kunit_attach_mm();
	if (err)
		return err;
	KUNIT_ASSERT_PTR_NE(test, table_in_use(), init_mm.pgd);

	fill_tables(hole);
	return 0;
}

static void pgtable_sync_exit(struct kunit *test)
{
	struct hole *hole = test->priv;

	if (!hole)
		return;

	clear_entries(hole);
	if (hole->other)
		mmput(hole->other);
	free_page((unsigned long)hole->data);
	free_page((unsigned long)hole->pte);
	free_page((unsigned long)hole->pmd);
	free_page((unsigned long)hole->pud);
	free_page((unsigned long)hole->p4d);
}

static struct kunit_case pgtable_sync_test_cases[] = {
	KUNIT_CASE(pgd_populate_kernel_test),
	KUNIT_CASE(p4d_populate_kernel_test),
	KUNIT_CASE(bare_populate_test),
	KUNIT_CASE(clear_entries_test),
	{}
};

static struct kunit_suite pgtable_sync_test_suite = {
	.name = "x86_pgtable_sync",
	.init = pgtable_sync_init,
	.exit = pgtable_sync_exit,
	.test_cases = pgtable_sync_test_cases,
};

kunit_test_suite(pgtable_sync_test_suite);
