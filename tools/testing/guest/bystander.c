// SPDX-License-Identifier: GPL-2.0
/*
 * The processes that the bug hits: they exist before the event, so that their
 * top-level tables are copies from before it, and use the new range after it.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

static struct {
	pid_t pid;
	int ask, answer;
} bystanders[BYSTANDERS];

static bool (*look)(unsigned long arg);

static void serve(int ask, int answer, int nr)
{
	unsigned long arg;
	cpu_set_t set;
	char good;

	CPU_ZERO(&set);
	CPU_SET(nr % sysconf(_SC_NPROCESSORS_ONLN), &set);
	sched_setaffinity(0, sizeof(set), &set);

	while (read(ask, &arg, sizeof(arg)) == sizeof(arg)) {
		good = look(arg);
		if (write(answer, &good, 1) != 1)
			break;
	}
	_exit(0);
}

static void start(int nr)
{
	int ask[2], answer[2];

	if (pipe(ask) || pipe(answer))
		need(false, "pipes for the bystanders");
	bystanders[nr].pid = fork();
	if (bystanders[nr].pid == 0) {
		close(ask[1]);
		close(answer[0]);
		serve(ask[0], answer[1], nr);
	}
	close(ask[0]);
	close(answer[1]);
	bystanders[nr].ask = ask[1];
	bystanders[nr].answer = answer[0];
}

void bystanders_start(bool (*function)(unsigned long arg))
{
	int i;

	look = function;
	for (i = 0; i < BYSTANDERS; i++)
		start(i);
}

void bystander_renew(int nr)
{
	kill(bystanders[nr].pid, SIGKILL);
	waitpid(bystanders[nr].pid, NULL, 0);
	close(bystanders[nr].ask);
	close(bystanders[nr].answer);
	start(nr);
}

bool bystander_look(int nr, unsigned long arg)
{
	char answer;

	if (write(bystanders[nr].ask, &arg, sizeof(arg)) == sizeof(arg) &&
	    read(bystanders[nr].answer, &answer, 1) == 1 && answer)
		return true;
	note("bystander %d: not well", nr);
	return false;
}

bool bystanders_look(unsigned long arg)
{
	bool good = true;
	int i;

	for (i = 0; i < BYSTANDERS; i++)
		good &= bystander_look(i, arg);
	return good;
}
