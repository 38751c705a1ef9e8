// SPDX-License-Identifier: GPL-2.0
/*
 * A run as text: the matrix, as wide as the terminal, and the failures; or how often its
 * tests crash, with the 95 % Wilson score interval.
 */
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "results.h"

#define NAMES	24	/* the least width of the names of rows */
#define TRACE	12	/* lines of a decoded trace */
#define Z	1.959964	/* of 95 % */

static int names = NAMES;

/* How many kernels fit beside each other. The name of a kernel is right of its column. */
static size_t columns(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		size.ws_col = 80;
	return (size.ws_col > names + 12 ? size.ws_col - names : 12) / 6;
}

/* Show the row that begins with @row, without blanks at the end of the line. */
static void show_row(const struct record **first, size_t n, const struct record *row)
{
	const struct record *r;
	int blanks = 0;
	size_t k;

	printf("%-*s", names, row->name);
	for (k = 0; k < n; k++) {
		blanks += 3;
		r = in_kernel(&row, first[k]);
		if (!r)
			continue;
		printf("%*c", blanks, verdict_letters[r->verdict]);
		blanks = 0;
	}
	putchar('\n');
}

/* Show the matrix of the tree whose first test is @tree, in parts that fit. */
static void show_tree(const struct run *run, const struct record *tree)
{
	const struct record **first = allocate(NULL, run->tests * sizeof(*first)), *r, *prev;
	size_t left = kernels(tree, first), k, n;

	for (; left; left -= n, first += n) {
		n = left < columns() ? left : columns();
		printf("\n%s\n", tree->tree);
		for (k = 0; k < n; k++)
			printf("%*zu %s %s\n", names + 3 * (int)(k + 1), k + 1, first[k]->stage,
			       first[k]->config);
		for (r = first[0]; r && r->kernel <= first[n - 1]; r = r->next[SAME_TREE]) {
			prev = r->prev[SAME_ROW];
			if (!prev || prev < first[0])
				show_row(first, n, r);
		}
	}
}

static void show_failure(const struct run *run, const struct record *r)
{
	char *trace = decoded(run, r, TRACE), *line;

	printf("\n%s/%s: %s\n", r->group, r->name, verdict_names[r->verdict]);
	if (r->value[REASON])
		printf("    %s\n", r->value[REASON]);
	for (line = strtok(trace, "\n"); line; line = strtok(NULL, "\n"))
		printf("        %s\n", line);
	if (r->value[REPEAT])
		printf("    repeat with: %s\n", r->value[REPEAT]);
}

int show_text(const struct run *run)
{
	const struct record *r, *end = run->records + run->n;
	int v;

	printf("%s: %s\n", run->name, get(&run->about, COMMAND));
	printf("%s%s, %s\n", iso_time(get(&run->about, STARTED)),
	       run->about.value[ENDED] ? "" : ", not finished", get(&run->about, HOST));
	for (v = 0; v < VERDICTS; v++)
		if (run->count[v])
			printf("%6zu %c %s\n", run->count[v], verdict_letters[v], verdict_names[v]);
	for (r = run->records; r < run->records + run->tests; r++)
		if ((int)strlen(r->name) > names)
			names = strlen(r->name);
	for (r = run->records; r < run->records + run->tests; r++)
		if (!r->prev[SAME_TREE])
			show_tree(run, r);
	for (r = run->records; r < end; r++)
		if (r->verdict == FAILED || r->verdict == LOST)
			show_failure(run, r);
	return 0;
}

/* Show the rate of the tests that have @same in common with @first. */
static void show_rate(const struct record *first, enum same same)
{
	bool scenario = same == SAME_SCENARIO;
	size_t count[VERDICTS] = { 0 }, n, crashed, other;
	const struct record *r;
	double p, middle, half;

	for (r = first; r; r = r->next[same])
		count[r->verdict]++;
	crashed = count[CRASHED];
	n = crashed + count[PASSED] + count[FAILED];
	if (!n || (scenario && n == count[PASSED]))
		return;
	p = (double)crashed / n;
	middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
	half = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4.0 * n * n));
	printf("%-24s %6s  %-5s %-12s %5zu of %-5zu %3.0f %%, %.0f to %.0f %%", first->group,
	       first->levels, first->kaslr, scenario ? first->scenario : "all", crashed, n, 100 * p,
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
	for (i = 0; i < run->tests; i++) {
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
