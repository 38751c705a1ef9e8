// SPDX-License-Identifier: GPL-2.0
/*
 * The KUnit suite of the page tables, which has run at boot already, run again
 * among processes, and its results as test points.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "guest.h"

#define SUITE	"/sys/kernel/debug/kunit/x86_pgtable_sync/"

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

static void run(void)
{
	static char buf[64 << 10];

	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	if (!file_exists(SUITE "run"))
		skip("no such KUnit suite in this kernel");
	need(results(buf, sizeof(buf)), "the suite has run at boot");
	ok(passed(buf), "each case passed at boot");

	bystanders_start(look);
	trigger("run x86_pgtable_sync");
	need(file_write(SUITE "run", "1") && results(buf, sizeof(buf)),
	     "the suite has run again");
	ok(passed(buf), "each case passed among processes");
	ok(bystanders_look(1), "bystanders live");
}

SCENARIO(5, run);
