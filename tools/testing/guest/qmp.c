// SPDX-License-Identifier: GPL-2.0
/*
 * The guest is its own machine operator: the virtio port "qmp" leads to the
 * monitor of the QEMU that it runs in.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

static int qmp = -1;

bool qmp_line(char *text, size_t size)
{
	struct pollfd port = { .fd = qmp, .events = POLLIN };
	size_t len = 0;

	while (len < size && poll(&port, 1, WAIT_MS) == 1 &&
	       read(qmp, text + len, 1) == 1) {
		if (text[len] == '\n') {
			text[len] = '\0';
			return true;
		}
		len++;
	}
	note("qmp: no line after %d s", WAIT_MS / 1000);
	return false;
}

bool qmp_ask(const char *command, char *answer, size_t size)
{
	dprintf(qmp, "%s\r\n", command);
	while (qmp_line(answer, size)) {
		if (!strncmp(answer, "{\"return\"", 9))
			return true;
		if (strncmp(answer, "{\"error\"", 8))
			continue;
		note("qmp: %s", answer);
		return false;
	}
	return false;
}

bool qmp_run(const char *command)
{
	char answer[4096];

	return qmp_ask(command, answer, sizeof(answer));
}

void qmp_open(void)
{
	qmp = port_open("qmp");
	if (qmp < 0)
		skip("no port to QEMU's monitor");
	need(qmp_run("{\"execute\":\"qmp_capabilities\"}"), "QEMU's monitor answers");
}
