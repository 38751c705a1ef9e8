// SPDX-License-Identifier: GPL-2.0
/*
 * Show what a run of the matrix has left in its folder RUN, from its records alone.
 *
 *	show text|ktap|junit|kcidb|rates RUN
 *	show html RUN [PLOT]
 *	show compare OLD NEW
 *
 * PLOT is an SVG file of make bench. What is shown goes to stdout. Exit codes: 0; of
 * compare 1 where something fails that did not, or 125 where something has no verdict
 * that had one; 125 where a run cannot be read, and why on stderr.
 */
#include <errno.h>
#include <string.h>

#include "results.h"

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*show)(const struct run *run);
	} forms[] = {
		{ "text", show_text }, { "ktap", show_ktap },
		{ "junit", show_junit }, { "kcidb", show_kcidb },
		{ "rates", show_rates },
	};
	const char *form = argc > 1 ? argv[1] : "";
	struct run run, new;
	int code = -1;
	size_t i;

	if (argc < 3)
		die("usage: show FORM RUN, show html RUN [PLOT] or show compare OLD NEW");
	read_run(&run, argv[2]);
	if (!run.n)
		die("%s is empty: nothing of it was run", argv[2]);
	if (!strcmp(form, "compare") && argc == 4) {
		read_run(&new, argv[3]);
		code = compare(&run, &new);
	} else if (!strcmp(form, "html") && argc <= 4) {
		code = show_html(&run, argv[3]);
	} else if (argc == 3) {
		for (i = 0; i < ARRAY_SIZE(forms); i++)
			if (!strcmp(form, forms[i].name))
				code = forms[i].show(&run);
	}
	if (code < 0)
		die("cannot show %s", form);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write: %s", strerror(errno));
	return code;
}
