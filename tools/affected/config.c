// SPDX-License-Identifier: GPL-2.0
/*
 * What the .config of a kernel says.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "affected.h"

/* Does the configuration contain @lines? It begins and ends with a newline. */
static bool contains(const struct buffer *config, char *lines)
{
	bool found = memmem(config->data, config->size, lines, strlen(lines));

	free(lines);
	return found;
}

static bool option(const struct buffer *config, const char *name)
{
	return contains(config, text("\nCONFIG_%s=y\n", name));
}

/*
 * An option that a whole configuration does not name is not set. One that a part or
 * a defconfig does not name may have any value.
 */
static void fill(enum tri *fact, const struct buffer *config, const char *name, bool whole)
{
	if (*fact != UNKNOWN)
		return;
	if (option(config, name))
		*fact = YES;
	else if (whole || contains(config, text("\n# CONFIG_%s is not set\n", name)))
		*fact = NO;
}

/*
 * Remove blanks and CR at the ends of lines, which some editors and mailers add, and put
 * a newline before the first line and after the last.
 */
static void plain_lines(struct buffer *file)
{
	unsigned char *lines = need(malloc(file->size + 3)), *to = lines;
	size_t from;

	*to++ = '\n';
	for (from = 0; from <= file->size; from++) {
		if (from < file->size && file->data[from] != '\n') {
			*to++ = file->data[from];
			continue;
		}
		while (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r')
			to--;
		*to++ = '\n';
	}
	*to = '\0';
	free(file->data);
	file->data = lines;
	file->size = to - lines;
}

/* Does each "# end of MENU" have its "# MENU" before it, and are the main ones there? */
static bool is_whole(const struct buffer *config)
{
	static const char *const menus[] = {
		"General setup", "Processor type and features", "Memory Management options",
		"Device Drivers", "Kernel hacking",
	};
	const char *at = (const char *)config->data, *begin;
	size_t i;

	if (memchr(config->data, '\0', config->size))
		return false;
	for (i = 0; i < ARRAY_SIZE(menus); i++)
		if (!contains(config, text("\n# end of %s\n", menus[i])))
			return false;
	while ((at = strstr(at, "\n# end of "))) {
		at += 10;
		begin = strstr((const char *)config->data,
			       text("\n# %.*s\n", (int)strcspn(at, "\n"), at));
		if (!begin || begin > at)
			return false;
	}
	return true;
}

/* A configuration for another version belongs to another kernel. */
static void check_version(const struct kernel *k, const struct buffer *config, const char *name)
{
	const char *at = strstr((const char *)config->data, "\n# Linux/");
	int version, patchlevel, running, level;

	if (!at || !k->version || sscanf(at, "\n# Linux/%*s %4d.%4d", &version, &patchlevel) != 2 ||
	    sscanf(k->version, "%4d.%4d", &running, &level) != 2)
		return;
	if (version != running || patchlevel != level)
		die("%s: is the configuration of %d.%d", name, version, patchlevel);
}

/* A configuration is for one architecture. One that names none is not whole. */
static bool is_x86_64(const struct buffer *config, const char *name)
{
	static const char *const others[] = {
		"X86_32", "ALPHA", "ARC", "ARM", "ARM64", "CSKY", "HEXAGON", "IA64",
		"LOONGARCH", "M68K", "MICROBLAZE", "MIPS", "NIOS2", "OPENRISC", "PARISC",
		"PPC", "RISCV", "S390", "SUPERH", "SPARC", "UML", "XTENSA",
	};
	size_t i;

	if (option(config, "X86_64"))
		return true;
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (option(config, others[i]))
			return false;
	die("%s: is not a whole kernel configuration: it names no architecture", name);
}

/*
 * Fill in what the kernel itself does not show. struct page has 64 bytes, but 80 with
 * KMSAN, and had 56 with SLAB and without MEMCG.
 */
void read_config(struct kernel *k, struct buffer *config, const char *name)
{
	bool generated, whole;

	plain_lines(config);
	if (!memmem(config->data, config->size, "\nCONFIG_", 8))
		die("%s: is not a kernel configuration", name);
	check_version(k, config, name);
	/* Since v5.3 each menu of a generated configuration has an end. */
	generated = contains(config, text("# Automatically generated file; DO NOT EDIT."));
	whole = generated && is_whole(config);
	if (generated && !whole && contains(config, text("\n# end of ")))
		die("%s: is a part of a kernel configuration: the beginning or end of a menu is missing", name);
	if (k->x86_64 == UNKNOWN)
		k->x86_64 = is_x86_64(config, name);
	fill(&k->randomized, config, "RANDOMIZE_MEMORY", whole);
	fill(&k->kasan, config, "KASAN", whole);
	fill(&k->kmsan, config, "KMSAN", whole);
	fill(&k->hotplug, config, "MEMORY_HOTPLUG", whole);
	fill(&k->zone_device, config, "ZONE_DEVICE", whole);
	fill(&k->has_vmemmap, config, "SPARSEMEM_VMEMMAP", whole);
	if (k->kmsan == NO && option(config, "SLAB") && !option(config, "SLUB") &&
	    !option(config, "MEMCG") && !option(config, "HAVE_ALIGNED_STRUCT_PAGE"))
		k->page_size = 56;
	k->configured = true;
	note(k, "the configuration is read from %s%s", name,
	     whole ? "" : ", which is incomplete: options that it does not name are unknown");
}

bool find_config(struct kernel *k, const char *path)
{
	struct buffer config;

	if (!slurp(path, &config))
		return false;
	unpack(path, &config);
	read_config(k, &config, path);
	free(config.data);
	return true;
}

/* Try the places next to an image: of distributions, of builds, and of tools/kernel/build. */
void config_beside(struct kernel *k, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dash = strchr(base, '-');
	int dir = base - path;
	size_t i;
	const char *const places[] = {
		dash ? text("%.*sconfig%s", dir, path, dash) : "",
		strcmp(base, "bzImage") ? "" : text("%.*s../../../.config", dir, path),
		text("%.*s.config", dir, path), text("%.*sconfig", dir, path),
	};

	for (i = 0; i < ARRAY_SIZE(places) && !k->configured; i++)
		if (*places[i])
			attempt(k, find_config, places[i], NULL);
}
