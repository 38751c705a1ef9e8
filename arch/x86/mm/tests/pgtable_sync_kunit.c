// SPDX-License-Identifier: GPL-2.0
/*
 * Each page table has its own copy of the kernel's top-level entries. Test that
 * an entry which is added to init_mm is copied to all of them.
 */
#include <kunit/test.h>

#include <linux/cpufeature.h>
#include <linux/gfp.h>
#include <linux/kasan.h>
#include <linux/mm.h>
#include <linux/pgalloc.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>

#include <asm/tlbflush.h>

#define MAGIC	0x70677473796e6321UL

/* An unused address, the tables that map it, and a page table made before. */
struct hole {
	unsigned long addr;
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;
	pte_t *pte;
	unsigned long *data;
	struct mm_struct *other;
};

static unsigned long vmemmap_last(phys_addr_t end)
{
	struct page *page = pfn_to_page(PHYS_PFN(end));

	return (unsigned long)(page + 1) - 1;
}

#ifdef CONFIG_KASAN
static unsigned long shadow(unsigned long addr)
{
	return (unsigned long)kasan_mem_to_shadow((void *)addr);
}
#endif

/* Does the top-level entry of @addr cover a part of the range? */
static bool overlaps(unsigned long addr, unsigned long start, unsigned long last)
{
	return addr <= last && addr + PGDIR_SIZE - 1 >= start;
}

/* Memory that is added during the test must not find the entry of the test. */
static bool hotplug_may_use(unsigned long addr)
{
	phys_addr_t end = DIRECT_MAP_PHYSMEM_END;
	unsigned long last = (unsigned long)__va(end);

#ifdef CONFIG_KASAN
	if (overlaps(addr, shadow(PAGE_OFFSET), shadow(last)))
		return true;
#endif
	return overlaps(addr, PAGE_OFFSET, last) ||
	       overlaps(addr, VMEMMAP_START, vmemmap_last(end));
}

/*
 * Search downwards from the entry below the last one, which maps the kernel. The
 * entries below PAGE_OFFSET are the guard hole and the LDT.
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

/* Count the page tables that have the entry, and those that lack it. */
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

/* Read the page through the page table in use. */
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
 * The kernel never removes a top-level entry. The test may, as nobody else uses
 * the address. efi_mm, which is not on the list, is copied again at its next use,
 * and trampoline_pgd was copied before.
 */
static void clear_entries(struct hole *hole)
{
	struct ptdesc *ptdesc;

	/* New page tables are copied from init_mm under the same lock. */
	spin_lock(&pgd_lock);
	clear_entry(hole, init_mm.pgd);
	list_for_each_entry(ptdesc, &pgd_list, pt_list)
		clear_entry(hole, ptdesc_address(ptdesc));
	spin_unlock(&pgd_lock);
	flush_tlb_all();
}

static void free_hole(void *data)
{
	struct hole *hole = data;

	if (hole->addr)
		clear_entries(hole);
	if (hole->other)
		mmput(hole->other);
	/* These also flush the IOTLB if devices walk the page tables. */
	if (hole->p4d)
		p4d_free(&init_mm, hole->p4d);
	if (hole->pud)
		pud_free(&init_mm, hole->pud);
	if (hole->pmd)
		pmd_free(&init_mm, hole->pmd);
	if (hole->pte)
		pte_free_kernel(&init_mm, hole->pte);
	free_page((unsigned long)hole->data);
}

/* Link the tables below the top level. The tests populate the top level. */
static void fill_tables(struct hole *hole)
{
	*hole->data = MAGIC;
	set_pte(hole->pte + pte_index(hole->addr),
		pfn_pte(__pa(hole->data) >> PAGE_SHIFT, PAGE_KERNEL));
	pmd_populate_kernel(&init_mm, hole->pmd + pmd_index(hole->addr), hole->pte);
	pud_populate(&init_mm, hole->pud + pud_index(hole->addr), hole->pmd);
}

static struct hole *make_hole(struct kunit *test)
{
	struct hole *hole;

	hole = kunit_kzalloc(test, sizeof(*hole), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, hole);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_hole, hole));

	if (pgtable_l5_enabled()) {
		hole->p4d = p4d_alloc_one(&init_mm, 0);
		KUNIT_ASSERT_NOT_NULL(test, hole->p4d);
	}
	hole->pud = pud_alloc_one(&init_mm, 0);
	hole->pmd = pmd_alloc_one(&init_mm, 0);
	hole->pte = pte_alloc_one_kernel(&init_mm);
	hole->data = (unsigned long *)get_zeroed_page(GFP_KERNEL);
	hole->other = mm_alloc();
	KUNIT_ASSERT_NOT_NULL(test, hole->pud);
	KUNIT_ASSERT_NOT_NULL(test, hole->pmd);
	KUNIT_ASSERT_NOT_NULL(test, hole->pte);
	KUNIT_ASSERT_NOT_NULL(test, hole->data);
	KUNIT_ASSERT_NOT_NULL(test, hole->other);

	hole->addr = find_hole();
	if (!hole->addr)
		kunit_skip(test, "all top-level entries are in use");
	fill_tables(hole);
	return hole;
}

static void expect_everywhere(struct kunit *test, struct hole *hole)
{
	int with, without;

	KUNIT_EXPECT_TRUE(test, has_entry(hole, init_mm.pgd));
	KUNIT_EXPECT_TRUE(test, has_entry(hole, hole->other->pgd));
	KUNIT_EXPECT_TRUE(test, has_entry(hole, table_in_use()));
	KUNIT_EXPECT_TRUE(test, page_is_mapped(hole));

	count_tables(hole, &with, &without);
	KUNIT_EXPECT_GE(test, with, 2);
	KUNIT_EXPECT_EQ(test, without, 0);
}

static void expect_nowhere(struct kunit *test, struct hole *hole)
{
	int with, without;

	KUNIT_EXPECT_FALSE(test, has_entry(hole, init_mm.pgd));
	KUNIT_EXPECT_FALSE(test, page_is_mapped(hole));

	count_tables(hole, &with, &without);
	KUNIT_EXPECT_EQ(test, with, 0);
	KUNIT_EXPECT_GE(test, without, 2);
}

/* pgd_populate_kernel() adds the entry with 5 levels, and nothing with 4. */
static void pgd_populate_kernel_test(struct kunit *test)
{
	struct hole *hole = make_hole(test);

	/* With 4 levels, p4d_populate() would take the table for a PGD. */
	if (pgtable_l5_enabled())
		p4d_populate(&init_mm, hole->p4d + p4d_index(hole->addr),
			     hole->pud);
	pgd_populate_kernel(hole->addr, pgd_offset_k(hole->addr), hole->p4d);

	if (pgtable_l5_enabled())
		expect_everywhere(test, hole);
	else
		expect_nowhere(test, hole);
}

static void populate(struct hole *hole)
{
	pgd_t *pgd = pgd_offset_k(hole->addr);

	pgd_populate_kernel(hole->addr, pgd, hole->p4d);
	p4d_populate_kernel(hole->addr, p4d_offset(pgd, hole->addr), hole->pud);
}

/* p4d_populate_kernel() adds the top-level entry with 4 levels. */
static void p4d_populate_kernel_test(struct kunit *test)
{
	struct hole *hole = make_hole(test);

	populate(hole);
	expect_everywhere(test, hole);
}

/* Without a sync, page tables made before lack the entry, and later ones have it. */
static void bare_populate_test(struct kunit *test)
{
	struct hole *hole = make_hole(test);
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
	expect_everywhere(test, hole);
}

/* The tests leave no entry behind in any page table. */
static void clear_entries_test(struct kunit *test)
{
	struct hole *hole = make_hole(test);

	populate(hole);
	expect_everywhere(test, hole);
	clear_entries(hole);
	expect_nowhere(test, hole);
}

static int pgtable_sync_init(struct kunit *test)
{
	int err;

	if (cpu_feature_enabled(X86_FEATURE_XENPV))
		kunit_skip(test, "Xen PV has to be told of page tables");

	/* Without an mm, the thread of the test may run on init_mm's page table. */
	err = kunit_attach_mm();
	if (err)
		return err;
	KUNIT_ASSERT_PTR_NE(test, table_in_use(), init_mm.pgd);
	return 0;
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
	.test_cases = pgtable_sync_test_cases,
};

kunit_test_suite(pgtable_sync_test_suite);
