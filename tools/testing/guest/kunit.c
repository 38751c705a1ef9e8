// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit's suites, in debugfs.
 */
#include <stdio.h>
#include <string.h>

#include "guest.h"

#define SUITES	DEBUGFS "/kunit/"

bool kunit_has(const char *suite)
{
	char path[128];

	snprintf(path, sizeof(path), SUITES "%s/results", suite);
	return file_exists(path);
}

bool kunit_run(const char *suite)
{
	char path[128];

	snprintf(path, sizeof(path), SUITES "%s/run", suite);
	return file_write(path, "1");
}

/* What begins in the first column is the suite's own, and said by its cases. */
bool kunit_passed(const char *suite, const char *may_fail)
{
	struct results r = { .may_fail = may_fail };
	char path[128], line[512];
	FILE *results;

	snprintf(path, sizeof(path), SUITES "%s/results", suite);
	results = fopen(path, "re");
	while (results && fgets(line, sizeof(line), results))
		if (line[0] == ' ')
			result_of_line(&r, suite, line);
	if (results)
		fclose(results);
	return results_good(&r, suite);
}
