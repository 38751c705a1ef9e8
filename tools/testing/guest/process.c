// SPDX-License-Identifier: GPL-2.0
/*
 * Processes, above all those that the bug hits. Bystanders exist before the event, so their
 * top-level tables were copied before it, and they use the new range after it.
 */
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "guest.h"

static struct {
	pid_t pid;
	int request, response;
} bystanders[BYSTANDERS];

static bool (*use)(unsigned long arg);

static void serve(int request, int response, int nr)
{
	unsigned long arg;
	char good;

	cpu_pin(nr % sysconf(_SC_NPROCESSORS_ONLN));
	while (read(request, &arg, sizeof(arg)) == sizeof(arg)) {
		good = !use || use(arg);
		if (write(response, &good, 1) != 1)
			break;
	}
	_exit(0);
}

static void start(int nr)
{
	int request[2], response[2];

	if (pipe(request) || pipe(response))
		need(false, "bystander %d has pipes", nr);
	bystanders[nr].pid = fork();
	if (bystanders[nr].pid == 0) {
		close(request[1]);
		close(response[0]);
		serve(request[0], response[1], nr);
	}
	close(request[0]);
	close(response[1]);
	bystanders[nr].request = request[1];
	bystanders[nr].response = response[0];
}

void bystanders_start(bool (*function)(unsigned long arg))
{
	int i;

	use = function;
	for (i = 0; i < BYSTANDERS; i++)
		start(i);
}

void bystander_replace(int nr)
{
	kill(bystanders[nr].pid, SIGKILL);
	waitpid(bystanders[nr].pid, NULL, 0);
	close(bystanders[nr].request);
	close(bystanders[nr].response);
	start(nr);
}

bool bystander_use(int nr, unsigned long arg)
{
	char good;

	if (write(bystanders[nr].request, &arg, sizeof(arg)) == sizeof(arg) &&
	    read(bystanders[nr].response, &good, 1) == 1 && good)
		return true;
	note("bystander %d failed", nr);
	return false;
}

bool bystanders_use(unsigned long arg)
{
	bool good = true;
	int i;

	for (i = 0; i < BYSTANDERS; i++)
		good &= bystander_use(i, arg);
	return good;
}

unsigned long now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000UL + t.tv_nsec;
}

bool cpu_pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return !sched_setaffinity(0, sizeof(set), &set);
}

bool fork_children(int count)
{
	pid_t pid;

	while (count--) {
		pid = fork();
		if (pid == 0)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			return false;
	}
	return true;
}
