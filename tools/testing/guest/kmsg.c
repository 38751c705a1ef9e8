// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says in its log.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

/* The text stands behind the first ";" of a record. */
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
