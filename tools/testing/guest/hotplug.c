// SPDX-License-Identifier: GPL-2.0
/*
 * Ways to add and remove memory: by address, by ACPI, and by the monitor of QEMU, to which the
 * virtio port "qmp" leads.
 */
#include <poll.h>
#include <stdarg.h>

#include "guest.h"

#define ACPI	"/sys/bus/acpi/devices/PGSY0001:%02d/"

bool probe_add(unsigned long phys)
{
	return file_write(PROBE, format("%#lx", phys)) && memory_block_is(phys, "offline");
}

/*
 * Before 7ffb791423c7, KASLR ends the direct mapping at most 64 TiB above the memory that
 * was found at boot, and the kernel refuses memory beyond.
 */
bool probe_refused(void)
{
	char cmdline[4096];

	return errno == E2BIG && file_read("/proc/cmdline", cmdline, sizeof(cmdline)) &&
	       !strstr(cmdline, "nokaslr");
}

/* Add the first block at or above @phys that does not exist. */
static bool add_next(unsigned long phys)
{
	while (memory_block_exists(phys))
		phys += memory_block_size();
	return probe_add(phys);
}

/*
 * There is no RAM at these addresses, so the memory stays offline. Adding a section writes
 * its part of the vmemmap, with DEBUG_VM also after x86 has synced the top level. Each
 * bystander adds the section next to it and so writes below the same new entry.
 */
void probe_run(const unsigned long *addresses, int count)
{
	unsigned long tib;
	bool added;
	int i;

	if (!file_exists(PROBE))
		skip("no probe file in this kernel");
	need(file_is("/sys/devices/system/memory/auto_online_blocks", "offline"),
	     "new memory stays offline");
	bystanders_start(add_next);
	for (i = 0; i < count; i++) {
		tib = addresses[i] / TIB;
		trigger(format("probe %#lx", addresses[i]));
		added = probe_add(addresses[i]);
		if (!added && probe_refused())
			skip("KASLR of this kernel leaves no room for the address");
		need(added, "memory at %lu TiB is added", tib);
		ok(bystanders_use(addresses[i]), "bystanders add memory above %lu TiB", tib);
	}
}

/* The firmware's status is 0 after the kernel has removed all of the memory. */
bool ram_eject(int nr, unsigned long phys, unsigned long size)
{
	return memory_set(phys, size, false) && file_write(format(ACPI "eject", nr), "1") &&
	       wait_until(file_is(format(ACPI "status", nr), "0"), WAIT_MS) &&
	       memory_wait(phys, size, false);
}

static int qmp = -1;

/* Read the next response or event, NULL if there is none. */
static const char *qmp_line(void)
{
	struct pollfd port = { .fd = qmp, .events = POLLIN };
	static char line[4096];
	size_t len = 0;

	while (len < sizeof(line) && poll(&port, 1, WAIT_MS) == 1 &&
	       read(qmp, line + len, 1) == 1) {
		if (line[len] == '\n') {
			line[len] = '\0';
			return line;
		}
		len++;
	}
	note("qmp: no line after %d s", WAIT_MS / 1000);
	return NULL;
}

/* Run a command. Its arguments are JSON with single quotes. Returns NULL after an error. */
static const char *__printf(2, 3) qmp_run(const char *command, const char *fmt, ...)
{
	const char *line;
	va_list args;

	dprintf(qmp, "{'execute':'%s','arguments':{", command);
	va_start(args, fmt);
	vdprintf(qmp, fmt, args);
	va_end(args);
	dprintf(qmp, "}}\r\n");
	while ((line = qmp_line())) {
		if (!strncmp(line, "{\"return\"", 9))
			return line;
		if (!strncmp(line, "{\"error\"", 8))
			break;
	}
	if (line)
		note("qmp: %s", line);
	return NULL;
}

void qmp_open(void)
{
	qmp = port_open("qmp");
	if (qmp < 0)
		skip("no port to QEMU's monitor");
	need(qmp_run("qmp_capabilities", "'enable':[]"), "QEMU's monitor responds");
}

static bool plug(int nr, int node, unsigned long phys, unsigned long size)
{
	return qmp_run("object-add", "'qom-type':'memory-backend-ram','id':'plug%d','size':%lu",
		       nr, size) &&
	       qmp_run("device_add", "'driver':'pc-dimm','id':'dimm%d','memdev':'plug%d',"
		       "'node':%d,'addr':%lu", nr, nr, node, phys);
}

bool dimm_plug(int nr, unsigned long phys, unsigned long size)
{
	return plug(nr, 1, phys, size) && memory_wait(phys, size, true);
}

/* Events of _OST, and the status of one that is in progress. */
#define PLUGGED		"\"source\": 1"
#define EJECTED		"\"source\": 3"
#define STATUS		"\"status\": "
#define IN_PROGRESS	132

/*
 * Wait until the kernel reports by _OST how a plug or an eject ended. Before the end of an
 * eject it would take a DIMM that is plugged into the slot for the old one.
 */
static bool wait_for_ost(const char *event)
{
	const char *line, *status;
	int code;

	while ((line = qmp_line())) {
		status = strstr(line, STATUS);
		if (!strstr(line, "\"ACPI_DEVICE_OST\"") || !strstr(line, event) || !status)
			continue;
		code = atoi(status + strlen(STATUS));
		if (code == IN_PROGRESS)
			continue;
		if (code)
			note("_OST of the DIMM: status %d", code);
		return !code;
	}
	return false;
}

/* _OST reports success even if the memory could not be added. */
bool dimm_try(int nr, unsigned long phys, unsigned long size)
{
	return plug(nr, 0, phys, size) && wait_for_ost(PLUGGED) &&
	       memory_block_is(phys, "offline");
}

/* QEMU frees the memory some time after the DIMM. */
bool dimm_unplug(int nr, unsigned long phys, unsigned long size)
{
	return qmp_run("device_del", "'id':'dimm%d'", nr) && memory_wait(phys, size, false) &&
	       wait_for_ost(EJECTED) &&
	       wait_until(qmp_run("object-del", "'id':'plug%d'", nr), WAIT_MS);
}

#define VMEM	"'path':'/machine/peripheral/vmem0',"

static bool vmem_has(unsigned long size)
{
	const char *response = qmp_run("qom-get", VMEM "'property':'%s'", "size");
	const char *number = response ? strchr(response, ':') : NULL;

	return number && strtoul(number + 1, NULL, 10) == size;
}

/* The driver and the device agree on the size step by step. */
bool vmem_resize(unsigned long phys, unsigned long size, bool add)
{
	unsigned long wanted = add ? size : 0;

	return qmp_run("qom-set", VMEM "'property':'requested-size','value':%lu", wanted) &&
	       memory_wait(phys, size, add) && wait_until(vmem_has(wanted), WAIT_MS);
}
