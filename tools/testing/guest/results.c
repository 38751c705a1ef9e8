// SPDX-License-Identifier: GPL-2.0
/*
 * Results of other test suites, among them KUnit's. Each is a note "result: VERDICT NAME",
 * which tools/testing/tests/suites compares.
 */
#include <ctype.h>

#include "guest.h"

#define SUITE	DEBUGFS "/kunit/%s/"

void result(struct results *r, const char *verdict, const char *name)
{
	note("result: %s %s", verdict, name);
	if (!strcmp(verdict, "ok"))
		r->passed++;
	else if (!strcmp(verdict, "skip"))
		r->skipped++;
	else
		r->failed++;
}

/* "ok 1 name", "ok 1 - name # SKIP why" or "not ok 1 name", with any indentation. */
bool result_of_line(struct results *r, const char *suite, const char *line)
{
	const char *verdict = "ok", *name;
	int number, n;

	line += strspn(line, " ");
	if (!strncmp(line, "not ", 4)) {
		verdict = "failed";
		line += 4;
	}
	if (sscanf(line, "ok %d%n", &number, &n) != 1)
		return false;
	line += n;
	line += strspn(line, " -");
	if (strstr(line, "# SKIP"))
		verdict = "skip";
	n = strcspn(line, "#\n");
	while (n && isspace((unsigned char)line[n - 1]))
		n--;
	name = format("%.*s", n, line);
	result(r, verdict, format("%s: %s", suite, name));
	if (r->may_fail && !strcmp(name, r->may_fail) && !strcmp(verdict, "failed")) {
		r->failed--;
		r->skipped++;
	}
	return true;
}

bool results_good(const struct results *r, const char *suite)
{
	note("%s: %d passed, %d failed, %d skipped", suite, r->passed, r->failed, r->skipped);
	return r->passed && !r->failed;
}

bool kunit_has(const char *suite)
{
	return file_exists(format(SUITE "results", suite));
}

bool kunit_run(const char *suite)
{
	return file_write(format(SUITE "run", suite), "1");
}

/* Lines without indentation are about the suite, not about its cases. */
bool kunit_passed(const char *suite, const char *may_fail)
{
	struct results r = { .may_fail = may_fail };
	char line[512];

	for_each_line(line, format(SUITE "results", suite))
		if (line[0] == ' ')
			result_of_line(&r, suite, line);
	return results_good(&r, suite);
}
