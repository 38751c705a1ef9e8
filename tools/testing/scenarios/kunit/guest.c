// SPDX-License-Identifier: GPL-2.0
/*
 * The hardening series' KUnit suite, which has run at boot already, run again
 * among processes, and its results as test points.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "guest.h"

#define SUITE	"/sys/kernel/debug/kunit/x86_pgtable_sync/"

static const char *const cases[] = {
	"pgd_populate_kernel_test",
	"p4d_populate_kernel_test",
	"bare_populate_test",
	"clear_entries_test",
};

static bool look(unsigned long arg)
{
	return arg != 0;
}

/* All of the results, which are KTAP, to @buf. */
static bool results(char *buf, size_t size)
{
	int fd = open(SUITE "results", O_RDONLY | O_CLOEXEC);
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
static bool passed(const char *buf, const char *name)
{
	char line[256], found[128];
	size_t len;

	for (; *buf; buf += len + (buf[len] == '\n')) {
		len = strcspn(buf, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)len, buf);
		if (sscanf(line, " ok %*d %127s", found) == 1 &&
		    !strcmp(found, name))
			return true;
	}
	return false;
}

static void run(void)
{
	static char buf[64 << 10];
	size_t i;

	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	if (!file_exists(SUITE "run"))
		skip("no such KUnit suite in this kernel");
	need(results(buf, sizeof(buf)), "the suite has run at boot");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(passed(buf, cases[i]), "%s, at boot", cases[i]);

	bystanders_start(look);
	trigger("run x86_pgtable_sync");
	need(file_write(SUITE "run", "1") && results(buf, sizeof(buf)),
	     "the suite has run again");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(passed(buf, cases[i]), "%s, among processes", cases[i]);
	ok(bystanders_look(1), "bystanders live");
}

SCENARIO(11, run);
