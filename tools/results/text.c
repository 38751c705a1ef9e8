// SPDX-License-Identifier: GPL-2.0
/*
 * A run as text: the matrix, as wide as the terminal, and what failed.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "results.h"

#define NAMES	24	/* the width of a row's name, at least */

static int names;

static size_t width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		size.ws_col = 80;
	return size.ws_col > names + 12 ? size.ws_col : names + 12;
}

/* A row for the cells of these kernels that are as @r, without blanks at its end. */
static void show_row(const struct record **first, size_t columns, const struct record *r)
{
	size_t k, blanks = 0;

	printf("%-*s", names, r->point);
	for (k = 0; k < columns; k++) {
		while (r && r < first[k])
			r = r->next[SAME_POINT];
		blanks += 3;
		if (!r || r->kernel != first[k])
			continue;
		printf("%*c", (int)blanks, verdict_letters[r->verdict]);
		blanks = 0;
	}
	putchar('\n');
}

static void show_kernels(const struct run *run, const struct record **first, size_t columns)
{
	const struct record *r, *prev;
	size_t c;

	printf("\n%s\n", first[0]->base);
	for (c = 0; c < columns; c++)
		printf("%*zu %s %s\n", names + 3 * (int)(c + 1), c + 1, first[c]->stage,
		       first[c]->config);
	for (c = 0; c < columns; c++) {
		for (r = first[c]; r < run->records + run->cells && r->kernel == first[c]; r++) {
			prev = r->prev[SAME_POINT];
			if (!prev || prev < first[0])
				show_row(first, columns, r);
		}
	}
}

static void show_base(const struct run *run, const struct record *r)
{
	const struct record **first = allocate(NULL, run->cells * sizeof(*first));
	size_t all = kernels(r, first), at;
	/* Beside the last column stands the name of its kernel. */
	size_t most = (width() - names) / 3 / 2, columns;

	for (at = 0; at < all; at += columns) {
		columns = all - at < most ? all - at : most;
		show_kernels(run, first + at, columns);
	}
	free(first);
}

int show_text(const struct run *run)
{
	const struct record *r;
	size_t i;
	int v;

	names = NAMES;
	for (i = 0; i < run->cells; i++)
		if ((int)strlen(run->records[i].point) > names)
			names = strlen(run->records[i].point);
	printf("%s: %s\n", run->name, said(&run->about, COMMAND));
	printf("%s%s, %s\n", iso_time(said(&run->about, STARTED)),
	       run->about.value[ENDED] ? "" : ", not ended", said(&run->about, HOST));
	for (v = 0; v < VERDICTS; v++)
		if (run->count[v])
			printf("%6zu %c %s\n", run->count[v], verdict_letters[v], verdict_names[v]);
	for (i = 0; i < run->cells; i++)
		if (!run->records[i].prev[SAME_BASE])
			show_base(run, &run->records[i]);
	for (i = 0; i < run->n; i++) {
		r = &run->records[i];
		if (!bad(r->verdict) || r->verdict == NOT_RUN)
			continue;
		printf("\n%s/%s: %s\n", r->group, r->point, verdict_names[r->verdict]);
		if (r->value[REASON])
			printf("    %s\n", r->value[REASON]);
		if (r->value[REPEAT])
			printf("    repeat with: %s\n", r->value[REPEAT]);
	}
	return 0;
}
