// SPDX-License-Identifier: GPL-2.0
/*
 * What tests of others report, as notes: "result: VERDICT NAME", one for each of their
 * points, which tools/testing/tests/suites compares.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"

void result(struct results *r, const char *verdict, const char *fmt, ...)
{
	char name[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	note("result: %s %s", verdict, name);
	if (!strcmp(verdict, "ok"))
		r->passed++;
	else if (!strcmp(verdict, "skip"))
		r->skipped++;
	else
		r->failed++;
}

/* "ok 1 name", "ok 1 - name # SKIP why" or "not ok 1 name", of whatever depth. */
bool result_of_line(struct results *r, const char *suite, const char *line)
{
	const char *verdict = "ok";
	char name[160];
	int number, n;

	while (*line == ' ')
		line++;
	if (!strncmp(line, "not ", 4)) {
		verdict = "failed";
		line += 4;
	}
	if (sscanf(line, "ok %d%n", &number, &n) != 1)
		return false;
	line += n;
	while (*line == ' ' || *line == '-')
		line++;
	n = strcspn(line, "#\n");
	if (strstr(line, "# SKIP"))
		verdict = "skip";
	while (n && isspace((unsigned char)line[n - 1]))
		n--;
	snprintf(name, sizeof(name), "%.*s", n, line);
	result(r, verdict, "%s: %s", suite, name);
	if (r->may_fail && !strcmp(name, r->may_fail) &&
	    !strcmp(verdict, "failed")) {
		r->failed--;
		r->skipped++;
	}
	return true;
}

bool results_good(const struct results *r, const char *suite)
{
	note("%s: %d passed, %d failed, %d skipped", suite, r->passed,
	     r->failed, r->skipped);
	return r->passed && !r->failed;
}
