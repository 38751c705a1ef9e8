// SPDX-License-Identifier: GPL-2.0
/*
 * A dynamic dax region: soft-reserved memory, which is divided into device-dax instances at
 * run time. dax_region_rwsem protects the division. The files of an instance take it, and
 * removing an instance waits for their users. So does removing the files of the region.
 */
#include <signal.h>
#include <sys/wait.h>

#include "guest.h"

#define DAX		"/sys/bus/dax/devices/"
#define REGION		DAX "dax0.0/../dax_region/"
#define HMEM		"/sys/bus/platform/drivers/hmem/"
#define SIZE		(32 * MIB)
#define ROUNDS		50

static const char *file(const char *device, const char *name)
{
	return format(DAX "%s/%s", device, name);
}

static bool resize(const char *device, unsigned long size)
{
	return file_write(file(device, "size"), format("%lu", size)) &&
	       file_number(file(device, "size"), 10) == size;
}

static unsigned long available(void)
{
	return file_number(REGION "available_size", 10);
}

/* Resize the device, which adds and removes a mapping. */
static bool resize_often(const char *device)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		if (!resize(device, SIZE) || !resize(device, 0))
			return false;
	return true;
}

static bool delete(const char *device)
{
	return file_write(REGION "delete", device) && !file_exists(file(device, "size"));
}

/* Create a device and delete it. Its number is the lowest that is free. */
static bool create_often(const char *device)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		if (!file_write(REGION "create", "1") || !file_exists(file(device, "size")) ||
		    !delete(device))
			return false;
	return true;
}

/* Access a file of the device all the time, which may exist or not. */
static pid_t use_always(const char *path, int flags, const char *text)
{
	pid_t pid = fork();
	char buf[64];
	int fd;

	while (!pid) {
		fd = open(path, flags | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (text ? write(fd, text, strlen(text)) : read(fd, buf, sizeof(buf)))
			usleep(0);
		close(fd);
	}
	return pid;
}

static bool stop(pid_t pid)
{
	int status;

	return pid > 0 && !kill(pid, SIGKILL) && waitpid(pid, &status, 0) == pid;
}

/* Its driver takes the region away and makes it again. */
static bool rebind(void)
{
	char path[256], *name;

	if (!realpath(DAX "dax0.0/..", path))
		return false;
	name = strrchr(path, '/') + 1;
	return file_write(HMEM "unbind", name) && wait_for_file(DAX "dax0.0", false) &&
	       file_write(HMEM "bind", name) && wait_for_file(DAX "dax0.0", true);
}

static void region_open(void)
{
	need(wait_for_file(REGION "create", true) && available() >= 2 * SIZE,
	     "the dax region has room");
}

static void run_resize(void)
{
	unsigned long start;
	pid_t reader;
	bool good;

	region_open();
	need(resize("dax0.0", SIZE), "the first device gets memory");
	start = file_number(file("dax0.0", "mapping0/start"), 16);
	ok(start && start == file_number(file("dax0.0", "resource"), 16),
	   "the mapping of the first device has its address");
	need(resize("dax0.0", 0), "the first device gives its memory back");
	ok(!file_exists(file("dax0.0", "mapping0")), "the mapping of the first device is removed");
	reader = use_always(file("dax0.0", "mapping0/start"), O_RDONLY, NULL);
	trigger("resize the device while its mapping is read");
	good = resize_often("dax0.0");
	ok(stop(reader) && good, "the device can be resized");
	ok(resize("dax0.0", SIZE) && rebind() && available() >= 2 * SIZE,
	   "a region with a mapping is removed and made again");
}

static void run_delete(void)
{
	unsigned long room;
	pid_t writer;
	bool good;
	int i;

	region_open();
	room = available();
	need(file_write(REGION "create", "1") && file_exists(file("dax0.1", "size")),
	     "a second device is created");
	need(resize("dax0.1", SIZE) && available() == room - SIZE, "the second device gets memory");
	need(resize("dax0.1", 0) && available() == room, "the second device gives its memory back");
	need(delete("dax0.1"), "the second device is deleted");
	writer = use_always(file("dax0.1", "align"), O_WRONLY, "4096");
	trigger("create and delete devices while their files are used");
	good = create_often("dax0.1");
	ok(stop(writer) && good, "devices can be created and deleted");
	ok(available() == room && resize("dax0.0", SIZE) && available() == room - SIZE,
	   "the first device can be used");
	writer = use_always(REGION "delete", O_WRONLY, "dax0.0");
	for (i = 0; i < ROUNDS && rebind(); i++)
		;
	ok(stop(writer) && i == ROUNDS && available() == room,
	   "the region is removed and made again while its files are used");
}

SCENARIO("dax-resize", 7, run_resize());
SCENARIO("dax-delete", 8, run_delete());
