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

/* In GiB of the area, sorted, and those that touch are one. */
struct spans {
	uint64_t (*at)[2];
	size_t nr;
};

static int by_start(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return x[0] < y[0] ? -1 : x[0] > y[0];
}

static struct spans spans_of(const struct area *area, const struct ranges *set)
{
	struct spans spans = { need(malloc((set->nr + 1) * sizeof(*spans.at))), 0 };
	size_t i;

	for (i = 0; i < set->nr; i++)
		area_of(area, &set->at[i], &spans.at[i][0], &spans.at[i][1]);
	qsort(spans.at, set->nr, sizeof(*spans.at), by_start);
	for (i = 0; i < set->nr; i++) {
		if (!spans.nr || spans.at[i][0] > spans.at[spans.nr - 1][1] + 1) {
			spans.at[spans.nr][0] = spans.at[i][0];
			spans.at[spans.nr++][1] = spans.at[i][1];
		} else if (spans.at[i][1] > spans.at[spans.nr - 1][1]) {
			spans.at[spans.nr - 1][1] = spans.at[i][1];
		}
	}
	return spans;
}

/* Does a span reach into the GiB from @start to before @end? */
static bool fills(const struct spans *boot, uint64_t start, uint64_t end)
{
	size_t low = 0, high = boot->nr, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (boot->at[mid][1] < start)
			low = mid + 1;
		else
			high = mid;
	}
	return low < boot->nr && boot->at[low][0] < end;
}

/*
 * In how many positions of the area does @range need a top-level entry that boot
 * memory has not filled? Boot memory begins at 0 and fills the first entry, so
 * positions from which @range does not reach the second one are left out.
 */
unsigned int new_entries(const struct area *area, const struct range *range,
			 const struct ranges *set)
{
	struct spans boot = spans_of(area, set);
	uint64_t first, last, position, entry, start;
	unsigned int nr = 0;

	area_of(area, range, &first, &last);
	position = boot.nr && last < area->entry ? area->entry - last : 0;
	for (; position < area->positions; position++) {
		for (entry = (first + position) / area->entry;
		     entry <= (last + position) / area->entry; entry++) {
			start = entry * area->entry;
			if (!fills(&boot, start > position ? start - position : 0,
				   start + area->entry - position))
				break;
		}
		nr += entry <= (last + position) / area->entry;
	}
	free(boot.at);
	return nr;
}
