// SPDX-License-Identifier: GPL-2.0
/*
 * With percpu_alloc=page, the first percpu chunk is made of single pages, and mm/percpu.c
 * populates their page tables before there are processes. The scenario checks that this was
 * done, and that percpu data works on each CPU.
 */
#include <sched.h>
#include <sys/wait.h>

#include "guest.h"

/* Fork on one CPU, run and exit on another. */
static bool hop(int from, int to)
{
	int status;
	pid_t pid;

	cpu_pin(from);
	pid = fork();
	if (pid == 0)
		_exit(!cpu_pin(to) || sched_getcpu() != to);
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static bool use(unsigned long rounds)
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
	ok(sysconf(_SC_NPROCESSORS_ONLN) >= 2, "more than one CPU is online");
	bystanders_start(use);
	ok(use(100), "processes run on every CPU");
	ok(bystanders_use(100), "children of bystanders run on every CPU");
}

SCENARIO("percpu", 4, run());
