// SPDX-License-Identifier: GPL-2.0
/*
 * KTAP version 1 on the virtio port "ktap". Each line also goes to the kernel
 * log, where it shows what the guest did between the kernel's own messages.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "ktap.h"

static int port = -1, kmsg = -1;

/* Shared with the scenario, which is a child of the one that ends the report. */
static struct {
	int plan, done, failed;
} *state;

/* dprintf() would seek, which /dev/kmsg refuses. */
static bool write_line(int fd, const char *prefix, const char *text)
{
	char buf[600];
	int len = snprintf(buf, sizeof(buf), "%s%s\n", prefix, text);

	return write(fd, buf, len) == len;
}

static void line(const char *fmt, va_list args)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, args);
	write_line(kmsg, "<6>" KTAP_ECHO, text);
	if (!write_line(port, "", text))
		write_line(kmsg, "<3>" KTAP_ECHO, "cannot write to the ktap port");
}

static void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line(fmt, args);
	va_end(args);
}

void note(const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	say(KTAP_NOTE "%s", text);
}

static void point(bool good, const char *fmt, va_list args)
{
	char text[400];

	vsnprintf(text, sizeof(text), fmt, args);
	state->done++;
	state->failed += !good;
	say("%s %d %s", good ? KTAP_OK : KTAP_NOT_OK, state->done, text);
}

void ok(bool good, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	point(good, fmt, args);
	va_end(args);
}

void need(bool good, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	point(good, fmt, args);
	va_end(args);
	if (good)
		return;
	say(KTAP_BAIL);
	_exit(1);
}

void skip(const char *why)
{
	while (state->done < state->plan)
		say(KTAP_OK " %d " KTAP_SKIP " %s", ++state->done, why);
	_exit(0);
}

void trigger(const char *what)
{
	say(KTAP_TRIGGER "%s", what);
	faults_arm();
}

void report_start(const struct scenario *scenario)
{
	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	port = port_open("ktap");
	if (state == MAP_FAILED || port < 0) {
		write_line(kmsg, "<3>" KTAP_ECHO, "no ktap port");
		_exit(1);
	}
	state->plan = scenario->plan + faults_points();
	say(KTAP_VERSION);
	say(KTAP_PLAN "%d", state->plan);
	say(KTAP_SCENARIO "%s", scenario->name);
}

/* What the kernel has noted of its own reports, be they lost or not. */
static void report_taint(void)
{
	char text[32] = "";
	int fd = open("/proc/sys/kernel/tainted", O_RDONLY | O_CLOEXEC);
	ssize_t len = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[strcspn(text, "\n")] = '\0';
	say(KTAP_TAINTED "%s", len > 0 ? text : "not readable");
}

void report_end(void)
{
	report_taint();
	say(KTAP_END "%d" KTAP_END_OF "%d" KTAP_END_REPORTED "%d" KTAP_END_FAILED,
	    state->done, state->plan, state->failed);
}
