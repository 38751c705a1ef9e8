// SPDX-License-Identifier: GPL-2.0
/*
 * Small files with one value each, and what is found through them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

bool file_exists(const char *path)
{
	return !access(path, F_OK);
}

bool wait_for_file(const char *path, bool there)
{
	int ms;

	for (ms = 0; ms < WAIT_MS; ms += 10) {
		if (file_exists(path) == there)
			return true;
		usleep(10000);
	}
	note("%s: still %s after %d s", path, there ? "missing" : "there",
	     WAIT_MS / 1000);
	return false;
}

bool file_write(const char *path, const char *fmt, ...)
{
	int fd, len, why;
	char text[256];
	va_list args;
	bool good;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	faults_before_write(path, text);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	good = fd >= 0 && write(fd, text, len) == len;
	why = errno;
	if (!good)
		note("%s <- %s: %s", path, text, strerror(why));
	if (fd >= 0)
		close(fd);
	errno = why;
	return good;
}

bool file_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return false;
	len = read(fd, buf, size - 1);
	close(fd);
	if (len < 0)
		return false;
	buf[len] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return true;
}

bool file_is(const char *path, const char *text)
{
	char buf[256];

	return file_read(path, buf, sizeof(buf)) && !strcmp(buf, text);
}

unsigned long file_number(const char *path, int base)
{
	char buf[64];

	return file_read(path, buf, sizeof(buf)) ? strtoul(buf, NULL, base) : 0;
}

static int port_find(const char *name)
{
	DIR *dir = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	char path[512];
	int fd = -1;

	while (dir && fd < 0 && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name",
			 entry->d_name);
		if (!file_is(path, name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	if (dir)
		closedir(dir);
	return fd;
}

/* The virtio port of that name, read-write. The device names its ports when it comes to it. */
int port_open(const char *name)
{
	int fd, ms;

	for (ms = 0; ms < WAIT_MS; ms += 10) {
		fd = port_find(name);
		if (fd >= 0)
			return fd;
		usleep(10000);
	}
	return -1;
}

bool param_read(const char *name, char *buf, size_t size)
{
	char cmdline[4096], word[64], *value;
	size_t len;

	snprintf(word, sizeof(word), "pgsync.%s=", name);
	if (!file_read("/proc/cmdline", cmdline, sizeof(cmdline)))
		return false;
	value = strstr(cmdline, word);
	if (!value)
		return false;
	value += strlen(word);
	len = strcspn(value, " ");
	snprintf(buf, size, "%.*s", (int)len, value);
	return len < size;
}

unsigned long param_number(const char *name, unsigned long normal)
{
	char text[32];

	return param_read(name, text, sizeof(text)) ? strtoul(text, NULL, 10) : normal;
}
