// SPDX-License-Identifier: GPL-2.0
/*
 * percpu_alloc=page makes the first percpu chunk out of single pages, which is
 * what runs the populate code of mm/percpu.c. It is over before the first
 * process: that it ran, and that every CPU works with it, is what is tested.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

/* A process made on one CPU, which runs and ends on another. */
static bool hop(int from, int to)
{
	cpu_set_t set;
	int status;
	pid_t pid;

	CPU_ZERO(&set);
	CPU_SET(from, &set);
	sched_setaffinity(0, sizeof(set), &set);
	pid = fork();
	if (pid == 0) {
		CPU_ZERO(&set);
		CPU_SET(to, &set);
		_exit(sched_setaffinity(0, sizeof(set), &set) ||
		      sched_getcpu() != to);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static bool look(unsigned long rounds)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	bool good = true;
	unsigned long i;

	for (i = 0; i < rounds; i++)
		good &= hop(i % cpus, (i + 1) % cpus);
	return good;
}

static void run(void)
{
	trigger("percpu_alloc=page, at boot");
	need(kmsg_has("percpu: ") && kmsg_has(" 4K pages/cpu"),
	     "the first percpu chunk is made of single pages");
	ok(sysconf(_SC_NPROCESSORS_ONLN) >= 2, "more than one CPU is up");
	bystanders_start(look);
	ok(look(100), "processes run on every CPU");
	ok(bystanders_look(100), "so do the bystanders' ones");
}

SCENARIO("percpu", 4, run);
