// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1: run the scenario that the kernel's command line names, report, and reboot.
 */
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "guest.h"

/* With -no-reboot, QEMU exits. A power-off would need ACPI. */
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
	/* This fails if the kernel was built without debugfs. */
	mount("debugfs", DEBUGFS, "debugfs", 0, NULL);
}

/* What the machine needs, if it is not built into the kernel. */
static void load_modules(void)
{
	char names[1024], *name;

	if (!param_read("modules", names, sizeof(names)))
		return;
	for (name = strtok(names, ","); name; name = strtok(NULL, ","))
		if (!module_load(name, ""))
			fprintf(stderr, "init: cannot load module %s\n", name);
}

static const struct scenario *find_scenario(void)
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
		scenario = find_scenario();
		return scenario && scenario->again ? scenario->again() : 1;
	}
	mount_all();
	scenario = find_scenario();
	if (!scenario) {
		fprintf(stderr, "init: no known scenario: set pgsync.scenario=\n");
		leave();
	}
	load_modules();
	report_start(scenario);
	/* A child process may end anywhere, and the report is still completed. */
	if (fork() == 0) {
		scenario->run();
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	report_end();
	leave();
}
