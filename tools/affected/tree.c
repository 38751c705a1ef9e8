// SPDX-License-Identifier: GPL-2.0
/*
 * What the sources of a kernel contain of the fix. tools/kernel/detect prints the state
 * that this file finds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "affected.h"

enum { VMEMMAP, KASAN, PERCPU, INIT_64, TYPES_64, PGTABLE_H, VMALLOC_H, PGALLOC_H, NR_FILES };

/* Old trees lack the files without an anchor, a string that each version of a file has. */
static struct {
	const char *name, *anchor;
	char *text;
} files[NR_FILES] = {
	[VMEMMAP] = { "mm/sparse-vmemmap.c", "vmemmap_p4d_populate(" },
	[KASAN] = { "mm/kasan/init.c", "kasan_populate_early_shadow(" },
	[PERCPU] = { "mm/percpu.c" },
	[INIT_64] = { "arch/x86/mm/init_64.c", "vmemmap_populate(" },
	[TYPES_64] = { "arch/x86/include/asm/pgtable_64_types.h", "pgdir_shift" },
	[PGTABLE_H] = { "include/linux/pgtable.h", "PGTBL_P4D_MODIFIED" },
	[VMALLOC_H] = { "include/linux/vmalloc.h", "remap_vmalloc_range(" },
	[PGALLOC_H] = { "include/linux/pgalloc.h" },
};

enum { MOVED, OLD, HELPERS, VMEMMAP_PGD, VMEMMAP_P4D, KASAN_PGD, KASAN_P4D, MASK, SYNC, NR_FACTS };

/* @has: is @code in the file of an unfixed, a partially fixed, and a fixed tree? */
static const struct {
	int file;
	const char *code, *has, *label;
} facts[NR_FACTS] = {
	[MOVED] = { PGTABLE_H, HOOK "(", "nyy", "declaration in linux/pgtable.h" },
	[OLD] = { VMALLOC_H, HOOK "(", "ynn", "declaration in linux/vmalloc.h" },
	[HELPERS] = { PGALLOC_H, "pgd_populate_kernel(", "nny", "helpers" },
	[VMEMMAP_PGD] = { VMEMMAP, "pgd_populate_kernel(", "nny", "PGD helper in the vmemmap" },
	[VMEMMAP_P4D] = { VMEMMAP, "p4d_populate_kernel(", "nny", "P4D helper in the vmemmap" },
	[KASAN_PGD] = { KASAN, "pgd_populate_kernel(", "nny", "PGD helper in KASAN" },
	[KASAN_P4D] = { KASAN, "p4d_populate_kernel(", "nny", "P4D helper in KASAN" },
	[MASK] = { TYPES_64, "define ARCH_PAGE_TABLE_SYNC_MASK", "nyy", "x86 mask" },
	[SYNC] = { INIT_64, "void " HOOK "(", "nyy", "x86 hook" },
};

/*
 * Replace comments by blanks, because they mention the fix. Keep the line numbers. In a
 * file of which only parts are there, with empty lines between them, a comment may have
 * lost its end.
 */
static void blank_comments(char *c, bool whole)
{
	const char *end, *gap;

	while ((c = strchr(c, '/'))) {
		if (c[1] == '*') {
			end = strstr(c + 2, "*/");
			end = end ? end + 2 : c + strlen(c);
			gap = whole ? NULL : strstr(c, "\n\n");
			end = gap && gap < end ? gap : end;
		} else if (c[1] == '/') {
			end = c + strcspn(c, "\n");
		} else {
			c++;
			continue;
		}
		for (; c < end; c++)
			if (*c != '\n')
				*c = ' ';
	}
}

static bool has(int file, const char *code)
{
	return files[file].text && strstr(files[file].text, code);
}

/*
 * A part of a file proves nothing about code that is not in it. A whole one has its
 * anchor, and a last line that ends something.
 */
static void check_whole(const char *dir, int file)
{
	const char *name = files[file].name, *code = files[file].text, *last;
	size_t size;

	if (!code)
		die("%s: is no kernel source tree: it has no %s", dir, name);
	for (size = strlen(code); size && strchr(" \t\r\n", code[size - 1]); size--)
		;
	for (last = code + size; last > code && last[-1] != '\n'; last--)
		;
	if (!strstr(code, files[file].anchor) || last == code || !code[size] ||
	    !(strchr("};)", code[size - 1]) || !strncmp(last, "#endif", 6)))
		die("%s/%s: is damaged, or a part of the file", dir, name);
}

static void load_files(const char *dir, bool whole)
{
	struct buffer file;
	char *path;
	int i;

	for (i = 0; i < NR_FILES; i++) {
		path = text("%s/%s", dir, files[i].name);
		if (slurp(path, &file)) {
			if (whole && memchr(file.data, '\0', file.size))
				die("%s: is damaged: it has a NUL byte", path);
			files[i].text = (char *)file.data;
			blank_comments(files[i].text, whole);
		}
		free(path);
		if (whole && files[i].anchor)
			check_whole(dir, i);
	}
}

/* The value of @name in the Makefile, cut to what a version may contain. */
static char *setting(const char *makefile, const char *name)
{
	const char *at = strstr(makefile, text("\n%s =", name));

	at = at ? strchr(at, '=') + 1 : "";
	at += strspn(at, " \t");
	return text("%.*s", (int)strspn(at, "0123456789abcdefghijklmnopqrstuvwxyz-+._"), at);
}

static const char *tree_version(const char *dir)
{
	struct buffer makefile;
	const char *v, *p, *s;

	if (!slurp(text("%s/Makefile", dir), &makefile))
		return "";
	v = setting((char *)makefile.data, "VERSION");
	p = setting((char *)makefile.data, "PATCHLEVEL");
	s = setting((char *)makefile.data, "SUBLEVEL");
	return *v && *p ? text("%s.%s.%s%s", v, p, *s ? s : "0",
			       setting((char *)makefile.data, "EXTRAVERSION")) : "";
}

/* Where a file fills the top level of init_mm without the helpers, or "". */
static const char *bare_calls(int file)
{
	static const char *const calls[] = { "pgd_populate(&init_mm,", "p4d_populate(&init_mm," };
	const char *at, *c, *found = "";
	size_t i;
	int line;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		at = files[file].text;
		while (at && (at = strstr(at, calls[i]))) {
			for (line = 1, c = files[file].text; c < at; c++)
				line += *c == '\n';
			found = text("%s %s:%d", found, files[file].name, line);
			at++;
		}
	}
	return found;
}

/*
 * After boot KASAN gets tables from pud_alloc(), which writes to init_mm only. It
 * synchronizes them if it calls the hook itself, or adds all entries with the helpers.
 */
static bool kasan_synchronizes(void)
{
	return has(KASAN, HOOK "(") || (has(KASAN, "p4d_populate_kernel(") &&
					!has(KASAN, "pud_alloc(") && !has(KASAN, "pud_alloc_track("));
}

/* Find the state. A tree with only some of the calls converted has none of the three. */
void read_sources(struct kernel *k, const char *dir, bool whole)
{
	const char *bare, *found = "", *lacks = "";
	bool fact[NR_FACTS], fits;
	int i, column;

	load_files(dir, whole);
	k->version = tree_version(dir);
	bare = text("%s%s%s", bare_calls(VMEMMAP), bare_calls(KASAN), bare_calls(PERCPU));
	for (i = 0; i < NR_FACTS; i++) {
		fact[i] = has(facts[i].file, facts[i].code);
		if (fact[i])
			found = text("%s%s%s", found, *found ? ", " : "", facts[i].label);
		else
			lacks = text("%s%s%s", lacks, *lacks ? ", " : "", facts[i].label);
	}
	for (column = 0; column < 3; column++) {
		fits = (column == 2) == !*bare;
		for (i = 0; i < NR_FACTS; i++)
			fits &= fact[i] == (facts[i].has[column] == 'y');
		if (fits)
			k->state = UNFIXED + column;
	}
	k->moved = fact[MOVED];
	k->vmemmap = fact[HELPERS] && fact[VMEMMAP_PGD] && fact[VMEMMAP_P4D] &&
		     !*bare_calls(VMEMMAP);
	k->hook = fact[MASK] && fact[SYNC];
	k->zero_shadow = k->hook && kasan_synchronizes();
	k->has_compound = has(VMEMMAP, "vmemmap_populate_compound_pages(");
	k->has_subpmd = has(INIT_64, "vmemmap_use_new_sub_pmd(");
	k->evidence = text("has %s; lacks %s; calls without the helpers:%s%s",
			   *found ? found : "nothing", *lacks ? lacks : "nothing", *bare ? bare : " none",
			   k->zero_shadow ? "; KASAN synchronizes what pud_alloc() adds" : "");
}

void look_at_tree(struct kernel *k, const char *dir)
{
	read_sources(k, dir, true);
	if (find_config(k, text("%s/.config", dir)))
		return;
	k->x86_64 = YES;
	note(k, "no .config here: what depends on an option is said with \"if\"");
}
