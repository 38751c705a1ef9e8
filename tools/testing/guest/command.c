// SPDX-License-Identifier: GPL-2.0
/*
 * Programs of the userland that the scenario's folder asks for.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

static void child(const char *const argv[], int out)
{
	static const char *const env[] = { "PATH=/bin", "HOME=/", NULL };

	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	execve(argv[0], (char *const *)argv, (char *const *)env);
	dprintf(STDERR_FILENO, "cannot run %s\n", argv[0]);
	_exit(127);
}

int command_see(void (*see)(const char *line), const char *const argv[])
{
	char line[400];
	int out[2], status;
	FILE *said;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid == 0)
		child(argv, out[1]);
	close(out[1]);
	said = fdopen(out[0], "r");
	while (said && fgets(line, sizeof(line), said)) {
		line[strcspn(line, "\n")] = '\0';
		see(line);
	}
	if (said)
		fclose(said);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void see_note(const char *line)
{
	note("%s", line);
}

bool command_run(const char *const argv[])
{
	int code = command_see(see_note, argv);

	if (code)
		note("%s: exit code %d", argv[0], code);
	return !code;
}

/* modprobe and libkmod find modules by what depmod has written. */
bool command_modules(const char *builtin)
{
	static const char *const lists[] = {
		"modules.order", "modules.builtin", "modules.builtin.modinfo",
	};
	struct dirent *entry;
	struct utsname name;
	char path[512], top[300];
	DIR *dir = opendir("/");
	size_t i;

	uname(&name);
	snprintf(path, sizeof(path), "/lib/modules/%s", name.release);
	mkdir("/lib", 0755);
	mkdir("/lib/modules", 0755);
	if (!dir || mkdir(path, 0755) || chdir(path))
		return false;
	while ((entry = readdir(dir))) {
		snprintf(top, sizeof(top), "/%s", entry->d_name);
		if (strstr(entry->d_name, ".ko") && symlink(top, entry->d_name))
			note("%s: no link to it", top);
	}
	closedir(dir);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		close(open(lists[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
	return file_write("modules.builtin", "%s", builtin) &&
	       command_run((const char *const[]){ "/bin/depmod", NULL });
}
