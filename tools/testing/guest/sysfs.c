// SPDX-License-Identifier: GPL-2.0
/*
 * Files of the kernel, and what is read or done through them.
 */
#include <stdarg.h>
#include <sys/syscall.h>

#include "guest.h"

const char *format(const char *fmt, ...)
{
	static char buffers[16][512];
	static unsigned int next;
	char *buf = buffers[next++ % ARRAY_SIZE(buffers)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(buf, sizeof(buffers[0]), fmt, args);
	va_end(args);
	return buf;
}

bool file_exists(const char *path)
{
	return !access(path, F_OK);
}

bool wait_for_file(const char *path, bool exists)
{
	if (wait_until(file_exists(path) == exists, WAIT_MS))
		return true;
	note("%s %s after %d s", path, exists ? "is missing" : "still exists", WAIT_MS / 1000);
	return false;
}

bool file_write(const char *path, const char *text)
{
	ssize_t len = strlen(text);
	int fd, error;
	bool good;

	faults_before(&path, &text);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	good = fd >= 0 && write(fd, text, len) == len;
	error = errno;
	if (!good)
		note("%s <- %s: %s", path, text, strerror(error));
	if (fd >= 0)
		close(fd);
	errno = error;
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

bool next_line(FILE **file, char *line, size_t size)
{
	if (*file && fgets(line, size, *file))
		return true;
	if (*file)
		fclose(*file);
	*file = NULL;
	return false;
}

const char *next_name(void **dir)
{
	struct dirent *entry = *dir ? readdir(*dir) : NULL;

	if (entry)
		return entry->d_name;
	if (*dir)
		closedir(*dir);
	*dir = NULL;
	return NULL;
}

#define PORTS	"/sys/class/virtio-ports"

static int port_find(const char *wanted)
{
	const char *name;
	int fd = -1;

	for_each_name(name, PORTS)
		if (fd < 0 && file_is(format(PORTS "/%s/name", name), wanted))
			fd = open(format("/dev/%s", name), O_RDWR | O_CLOEXEC);
	return fd;
}

/* The device tells the names of its ports some time after it was found. */
int port_open(const char *name)
{
	int fd = -1;

	wait_until((fd = port_find(name)) >= 0, WAIT_MS);
	return fd;
}

bool param_read(const char *name, char *buf, size_t size)
{
	const char *word = format("pgsync.%s=", name);
	char cmdline[4096], *value;
	size_t len;

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

unsigned long param_number(const char *name, unsigned long otherwise)
{
	char text[32];

	return param_read(name, text, sizeof(text)) ? strtoul(text, NULL, 10) : otherwise;
}

void module_require(const char *name)
{
	if (!file_exists(format("/%s.ko", name)))
		skip(format("no %s module in this kernel", name));
}

bool module_load(const char *name, const char *param)
{
	const char *path = format("/%s.ko", name);
	bool good;
	int fd;

	faults_before(&path, &param);
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

/* In a record, the message follows the first ";". */
bool kmsg_read(int fd, char *text, size_t size)
{
	char record[8192], *start;
	ssize_t len = read(fd, record, sizeof(record) - 1);

	if (len <= 0)
		return false;
	record[len] = '\0';
	start = strchr(record, ';');
	snprintf(text, size, "%s", start ? start + 1 : record);
	text[strcspn(text, "\n")] = '\0';
	return true;
}

int kmsg_open(bool at_end)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && at_end)
		lseek(fd, 0, SEEK_END);
	return fd;
}

bool kmsg_has(const char *text)
{
	int fd = kmsg_open(false);
	bool found = false;
	char line[1024];

	while (!found && kmsg_read(fd, line, sizeof(line)))
		found = strstr(line, text);
	close(fd);
	return found;
}
