// SPDX-License-Identifier: GPL-2.0
/*
 * What the sources of a kernel show of the fix, as tools/kernel/detect has it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "affected.h"

/* Replace comments by blanks: the fix is also talked about. */
static void blank_comments(char *c)
{
	const char *end;

	while ((c = strchr(c, '/'))) {
		if (c[1] == '*') {
			end = strstr(c + 2, "*/");
			end = end ? end + 2 : c + strlen(c);
		} else if (c[1] == '/') {
			end = c + strcspn(c, "\n");
		} else {
			c++;
			continue;
		}
		while (c < end)
			*c++ = ' ';
	}
}

/* A file of the tree, without comments, or NULL if there is none. */
static char *source(const char *dir, const char *name)
{
	char *path = text("%s/%s", dir, name);
	struct buffer file;
	bool good = slurp(path, &file);

	free(path);
	if (!good)
		return NULL;
	blank_comments((char *)file.data);
	return (char *)file.data;
}

static bool has(const char *dir, const char *name, const char *what)
{
	char *file = source(dir, name);
	bool found = file && strstr(file, what);

	free(file);
	return found;
}

/* The value of @name in the Makefile, cut to what a version may hold. */
static char *setting(const char *makefile, const char *name)
{
	char *line = text("\n%s =", name);
	const char *at = strstr(makefile, line);
	size_t skip = strlen(line);

	free(line);
	if (!at)
		return text("%s", "");
	at += skip + strspn(at + skip, " \t");
	return text("%.*s", (int)strspn(at, "0123456789abcdefghijklmnopqrstuvwxyz-+._"), at);
}

static const char *tree_version(const char *dir)
{
	char *path = text("%s/Makefile", dir), *v, *p, *s, *e;
	struct buffer makefile;

	if (!slurp(path, &makefile))
		return "";
	v = setting((char *)makefile.data, "VERSION");
	p = setting((char *)makefile.data, "PATCHLEVEL");
	s = setting((char *)makefile.data, "SUBLEVEL");
	e = setting((char *)makefile.data, "EXTRAVERSION");
	return *v && *p ? text("%s.%s.%s%s", v, p, *s ? s : "0", e) : "";
}

/*
 * After boot KASAN takes tables from pud_alloc(), which writes init_mm alone.
 * It is in step where it calls the hook itself, or adds every entry, these too,
 * through the helpers.
 */
static bool kasan_in_step(const char *dir)
{
	const char *file = "mm/kasan/init.c";

	return has(dir, file, "arch_sync_kernel_mappings(") ||
	       (has(dir, file, "p4d_populate_kernel(") && !has(dir, file, "pud_alloc(") &&
		!has(dir, file, "pud_alloc_track("));
}

/*
 * What is not in a file shall not be taken for a fact where a part of the file is not
 * there. Each of these has @anchor, and a last line that ends something.
 */
static void whole(const char *dir, const char *name, const char *anchor)
{
	char *path = text("%s/%s", dir, name), *last;
	struct buffer file;
	size_t size;

	if (!slurp(path, &file))
		die("%s: is no kernel source tree: it has no %s", dir, name);
	if (memchr(file.data, '\0', file.size))
		die("%s: is damaged: it has a NUL byte", path);
	blank_comments((char *)file.data);
	size = file.size;
	while (size && strchr(" \t\r\n", file.data[size - 1]))
		size--;
	file.data[size] = '\0';
	last = strrchr((char *)file.data, '\n');
	if (!strstr((char *)file.data, anchor) || !last || size == file.size ||
	    !(strchr("};)", file.data[size - 1]) || !strncmp(last + 1, "#endif", 6)))
		die("%s: is damaged, or a part of the file", path);
	free(file.data);
	free(path);
}

void look_at_tree(struct kernel *k, const char *dir)
{
	const char *vmemmap = "mm/sparse-vmemmap.c", *init = "arch/x86/mm/init_64.c";
	const char *hook = "arch_sync_kernel_mappings(";
	bool moved, old, helpers, used, kasan, mask, sync;
	char *config;

	whole(dir, vmemmap, "vmemmap_p4d_populate(");
	whole(dir, init, "vmemmap_populate(");
	whole(dir, "mm/kasan/init.c", "kasan_populate_early_shadow(");
	whole(dir, "arch/x86/include/asm/pgtable_64_types.h", "pgdir_shift");
	whole(dir, "include/linux/pgtable.h", "PGTBL_P4D_MODIFIED");
	whole(dir, "include/linux/vmalloc.h", "remap_vmalloc_range(");

	k->version = tree_version(dir);
	moved = has(dir, "include/linux/pgtable.h", hook);
	old = has(dir, "include/linux/vmalloc.h", hook);
	helpers = has(dir, "include/linux/pgalloc.h", "pgd_populate_kernel(");
	used = has(dir, vmemmap, "pgd_populate_kernel(") &&
	       has(dir, vmemmap, "p4d_populate_kernel(");
	kasan = has(dir, "mm/kasan/init.c", "pgd_populate_kernel(");
	mask = has(dir, "arch/x86/include/asm/pgtable_64_types.h",
		   "define ARCH_PAGE_TABLE_SYNC_MASK");
	sync = has(dir, init, "void arch_sync_kernel_mappings(");

	k->moved = moved;
	k->vmemmap = helpers && used;
	k->hook = mask && sync;
	k->zero_shadow = k->hook && kasan_in_step(dir);
	k->has_compound = has(dir, vmemmap, "vmemmap_populate_compound_pages(");
	k->has_subpmd = has(dir, init, "vmemmap_use_new_sub_pmd(");
	if (!moved && old && !helpers && !used && !kasan && !mask && !sync)
		k->state = BEFORE;
	else if (moved && !old && !helpers && !used && !kasan && mask && sync)
		k->state = HALF;
	else if (moved && !old && helpers && used && kasan && mask && sync)
		k->state = k->zero_shadow ? HARDENED : FIXED;
	k->evidence = text("declarations in linux/%s; helpers %s, in mm/sparse-vmemmap.c %s, mm/kasan/init.c %s%s; x86 mask %s, hook %s",
			   moved && old ? "pgtable.h and linux/vmalloc.h" :
			   moved ? "pgtable.h" : old ? "vmalloc.h" : "neither",
			   helpers ? "yes" : "no", used ? "yes" : "no",
			   kasan ? "yes" : "no",
			   k->zero_shadow ? ", which synchronizes what it allocates too" : "",
			   mask ? "yes" : "no", sync ? "yes" : "no");

	config = text("%s/.config", dir);
	if (find_config(k, config)) {
		k->state = k->x86_64 == NO ? FOREIGN : k->state;
	} else {
		k->x86_64 = YES;
		note(k, "no .config here: what depends on an option is said with \"if\"");
	}
}
