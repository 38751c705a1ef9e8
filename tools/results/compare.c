// SPDX-License-Identifier: GPL-2.0
/*
 * Compare a run with an earlier one.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results.h"

#define SPREADS	4	/* report a boot that differs by more than these median deviations */
#define NOTICED	1.0	/* and by at least these seconds */

enum change { FAILS, LOSES, PASSES, STILL, DIFFERS, NEW, GONE, CHANGES, SAME = CHANGES };

struct pair {
	const struct record *old, *new;		/* one of them may be NULL */
	enum change change;
};

static struct pair *pairs;
static size_t n;

static bool passed(const struct record *r)
{
	return r->verdict == PASSED || r->verdict == CRASHED;
}

static enum change find_change(const struct record *old, const struct record *new)
{
	if (!new)
		return GONE;
	if (new->verdict == FAILED && (!old || old->verdict != FAILED))
		return FAILS;
	if (!old)
		return NEW;
	if (passed(old) && !passed(new))
		return LOSES;
	if (bad(old->verdict) && passed(new))
		return PASSES;
	if (bad(old->verdict) && bad(new->verdict))
		return STILL;
	return old->verdict == new->verdict ? SAME : DIFFERS;
}

/* Pair the records by name, those of the same name by their order. Return how many match. */
static size_t match(const struct run *old, const struct run *new)
{
	struct record **a = sorted(old, old->n, SAME_NAME), **b = sorted(new, new->n, SAME_NAME);
	size_t i = 0, j = 0, both = 0;
	int order;

	pairs = allocate(NULL, (old->n + new->n) * sizeof(*pairs));
	for (n = 0; i < old->n || j < new->n; n++) {
		order = i == old->n ? 1 : j == new->n ? -1 :
			strcmp(a[i]->same[SAME_NAME], b[j]->same[SAME_NAME]);
		pairs[n].old = order <= 0 ? a[i++] : NULL;
		pairs[n].new = order >= 0 ? b[j++] : NULL;
		pairs[n].change = find_change(pairs[n].old, pairs[n].new);
		both += !order;
	}
	return both;
}

static void show_pair(const struct pair *p)
{
	const struct record *r = p->new ? p->new : p->old;

	printf("    %s/%s: %s", r->group, r->name, verdict_names[r->verdict]);
	if (p->old && p->new)
		printf(", was %s", verdict_names[p->old->verdict]);
	if (p->new && bad(r->verdict))
		printf("\n        %s\n        repeat with: %s", get(r, REASON), get(r, REPEAT));
	putchar('\n');
}

static size_t show_changes(enum change change)
{
	static const char *const titles[CHANGES] = {
		[FAILS] = "fails now", [LOSES] = "no verdict now", [PASSES] = "passes now",
		[STILL] = "still without a pass", [DIFFERS] = "ends differently", [NEW] = "new",
		[GONE] = "gone",
	};
	size_t i, found = 0;

	for (i = 0; i < n; i++)
		found += pairs[i].change == change;
	if (found)
		printf("%s: %zu\n", titles[change], found);
	for (i = 0; i < n; i++)
		if (pairs[i].change == change)
			show_pair(&pairs[i]);
	return found;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* The logarithm of how much longer the new boot took. NAN: there are no two boots. */
static double longer(const struct pair *p)
{
	double old, new;

	if (!p->old || !p->new || !passed(p->old) || p->old->verdict != p->new->verdict)
		return NAN;
	old = seconds(p->old, BOOT);
	new = seconds(p->new, BOOT);
	return old > 0 && new > 0 ? log(new / old) : NAN;
}

/*
 * The whole host may have become slower. Report only boots whose time changed much more than
 * that of the others.
 */
static void show_times(void)
{
	double *values = allocate(NULL, n * sizeof(*values)), middle, spread, took, old, new;
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		if (!isnan(longer(&pairs[i])))
			values[count++] = longer(&pairs[i]);
	if (count < 3)
		return;
	middle = median(values, count);
	for (i = 0; i < count; i++)
		values[i] = fabs(values[i] - middle);
	spread = median(values, count);
	printf("boots: %zu compared, the median takes %+.0f %%, spread %.0f %%\n", count,
	       100 * (exp(middle) - 1), 100 * (exp(spread) - 1));
	for (i = 0; i < n; i++) {
		took = longer(&pairs[i]) - middle;
		if (isnan(took) || fabs(took) <= SPREADS * spread)
			continue;
		old = seconds(pairs[i].old, BOOT);
		new = seconds(pairs[i].new, BOOT);
		if (fabs(new - old) >= NOTICED)
			printf("    %s/%s: %s, %.1f s, was %.1f s\n", pairs[i].new->group,
			       pairs[i].new->name, took > 0 ? "slower" : "faster", new, old);
	}
}

int compare(const struct run *old, const struct run *new)
{
	size_t found[CHANGES];
	enum change change;

	if (!match(old, new))
		die("%s and %s have no test in common: compare other runs", old->name, new->name);
	printf("%s against %s\n", new->name, old->name);
	for (change = 0; change < CHANGES; change++)
		found[change] = show_changes(change);
	show_times();
	return found[FAILS] ? 1 : found[LOSES] ? 125 : 0;
}
