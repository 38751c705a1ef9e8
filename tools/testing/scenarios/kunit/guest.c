// SPDX-License-Identifier: GPL-2.0
/*
 * The KUnit suites of the page tables, which have run at boot already, run again
 * among processes, and their results as test points.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "guest.h"

#define SUITES	"/sys/kernel/debug/kunit/"

static const char *const suites[] = { "x86_pgtable_sync", "pgalloc" };

#define COUNT	(sizeof(suites) / sizeof(suites[0]))

static const char *suite_file(const char *suite, const char *file)
{
	static char path[128];

	snprintf(path, sizeof(path), SUITES "%s/%s", suite, file);
	return path;
}

static bool look(unsigned long arg)
{
	return arg != 0;
}

/* All of the results of @suite, which are KTAP, to @buf. */
static bool results(const char *suite, char *buf, size_t size)
{
	int fd = open(suite_file(suite, "results"), O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		return false;
	while ((got = read(fd, buf + len, size - 1 - len)) > 0)
		len += got;
	close(fd);
	buf[len] = '\0';
	return got == 0 && len;
}

/* Each case has one line, "    ok 1 name", besides its diagnostics. */
static bool passed(const char *buf)
{
	char line[256], found[128], word[16];
	int cases = 0, failed = 0;
	size_t len;

	for (; *buf; buf += len + (buf[len] == '\n')) {
		len = strcspn(buf, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)len, buf);
		if (sscanf(line, " not %15s %*d", word) == 1) {
			failed++;
		} else if (line[0] == ' ' &&
			   sscanf(line, " ok %*d %127s", found) == 1) {
			note("%s", found);
			cases++;
		}
	}
	return cases && !failed;
}

/* Each suite has run, or with @again runs now, and each of its cases passed. */
static void look_at_suites(bool again, const char *when)
{
	static char buf[64 << 10];
	bool ran = true, good = true;
	unsigned int i;

	for (i = 0; i < COUNT; i++) {
		if (again)
			ran &= file_write(suite_file(suites[i], "run"), "1");
		ran &= results(suites[i], buf, sizeof(buf));
		good &= ran && passed(buf);
	}
	need(ran, "the suites have run %s", when);
	ok(good, "each case passed %s", when);
}

static void run(void)
{
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	if (!file_exists(suite_file(suites[0], "run")))
		skip("no such KUnit suite in this kernel");
	look_at_suites(false, "at boot");

	bystanders_start(look);
	trigger("run the KUnit suites");
	look_at_suites(true, "among processes");
	ok(bystanders_look(1), "bystanders live");
}

SCENARIO(5, run);
