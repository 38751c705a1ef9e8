// SPDX-License-Identifier: GPL-2.0
/*
 * How often do the boots of a run crash? A table, with the 95 % interval after Wilson.
 */
#include <math.h>

#include "results.h"

#define Z	1.959964	/* of 95 % */

/* The rate of @r and those behind it: all of one kind, or one scenario of it. */
static void show_rate(const struct record *r, enum same same)
{
	const struct record *cell;
	size_t count[VERDICTS] = { 0 }, n, crashed, other;
	bool scenario = same == SAME_SCENARIO;
	double p, middle, half;

	for (cell = r; cell; cell = cell->next[same])
		count[cell->verdict]++;
	crashed = count[CRASHED];
	n = crashed + count[PASSED] + count[FAILED];
	if (!n || (scenario && n == count[PASSED]))
		return;
	p = (double)crashed / n;
	middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
	half = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4.0 * n * n));
	printf("%-24s %6s  %-5s %-12s ", r->group, r->levels, r->kaslr,
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

int show_rates(const struct run *run)
{
	const struct record *first, *r;
	size_t i;

	printf("%-24s %6s  %-5s %-12s %-14s %s\n", "kernel", "levels", "KASLR", "scenario",
	       "crashed", "rate, 95 % interval");
	for (i = 0; i < run->cells; i++) {
		first = &run->records[i];
		if (first->prev[SAME_KIND])
			continue;
		show_rate(first, SAME_KIND);
		for (r = first; r; r = r->next[SAME_KIND])
			if (!r->prev[SAME_SCENARIO])
				show_rate(r, SAME_SCENARIO);
	}
	return 0;
}
