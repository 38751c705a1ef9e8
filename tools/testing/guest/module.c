// SPDX-License-Identifier: GPL-2.0
/*
 * The modules that the scenario's "machine" names, which lie at the top.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

bool module_load(const char *name, const char *param)
{
	char path[128];
	bool good;
	int fd;

	snprintf(path, sizeof(path), "/%s.ko", name);
	faults_before_load(path, param);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	good = fd >= 0 && !syscall(SYS_finit_module, fd, param, 0);
	if (fd >= 0)
		close(fd);
	return good;
}

bool module_unload(const char *name)
{
	return !syscall(SYS_delete_module, name, 0);
}
