// SPDX-License-Identifier: GPL-2.0
/*
 * What adding memory costs with many processes, and what should cost the same
 * with the hardening series and without. Each figure is a line of the report,
 * "# bench: WHAT PROCESSES GIB NANOSECONDS".
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define PROBE		"/sys/devices/system/memory/probe"
#define FORKS		1000
#define VMALLOCS	100000

static unsigned long now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000UL + t.tv_nsec;
}

static void figure(const char *what, int processes, int gib, unsigned long ns)
{
	note("bench: %s %d %d %lu", what, processes, gib, ns);
}

/* A child with page tables of its own, which sleeps. */
static bool add_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid > 0;
}

static bool forks(void)
{
	unsigned long start = now(CLOCK_MONOTONIC);
	int i;

	for (i = 0; i < FORKS; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			return false;
	}
	figure("fork", 0, 0, (now(CLOCK_MONOTONIC) - start) / FORKS);
	return true;
}

/* The kernel's own benchmark says how long it took in the log only. */
static bool vmallocs(void)
{
	char param[128], line[1024], *avg;
	int kmsg = kmsg_open(true);
	unsigned long usec = 0;

	if (kmsg < 0)
		return false;
	snprintf(param, sizeof(param),
		 "nr_threads=1 nr_pages=1 run_test_mask=1 test_loop_count=%d",
		 VMALLOCS);
	/* It does its work in its init, and fails then, so as not to stay. */
	module_load("test_vmalloc", param);
	while (!usec && kmsg_read(kmsg, line, sizeof(line))) {
		avg = strstr(line, " avg: ");
		if (avg)
			sscanf(avg, " avg: %lu usec", &usec);
	}
	close(kmsg);
	if (usec)
		figure("vmalloc", 0, 0, usec * 1000 / VMALLOCS);
	return usec;
}

/* Add @gib GiB at @phys, a memory block at a time, as any hot-add does. */
static bool add_memory(unsigned long phys, int gib, int processes)
{
	unsigned long block = memory_block_size(), end = phys + gib * GIB;
	unsigned long start;
	int fd = open(PROBE, O_WRONLY | O_CLOEXEC);
	char text[32];
	bool good = fd >= 0;

	start = now(CLOCK_MONOTONIC);
	for (; good && phys < end; phys += block) {
		int len = snprintf(text, sizeof(text), "%#lx", phys);

		good = pwrite(fd, text, len, 0) == len;
	}
	if (good)
		figure("add", processes, gib, now(CLOCK_MONOTONIC) - start);
	close(fd);
	return good;
}

static void run(void)
{
	static const int counts[] = { 0, 1000, 4000, 10000, 100000 };
	static const int amounts[] = { 8, 32, 64 };
	/* QEMU's own RAM may begin at 1 TiB, AMD's hole being below that. */
	unsigned long phys = 2UL << 40;
	int have = 0;
	size_t i, j;

	figure("boot", 0, 0, now(CLOCK_BOOTTIME));
	/* Not all machines of this size have that many by themselves. */
	need(file_write("/proc/sys/kernel/pid_max", "200000") &&
	     file_write("/proc/sys/kernel/threads-max", "200000"),
	     "there is room for processes");
	ok(forks(), "%d forks", FORKS);
	ok(vmallocs(), "%d vmallocs of a page", VMALLOCS);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		while (have < counts[i] && add_process())
			have++;
		need(have == counts[i], "%d processes", have);
		/*
		 * One block, of 2 GiB at most, that does not count: it opens
		 * the direct mapping's entry, and warms up what forking cooled.
		 */
		need(add_memory(phys, 1, have), "memory can be added");
		phys += 8 * GIB;
		for (j = 0; j < sizeof(amounts) / sizeof(amounts[0]); j++) {
			ok(add_memory(phys, amounts[j], have),
			   "%d GiB added", amounts[j]);
			phys += amounts[j] * GIB;
		}
	}
	/* All but itself and init, which waits for them. */
	kill(-1, SIGKILL);
}

SCENARIO("bench", 28, run);
