// SPDX-License-Identifier: GPL-2.0
/*
 * The machine that this runs on: its kernel, and whether its memory can be at addresses
 * where the crashes happen.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "affected.h"

static struct {
	const char *root;
	int levels;			/* of page tables in use, 0 if unknown */
	unsigned int phys_bits;
	enum tri kaslr;
	struct ranges sets[NR_SETS];	/* of memory */
	struct ranges hotplug;		/* hot-pluggable ranges of SRAT */
	bool blocks;			/* only memory blocks are known, of any origin */
	bool balloon;			/* Hyper-V can plug memory, shown as other RAM */
	const char *unseen;		/* what needs root, or is not there */
	const char *buses;		/* devices on buses of memory that can be plugged */
	enum tri memmap_on_memory;
	const char *trigger;
} m;

static bool get(const char *name, struct buffer *file)
{
	return slurp(text("%s/%s", m.root, name), file);
}

static bool exists(const char *pattern)
{
	return matches(m.root, pattern).gl_pathc;
}

/* The number in a file of sysfs; false if it cannot be read or has none. */
static bool number(const char *path, int base, uint64_t *value)
{
	struct buffer file;
	char *end;

	if (!slurp(path, &file))
		return false;
	errno = 0;
	*value = strtoull((char *)file.data, &end, base);
	return end != (char *)file.data && !errno;
}

static void unseen(const char *what)
{
	m.unseen = m.unseen ? text("%s, %s", m.unseen, what) : what;
}

static uint64_t end_after(uint64_t start, uint64_t size)
{
	return size > UINT64_MAX - start ? UINT64_MAX : start + size;
}

static void can_plug(uint64_t start, uint64_t size, const char *from)
{
	add_range(&m.sets[PLUG], start, end_after(start, size), from);
}

#define SRAT_ENABLED		1
#define SRAT_HOT_PLUGGABLE	2
#define SRAT_NON_VOLATILE	4

/*
 * The ranges of an ACPI table: enabled ones of SRAT that are hot-pluggable or persistent,
 * or the windows of CEDT that CXL memory is mapped to. In both, entries of type 1 have the
 * start in byte 8 and the size in byte 16.
 */
static void acpi_entry(const unsigned char *e, size_t size, bool srat)
{
	uint64_t start, length;
	uint32_t flags = SRAT_ENABLED | SRAT_NON_VOLATILE;

	if (e[0] != 1)
		return;
	if (size < (srat ? 40 : 24)) {
		unseen(text("a range of %s, which is cut", srat ? "SRAT" : "CEDT"));
		return;
	}
	start = le64(e + 8);
	length = le64(e + 16);
	if (srat)
		flags = le32(e + 28);
	if (!(flags & SRAT_ENABLED))
		return;
	if (flags & (SRAT_HOT_PLUGGABLE | SRAT_NON_VOLATILE))
		can_plug(start, length, srat ? "SRAT" : "a CXL window of CEDT");
	if (flags & SRAT_HOT_PLUGGABLE)
		add_range(&m.hotplug, start, end_after(start, length), "SRAT");
}

/* The length of an entry is in its second byte, or for CEDT in the next two. */
static void acpi_table(const char *name, size_t header, bool srat)
{
	struct buffer table;
	size_t at, size;

	errno = 0;
	if (!get(text("sys/firmware/acpi/tables/%s", name), &table)) {
		if (errno != ENOENT)
			unseen(name);
		else if (!exists("sys/firmware/acpi/tables/DSDT"))
			unseen(text("%s (no tables in sysfs)", name));
		return;
	}
	for (at = header; at + 4 <= table.size; at += size) {
		size = srat ? table.data[at + 1] : le16(table.data + at + 2);
		if (size < 4 || size > table.size - at)
			break;
		acpi_entry(table.data + at, size, srat);
	}
	if (table.size < header || at != table.size || le32(table.data + 4) > table.size)
		unseen(text("the rest of %s, which is damaged", name));
}

/* Regions of NVDIMMs, device-dax and CXL. Only root can read their addresses. */
static void bus_devices(void)
{
	glob_t all = matches(m.root, "sys/bus/{nd,dax,cxl}/devices/{region,dax,decoder0.}*");
	const char *path, *name;
	uint64_t start, size;
	size_t i;

	for (i = 0; i < all.gl_pathc; i++) {
		path = all.gl_pathv[i];
		name = strrchr(path, '/') + 1;
		if (!m.buses || !strstr(m.buses, name))
			m.buses = m.buses ? text("%s, %s", m.buses, name) : name;
		errno = 0;
		if (!number(text("%s/size", path), 0, &size)) {
			if (errno && errno != ENOENT)
				unseen(text("the size of %s", name));
		} else if (number(text("%s/resource", path), 0, &start) ||
			   number(text("%s/start", path), 0, &start)) {
			can_plug(start, size, name);
		} else {
			unseen(text("the address of %s", name));
		}
	}
}

/* Names in /proc/iomem of memory that devices have set aside. "0" is any number. */
static const char *const set_aside[] = {
	"dax0.0", "namespace0.0", "virtio0", "region0", "Persistent Memory", "Soft Reserved",
	"CXL Window", "System RAM (", NULL
};

/* Drivers plug memory below the first three, which older kernels show as other RAM. */
#define NR_PLUGGING 3

/* The index of the first of set_aside[] that @name begins with. */
static size_t set_aside_as(const char *name)
{
	const char *pattern, *at;
	size_t i;

	for (i = 0; set_aside[i]; i++) {
		for (at = name, pattern = set_aside[i]; *pattern; pattern++) {
			if (*pattern != '0' ? *at != *pattern : !isdigit(*at))
				break;
			at += *pattern == '0' ? strspn(at, "0123456789") : 1;
		}
		if (!*pattern)
			break;
	}
	return i;
}

/* A window to a bus, or a device: "PCI Bus 0000:17", "0000:18:00.0". */
static bool is_pci(const char *name)
{
	unsigned int domain, bus, device, function;

	return !strncmp(name, "PCI Bus ", 8) ||
	       sscanf(name, "%x:%2x:%2x.%1x", &domain, &bus, &device, &function) == 4;
}

/* memremap_pages() maps whole 2 MiB. */
#define SMALLEST	(2ULL << 20)

/* The end is included. Lines are indented below the one that they are a part of. */
static void iomem_line(char *line)
{
	static size_t driver = SIZE_MAX;	/* the indentation of a driver's device */
	size_t indent = strspn(line, " "), kind;
	char *name = strstr(line, " : ");
	uint64_t start, end;

	/* Users other than root see zeros. */
	if (!name || sscanf(line, "%lx-%lx", &start, &end) != 2 || !end || end < start ||
	    end == UINT64_MAX)
		return;
	name += 3;
	end++;
	if (indent <= driver)
		driver = SIZE_MAX;
	if (!strcmp(name, "System RAM") && driver == SIZE_MAX)
		add_range(&m.sets[POSSIBLE], start, end, "System RAM in /proc/iomem");
	kind = set_aside_as(name);
	if (set_aside[kind])
		can_plug(start, end - start, text("%s in /proc/iomem", name));
	if (driver == SIZE_MAX && kind < NR_PLUGGING)
		driver = indent;
	if (is_pci(name) && end - start >= SMALLEST)
		add_range(&m.sets[PCI], start, end, text("%s in /proc/iomem", name));
}

/* All memory blocks, which everybody can read. Returns the size of one. */
static uint64_t memory_blocks(void)
{
	glob_t all = matches(m.root, "sys/devices/system/memory/memory[0-9]*");
	uint64_t nr, size;
	size_t i;

	if (!number(text("%s/sys/devices/system/memory/block_size_bytes", m.root), 16, &size) || !size)
		return 0;
	for (i = 0; i < all.gl_pathc; i++) {
		nr = strtoull(strrchr(all.gl_pathv[i], '/') + 7, NULL, 10);
		if (nr < UINT64_MAX / size - 1)
			add_range(&m.sets[POSSIBLE], nr * size, (nr + 1) * size,
				  "a memory block in sysfs");
	}
	return size;
}

/* What the firmware reported, in the order of its numbers. */
#define MAX_ENTRIES 4096

static struct {
	uint64_t start, end;
	bool there, ram;
} firmware[MAX_ENTRIES];

static bool firmware_memory(void)
{
	glob_t all = matches(m.root, "sys/firmware/memmap/[0-9]*");
	struct buffer type;
	const char *path;
	unsigned long nr;
	bool any = false;
	char *name;
	size_t i;

	for (i = 0; i < all.gl_pathc; i++) {
		path = all.gl_pathv[i];
		nr = strtoul(strrchr(path, '/') + 1, NULL, 10);
		if (nr >= MAX_ENTRIES || !slurp(text("%s/type", path), &type) ||
		    !number(text("%s/start", path), 16, &firmware[nr].start) ||
		    !number(text("%s/end", path), 16, &firmware[nr].end))
			continue;
		name = strtok((char *)type.data, "\n");
		firmware[nr].end++;
		firmware[nr].ram = name && !strncmp(name, "System RAM", 10);
		firmware[nr].there = any = true;
		/* Linux may omit these from /proc/iomem. */
		if (name && (!strncmp(name, "Soft Reserved", 13) || !strncmp(name, "Persistent Memory", 17)))
			add_range(&m.sets[PLUG], firmware[nr].start, firmware[nr].end,
				  text("%s of the firmware", name));
	}
	return any;
}

/* May @range have been plugged after boot? */
static bool may_be_plugged(const struct range *range)
{
	return m.balloon || covers(&m.hotplug, range);
}

/*
 * Which memory was present at boot? /sys/firmware/memmap lists what the firmware
 * reported at boot and, with higher numbers, what ACPI plugged later. RAM after the last
 * entry that is not RAM may be either, if SRAT calls it hot-pluggable.
 */
static void boot_memory(uint64_t block_size)
{
	bool reported = firmware_memory();
	struct ranges told = { 0 };
	unsigned int i, last = 0;
	struct range r;

	if (block_size) {
		add_range(&m.sets[SURE], 0, block_size, "the first memory block");
		return;
	}
	for (i = 0; i < m.sets[POSSIBLE].nr; i++) {
		r = m.sets[POSSIBLE].at[i];
		if (reported || !may_be_plugged(&r))
			add_range(&m.sets[SURE], r.start, r.end, r.from);
	}
	if (!reported)
		return;
	for (i = 0; i < MAX_ENTRIES; i++)
		if (firmware[i].there && !firmware[i].ram)
			last = i;
	for (i = 0; i < MAX_ENTRIES; i++) {
		r = (struct range){ firmware[i].start, firmware[i].end, "System RAM" };
		if (firmware[i].ram && (i < last || !may_be_plugged(&r)))
			add_range(&told, r.start, r.end, r.from);
	}
	common_ranges(&m.sets[SURE], &told);
}

static void iomem(void)
{
	struct buffer file;
	char *line, *save;

	if (get("proc/iomem", &file))
		for (line = strtok_r((char *)file.data, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			iomem_line(line);
	if (m.sets[POSSIBLE].nr)
		return;
	unseen("addresses in /proc/iomem");
	m.blocks = true;
}

/* Is @what a word of @line? */
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
		at = text("%.*s", (int)strcspn(at + 1, "\n"), at + 1);
		m.levels = word(at, "la57") && !word(cmdline, "no5lvl") ? 5 : 4;
	}
}

static double end_of(const struct ranges *set)
{
	uint64_t end = 0;
	size_t i;

	for (i = 0; i < set->nr; i++)
		if (set->at[i].end > end)
			end = set->at[i].end;
	return (double)end / TiB;
}

static const char *where(const struct range *r)
{
	uint64_t size = r->end - r->start;

	if (size < TiB)
		return text("%.2f TiB, %.0f GiB (%s)", (double)r->start / TiB,
			    (double)size / (TiB >> 10), r->from);
	return text("%.2f TiB, %.2f TiB (%s)", (double)r->start / TiB, (double)size / TiB, r->from);
}

#define MAX_SHOWN 12

/* The ranges of @set, without those that earlier ones include. */
static const char *list(const struct ranges *set)
{
	const char *all = "";
	size_t i, j, shown = 0;

	for (i = 0; i < set->nr && shown < MAX_SHOWN; i++) {
		for (j = 0; j < i; j++)
			if (set->at[j].start <= set->at[i].start &&
			    set->at[j].end >= set->at[i].end)
				break;
		if (j == i)
			all = text("%s%s%s", all, shown++ ? "; " : "at ", where(&set->at[i]));
	}
	return text("%s%s", shown ? all : "none found", i < set->nr ? "; and more" : "");
}

#define VIRTIO_MEM	24
#define VIRTIO_PMEM	27

/* /proc/iomem shows the memory of a virtio device only if its driver is there. */
static void virtio_devices(void)
{
	glob_t all = matches(m.root, "sys/bus/virtio/devices/*");
	const char *name;
	uint64_t id;
	size_t i, j;

	for (i = 0; i < all.gl_pathc; i++) {
		name = strrchr(all.gl_pathv[i], '/') + 1;
		if (!number(text("%s/device", all.gl_pathv[i]), 16, &id) ||
		    (id != VIRTIO_MEM && id != VIRTIO_PMEM))
			continue;
		for (j = 0; j < m.sets[PLUG].nr; j++)
			if (!strcmp(m.sets[PLUG].at[j].from, text("%s in /proc/iomem", name)))
				break;
		if (j == m.sets[PLUG].nr && (id == VIRTIO_MEM || !exists("sys/bus/nd/devices/*")))
			unseen(text("the address of %s", name));
	}
}

/* Others that can plug memory, at addresses that are not shown anywhere. */
static void hidden_memory(void)
{
	struct buffer type;

	if (!exists("sys/bus/platform"))
		unseen("devices in sysfs");
	virtio_devices();
	if (m.balloon && !m.hotplug.nr)
		unseen("where Hyper-V plugs memory (SRAT has no hot-pluggable range)");
	if (exists("sys/firmware/acpi/tables/NFIT") && !exists("sys/bus/nd/devices/*"))
		unseen("the addresses of the NVDIMMs in NFIT");
	if (exists("sys/devices/system/memory/probe"))
		unseen("what may be written to /sys/devices/system/memory/probe");
	if (exists("sys/bus/acpi/devices/PNP0C80:*") && !m.hotplug.nr)
		unseen("where ACPI plugs memory (it has memory devices, but SRAT has no hot-pluggable range)");
	if (get("sys/hypervisor/type", &type) && !strncmp((char *)type.data, "xen", 3))
		unseen("where Xen plugs memory");
}

static void hardware(struct kernel *k, const char *cmdline)
{
	static const char *const switches[] = { "no", "yes", "not known" };
	struct buffer file;

	cpu(cmdline);
	/* KASAN disables KASLR of the memory regions. */
	m.kaslr = k->randomized;
	if (word(cmdline, "nokaslr") || k->kasan == YES)
		m.kaslr = NO;
	else if (m.kaslr == YES && k->kasan == UNKNOWN)
		m.kaslr = UNKNOWN;
	iomem();
	acpi_table("SRAT", 48, true);
	acpi_table("CEDT", 36, false);
	m.balloon = exists("sys/bus/vmbus/drivers/hv_balloon");
	boot_memory(m.blocks ? memory_blocks() : 0);
	hidden_memory();
	bus_devices();
	m.memmap_on_memory = UNKNOWN;
	if (get("sys/module/memory_hotplug/parameters/memmap_on_memory", &file))
		m.memmap_on_memory = file.data[0] != 'N' && file.data[0] != '0';

	note(k, "levels of page tables in use: %s; physical addresses: %s; KASLR of the memory regions: %s",
	     m.levels ? text("%d", m.levels) : "not known",
	     m.phys_bits ? text("%u bits", m.phys_bits) : "not known", switches[m.kaslr]);
	note(k, "memory ends at %s; memory_hotplug.memmap_on_memory: %s",
	     m.sets[POSSIBLE].nr ? text("%.2f TiB", end_of(&m.sets[POSSIBLE])) : "an unknown address",
	     switches[m.memmap_on_memory]);
	note(k, "memory that can be plugged: %s%s%s", list(&m.sets[PLUG]),
	     m.buses ? "; memory devices: " : "", m.buses ? m.buses : "");
	if (m.sets[PCI].nr)
		note(k, "PCI memory, for which a driver may create struct pages: up to %.2f TiB",
		     end_of(&m.sets[PCI]));
	if (m.levels == 5 && m.kaslr != NO)
		note(k, "not covered: with 5 levels and KASLR the struct pages of a device at the highest addresses can wrap around the end of their area, which crashes sync_global_pgds() (amdgpu, April 2025); nokaslr avoids it");
	if (m.unseen)
		note(k, "%smissing: %s", *m.root ? "" : "not readable without root, or ", m.unseen);
}

static bool in_shadow(int crash)
{
	return crash == SHADOW || crash == ZEROSHADOW;
}

/* The end of the physical addresses that Linux can use. */
static uint64_t end_of_direct_map(void)
{
	return m.levels == 5 ? 4096 * TiB : 64 * TiB;
}

/*
 * The area of struct pages, or KASAN's shadow of the direct map. A top-level entry covers
 * 512 GiB of it, with 5 levels 256 TiB. Without KASLR the struct pages start at the
 * beginning of an entry; the shadow does not.
 */
static struct area area_of(const struct kernel *k, int crash)
{
	bool five = m.levels == 5;
	struct area area = { .entry = five ? 256 << 10 : 512, .positions = 1 };

	if (in_shadow(crash)) {
		area.bytes = 1;
		area.per = 8;
		area.offset = five ? 28 * TiB : TiB / 16;
	} else {
		area.bytes = k->page_size ? k->page_size : 64;
		area.per = 4096;
		if (m.kaslr != NO)
			area.positions = area.entry;
	}
	return area;
}

/* What fills entries at boot: memory, and KASAN itself outside of the direct map. */
static struct ranges filled(int crash, int set)
{
	struct ranges boot = { 0 };
	uint64_t end = end_of_direct_map();
	size_t i;

	for (i = 0; i < m.sets[set].nr; i++)
		add_range(&boot, m.sets[set].at[i].start, m.sets[set].at[i].end, NULL);
	if (in_shadow(crash)) {
		add_range(&boot, 0, 4096, NULL);
		add_range(&boot, end - 1, end, NULL);
	}
	return boot;
}

static const char *at_positions(const struct area *area, const char *how)
{
	return area->positions == 1 ? "" :
	       text(", at %s of the %u KASLR offsets within an entry", how, area->positions);
}

/* What the ranges of @set decide. */
static struct meets of_set(const struct area *area, int set, const struct ranges *sure,
			   const struct ranges *possible)
{
	struct meets meets = { NO, NULL };
	const char *range, *why;
	unsigned int nr;
	struct range r;
	size_t i;

	for (i = 0; i < m.sets[set].nr; i++) {
		r = m.sets[set].at[i];
		range = text("%s %s", set == PCI ? "a driver may create struct pages for the PCI memory at" :
			     "memory can be plugged at", where(&r));
		if (r.end > end_of_direct_map())
			r.end = end_of_direct_map();
		if (r.start >= r.end)
			continue;
		nr = new_entries(area, &r, possible);
		if (nr && (set == PCI || m.kaslr != UNKNOWN || nr == area->positions)) {
			m.trigger = set == PLUG ? where(&m.sets[set].at[i]) : NULL;
			return (struct meets){ set == PLUG ? YES : UNKNOWN,
				text("%s, which needs a top-level entry that boot memory has not filled%s",
				     range, at_positions(area, text("%u", nr))) };
		}
		if (nr)
			why = "which needs a new top-level entry if KASLR is on, and it is not known whether it is";
		else if (new_entries(area, &r, sure))
			why = "and it is not known whether memory there was present at boot or plugged later";
		else
			continue;
		if (!meets.reason)
			meets = (struct meets){ UNKNOWN, text("%s, %s", range, why) };
	}
	return meets;
}

/*
 * Can the machine meet the crash? It happens if a range needs a top-level entry that boot
 * memory did not fill. The answer is "no" only if all possible ranges were checked.
 */
static struct meets meets_crash(const struct kernel *k, int crash)
{
	struct area area = area_of(k, crash);
	struct ranges sure = filled(crash, SURE), possible = filled(crash, POSSIBLE);
	struct range all = { 0, m.phys_bits ? 1ULL << m.phys_bits : 0, NULL }, top;
	struct meets meets;

	if (!m.levels)
		return (struct meets){ UNKNOWN, "the number of page-table levels is not known" };
	if (all.end > end_of_direct_map())
		all.end = end_of_direct_map();
	if (all.end && sure.nr && !new_entries(&area, &all, &sure))
		return (struct meets){ NO,
			text("boot memory has filled all top-level entries that %u bits of physical addresses can need",
			     m.phys_bits) };
	if (!possible.nr)
		return (struct meets){ UNKNOWN, "the location of boot memory is not known" };
	/* Device-private memory is allocated from the top. It has no direct map and no shadow. */
	top = (struct range){ all.end - (128 << 20), all.end, NULL };
	if (crash == SUBPMD && k->zone_device != NO && all.end &&
	    new_entries(&area, &top, &possible))
		return (struct meets){ YES,
			text("device-private memory, as of a GPU, takes the highest addresses, up to %.2f TiB",
			     (double)all.end / TiB) };
	meets = of_set(&area, PLUG, &sure, &possible);
	/* Only device-dax has compound pages, and PCI memory is not onlined. */
	if (!meets.reason && (crash == SUBPMD || crash == ZEROSHADOW) && k->zone_device != NO)
		meets = of_set(&area, PCI, &sure, &possible);
	if (meets.reason)
		return meets;
	if (m.unseen)
		return (struct meets){ UNKNOWN,
			text("not seen: %s%s", m.unseen,
			     *m.root || !geteuid() ? "" : ": run this as root") };
	return (struct meets){ NO,
		text("boot memory has filled the top-level entries that all other memory needs, according to the firmware tables and the devices%s",
		     at_positions(&area, "each")) };
}

/* Returns the memory that triggers the crash, if it is known. */
const char *machine_meets(const struct kernel *k, int crash, struct meets *meets)
{
	m.trigger = NULL;
	*meets = meets_crash(k, crash);
	return m.trigger;
}

/* Has /proc/kallsyms the symbol @name of the kernel itself? */
static bool has_name(const void *from, const char *name)
{
	const char *names = from, *at = names;
	size_t size = strlen(name);

	/* "address type name", with a tab behind it if it is a module's. */
	for (; (at = strstr(at, name)); at += size)
		if (at >= names + 3 && at[-1] == ' ' && at[-3] == ' ' && strchr("\n.", at[size]))
			return true;
	return false;
}

/* What the names in /proc/kallsyms show, without the code. */
static void by_names(struct kernel *k, const char *names)
{
	const char *image = k->evidence ? k->evidence : "no readable image of this kernel was found";

	judge_names(k, has_name, names);
	k->x86_64 = has_name(names, "x86_64_start_kernel");
	if (k->x86_64 == NO) {
		k->state = FOREIGN;
		k->evidence = "/proc/kallsyms has no x86_64_start_kernel()";
	} else if (k->hook == NO) {
		k->state = UNFIXED;
		k->zero_shadow = NO;
		k->evidence = HOOK "() is not there, by the names in /proc/kallsyms";
	} else {
		k->evidence = text("%s() is there, by the names in /proc/kallsyms; only the code shows whether it is called: %s",
				   HOOK, image);
	}
}

/* Read the configuration from where distributions put it. */
static void running_config(struct kernel *k, const char *release)
{
	const char *const places[] = {
		text("boot/config-%s", release), text("usr/lib/modules/%s/config", release),
		text("lib/modules/%s/config", release), "proc/config.gz",
		text("usr/lib/ostree-boot/config-%s", release),
		text("lib/modules/%s/build/.config", release),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places) && !k->configured; i++)
		attempt(k, find_config, text("%s/%s", m.root, places[i]), NULL);
	if (!k->configured)
		unseen("the kernel configuration");
}

/* The version of the kernel that runs or, in the files of a sosreport, that ran. */
static const char *running_version(void)
{
	static const char *const places[] = { "proc/version", "sos_commands/kernel/dmesg" };
	struct buffer file;
	char *at;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		at = get(places[i], &file) ? strstr((char *)file.data, "Linux version ") : NULL;
		if (at)
			return strtok(at + 14, "\n");
	}
	/* "Linux HOST RELEASE VERSION" */
	at = get("sos_commands/kernel/uname_-a", &file) ? strchr((char *)file.data, ' ') : NULL;
	at = at ? strchr(at + 1, ' ') : NULL;
	return at ? strtok(at + 1, "\n") : NULL;
}

/*
 * @image is the kernel of the machine, or NULL to look for it. False if @root, unlike ""
 * for this machine, is only a file system.
 */
bool look_at_machine(struct kernel *k, const char *root, const char *image, const char *map)
{
	const char *cmdline = "", *names = NULL;
	struct buffer file;
	char *release;

	m.root = root;
	k->version = running_version();
	if (!k->version && *root)
		return false;
	if (!k->version)
		die("/proc/version: cannot be read, or is not of Linux: mount /proc");
	release = text("%.*s", (int)strcspn(k->version, " /"), k->version);
	if (get("proc/cmdline", &file))
		cmdline = (char *)file.data;
	else
		unseen("/proc/cmdline");

	if (get("proc/kallsyms", &file) && has_name(file.data, "start_kernel"))
		names = (char *)file.data;
	if (image && !look_at_image(k, image, map, NULL))
		die("%s", k->notes[k->nr_notes - 1]);
	if (!image && (!names || has_name(names, "x86_64_start_kernel")))
		running_image(k, root, release, cmdline);
	if (names && k->hook == UNKNOWN)
		by_names(k, names);
	else if (!k->evidence && *root)
		k->evidence = text("the kernel image is missing: copy /boot/vmlinuz-%s of the machine to %s/boot/, or name a copy with VMLINUX=",
				   release, root);
	else if (!k->evidence)
		k->evidence = "no readable image of this kernel was found, and no /proc/kallsyms";
	if (k->state != FOREIGN)
		running_config(k, release);
	hardware(k, cmdline);
	return true;
}
