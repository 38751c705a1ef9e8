// SPDX-License-Identifier: GPL-2.0
/*
 * What fork() and exit() cost when all CPUs do nothing else, and take the locks
 * that they share: "# bench: forks CPUS 0 NANOSECONDS", the time of one of them.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define ROUNDS	10
#define FORKS	1000

static bool forks(int cpu)
{
	cpu_set_t set;
	int i;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		return false;
	for (i = 0; i < FORKS; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			return false;
	}
	return true;
}

/* A process for each CPU. */
static bool forks_on(int cpus)
{
	bool good = true;
	int cpu, status;

	for (cpu = 0; cpu < cpus; cpu++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(!forks(cpu));
		good &= pid > 0;
	}
	for (cpu = 0; cpu < cpus; cpu++)
		good &= wait(&status) > 0 && status == 0;
	return good;
}

static void run(void)
{
	int round, cpus = get_nprocs();

	need(cpus > 1, "%d CPUs", cpus);
	for (round = 0; round < ROUNDS; round++) {
		struct timespec begin, end;

		clock_gettime(CLOCK_MONOTONIC, &begin);
		ok(forks_on(cpus), "%d forks on each", FORKS);
		clock_gettime(CLOCK_MONOTONIC, &end);
		note("bench: forks %d 0 %ld", cpus,
		     ((end.tv_sec - begin.tv_sec) * 1000000000L +
		      end.tv_nsec - begin.tv_nsec) / FORKS);
	}
}

SCENARIO("bench-fork", 11, run);
