// SPDX-License-Identifier: GPL-2.0
/*
 * Programs of the userland that a scenario declares.
 */
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>

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

int command_output(void (*handle)(const char *line), const char *const argv[])
{
	int out[2], status;
	char line[400];
	FILE *output;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid == 0)
		child(argv, out[1]);
	close(out[1]);
	output = fdopen(out[0], "r");
	while (next_line(&output, line, sizeof(line))) {
		line[strcspn(line, "\n")] = '\0';
		handle(line);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void note_line(const char *line)
{
	note("%s", line);
}

bool command_run(const char *const argv[])
{
	int code = command_output(note_line, argv);

	if (code)
		note("%s: exit code %d", argv[0], code);
	return !code;
}

/* modprobe and libkmod read the lists that depmod writes. depmod reads the lists below. */
bool command_modules(const char *builtin)
{
	static const char *const lists[] = {
		"modules.order", "modules.builtin", "modules.builtin.modinfo",
	};
	const char *name, *path, *dir;
	struct utsname kernel;
	size_t i;

	uname(&kernel);
	dir = format("/lib/modules/%s", kernel.release);
	mkdir("/lib", 0755);
	mkdir("/lib/modules", 0755);
	if (mkdir(dir, 0755) || chdir(dir))
		return false;
	for_each_name(name, "/") {
		path = format("/%s", name);
		if (strstr(name, ".ko") && symlink(path, name))
			note("%s: symlink: %s", path, strerror(errno));
	}
	for (i = 0; i < ARRAY_SIZE(lists); i++)
		close(open(lists[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
	return file_write("modules.builtin", builtin) &&
	       command_run((const char *const[]){ "/bin/depmod", NULL });
}
