// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's only program: as PID 1, run the scenario that the kernel's
 * command line names, report, and leave.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

/* QEMU's -no-reboot makes this its end. A power-off would take ACPI. */
static void leave(void)
{
	sync();
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static void mount_all(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	/* Not each kernel has it. */
	mount("debugfs", DEBUGFS, "debugfs", 0, NULL);
}

static const struct scenario *chosen(void)
{
	const struct scenario *const *s;
	char name[64];

	if (!param_read("scenario", name, sizeof(name)))
		return NULL;
	for (s = __start_scenarios; s < __stop_scenarios; s++)
		if (!strcmp((*s)->name, name))
			return *s;
	return NULL;
}

int main(void)
{
	const struct scenario *scenario;

	if (getpid() != 1) {
		scenario = chosen();
		return scenario && scenario->again ? scenario->again() : 1;
	}
	mount_all();
	scenario = chosen();
	if (!scenario) {
		fprintf(stderr, "init: no known pgsync.scenario=... on the command line\n");
		leave();
	}
	report_start(scenario);
	/* A child, so that the scenario may end anywhere. */
	if (fork() == 0) {
		scenario->run();
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	report_end();
	leave();
}
