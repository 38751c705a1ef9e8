// SPDX-License-Identifier: GPL-2.0
/*
 * The machine this runs on: its kernel, and whether its memory can get to where
 * the crashes are.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "affected.h"

static struct {
	const char *root;
	int levels;			/* of page tables in use, 0 if not known */
	unsigned int phys_bits;
	enum tri kaslr;
	uint64_t ram_end;		/* of the memory there is now */
	uint64_t plug_start, plug_end;	/* of the highest range that can be plugged */
	const char *plug_from;
	const char *unseen;		/* what needs root, or is not there */
	const char *buses;		/* that have memory which may be plugged */
	enum tri memmap_on_memory;
	int tables;			/* of SRAT and CEDT */
} m;

static bool get(const char *name, struct buffer *file)
{
	char *path = text("%s/%s", m.root, name);
	bool good = slurp(path, file);

	free(path);
	return good;
}

/* Call @each with each entry of a directory; how many there were, or -1. */
static int entries(const char *name, void (*each)(const char *dir, const char *entry))
{
	char *path = text("%s/%s", m.root, name);
	DIR *dir = opendir(path);
	struct dirent *d;
	int nr = 0;

	free(path);
	if (!dir)
		return -1;
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		nr++;
		if (each)
			each(name, d->d_name);
	}
	closedir(dir);
	return nr;
}

/* A number in a file of sysfs, false if it cannot be read or has none. */
static bool number(const char *name, int base, uint64_t *value)
{
	struct buffer file;
	char *end;

	if (!get(name, &file))
		return false;
	errno = 0;
	*value = strtoull((char *)file.data, &end, base);
	if (end == (char *)file.data || errno)
		end = NULL;
	free(file.data);
	return end;
}

static void unseen(const char *what)
{
	m.unseen = m.unseen ? text("%s, %s", m.unseen, what) : what;
}

static void can_plug(uint64_t start, uint64_t size, const char *from)
{
	if (!size || start + size <= m.plug_end || start + size < start)
		return;
	m.plug_start = start;
	m.plug_end = start + size;
	m.plug_from = from;
}

static uint64_t le(const unsigned char *p, int size)
{
	uint64_t value = 0;

	while (size--)
		value = value << 8 | p[size];
	return value;
}

/* SRAT: ranges of memory, those that are enabled and hot-pluggable. */
static void srat_entry(const unsigned char *e, size_t size)
{
	if (e[0] == 1 && size >= 40 && (le(e + 28, 4) & 3) == 3)
		can_plug(le(e + 8, 8), le(e + 16, 8), "SRAT");
}

/* CEDT: the windows that CXL memory is mapped into. */
static void cedt_entry(const unsigned char *e, size_t size)
{
	if (e[0] == 1 && size >= 24)
		can_plug(le(e + 8, 8), le(e + 16, 8), "a CXL window of CEDT");
}

/* Tables end where the header says, entries where they say: in a byte or two. */
static void acpi_table(const char *name, size_t header, int wide,
		       void (*each)(const unsigned char *e, size_t size))
{
	char *path = text("sys/firmware/acpi/tables/%s", name);
	struct buffer table;
	size_t at, size;
	bool good;

	errno = 0;
	good = get(path, &table);
	free(path);
	if (!good) {
		if (errno != ENOENT)
			unseen(name);
		else if (entries("sys/firmware/acpi/tables", NULL) < 0)
			unseen(text("%s (no tables in sysfs)", name));
		return;
	}
	m.tables++;
	for (at = header; at + 4 <= table.size; at += size) {
		size = wide ? le(table.data + at + 2, 2) : table.data[at + 1];
		if (size < 4 || size > table.size - at)
			break;
		each(table.data + at, size);
	}
	free(table.data);
}

/* Regions of NVDIMMs, device-dax and CXL: where they are, root is told. */
static void bus_entry(const char *dir, const char *entry)
{
	uint64_t start, size;
	char *at;

	if (strncmp(entry, "region", 6) && strncmp(entry, "dax", 3) &&
	    strncmp(entry, "decoder0.", 9))
		return;
	if (!m.buses || !strstr(m.buses, entry))
		m.buses = m.buses ? text("%s, %s", m.buses, entry) : text("%s", entry);
	at = text("%s/%s", dir, entry);
	if (!number(text("%s/size", at), 0, &size))
		return;
	if (number(text("%s/resource", at), 0, &start) || number(text("%s/start", at), 0, &start))
		can_plug(start, size, text("%s", entry));
	else
		unseen(text("where %s is", entry));
}

/* Memory that is set aside for a device: it may become memory of the system. */
static const char *const set_aside[] = {
	"Persistent Memory", "Soft Reserved", "CXL Window"
};

static void iomem_line(const char *line)
{
	uint64_t start, end;
	size_t i;

	if (sscanf(line, "%lx-%lx", &start, &end) != 2 || end < start || end == UINT64_MAX)
		return;
	if (strstr(line, "System RAM") && end > m.ram_end)
		m.ram_end = end;
	for (i = 0; i < sizeof(set_aside) / sizeof(set_aside[0]); i++)
		if (strstr(line, set_aside[i]))
			can_plug(start, end - start + 1, text("%s in /proc/iomem", set_aside[i]));
}

static uint64_t last_block;

static void memory_entry(const char *dir, const char *entry)
{
	uint64_t nr;
	char *end;

	(void)dir;
	if (strncmp(entry, "memory", 6))
		return;
	nr = strtoull(entry + 6, &end, 10);
	if (end != entry + 6 && !*end && nr + 1 > last_block)
		last_block = nr + 1;
}

/* Where memory ends: /proc/iomem says it to root, the blocks to everybody. */
static void memory(void)
{
	struct buffer iomem;
	uint64_t block;
	char *line, *save;

	if (get("proc/iomem", &iomem)) {
		for (line = strtok_r((char *)iomem.data, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			iomem_line(line);
		free(iomem.data);
	}
	if (!m.ram_end)
		unseen("addresses in /proc/iomem");
	entries("sys/devices/system/memory", memory_entry);
	if (number("sys/devices/system/memory/block_size_bytes", 16, &block) &&
	    last_block && block <= UINT64_MAX / last_block && last_block * block > m.ram_end)
		m.ram_end = last_block * block;
}

/* A word of a line of words. */
static bool word(const char *line, const char *what)
{
	size_t size = strlen(what);
	const char *at;

	for (at = line; (at = strstr(at, what)); at += size)
		if ((at == line || strchr(" \t", at[-1])) && strchr(" \t\n", at[size]))
			return true;
	return false;
}

static void cpu(const char *cmdline)
{
	struct buffer cpuinfo;
	const char *at;

	if (!get("proc/cpuinfo", &cpuinfo)) {
		unseen("/proc/cpuinfo");
		return;
	}
	at = strstr((char *)cpuinfo.data, "\naddress sizes");
	if (!at || sscanf(at, "\naddress sizes : %u bits", &m.phys_bits) != 1 ||
	    m.phys_bits > 52)
		m.phys_bits = 0;
	at = strstr((char *)cpuinfo.data, "\nflags");
	if (at) {
		((char *)at)[1 + strcspn(at + 1, "\n")] = '\0';
		m.levels = word(at, "la57") && !word(cmdline, "no5lvl") ? 5 : 4;
	}
	free(cpuinfo.data);
}

static void hardware(struct kernel *k)
{
	struct buffer file;
	bool cmdline;

	cmdline = get("proc/cmdline", &file);
	if (!cmdline)
		unseen("/proc/cmdline");
	cpu(cmdline ? (char *)file.data : "");
	/* With KASAN the regions of memory stay where they are. */
	m.kaslr = k->randomized;
	if ((cmdline && word((char *)file.data, "nokaslr")) || k->kasan == YES)
		m.kaslr = NO;
	memory();
	acpi_table("SRAT", 48, 0, srat_entry);
	acpi_table("CEDT", 36, 1, cedt_entry);
	entries("sys/bus/nd/devices", bus_entry);
	entries("sys/bus/dax/devices", bus_entry);
	entries("sys/bus/cxl/devices", bus_entry);
	m.memmap_on_memory = UNKNOWN;
	if (get("sys/module/memory_hotplug/parameters/memmap_on_memory", &file))
		m.memmap_on_memory = file.data[0] != 'N' && file.data[0] != '0';

	note(k, "levels of page tables in use: %s; physical addresses: %s bits; KASLR of the memory regions: %s",
	     m.levels ? text("%d", m.levels) : "not known",
	     m.phys_bits ? text("%u", m.phys_bits) : "not known", m.kaslr == UNKNOWN ? "not known" : m.kaslr ? "yes" : "no");
	note(k, "memory ends at %s; memory_hotplug.memmap_on_memory: %s",
	     m.ram_end ? text("%.2f TiB", (double)m.ram_end / TiB) : "an address not seen",
	     m.memmap_on_memory == YES ? "on" : m.memmap_on_memory == NO ? "off" : "not known");
	note(k, "memory that can be plugged: %s%s%s",
	     m.plug_end ? text("%.2f to %.2f TiB (%s)", (double)m.plug_start / TiB,
			       (double)m.plug_end / TiB, m.plug_from) : "none seen",
	     m.buses ? "; memory devices: " : "", m.buses ? m.buses : "");
	if (m.unseen)
		note(k, "not seen, for want of root or as it is not there: %s", m.unseen);
}

/*
 * Crashes come where a range needs a top-level entry that the memory at boot did
 * not need. Each stands for 512 GiB of addresses: of struct page, which are 32
 * TiB of memory if it has 64 bytes, or of KASAN's shadow, 4 TiB, the first of
 * which began 0.5 TiB below.
 */
void machine_meets(const struct kernel *k, int crash, struct meets *meets)
{
	bool shadow = crash == SHADOW || crash == ZEROSHADOW;
	unsigned int page = k->page_size ? k->page_size : 64;
	uint64_t each = shadow ? 4 * TiB : 512 * TiB / 1024 * 4096 / page;
	uint64_t first = shadow ? 7 * TiB / 2 : each;
	uint64_t before = shadow ? TiB / 2 : 0;

	meets->verdict = UNKNOWN;
	if (m.levels == 5 && !shadow) {
		*meets = (struct meets){ NO, "with 5 levels one top-level entry has all struct pages" };
		return;
	}
	if (m.levels == 5) {
		each = 2048 * TiB;
		first = 1824 * TiB;
		before = each - first;
	}
	if (!m.levels) {
		meets->reason = "the levels of page tables are not known";
	} else if (crash == SUBPMD && (k->zone_device != NO)) {
		/* Such memory is given out from the top, whatever the CPU has. */
		*meets = (struct meets){ YES, "device-private memory, as of a GPU, takes the highest addresses there are" };
	} else if (m.phys_bits && m.kaslr == NO && 1ULL << m.phys_bits <= first) {
		*meets = (struct meets){ NO, text("addresses end at %.2f TiB, and it takes more than %.1f TiB",
						  (double)(1ULL << m.phys_bits) / TiB,
						  (double)first / TiB) };
	} else if (!m.ram_end) {
		meets->reason = "where memory ends is not known";
	} else if (m.plug_end > m.ram_end &&
		   (m.plug_end - 1 + before) / each > (m.ram_end - 1 + before) / each) {
		*meets = (struct meets){ YES, text("memory can be plugged up to %.2f TiB (%s)%s",
						   (double)m.plug_end / TiB, m.plug_from,
						   m.kaslr != NO ? "; KASLR moves the limit from boot to boot" : "") };
	} else if (m.plug_end > m.ram_end && m.kaslr == UNKNOWN) {
		meets->reason = text("memory can be plugged up to %.2f TiB (%s), which is enough if KASLR is on, and whether it is, is not known",
				     (double)m.plug_end / TiB, m.plug_from);
	} else if (m.plug_end > m.ram_end && m.kaslr) {
		*meets = (struct meets){ YES, text("memory can be plugged up to %.2f TiB (%s), and KASLR puts the limit below that in some boots",
						   (double)m.plug_end / TiB, m.plug_from) };
	} else if (m.unseen) {
		meets->reason = text("not seen: %s", m.unseen);
	} else if (!m.tables) {
		meets->reason = "neither SRAT nor CEDT is there to name what can be plugged";
	} else {
		*meets = (struct meets){ NO, "no memory that reaches so far can be plugged, by the firmware's tables and the devices" };
	}
}

static const struct buffer *names;

static bool has_name(const void *from, const char *name)
{
	const char *at = (const char *)names->data;
	size_t size = strlen(name);

	(void)from;
	/* "address type name", with a tab behind it if it is a module's. */
	for (; (at = strstr(at, name)); at += size)
		if (at >= (const char *)names->data + 3 && at[-1] == ' ' && at[-3] == ' ' &&
		    strchr("\n.", at[size]))
			return true;
	return false;
}

/* The kernel that runs may have been replaced on disk: its banner tells. */
static bool running_image(struct kernel *k, const char *release)
{
	static const char *const places[] = {
		"boot/vmlinuz-%s", "lib/modules/%s/vmlinuz", "usr/lib/modules/%s/vmlinuz"
	};
	char *path, *map, *name;
	struct buffer probe;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		name = text("%.*s%s%s", (int)strcspn(places[i], "%"), places[i], release,
			    strstr(places[i], "%s") + 2);
		path = text("%s/%s", m.root, name);
		errno = 0;
		if (!slurp(path, &probe)) {
			if (errno == EACCES)
				unseen(name);
			continue;
		}
		free(probe.data);
		map = text("%s/boot/System.map-%s", m.root, release);
		if (!look_at_image(k, path, slurp(map, &probe) ? map : NULL, NULL)) {
			k->x86_64 = UNKNOWN;
			continue;
		}
		note(k, "looked at the code of %s", path);
		return true;
	}
	return false;
}

void look_at_machine(struct kernel *k, const char *root)
{
	struct buffer file, kallsyms;
	char *release, *at;

	m.root = root;
	if (!get("proc/version", &file))
		die("%s/proc/version: %s", root, strerror(errno));
	at = (char *)file.data;
	if (strncmp(at, "Linux version ", 14))
		die("%s/proc/version: is not of Linux", root);
	k->version = text("%.*s", (int)strcspn(at + 14, "\n"), at + 14);
	release = text("%.*s", (int)strcspn(k->version, " /"), k->version);

	if (!running_image(k, release)) {
		names = &kallsyms;
		if (get("proc/kallsyms", &kallsyms) && has_name(NULL, "start_kernel")) {
			judge_names(k, has_name, NULL);
			k->x86_64 = has_name(NULL, "x86_64_start_kernel");
			k->state = k->x86_64 == NO ? FOREIGN : k->hook == NO ? BEFORE : IN_DOUBT;
			k->evidence = text("arch_sync_kernel_mappings() is %sthere, by the names in /proc/kallsyms%s",
					   k->hook ? "" : "not ",
					   k->hook ? "; whether it is called takes the code: no readable image in /boot" : "");
			k->zero_shadow = k->hook == NO ? NO : UNKNOWN;
		} else {
			k->evidence = "no readable image in /boot, and no /proc/kallsyms";
		}
	}
	if (!find_config(k, text("%s/boot/config-%s", root, release)) &&
	    !find_config(k, text("%s/proc/config.gz", root)))
		unseen("a configuration");
	hardware(k);
}
