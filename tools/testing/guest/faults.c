// SPDX-License-Identifier: GPL-2.0
/*
 * Have an allocation of pages fail, the nth from now of the process that asks for it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "guest.h"

#define NTH	"/proc/thread-self/fail-nth"
#define DEBUGFS	"/sys/kernel/debug"
#define FAIL	DEBUGFS "/fail_page_alloc/"

void faults_open(void)
{
	if (!file_exists(NTH))
		skip("no fault injection in this kernel");
	mount("debugfs", DEBUGFS, "debugfs", 0, NULL);
	/* Any page may fail, and without a word. */
	need(file_write(FAIL "min-order", "0") &&
	     file_write(FAIL "ignore-gfp-wait", "N") &&
	     file_write(FAIL "verbose", "0"), "allocations can be made to fail");
}

bool faults_write(const char *path, const char *text, int nth, bool *hit)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	int fail = open(NTH, O_RDWR | O_CLOEXEC);
	char count[16] = "";
	bool good;

	snprintf(count, sizeof(count), "%d", nth);
	if (pwrite(fail, count, strlen(count), 0) < 0)
		need(false, "page %d is to fail", nth);
	good = write(file, text, strlen(text)) == (ssize_t)strlen(text);
	memset(count, 0, sizeof(count));
	if (pread(fail, count, sizeof(count) - 1, 0) <= 0 ||
	    pwrite(fail, "0", 1, 0) < 0)
		need(false, "how many pages it took");
	*hit = nth && !atoi(count);
	close(file);
	close(fail);
	return good;
}

unsigned long direct_map(void)
{
	FILE *meminfo = fopen("/proc/meminfo", "re");
	unsigned long sum = 0, size;
	char line[128];

	while (meminfo && fgets(line, sizeof(line), meminfo))
		if (sscanf(line, "DirectMap%*[0-9kMG]: %lu", &size) == 1)
			sum += size;
	if (meminfo)
		fclose(meminfo);
	return sum;
}
