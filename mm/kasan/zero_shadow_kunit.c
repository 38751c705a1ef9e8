// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit test of the zero shadow that KASAN maps for device memory.
 *
 * The kernel half of each mm's top-level page table is a copy, on most
 * architectures. The test maps zero shadow for memory that does not exist, and
 * reads it from an mm that is older. Nothing accesses the memory itself.
 */

#include <kunit/test.h>
#include <linux/ioport.h>
#include <linux/kasan.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "kasan.h"

/* Unused physical memory whose shadow is mapped by one top-level entry. */
static struct resource *hole;

static int add_shadow(void *start, unsigned long size)
{
	int ret;

	mem_hotplug_begin();
	ret = kasan_add_zero_shadow(start, size);
	mem_hotplug_done();
	return ret;
}

static void remove_shadow(void *start, unsigned long size)
{
	mem_hotplug_begin();
	kasan_remove_zero_shadow(start, size);
	mem_hotplug_done();
}

static bool shadow_readable(const void *addr, u8 *shadow)
{
	return !copy_from_kernel_nofault(shadow, kasan_mem_to_shadow(addr), 1);
}

static void expect_accessible(struct kunit *test, const void *addr)
{
	u8 shadow;

	if (!shadow_readable(addr, &shadow))
		KUNIT_FAIL(test, "%#lx has no shadow in this mm", (unsigned long)addr);
	else
		KUNIT_EXPECT_EQ(test, shadow, KASAN_SHADOW_INIT);
}

static void expect_unmapped(struct kunit *test, const void *addr)
{
	u8 shadow;

	KUNIT_EXPECT_FALSE_MSG(test, shadow_readable(addr, &shadow),
			       "%#lx still has shadow", (unsigned long)addr);
}

static void expect_all(struct kunit *test, void *start, unsigned long size,
		       void (*expect)(struct kunit *test, const void *addr))
{
	expect(test, start);
	expect(test, start + size / 2);
	expect(test, start + size - KASAN_GRANULE_SIZE);
}

static void *get_hole(struct kunit *test)
{
	if (!hole)
		kunit_skip(test, "no unused memory has a top-level entry to itself");

	/* Now: an mm that is created after the shadow is mapped would have the entry. */
	KUNIT_ASSERT_EQ(test, kunit_attach_mm(), 0);
	return __va(hole->start);
}

/* Shadow that takes static page tables, and some of its own at both ends. */
static void zero_shadow_part(struct kunit *test)
{
	void *start = get_hole(test) + KASAN_MEMORY_PER_SHADOW_PAGE;
	unsigned long size = 3 * (PMD_SIZE << KASAN_SHADOW_SCALE_SHIFT);
	int i;

	/* The second time finds the page tables of the first. */
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_EQ(test, add_shadow(start, size), 0);
		expect_all(test, start, size, expect_accessible);
		remove_shadow(start, size);
		expect_all(test, start, size, expect_unmapped);
	}
}

/* All that a top-level entry maps, and then a part of it. */
static void zero_shadow_whole_entry(struct kunit *test)
{
	unsigned long size = PGDIR_SIZE << KASAN_SHADOW_SCALE_SHIFT;
	void *start = get_hole(test);

	KUNIT_ASSERT_EQ(test, add_shadow(start, size), 0);
	expect_all(test, start, size, expect_accessible);
	remove_shadow(start, size);
	expect_all(test, start, size, expect_unmapped);

	size = KASAN_MEMORY_PER_SHADOW_PAGE;
	KUNIT_ASSERT_EQ(test, add_shadow(start, size), 0);
	expect_all(test, start, size, expect_accessible);
	remove_shadow(start, size);
	expect_all(test, start, size, expect_unmapped);
}

/*
 * Memory that has shadow already, as boot memory still has when it is removed:
 * the shadow is reset, and it stays. Returns false if it does not, because freeing
 * the memory accesses the shadow.
 */
static bool shadow_is_reused(struct kunit *test, void *start)
{
	unsigned long size = KASAN_MEMORY_PER_SHADOW_PAGE;
	u8 shadow;

	kasan_poison(start, size, KASAN_PAGE_FREE, false);
	KUNIT_EXPECT_EQ(test, add_shadow(start, size), 0);
	expect_all(test, start, size, expect_accessible);
	remove_shadow(start, size);

	if (!shadow_readable(start, &shadow)) {
		KUNIT_FAIL(test, "memory has lost its shadow");
		return false;
	}
	kasan_unpoison(start, size, false);
	return true;
}

/* Shadow in large pages, where the architecture has that. */
static void zero_shadow_large_page(struct kunit *test)
{
	unsigned int order = get_order(KASAN_MEMORY_PER_SHADOW_PAGE);
	struct page *page;

	page = alloc_pages(GFP_KERNEL, order);
	KUNIT_ASSERT_NOT_NULL(test, page);
	if (shadow_is_reused(test, kasan_reset_tag(page_address(page))))
		__free_pages(page, order);
}

/* The shadow of vmalloc() is mapped by PTEs. */
static void zero_shadow_pte(struct kunit *test)
{
	void *area, *start;

	if (!IS_ENABLED(CONFIG_KASAN_VMALLOC))
		kunit_skip(test, "needs CONFIG_KASAN_VMALLOC");

	area = vmalloc(2 * KASAN_MEMORY_PER_SHADOW_PAGE);
	KUNIT_ASSERT_NOT_NULL(test, area);
	start = PTR_ALIGN(kasan_reset_tag(area), KASAN_MEMORY_PER_SHADOW_PAGE);
	if (shadow_is_reused(test, start))
		vfree(area);
}

static int zero_shadow_suite_init(struct kunit_suite *suite)
{
	const u64 size = (u64)PGDIR_SIZE << KASAN_SHADOW_SCALE_SHIFT;
	struct range range = mhp_get_pluggable_range(true);
	u64 last = min_t(u64, range.end, iomem_resource.end);
	u64 start;

	/* Begin at the memory whose shadow is where a top-level entry begins. */
	last = round_down(last, KASAN_GRANULE_SIZE);
	start = (unsigned long)kasan_mem_to_shadow(__va(last)) & ~PGDIR_MASK;
	start = last - (start << KASAN_SHADOW_SCALE_SHIFT);

	for (; !hole && start <= last && start >= range.start + size; start -= size)
		hole = request_mem_region(start - size, size, "kasan_zero_shadow test");

	return 0;
}

static void zero_shadow_suite_exit(struct kunit_suite *suite)
{
	if (hole)
		release_mem_region(hole->start, resource_size(hole));
	hole = NULL;
}

static struct kunit_case zero_shadow_cases[] = {
	KUNIT_CASE(zero_shadow_part),
	KUNIT_CASE(zero_shadow_whole_entry),
	KUNIT_CASE(zero_shadow_large_page),
	KUNIT_CASE(zero_shadow_pte),
	{}
};

static struct kunit_suite zero_shadow_suite = {
	.name = "kasan_zero_shadow",
	.suite_init = zero_shadow_suite_init,
	.suite_exit = zero_shadow_suite_exit,
	.test_cases = zero_shadow_cases,
};

kunit_test_suite(zero_shadow_suite);
