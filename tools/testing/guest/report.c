// SPDX-License-Identifier: GPL-2.0
/*
 * KTAP version 1 on the virtio port "ktap". The echo in the kernel log shows what the guest
 * did between the kernel's own messages.
 */
#include <stdarg.h>
#include <sys/mman.h>

#include "guest.h"
#include "ktap.h"

static int port = -1, kmsg = -1;

/* Shared between the scenario, a child process, and init, which ends the report. */
static struct {
	int plan, done, failed;
} *state;

/* Not dprintf(): it would seek, which /dev/kmsg refuses. */
static bool write_line(int fd, const char *prefix, const char *text)
{
	char buf[600];
	int len = snprintf(buf, sizeof(buf), "%s%s\n", prefix, text);

	return write(fd, buf, len) == len;
}

static void vreport_line(const char *prefix, const char *fmt, va_list args)
{
	char text[512];
	int len = snprintf(text, sizeof(text), "%s", prefix);

	vsnprintf(text + len, sizeof(text) - len, fmt, args);
	write_line(kmsg, "<6>" KTAP_ECHO, text);
	if (!write_line(port, "", text))
		write_line(kmsg, "<3>" KTAP_ECHO, "cannot write to the ktap port");
}

void report_line(const char *prefix, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vreport_line(prefix, fmt, args);
	va_end(args);
}

void report_point(bool good, bool needed, const char *fmt, ...)
{
	char prefix[32];
	va_list args;

	state->done++;
	state->failed += !good;
	snprintf(prefix, sizeof(prefix), "%s %d ", good ? KTAP_OK : KTAP_NOT_OK, state->done);
	va_start(args, fmt);
	vreport_line(prefix, fmt, args);
	va_end(args);
	if (good || !needed)
		return;
	report_line(KTAP_BAIL, "%s", "");
	_exit(1);
}

void skip(const char *reason)
{
	while (state->done < state->plan)
		report_line("", KTAP_OK " %d " KTAP_SKIP " %s", ++state->done, reason);
	_exit(0);
}

void trigger(const char *event)
{
	report_line(KTAP_TRIGGER, "%s", event);
	faults_arm();
}

void report_start(const struct scenario *scenario)
{
	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	port = port_open("ktap");
	if (state == MAP_FAILED || port < 0) {
		write_line(kmsg, "<3>" KTAP_ECHO, "no ktap port");
		_exit(1);
	}
	state->plan = scenario->plan + faults_points();
	report_line("", KTAP_VERSION);
	report_line(KTAP_PLAN, "%d", state->plan);
	report_line(KTAP_SCENARIO, "%s", scenario->name);
}

void report_end(void)
{
	char tainted[32];

	if (!file_read("/proc/sys/kernel/tainted", tainted, sizeof(tainted)))
		snprintf(tainted, sizeof(tainted), "not readable");
	report_line(KTAP_TAINTED, "%s", tainted);
	report_line(KTAP_END, "%d" KTAP_END_OF "%d" KTAP_END_REPORTED "%d" KTAP_END_FAILED,
		    state->done, state->plan, state->failed);
}
