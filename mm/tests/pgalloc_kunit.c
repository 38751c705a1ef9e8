// SPDX-License-Identifier: GPL-2.0
/*
 * Test pgd_populate_kernel() and p4d_populate_kernel(), whichever levels the
 * architecture folds and whichever it synchronizes.
 */
#include <kunit/test.h>

#include <linux/align.h>
#include <linux/cacheflush.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <xen/xen.h>

#define TOP_LEVELS	(PGTBL_PGD_MODIFIED | PGTBL_P4D_MODIFIED)
#define ALL_LEVELS	(TOP_LEVELS | PGTBL_PUD_MODIFIED | \
			 PGTBL_PMD_MODIFIED | PGTBL_PTE_MODIFIED)

static pgtbl_mod_mask arch_mask(void)
{
	return ARCH_PAGE_TABLE_SYNC_MASK;
}

/* The architecture's hook, which exists only if the mask is not empty. */
static void arch_sync(unsigned long start, unsigned long end)
{
	if (ARCH_PAGE_TABLE_SYNC_MASK & TOP_LEVELS)
		arch_sync_kernel_mappings(start, end);
}

/*
 * Compile the helpers with a mask that the test sets, and with a hook that records
 * its arguments and whether @table had an entry at that time. If a header above
 * has included linux/pgalloc.h, the helpers are those of the architecture: skip the
 * tests that need the hook.
 */
#ifdef _LINUX_PGALLOC_H
#define HELPERS_CALL_HOOK	false
#else
#define HELPERS_CALL_HOOK	true
#endif

static struct {
	pgtbl_mod_mask mask;
	const void *table;
	size_t size;
	int calls;
	unsigned long start, end;
	bool populated;
} hook;

static void __maybe_unused hook_sync(unsigned long start, unsigned long end)
{
	hook.calls++;
	hook.start = start;
	hook.end = end;
	hook.populated = hook.table && memchr_inv(hook.table, 0, hook.size);
	if (!hook.table)
		arch_sync(start, end);
}

#undef ARCH_PAGE_TABLE_SYNC_MASK
#define ARCH_PAGE_TABLE_SYNC_MASK		hook.mask
#define arch_sync_kernel_mappings(start, end)	hook_sync(start, end)
#include <linux/pgalloc.h>

/* Tables that no CPU walks. */
struct tables {
	unsigned long addr;
	size_t pgd_size, p4d_size, pud_size;
	pgd_t *pgd;
	p4d_t *p4d;
	pud_t *pud;
};

/*
 * With page-table isolation, entries of the lower half of a PGD have a copy in
 * the next page. Use an entry of the upper half.
 */
static struct tables *make_tables(struct kunit *test)
{
	struct tables *t;

	if (!HELPERS_CALL_HOOK)
		kunit_skip(test, "another header includes linux/pgalloc.h");

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t);
	t->addr = VMALLOC_START;
	t->pgd_size = max(PTRS_PER_PGD * sizeof(pgd_t), PAGE_SIZE);
	t->p4d_size = max(PTRS_PER_P4D * sizeof(p4d_t), PAGE_SIZE);
	t->pud_size = max(PTRS_PER_PUD * sizeof(pud_t), PAGE_SIZE);
	t->pgd = kunit_kzalloc(test, t->pgd_size, GFP_KERNEL);
	t->p4d = kunit_kzalloc(test, t->p4d_size, GFP_KERNEL);
	t->pud = kunit_kzalloc(test, t->pud_size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->pgd);
	KUNIT_ASSERT_NOT_NULL(test, t->p4d);
	KUNIT_ASSERT_NOT_NULL(test, t->pud);
	return t;
}

static unsigned long index_in_p4d(unsigned long addr)
{
#ifdef __PAGETABLE_P4D_FOLDED
	return 0;
#else
	return p4d_index(addr);
#endif
}

/* The P4D entry of the address, which may be in the PGD. */
static p4d_t *p4d_entry(struct tables *t)
{
	if (mm_p4d_folded(&init_mm))
		return (p4d_t *)pgd_offset_pgd(t->pgd, t->addr);
	return t->p4d + index_in_p4d(t->addr);
}

static void hook_set(pgtbl_mod_mask mask, const void *table, size_t size)
{
	memset(&hook, 0, sizeof(hook));
	hook.mask = mask;
	hook.table = table;
	hook.size = size;
}

/* The hook is called once, with the address and after the populate, or never. */
static void expect_sync(struct kunit *test, unsigned long addr, bool expected,
			bool folded)
{
	KUNIT_EXPECT_EQ_MSG(test, hook.calls, expected, "mask %#x", hook.mask);
	if (!hook.calls)
		return;
	KUNIT_EXPECT_EQ(test, hook.start, addr);
	KUNIT_EXPECT_EQ(test, hook.end, addr);
	if (!folded)
		KUNIT_EXPECT_TRUE(test, hook.populated);
}

static void pgd_populate_kernel_test(struct kunit *test)
{
	struct tables *t = make_tables(test);
	pgd_t *pgd = pgd_offset_pgd(t->pgd, t->addr);
	bool folded = mm_p4d_folded(&init_mm);
	pgtbl_mod_mask mask;

	for (mask = 0; mask <= ALL_LEVELS; mask++) {
		memset(t->pgd, 0, t->pgd_size);
		hook_set(mask, t->pgd, t->pgd_size);
		pgd_populate_kernel(t->addr, pgd, t->p4d);

		expect_sync(test, t->addr, mask & PGTBL_PGD_MODIFIED, folded);
		if (!folded)
			KUNIT_EXPECT_PTR_EQ(test, p4d_offset(pgd, t->addr),
					    t->p4d + index_in_p4d(t->addr));
	}
}

static void p4d_populate_kernel_test(struct kunit *test)
{
	struct tables *t = make_tables(test);
	p4d_t *p4d = p4d_entry(t);
	bool in_pgd = mm_p4d_folded(&init_mm), folded = mm_pud_folded(&init_mm);
	void *table = in_pgd ? (void *)t->pgd : t->p4d;
	size_t size = in_pgd ? t->pgd_size : t->p4d_size;
	pgtbl_mod_mask mask;

	for (mask = 0; mask <= ALL_LEVELS; mask++) {
		memset(table, 0, size);
		hook_set(mask, table, size);
		p4d_populate_kernel(t->addr, p4d, t->pud);

		expect_sync(test, t->addr, mask & PGTBL_P4D_MODIFIED, folded);
		if (!folded)
			KUNIT_EXPECT_PTR_EQ(test, pud_offset(p4d, t->addr),
					    t->pud + pud_index(t->addr));
	}
}

/* pgd_populate() and p4d_populate() are macros on some architectures. */
static void arguments_test(struct kunit *test)
{
	struct tables *t = make_tables(test);
	pgd_t *pgd = pgd_offset_pgd(t->pgd, t->addr), *next_pgd = pgd;
	p4d_t *p4d = p4d_entry(t), *next_p4d = p4d, *p4d_table = t->p4d;
	pud_t *pud_table = t->pud;
	unsigned long addr = t->addr;

	hook_set(ALL_LEVELS, t->pgd, t->pgd_size);
	pgd_populate_kernel(addr++, next_pgd++, p4d_table++);
	KUNIT_EXPECT_EQ(test, addr, t->addr + 1);
	KUNIT_EXPECT_PTR_EQ(test, next_pgd, pgd + 1);
	KUNIT_EXPECT_PTR_EQ(test, p4d_table, t->p4d + 1);

	p4d_populate_kernel(addr++, next_p4d++, pud_table++);
	KUNIT_EXPECT_EQ(test, addr, t->addr + 2);
	KUNIT_EXPECT_PTR_EQ(test, next_p4d, p4d + 1);
	KUNIT_EXPECT_PTR_EQ(test, pud_table, t->pud + 1);
}

/* The address of a top-level entry that is empty and lies within @area, or 0. */
static unsigned long find_hole(struct vm_struct *area, unsigned long size)
{
	unsigned long addr = ALIGN((unsigned long)area->addr, size);
	pgd_t *pgd = pgd_offset_k(addr);

	if (!mm_p4d_folded(&init_mm))
		return pgd_none(*pgd) ? addr : 0;
	return p4d_none(*p4d_offset(pgd, addr)) ? addr : 0;
}

/* Add tables as vmalloc() would. Like those of vmalloc(), they are never freed. */
static void populate_hole(struct kunit *test, unsigned long addr)
{
	pgd_t *pgd = pgd_offset_k(addr);
	p4d_t *p4d;
	pud_t *pud;

	if (!mm_p4d_folded(&init_mm)) {
		p4d = p4d_alloc_one(&init_mm, addr);
		KUNIT_ASSERT_NOT_NULL(test, p4d);
		smp_wmb(); /* See comment in pmd_install() */
		pgd_populate_kernel(addr, pgd, p4d);
	}
	pud = pud_alloc_one(&init_mm, addr);
	KUNIT_ASSERT_NOT_NULL(test, pud);
	smp_wmb(); /* See comment in pmd_install() */
	p4d_populate_kernel(addr, p4d_offset(pgd, addr), pud);
}

static void free_area(void *area)
{
	free_vm_area(area);
}

static void free_test_page(void *page)
{
	__free_page(page);
}

/*
 * Use memory that is mapped below an entry which the helpers added to init_mm.
 * Architectures that copy top-level entries fill those of vmalloc() at boot, so
 * that there is no entry to add, and need a test of their own.
 */
static void mapping_test(struct kunit *test)
{
	unsigned long addr, size = mm_p4d_folded(&init_mm) ? P4D_SIZE : PGDIR_SIZE;
	struct vm_struct *area;
	struct page *page;
	int err;

	if (mm_pud_folded(&init_mm))
		kunit_skip(test, "the helpers' levels are folded");
	if (IS_ENABLED(CONFIG_KASAN_VMALLOC))
		kunit_skip(test, "the shadow of so much address space is too large");
	if (size > (VMALLOC_END - VMALLOC_START) / 4)
		kunit_skip(test, "vmalloc() has no top-level entry to spare");

	/* While the area is reserved, nobody else populates an entry within it. */
	area = get_vm_area(2 * size, VM_SPARSE);
	KUNIT_ASSERT_NOT_NULL(test, area);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_area, area));
	addr = find_hole(area, size);
	if (!addr)
		kunit_skip(test, "vmalloc()'s top-level entries are there from boot");
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_test_page, page));

	hook_set(arch_mask(), NULL, 0);
	populate_hole(test, addr);
	KUNIT_EXPECT_EQ(test, find_hole(area, size), 0);

	err = vm_area_map_pages(area, addr, addr + PAGE_SIZE, &page);
	KUNIT_ASSERT_EQ(test, err, 0);
	WRITE_ONCE(*(unsigned long *)addr, addr);
	flush_cache_vunmap(addr, addr + PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, READ_ONCE(*(unsigned long *)page_address(page)), addr);
	vm_area_unmap_pages(area, addr, addr + PAGE_SIZE);
}

static int pgalloc_test_init(struct kunit *test)
{
	if (xen_pv_domain())
		kunit_skip(test, "Xen PV has to be told of page tables");
	return 0;
}

static struct kunit_case pgalloc_test_cases[] = {
	KUNIT_CASE(pgd_populate_kernel_test),
	KUNIT_CASE(p4d_populate_kernel_test),
	KUNIT_CASE(arguments_test),
	KUNIT_CASE(mapping_test),
	{}
};

static struct kunit_suite pgalloc_test_suite = {
	.name = "pgalloc",
	.init = pgalloc_test_init,
	.test_cases = pgalloc_test_cases,
};

kunit_test_suite(pgalloc_test_suite);
