// SPDX-License-Identifier: GPL-2.0
/*
 * Put a run against an earlier one, point by point.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results.h"

#define SPREADS	4	/* a boot is slower beyond so many median deviations, */
#define NOTICED	1.0	/* and so many seconds */

struct pair {
	const struct record *old, *new;
};

static struct pair *pairs;
static size_t n;

static int compare_names(const void *a, const void *b)
{
	const struct record *x = *(struct record *const *)a, *y = *(struct record *const *)b;
	int order = strcmp(x->group, y->group);

	return order ? order : strcmp(x->point, y->point);
}

/* Those of the same name stay in their order. */
static int by_name(const void *a, const void *b)
{
	const struct record *x = *(struct record *const *)a, *y = *(struct record *const *)b;
	int order = compare_names(a, b);

	return order ? order : (x > y) - (x < y);
}

static struct record **sorted(const struct run *run)
{
	struct record **list = allocate(NULL, (run->n + 1) * sizeof(*list));
	size_t i;

	for (i = 0; i < run->n; i++)
		list[i] = &run->records[i];
	qsort(list, run->n, sizeof(*list), by_name);
	list[run->n] = NULL;
	return list;
}

/* Points of the same name may come more than once: they are paired in their order. */
static size_t match(const struct run *old, const struct run *new)
{
	struct record **a = sorted(old), **b = sorted(new);
	size_t i = 0, j = 0, both = 0;
	int order;

	pairs = allocate(NULL, (old->n + new->n + 1) * sizeof(*pairs));
	while (i < old->n || j < new->n) {
		order = i == old->n ? 1 : j == new->n ? -1 : compare_names(&a[i], &b[j]);
		pairs[n].old = order <= 0 ? a[i++] : NULL;
		pairs[n].new = order >= 0 ? b[j++] : NULL;
		both += !order;
		n++;
	}
	free(a);
	free(b);
	return both;
}

static const char *name(enum verdict verdict)
{
	return verdict_names[verdict];
}

static void show_name(const struct record *r)
{
	printf("    %s/%s", r->group, r->point);
}

static void show_change(const struct pair *p)
{
	const struct record *r = p->new ? p->new : p->old;

	show_name(r);
	if (p->old && p->new)
		printf(": %s, was %s", name(p->new->verdict), name(p->old->verdict));
	else
		printf(": %s", name(r->verdict));
	if (p->new && bad(p->new->verdict))
		printf("\n        %s\n        repeat with: %s", said(r, REASON), said(r, REPEAT));
	putchar('\n');
}

static bool had(enum verdict verdict)
{
	return verdict == PASSED || verdict == CRASHED;
}

static bool fails_now(const struct pair *p)
{
	return p->new && p->new->verdict == FAILED && (!p->old || p->old->verdict != FAILED);
}

static bool lost_now(const struct pair *p)
{
	return p->old && p->new && had(p->old->verdict) &&
	       !had(p->new->verdict) && p->new->verdict != FAILED;
}

static bool passes_now(const struct pair *p)
{
	return p->old && p->new && bad(p->old->verdict) && had(p->new->verdict);
}

static bool still_fails(const struct pair *p)
{
	return p->old && p->new && bad(p->old->verdict) && bad(p->new->verdict) && !fails_now(p);
}

static bool differs(const struct pair *p)
{
	return p->old && p->new && p->old->verdict != p->new->verdict &&
	       !fails_now(p) && !lost_now(p) && !passes_now(p) && !still_fails(p);
}

static bool is_new(const struct pair *p)
{
	return !p->old && !fails_now(p);
}

static bool is_gone(const struct pair *p)
{
	return !p->new;
}

static size_t show_those(const char *title, bool (*which)(const struct pair *))
{
	size_t i, found = 0;

	for (i = 0; i < n; i++)
		found += which(&pairs[i]);
	if (!found)
		return 0;
	printf("%s: %zu\n", title, found);
	for (i = 0; i < n; i++)
		if (which(&pairs[i]))
			show_change(&pairs[i]);
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
	return count % 2 ? values[count / 2] :
	       (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* How much longer the boot of @p took, as a logarithm. NAN: there are no two. */
static double longer(const struct pair *p)
{
	double old, new;

	if (!p->old || !p->new || !had(p->old->verdict) || p->old->verdict != p->new->verdict)
		return NAN;
	old = seconds(p->old, BOOT);
	new = seconds(p->new, BOOT);
	return old > 0 && new > 0 ? log(new / old) : NAN;
}

/*
 * A host may be slower as a whole: what counts is a boot that differs more from its
 * own past than the others do.
 */
static void show_times(void)
{
	double *values = allocate(NULL, (n + 1) * sizeof(*values)), middle, spread, took;
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		if (!isnan(longer(&pairs[i])))
			values[count++] = longer(&pairs[i]);
	if (count < 3)
		goto out;
	middle = median(values, count);
	for (i = 0; i < count; i++)
		values[i] = fabs(values[i] - middle);
	spread = median(values, count);
	printf("boots: %zu compared, the median takes %+.0f %%, spread %.0f %%\n", count,
	       100 * (exp(middle) - 1), 100 * (exp(spread) - 1));
	for (i = 0; i < n; i++) {
		took = longer(&pairs[i]) - middle;
		if (isnan(took) || fabs(took) <= SPREADS * spread ||
		    fabs(seconds(pairs[i].new, BOOT) - seconds(pairs[i].old, BOOT)) < NOTICED)
			continue;
		show_name(pairs[i].new);
		printf(": %s, %.1f s, was %.1f s\n", took > 0 ? "slower" : "faster",
		       seconds(pairs[i].new, BOOT), seconds(pairs[i].old, BOOT));
	}
out:
	free(values);
}

int compare(const struct run *old, const struct run *new)
{
	size_t regressions, lost;

	if (!match(old, new))
		die("%s and %s have no point in common", old->name, new->name);
	printf("%s against %s\n", new->name, old->name);
	regressions = show_those("fails now", fails_now);
	lost = show_those("no verdict now", lost_now);
	show_those("passes now", passes_now);
	show_those("still no pass", still_fails);
	show_those("ends in another way", differs);
	show_those("new", is_new);
	show_those("gone", is_gone);
	show_times();
	free(pairs);
	if (regressions)
		return 1;
	return lost ? 125 : 0;
}
