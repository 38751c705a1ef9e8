// SPDX-License-Identifier: GPL-2.0
/*
 * The time that adding memory takes with many processes, and the time of operations that
 * should take the same with the series x86-populate and without. A result is a note
 * "bench: OPERATION PROCESSES GIB NANOSECONDS".
 */
#include <signal.h>
#include <sys/wait.h>

#include "guest.h"

#define FORKS		1000
#define VMALLOCS	100000

static void figure(const char *what, int processes, int gib, unsigned long ns)
{
	note("bench: %s %d %d %lu", what, processes, gib, ns);
}

/* Fork a process that sleeps, with page tables of its own. */
static bool add_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid > 0;
}

/* The kernel's own benchmark prints its result to the log only. */
static bool vmallocs(void)
{
	int kmsg = kmsg_open(true);
	unsigned long usec = 0;
	char line[1024], *avg;

	if (kmsg < 0)
		return false;
	/* The module runs in its init function, which then fails so that it is not kept. */
	module_load("test_vmalloc",
		    format("nr_threads=1 nr_pages=1 run_test_mask=1 test_loop_count=%d", VMALLOCS));
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

/* Add @gib GiB at @phys, one memory block at a time, as any hot-add does. */
static bool add_memory(unsigned long phys, int gib, int processes)
{
	unsigned long block = memory_block_size(), end = phys + gib * GIB;
	unsigned long start = now(CLOCK_MONOTONIC);
	int fd = open(PROBE, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0;
	char text[32];

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
	/* With an AMD CPU, QEMU may put RAM at 1 TiB. */
	unsigned long phys = 2 * TIB, start;
	int processes = 0;
	size_t i, j;

	figure("boot", 0, 0, now(CLOCK_BOOTTIME));
	need(file_write("/proc/sys/kernel/pid_max", "200000") &&
	     file_write("/proc/sys/kernel/threads-max", "200000"),
	     "the limit of processes can be raised");
	start = now(CLOCK_MONOTONIC);
	ok(fork_children(FORKS), "a process forks %d times", FORKS);
	figure("fork", 0, 0, (now(CLOCK_MONOTONIC) - start) / FORKS);
	ok(vmallocs(), "vmalloc() allocates a page %d times", VMALLOCS);
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		while (processes < counts[i] && add_process())
			processes++;
		need(processes == counts[i], "%d processes exist", processes);
		/*
		 * A block that is not measured, of at most 2 GiB: it adds the entry of the
		 * direct mapping, and refills the caches after the forks.
		 */
		need(add_memory(phys, 1, processes), "memory can be added");
		phys += 8 * GIB;
		for (j = 0; j < ARRAY_SIZE(amounts); j++) {
			ok(add_memory(phys, amounts[j], processes), "%d GiB are added", amounts[j]);
			phys += amounts[j] * GIB;
		}
	}
	/* All but this process and init, which waits for them. */
	kill(-1, SIGKILL);
}

SCENARIO("bench", 28, run());
