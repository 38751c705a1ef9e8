// SPDX-License-Identifier: GPL-2.0
/*
 * The processes that the bug hits: they exist before the event, so that their
 * top-level tables are copies from before it, and use the new range after it.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "guest.h"

#define BYSTANDERS	4

static struct {
	int ask, answer;
} bystanders[BYSTANDERS];

static void serve(int ask, int answer, bool (*look)(unsigned long arg), int nr)
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

void bystanders_start(bool (*look)(unsigned long arg))
{
	int ask[2], answer[2], i;

	for (i = 0; i < BYSTANDERS; i++) {
		if (pipe(ask) || pipe(answer))
			need(false, "pipes for the bystanders");
		if (fork() == 0) {
			close(ask[1]);
			close(answer[0]);
			serve(ask[0], answer[1], look, i);
		}
		close(ask[0]);
		close(answer[1]);
		bystanders[i].ask = ask[1];
		bystanders[i].answer = answer[0];
	}
}

bool bystanders_look(unsigned long arg)
{
	bool good = true;
	char answer;
	int i;

	for (i = 0; i < BYSTANDERS; i++) {
		if (write(bystanders[i].ask, &arg, sizeof(arg)) != sizeof(arg) ||
		    read(bystanders[i].answer, &answer, 1) != 1 || !answer) {
			note("bystander %d: not well", i);
			good = false;
		}
	}
	return good;
}
