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

/* Cut @set to its intersection with @other. */
void common_ranges(struct ranges *set, const struct ranges *other)
{
	struct ranges both = { 0 };
	const struct range *a, *b;

	for (a = set->at; a < set->at + set->nr; a++)
		for (b = other->at; b < other->at + other->nr; b++)
			add_range(&both, a->start > b->start ? a->start : b->start,
				  a->end < b->end ? a->end : b->end, a->from);
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

/* From the first to the last GiB of the area, both included. */
struct span {
	uint64_t first, last;
};

/* What @range takes of the area, by whole sections. */
static struct span span_of(const struct area *area, const struct range *range)
{
	uint64_t start = range->start / SECTION * SECTION;
	uint64_t end = (range->end - 1) / SECTION * SECTION + SECTION;

	return (struct span){ (area->offset + start / area->per * area->bytes) / GiB,
			      (area->offset + end / area->per * area->bytes - 1) / GiB };
}

static int by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

/* The spans of @set, sorted, with adjacent ones merged. Returns their number. */
static size_t spans_of(const struct area *area, const struct ranges *set, struct span *spans)
{
	size_t i, nr = 0;

	for (i = 0; i < set->nr; i++)
		spans[i] = span_of(area, &set->at[i]);
	qsort(spans, set->nr, sizeof(*spans), by_start);
	for (i = 0; i < set->nr; i++) {
		if (!nr || spans[i].first > spans[nr - 1].last + 1)
			spans[nr++] = spans[i];
		else if (spans[i].last > spans[nr - 1].last)
			spans[nr - 1].last = spans[i].last;
	}
	return nr;
}

/* Does one of the spans overlap the GiB from @start up to, not including, @end? */
static bool fills(const struct span *spans, size_t nr, uint64_t start, uint64_t end)
{
	size_t low = 0, high = nr, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (spans[mid].last < start)
			low = mid + 1;
		else
			high = mid;
	}
	return low < nr && spans[low].first < end;
}

/*
 * At how many positions of the area does @range need a top-level entry that boot memory
 * did not fill? Boot memory begins at 0 and fills the first entry, so skip the positions
 * at which @range does not reach the second one.
 */
unsigned int new_entries(const struct area *area, const struct range *range,
			 const struct ranges *set)
{
	struct span *boot = need(malloc((set->nr + 1) * sizeof(*boot)));
	struct span span = span_of(area, range);
	size_t nr_boot = spans_of(area, set, boot);
	uint64_t position, start, last;
	unsigned int nr = 0;

	position = nr_boot && span.last < area->entry ? area->entry - span.last : 0;
	for (; position < area->positions; position++) {
		last = (span.last + position) / area->entry * area->entry;
		start = (span.first + position) / area->entry * area->entry;
		while (start <= last &&
		       fills(boot, nr_boot, start > position ? start - position : 0,
			     start + area->entry - position))
			start += area->entry;
		nr += start <= last;
	}
	free(boot);
	return nr;
}
