// SPDX-License-Identifier: GPL-2.0
/*
 * Ranges of physical memory, and the top-level page-table entries that they need
 * in an area of kernel addresses.
 */
#include <stdlib.h>

#include "affected.h"

#define SECTION	(128ULL << 20)	/* memory is added by sections on x86_64 */
#define GiB	(1ULL << 30)

void add_range(struct ranges *set, uint64_t start, uint64_t end, const char *from)
{
	size_t n = set->nr;

	if (start >= end)
		return;
	if (!(n & (n - 1)))
		set->at = need(realloc(set->at, (n ? 2 * n : 1) * sizeof(*set->at)));
	set->at[set->nr++] = (struct range){ start, end, from };
}

/* Cut @set to what @other has as well. */
void common_ranges(struct ranges *set, const struct ranges *other)
{
	struct ranges both = { 0 };
	const struct range *a, *b;

	for (a = set->at; a < set->at + set->nr; a++)
		for (b = other->at; b < other->at + other->nr; b++)
			add_range(&both, a->start > b->start ? a->start : b->start,
				  a->end < b->end ? a->end : b->end, a->from);
	free(set->at);
	*set = both;
}

/* Does a range of @set overlap @range? */
bool covers(const struct ranges *set, const struct range *range)
{
	const struct range *r;

	for (r = set->at; r < set->at + set->nr; r++)
		if (r->start < range->end && range->start < r->end)
			return true;
	return false;
}

/* The first and the last GiB of the area that @range takes, by whole sections. */
static void area_of(const struct area *area, const struct range *range,
		    uint64_t *first, uint64_t *last)
{
	uint64_t start = range->start / SECTION * SECTION;
	uint64_t end = (range->end - 1) / SECTION * SECTION + SECTION;

	*first = (area->offset + start / area->per * area->bytes) / GiB;
	*last = (area->offset + end / area->per * area->bytes - 1) / GiB;
}

static bool fills(const struct area *area, const struct ranges *boot,
		  uint64_t position, uint64_t entry)
{
	const struct range *r;
	uint64_t first, last;

	for (r = boot->at; r < boot->at + boot->nr; r++) {
		area_of(area, r, &first, &last);
		if ((first + position) / area->entry <= entry &&
		    entry <= (last + position) / area->entry)
			return true;
	}
	return false;
}

/*
 * In how many positions of the area does @range need a top-level entry that boot
 * memory has not filled? Boot memory begins at 0 and fills the first entry, so
 * positions from which @range does not reach the second one are left out.
 */
unsigned int new_entries(const struct area *area, const struct range *range,
			 const struct ranges *boot)
{
	uint64_t first, last, position, entry;
	unsigned int nr = 0;

	area_of(area, range, &first, &last);
	position = boot->nr && last < area->entry ? area->entry - last : 0;
	for (; position < area->positions; position++) {
		entry = (first + position) / area->entry;
		while (entry <= (last + position) / area->entry &&
		       fills(area, boot, position, entry))
			entry++;
		nr += entry <= (last + position) / area->entry;
	}
	return nr;
}
