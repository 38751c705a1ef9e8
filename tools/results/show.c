// SPDX-License-Identifier: GPL-2.0
/*
 * Show a run from its folder RUN on stdout.
 *
 *	show text|ktap|junit|kcidb|rates RUN
 *	show html RUN [PLOT]		PLOT is an SVG file of make bench
 *	show compare OLD NEW
 *
 * Exit codes: 0; 125 if a run cannot be read; for compare also 1 if a test fails that did
 * not fail before, and 125 if a test that passed has no verdict now.
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
		{ "text", show_text }, { "ktap", show_ktap }, { "junit", show_junit },
		{ "kcidb", show_kcidb }, { "rates", show_rates },
	};
	const char *form = argc > 1 ? argv[1] : "";
	struct run run, new;
	int code = -1;
	size_t i;

	if (argc < 3 || argc > 4)
		die("usage: show FORM RUN, show html RUN [PLOT] or show compare OLD NEW");
	read_run(&run, argv[2]);
	if (!strcmp(form, "compare") && argc == 4) {
		read_run(&new, argv[3]);
		code = compare(&run, &new);
	} else if (!strcmp(form, "html")) {
		code = show_html(&run, argv[3]);
	}
	for (i = 0; i < ARRAY_SIZE(forms) && argc == 3; i++)
		if (!strcmp(form, forms[i].name))
			code = forms[i].show(&run);
	if (code < 0)
		die("unknown form: %s", form);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write: %s", strerror(errno));
	return code;
}
