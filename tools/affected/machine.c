// SPDX-License-Identifier: GPL-2.0
/*
 * The machine this runs on: its kernel, and whether its memory can get to where
 * the crashes are.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "affected.h"

static struct {
	const char *root;
	int levels;			/* of page tables in use, 0 if not known */
	unsigned int phys_bits;
	enum tri kaslr;
	struct ranges sets[NR_SETS];	/* of memory */
	struct ranges hotplug;		/* of SRAT, what memory may be plugged into */
	bool blocks;			/* memory is known by its blocks, of any origin */
	bool balloon;			/* Hyper-V can plug memory, under the name of other RAM */
	const char *unseen;		/* what needs root, or is not there */
	const char *buses;		/* that have memory which may be plugged */
	enum tri memmap_on_memory;
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
	add_range(&m.sets[PLUG], start, start + size < start ? UINT64_MAX : start + size, from);
}

#define SRAT_ENABLED		1
#define SRAT_HOT_PLUGGABLE	2
#define SRAT_NON_VOLATILE	4

static uint64_t le(const unsigned char *p, int size)
{
	uint64_t value = 0;

	while (size--)
		value = value << 8 | p[size];
	return value;
}

/* SRAT: enabled ranges of memory that are hot-pluggable or persistent. */
static void srat_entry(const unsigned char *e, size_t size)
{
	uint64_t start, length, flags;

	if (e[0] != 1)
		return;
	if (size < 40) {
		unseen("a range of SRAT, which is cut");
		return;
	}
	start = le(e + 8, 8);
	length = le(e + 16, 8);
	flags = le(e + 28, 4);
	if (!(flags & SRAT_ENABLED))
		return;
	if (length > UINT64_MAX - start)
		length = UINT64_MAX - start;
	if (flags & (SRAT_HOT_PLUGGABLE | SRAT_NON_VOLATILE))
		can_plug(start, length, "SRAT");
	if (flags & SRAT_HOT_PLUGGABLE)
		add_range(&m.hotplug, start, start + length, "SRAT");
}

/* CEDT: the windows that CXL memory is mapped into. */
static void cedt_entry(const unsigned char *e, size_t size)
{
	if (e[0] == 1 && size < 24)
		unseen("a window of CEDT, which is cut");
	else if (e[0] == 1)
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
	for (at = header; at + 4 <= table.size; at += size) {
		size = wide ? le(table.data + at + 2, 2) : table.data[at + 1];
		if (size < 4 || size > table.size - at)
			break;
		each(table.data + at, size);
	}
	if (table.size < header || at != table.size || le(table.data + 4, 4) > table.size)
		unseen(text("the rest of %s, which is damaged", name));
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
	errno = 0;
	if (!number(text("%s/size", at), 0, &size)) {
		if (errno && errno != ENOENT)
			unseen(text("the size of %s", entry));
		return;
	}
	if (number(text("%s/resource", at), 0, &start) || number(text("%s/start", at), 0, &start))
		can_plug(start, size, text("%s", entry));
	else
		unseen(text("the address of %s", entry));
}

/*
 * Memory that devices have set aside, by the names that drivers give it in
 * /proc/iomem, a digit standing for any number.
 */
static const char *const set_aside[] = {
	"Persistent Memory", "Soft Reserved", "CXL Window", "region0", "namespace0.0",
	"dax0.0", "virtio0", "System RAM (",
};

/* Is @name named as @pattern, in which "0" is any number? */
static bool is_named(const char *name, const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern != '0' && *name++ != *pattern)
			return false;
		if (*pattern == '0' && !isdigit(*name))
			return false;
		if (*pattern == '0')
			name += strspn(name, "0123456789");
	}
	return true;
}

/* A window to a bus, or a device: "PCI Bus 0000:17", "0000:18:00.0". */
static bool is_pci(const char *name)
{
	unsigned int domain, bus, device, function;

	return !strncmp(name, "PCI Bus ", 8) ||
	       sscanf(name, "%x:%2x:%2x.%1x", &domain, &bus, &device, &function) == 4;
}

/* memremap_pages() takes whole 2 MiB. */
#define SMALLEST	(2ULL << 20)

/* What drivers have plugged is below their device, and once had the name of other RAM. */
static const char *const plugging[] = { "dax0.0", "namespace0.0", "virtio0" };

static bool is_any(const char *name, const char *const *patterns, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (is_named(name, patterns[i]))
			return true;
	return false;
}

/* Both ends are in what the line says. Lines are indented below what they are a part of. */
static void iomem_line(char *line)
{
	static size_t driver = SIZE_MAX;	/* the indentation of a driver's device */
	size_t indent = strspn(line, " ");
	char *name = strstr(line, " : ");
	uint64_t start, end;

	/* Others than root are shown zeros. */
	if (!name || sscanf(line, "%lx-%lx", &start, &end) != 2 || !end || end < start ||
	    end == UINT64_MAX)
		return;
	name += 3;
	end++;
	if (indent <= driver)
		driver = SIZE_MAX;
	/* Drivers that plug memory put their own name behind it. */
	if (!strcmp(name, "System RAM") && driver == SIZE_MAX)
		add_range(&m.sets[POSSIBLE], start, end, "System RAM in /proc/iomem");
	if (is_any(name, set_aside, sizeof(set_aside) / sizeof(set_aside[0])))
		can_plug(start, end - start, text("%s in /proc/iomem", name));
	if (driver == SIZE_MAX && is_any(name, plugging, sizeof(plugging) / sizeof(plugging[0])))
		driver = indent;
	if (is_pci(name) && end - start >= SMALLEST)
		add_range(&m.sets[PCI], start, end, text("%s in /proc/iomem", name));
}

static uint64_t block_size;

static void memory_entry(const char *dir, const char *entry)
{
	uint64_t nr;
	char *end;

	(void)dir;
	if (strncmp(entry, "memory", 6) || !isdigit(entry[6]))
		return;
	nr = strtoull(entry + 6, &end, 10);
	if (!*end && nr < UINT64_MAX / block_size - 1)
		add_range(&m.sets[POSSIBLE], nr * block_size, (nr + 1) * block_size,
			  "a memory block in sysfs");
}

/* What the firmware has told, in the order of its numbers. */
#define MAX_ENTRIES 4096

static struct {
	uint64_t start, end;
	bool ram;
} firmware[MAX_ENTRIES];
static unsigned int nr_firmware;

static void firmware_entry(const char *dir, const char *entry)
{
	unsigned int nr = strtoul(entry, NULL, 10);
	struct buffer type;

	if (!isdigit(entry[0]) || nr >= MAX_ENTRIES ||
	    !get(text("%s/%s/type", dir, entry), &type))
		return;
	if (!number(text("%s/%s/start", dir, entry), 16, &firmware[nr].start) ||
	    !number(text("%s/%s/end", dir, entry), 16, &firmware[nr].end))
		return;
	firmware[nr].end++;
	firmware[nr].ram = !strncmp((char *)type.data, "System RAM", 10);
	/* Linux may keep such memory out of /proc/iomem. */
	if (!strncmp((char *)type.data, "Soft Reserved", 13) ||
	    !strncmp((char *)type.data, "Persistent Memory", 17))
		add_range(&m.sets[PLUG], firmware[nr].start, firmware[nr].end,
			  text("%.*s of the firmware", (int)strcspn((char *)type.data, "\n"),
			       (char *)type.data));
	if (nr >= nr_firmware)
		nr_firmware = nr + 1;
}

/*
 * Which memory was present at boot? /sys/firmware/memmap lists what the firmware
 * reported at boot and, with higher numbers, what ACPI plugged later. RAM after the last
 * entry that is not RAM may be either, if SRAT calls it hot-pluggable.
 */
static void boot_memory(void)
{
	struct ranges told = { 0 };
	unsigned int i, last = 0;
	struct range r;
	size_t j;

	entries("sys/firmware/memmap", firmware_entry);
	for (i = 0; i < nr_firmware; i++)
		if (!firmware[i].ram)
			last = i;
	for (i = 0; i < nr_firmware; i++) {
		r = (struct range){ firmware[i].start, firmware[i].end, "System RAM" };
		if (firmware[i].ram && (i < last || (!m.balloon && !covers(&m.hotplug, &r))))
			add_range(&told, r.start, r.end, r.from);
	}
	if (m.blocks) {
		add_range(&m.sets[SURE], 0, block_size, "the first memory block");
		return;
	}
	for (j = 0; j < m.sets[POSSIBLE].nr; j++) {
		r = m.sets[POSSIBLE].at[j];
		if (nr_firmware || (!m.balloon && !covers(&m.hotplug, &r)))
			add_range(&m.sets[SURE], r.start, r.end, r.from);
	}
	if (nr_firmware)
		common_ranges(&m.sets[SURE], &told);
}

/* Where memory is: /proc/iomem says it to root, the blocks to everybody. */
static void memory(void)
{
	struct buffer iomem;
	char *line, *save;

	if (get("proc/iomem", &iomem)) {
		for (line = strtok_r((char *)iomem.data, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			iomem_line(line);
		free(iomem.data);
	}
	if (m.sets[POSSIBLE].nr)
		return;
	unseen("addresses in /proc/iomem");
	m.blocks = true;
	if (number("sys/devices/system/memory/block_size_bytes", 16, &block_size) && block_size)
		entries("sys/devices/system/memory", memory_entry);
}

/* A word of a line of words. */
bool word(const char *line, const char *what)
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

static uint64_t end_of(const struct ranges *set)
{
	uint64_t end = 0;
	size_t i;

	for (i = 0; i < set->nr; i++)
		if (set->at[i].end > end)
			end = set->at[i].end;
	return end;
}

static const char *where(const struct range *r)
{
	uint64_t size = r->end - r->start;

	return text("%.2f TiB, %.*f %s (%s)", (double)r->start / TiB, size < TiB ? 0 : 2,
		    (double)size / (size < TiB ? TiB >> 10 : TiB), size < TiB ? "GiB" : "TiB", r->from);
}

static bool twice(const struct ranges *set, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (set->at[j].start <= set->at[i].start && set->at[i].end <= set->at[j].end)
			return true;
	return false;
}

#define MAX_SHOWN 12

/* The ranges of @set, without those that others have in them. */
static const char *list(const struct ranges *set)
{
	const char *all = "";
	size_t i, shown = 0;

	for (i = 0; i < set->nr && shown < MAX_SHOWN; i++)
		if (!twice(set, i))
			all = text("%s%s%s", all, shown++ ? "; " : "", where(&set->at[i]));
	if (i < set->nr)
		all = text("%s; and more", all);
	return *all ? text("at %s", all) : "none found";
}

static bool is_there(const char *name)
{
	char *path = text("%s/%s", m.root, name);
	bool there = !access(path, F_OK);

	free(path);
	return there;
}

static bool acpi_memory;

static void acpi_entry(const char *dir, const char *entry)
{
	(void)dir;
	acpi_memory |= !strncmp(entry, "PNP0C80:", 8);
}

#define VIRTIO_MEM	24
#define VIRTIO_PMEM	27

/* A device of virtio shows its memory when its driver is there. */
static void virtio_entry(const char *dir, const char *entry)
{
	uint64_t id;
	size_t i, size = strlen(entry);

	if (!number(text("%s/%s/device", dir, entry), 16, &id) ||
	    (id != VIRTIO_MEM && id != VIRTIO_PMEM))
		return;
	for (i = 0; i < m.sets[PLUG].nr; i++)
		if (!strncmp(m.sets[PLUG].at[i].from, entry, size) && m.sets[PLUG].at[i].from[size] == ' ')
			return;
	if (id == VIRTIO_MEM || entries("sys/bus/nd/devices", NULL) <= 0)
		unseen(text("the address of %s", entry));
}

/* Who else may plug memory, at addresses that are told nowhere? */
static void others(void)
{
	struct buffer type;

	entries("sys/bus/virtio/devices", virtio_entry);
	if (m.balloon && !m.hotplug.nr)
		unseen("where Hyper-V plugs memory (SRAT has no hot-pluggable range)");
	if (is_there("sys/firmware/acpi/tables/NFIT") && entries("sys/bus/nd/devices", NULL) <= 0)
		unseen("the addresses of the NVDIMMs that NFIT has");
	if (is_there("sys/devices/system/memory/probe"))
		unseen("what may be written to /sys/devices/system/memory/probe");

	entries("sys/bus/acpi/devices", acpi_entry);
	if (acpi_memory && !m.hotplug.nr)
		unseen("where ACPI plugs memory (it has memory devices, but SRAT has no hot-pluggable range)");
	if (get("sys/hypervisor/type", &type) && !strncmp((char *)type.data, "xen", 3))
		unseen("where Xen plugs memory");
}

static void hardware(struct kernel *k, const char *cmdline)
{
	struct buffer file;

	cpu(cmdline);
	/* With KASAN the regions of memory stay where they are. */
	m.kaslr = k->randomized;
	if (word(cmdline, "nokaslr") || k->kasan == YES)
		m.kaslr = NO;
	else if (m.kaslr == YES && k->kasan == UNKNOWN)
		m.kaslr = UNKNOWN;
	memory();
	acpi_table("SRAT", 48, 0, srat_entry);
	acpi_table("CEDT", 36, 1, cedt_entry);
	m.balloon = is_there("sys/bus/vmbus/drivers/hv_balloon");
	boot_memory();
	others();
	entries("sys/bus/nd/devices", bus_entry);
	entries("sys/bus/dax/devices", bus_entry);
	entries("sys/bus/cxl/devices", bus_entry);
	m.memmap_on_memory = UNKNOWN;
	if (get("sys/module/memory_hotplug/parameters/memmap_on_memory", &file))
		m.memmap_on_memory = file.data[0] != 'N' && file.data[0] != '0';

	note(k, "levels of page tables in use: %s; physical addresses: %s; KASLR of the memory regions: %s",
	     m.levels ? text("%d", m.levels) : "not known",
	     m.phys_bits ? text("%u bits", m.phys_bits) : "not known", m.kaslr == UNKNOWN ? "not known" : m.kaslr ? "yes" : "no");
	note(k, "memory ends at %s; memory_hotplug.memmap_on_memory: %s",
	     m.sets[POSSIBLE].nr ? text("%.2f TiB", (double)end_of(&m.sets[POSSIBLE]) / TiB) :
	     "an unknown address",
	     m.memmap_on_memory == YES ? "on" : m.memmap_on_memory == NO ? "off" : "not known");
	note(k, "memory that can be plugged: %s%s%s", list(&m.sets[PLUG]),
	     m.buses ? "; memory devices: " : "", m.buses ? m.buses : "");
	if (m.sets[PCI].nr)
		note(k, "PCI memory, for which a driver may create struct pages: up to %.2f TiB",
		     (double)end_of(&m.sets[PCI]) / TiB);
	if (m.levels == 5 && m.kaslr != NO)
		note(k, "not covered: with 5 levels and KASLR the struct pages of a device at the highest addresses can wrap around the end of their area, which crashes sync_global_pgds() (amdgpu, April 2025); nokaslr avoids it");
	if (m.unseen)
		note(k, "not readable without root, or missing: %s", m.unseen);
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

	if (crash == SHADOW || crash == ZEROSHADOW) {
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

/*
 * What fills entries at boot: memory, and for the shadow KASAN itself, from the end of
 * the direct map on.
 */
static struct ranges filled(int crash, int how)
{
	struct ranges boot = { 0 };
	size_t i;

	for (i = 0; i < m.sets[how].nr; i++)
		add_range(&boot, m.sets[how].at[i].start, m.sets[how].at[i].end, NULL);
	if (crash != SHADOW && crash != ZEROSHADOW)
		return boot;
	add_range(&boot, 0, 4096, NULL);
	if (m.levels == 5)
		add_range(&boot, 4096 * TiB - 1, 4096 * TiB, NULL);
	else
		add_range(&boot, 64 * TiB - 1, 64 * TiB, NULL);
	return boot;
}

/* Cut to what Linux can use of the addresses; false if nothing is left. */
static bool usable(struct range *range)
{
	uint64_t end = m.levels == 5 ? 4096 * TiB : 64 * TiB;

	if (range->end > end)
		range->end = end;
	return range->start < range->end;
}

static const char *in_positions(const struct area *area, unsigned int nr)
{
	return area->positions == 1 ? "" :
		text(", at %u of the %u KASLR offsets within an entry", nr, area->positions);
}

/* What of the ranges of @set decides, and how. */
static struct meets of_set(const struct area *area, int set, const struct ranges *sure,
			   const struct ranges *possible)
{
	const struct ranges *ranges = &m.sets[set];
	struct meets meets = { NO, NULL };
	const char *can = set == PCI ? "a driver may create struct pages for the PCI memory at" :
				       "memory can be plugged at";
	unsigned int nr;
	struct range r;
	size_t i;

	for (i = 0; i < ranges->nr; i++) {
		r = ranges->at[i];
		if (!usable(&r))
			continue;
		nr = new_entries(area, &r, possible);
		if (nr && (set == PCI || m.kaslr != UNKNOWN || nr == area->positions))
			return (struct meets){ set == PLUG ? YES : UNKNOWN,
					       text("%s %s, which needs a top-level entry that boot memory has not filled%s",
						    can, where(&ranges->at[i]), in_positions(area, nr)) };
		if (meets.reason)
			continue;
		if (nr)
			meets = (struct meets){ UNKNOWN, text("%s %s, which needs a new top-level entry if KASLR is on, and it is not known whether it is",
							      can, where(&ranges->at[i])) };
		else if (new_entries(area, &r, sure))
			meets = (struct meets){ UNKNOWN, text("%s %s, and it is not known whether memory there was present at boot or plugged later",
							      can, where(&ranges->at[i])) };
	}
	return meets;
}

/*
 * Can the machine meet the crash? It happens if a range needs a top-level entry that boot
 * memory did not fill. The answer is "no" only if all possible ranges were checked.
 */
void machine_meets(const struct kernel *k, int crash, struct meets *meets)
{
	struct area area = area_of(k, crash);
	struct ranges sure = filled(crash, SURE), possible = filled(crash, POSSIBLE);
	struct range all = { 0, m.phys_bits ? 1ULL << m.phys_bits : 0, NULL }, top;
	struct meets pci = { NO, NULL };

	*meets = (struct meets){ UNKNOWN, NULL };
	if (!m.levels) {
		meets->reason = "the number of page-table levels is not known";
		return;
	}
	usable(&all);
	if (all.end && sure.nr && !new_entries(&area, &all, &sure)) {
		*meets = (struct meets){ NO, text("boot memory has filled all top-level entries that %u bits of physical addresses can need",
						  m.phys_bits) };
		return;
	}
	if (!possible.nr) {
		meets->reason = "the location of boot memory is not known";
		return;
	}
	/* Device-private memory is allocated from the top, and has neither direct map nor shadow. */
	top = (struct range){ all.end - (128 << 20), all.end, NULL };
	if (crash == SUBPMD && k->zone_device != NO && all.end && new_entries(&area, &top, &possible)) {
		*meets = (struct meets){ YES, text("device-private memory, as of a GPU, takes the highest addresses, up to %.2f TiB",
						   (double)all.end / TiB) };
		return;
	}
	*meets = of_set(&area, PLUG, &sure, &possible);
	if (meets->verdict == YES)
		return;
	/* Only device-dax has compound pages, and PCI memory is not onlined. */
	if ((crash == SUBPMD || crash == ZEROSHADOW) && k->zone_device != NO)
		pci = of_set(&area, PCI, &sure, &possible);
	if (!meets->reason && pci.reason)
		*meets = pci;
	if (meets->reason)
		return;
	if (m.unseen)
		*meets = (struct meets){ UNKNOWN, text("not seen: %s", m.unseen) };
	else
		*meets = (struct meets){ NO, text("boot memory has filled the top-level entries that all other memory needs, according to the firmware tables and the devices%s",
						  area.positions == 1 ? "" : text(", at each of the %u KASLR offsets within an entry", area.positions)) };
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

/* The names that /proc/kallsyms has, without the code. */
static void by_names(struct kernel *k)
{
	const char *image = k->evidence;

	judge_names(k, has_name, NULL);
	k->x86_64 = has_name(NULL, "x86_64_start_kernel");
	k->state = k->x86_64 == NO ? FOREIGN : k->hook == NO ? BEFORE : IN_DOUBT;
	k->zero_shadow = k->hook == NO ? NO : UNKNOWN;
	k->evidence = k->x86_64 == NO ? "by the names in /proc/kallsyms" :
		      text("arch_sync_kernel_mappings() is %sthere, by the names in /proc/kallsyms%s",
			   k->hook ? "" : "not ",
			   k->hook ? text("; only the code shows whether it is called: %s",
					  image ? image : "no readable image of this kernel was found") : "");
}

/* Where distributions leave the configuration. */
static void running_config(struct kernel *k, const char *release)
{
	const char *const places[] = {
		text("%s/boot/config-%s", m.root, release),
		text("%s/usr/lib/modules/%s/config", m.root, release),
		text("%s/lib/modules/%s/config", m.root, release),
		text("%s/proc/config.gz", m.root),
		text("%s/usr/lib/ostree-boot/config-%s", m.root, release),
		text("%s/lib/modules/%s/build/.config", m.root, release),
	};
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]) && !k->configured; i++)
		attempt(k, find_config, places[i], NULL);
	if (!k->configured)
		unseen("the kernel configuration");
}

void look_at_machine(struct kernel *k, const char *root)
{
	struct buffer file, kallsyms;
	const char *cmdline = "";
	bool have_names;
	char *release, *at;

	m.root = root;
	if (!get("proc/version", &file))
		die("%s/proc/version: %s", root, strerror(errno));
	at = (char *)file.data;
	if (strncmp(at, "Linux version ", 14))
		die("%s/proc/version: is not of Linux", root);
	k->version = text("%.*s", (int)strcspn(at + 14, "\n"), at + 14);
	release = text("%.*s", (int)strcspn(k->version, " /"), k->version);
	if (get("proc/cmdline", &file))
		cmdline = (char *)file.data;
	else
		unseen("/proc/cmdline");

	names = &kallsyms;
	have_names = get("proc/kallsyms", &kallsyms) && has_name(NULL, "start_kernel");
	if (!have_names || has_name(NULL, "x86_64_start_kernel"))
		running_image(k, root, release, cmdline);
	if (have_names && k->hook == UNKNOWN)
		by_names(k);
	else if (!k->evidence)
		k->evidence = "no readable image of this kernel was found, and no /proc/kallsyms";
	if (k->state != FOREIGN)
		running_config(k, release);
	hardware(k, cmdline);
}
