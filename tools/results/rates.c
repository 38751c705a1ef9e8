// SPDX-License-Identifier: GPL-2.0
/*
 * How often do the boots of a run crash? A table, with the 95 % interval after Wilson.
 */
#include <math.h>
#include <string.h>

#include "results.h"

#define Z	1.959964	/* of 95 % */

/* What is counted together: all of one kind, or one scenario of it. */
static bool same(const struct record *a, const struct record *b, bool scenario)
{
	return !strcmp(a->group, b->group) && !strcmp(a->levels, b->levels) &&
	       a->kaslr == b->kaslr && (!scenario || !strcmp(a->scenario, b->scenario));
}

static void show_rate(const struct run *run, size_t from, bool scenario)
{
	const struct record *r = &run->records[from];
	size_t count[VERDICTS] = { 0 }, i, n, crashed, other;
	double p, middle, half;

	for (i = 0; i < run->cells; i++)
		count[run->records[i].verdict] += same(r, &run->records[i], scenario);
	crashed = count[CRASHED];
	n = crashed + count[PASSED] + count[FAILED];
	if (!n || (scenario && n == count[PASSED]))
		return;
	p = (double)crashed / n;
	middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
	half = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4.0 * n * n));
	printf("%-24s %6s  %-5s %-12s ", r->group, r->levels, r->kaslr ? "yes" : "no",
	       scenario ? r->scenario : "all");
	printf("%5zu of %-5zu %3.0f %%, %.0f to %.0f %%", crashed, n, 100 * p,
	       100 * fmax(0, middle - half), 100 * fmin(1, middle + half));
	if (count[FAILED])
		printf(", %zu failed", count[FAILED]);
	other = count[SKIPPED] + count[LOST] + count[NOT_RUN];
	if (other)
		printf(", and %zu without a verdict", other);
	putchar('\n');
}

static bool had(const struct run *run, size_t i, bool scenario)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (same(&run->records[j], &run->records[i], scenario))
			return true;
	return false;
}

int show_rates(const struct run *run)
{
	size_t i, j;

	printf("%-24s %6s  %-5s %-12s %-14s %s\n", "kernel", "levels", "KASLR", "scenario",
	       "crashed", "rate, 95 % interval");
	for (i = 0; i < run->cells; i++) {
		if (had(run, i, false))
			continue;
		show_rate(run, i, false);
		for (j = i; j < run->cells; j++)
			if (same(&run->records[i], &run->records[j], false) && !had(run, j, true))
				show_rate(run, j, true);
	}
	return 0;
}
