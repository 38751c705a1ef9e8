// SPDX-License-Identifier: GPL-2.0
/*
 * A run as KTAP, a test below for each kernel and each test of the tools.
 */
#include "results.h"

static const char *ok(const struct record *r)
{
	return bad(r->verdict) ? "not ok" : "ok";
}

/* "#" begins what is said of a point, and kunit.py takes none in its name. */
static void show_name(const char *name)
{
	for (; *name; name++)
		putchar(*name == '#' ? '*' : *name);
}

static void show_point(const struct record *r, size_t nr)
{
	if (bad(r->verdict))
		printf("    # %s: %s\n", verdict_names[r->verdict], said(r, REASON));
	printf("    %s %zu ", ok(r), nr);
	show_name(r->point);
	if (r->verdict == SKIPPED)
		printf(" # SKIP %s", said(r, REASON));
	putchar('\n');
}

int show_ktap(const struct run *run)
{
	size_t i, end, from, groups = 0;
	bool failed;

	for (i = 0; i < run->n; i = group_end(run, i))
		groups++;
	printf("KTAP version 1\n1..%zu\n", groups);
	groups = 0;
	for (from = 0; from < run->n; from = end) {
		end = group_end(run, from);
		fputs("    KTAP version 1\n    # Subtest: ", stdout);
		show_name(run->records[from].group);
		printf("\n    1..%zu\n", end - from);
		failed = false;
		for (i = from; i < end; i++) {
			show_point(&run->records[i], i - from + 1);
			failed |= bad(run->records[i].verdict);
		}
		printf("%s %zu ", failed ? "not ok" : "ok", ++groups);
		show_name(run->records[from].group);
		putchar('\n');
	}
	return 0;
}
