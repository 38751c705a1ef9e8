// SPDX-License-Identifier: GPL-2.0
/*
 * The time of fork() and exit() when all CPUs run nothing else and take the locks that they
 * share. A result is a note "bench: forks CPUS 0 NANOSECONDS", for one fork.
 */
#include <sys/sysinfo.h>
#include <sys/wait.h>

#include "guest.h"

#define ROUNDS	10
#define FORKS	1000

/* Fork on each CPU. */
static bool fork_on(int cpus)
{
	bool good = true;
	int cpu, status;

	for (cpu = 0; cpu < cpus; cpu++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(!cpu_pin(cpu) || !fork_children(FORKS));
		good &= pid > 0;
	}
	for (cpu = 0; cpu < cpus; cpu++)
		good &= wait(&status) > 0 && status == 0;
	return good;
}

static void run(void)
{
	int round, cpus = get_nprocs();

	need(cpus > 1, "%d CPUs are online", cpus);
	for (round = 0; round < ROUNDS; round++) {
		unsigned long start = now(CLOCK_MONOTONIC);

		ok(fork_on(cpus), "each CPU forks %d times", FORKS);
		note("bench: forks %d 0 %lu", cpus, (now(CLOCK_MONOTONIC) - start) / FORKS);
	}
}

SCENARIO("bench-fork", 11, run());
