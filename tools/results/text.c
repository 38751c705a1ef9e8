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

/* The first cell of each kernel of @base, at most @max. */
static size_t kernels(const struct run *run, const char *base, size_t *first, size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < run->cells && n < max; i = group_end(run, i))
		if (!strcmp(run->records[i].base, base))
			first[n++] = i;
	return n;
}

static char letter(const struct run *run, size_t from, const char *point)
{
	size_t i, end = group_end(run, from);

	for (i = from; i < end; i++)
		if (!strcmp(run->records[i].point, point))
			return verdict_letters[run->records[i].verdict];
	return ' ';
}

/* Was @point a row already, for a cell before @i of these kernels? */
static bool had_row(const struct run *run, const size_t *first, size_t columns, size_t i)
{
	size_t c, j;

	for (c = 0; c < columns; c++)
		for (j = first[c]; j < group_end(run, first[c]) && j < i; j++)
			if (!strcmp(run->records[j].point, run->records[i].point))
				return true;
	return false;
}

/* A row, without blanks at its end. */
static void show_row(const struct run *run, const size_t *first, size_t columns,
		     const char *point)
{
	size_t k, blanks = 0;
	char c;

	printf("%-*s", names, point);
	for (k = 0; k < columns; k++) {
		c = letter(run, first[k], point);
		blanks += 3;
		if (c == ' ')
			continue;
		printf("%*c", (int)blanks, c);
		blanks = 0;
	}
	putchar('\n');
}

static void show_rows(const struct run *run, const size_t *first, size_t columns)
{
	size_t c, i;

	for (c = 0; c < columns; c++) {
		for (i = first[c]; i < group_end(run, first[c]); i++) {
			if (!had_row(run, first, columns, i))
				show_row(run, first, columns, run->records[i].point);
		}
	}
}

static void show_kernels(const struct run *run, const char *base, const size_t *first,
			 size_t columns)
{
	size_t c;

	printf("\n%s\n", base);
	for (c = 0; c < columns; c++)
		printf("%*zu %s %s\n", names + 3 * (int)(c + 1), c + 1,
		       run->records[first[c]].stage, run->records[first[c]].config);
	show_rows(run, first, columns);
}

static void show_base(const struct run *run, const char *base)
{
	size_t *first = allocate(NULL, (run->cells + 1) * sizeof(*first));
	size_t all = kernels(run, base, first, run->cells), at;
	/* Beside the last column stands the name of its kernel. */
	size_t most = (width() - names) / 3 / 2, columns;

	for (at = 0; at < all; at += columns) {
		columns = all - at < most ? all - at : most;
		show_kernels(run, base, first + at, columns);
	}
	free(first);
}

static bool had_base(const struct run *run, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (!strcmp(run->records[j].base, run->records[i].base))
			return true;
	return false;
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
	for (i = 0; i < run->cells; i = group_end(run, i))
		if (!had_base(run, i))
			show_base(run, run->records[i].base);
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
