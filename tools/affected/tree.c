// SPDX-License-Identifier: GPL-2.0
/*
 * What the sources of a kernel contain of the fix. tools/kernel/detect prints the state
 * that this file finds.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "affected.h"

enum { VMEMMAP, KASAN, PERCPU, INIT_64, TYPES_64, PGTABLE_H, VMALLOC_H, PGALLOC_H, NR_FILES };

/* Old trees lack the files without an anchor, a string that each version of a file has. */
static struct {
	const char *name, *anchor;
	char *text;
	bool bare;	/* see is_bare() */
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
	[MOVED] = { PGTABLE_H, HOOK "(", "nyy", "declaration of " HOOK "()" },
	[OLD] = { VMALLOC_H, HOOK "(", "ynn", "declaration of " HOOK "()" },
	[HELPERS] = { PGALLOC_H, "pgd_populate_kernel(", "nny", "pgd_populate_kernel()" },
	[VMEMMAP_PGD] = { VMEMMAP, "pgd_populate_kernel(", "nny", "call of pgd_populate_kernel()" },
	[VMEMMAP_P4D] = { VMEMMAP, "p4d_populate_kernel(", "nny", "call of p4d_populate_kernel()" },
	[KASAN_PGD] = { KASAN, "pgd_populate_kernel(", "nny", "call of pgd_populate_kernel()" },
	[KASAN_P4D] = { KASAN, "p4d_populate_kernel(", "nny", "call of p4d_populate_kernel()" },
	[MASK] = { TYPES_64, "define ARCH_PAGE_TABLE_SYNC_MASK", "nyy", "ARCH_PAGE_TABLE_SYNC_MASK" },
	[SYNC] = { INIT_64, "void " HOOK "(", "nyy", HOOK "()" },
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

/* A part of a file proves nothing about code that is not in it. */
static bool is_damaged(const char *code)
{
	size_t size = strlen(code);
	const char *last;

	while (size && strchr(" \t\r\n", code[size - 1]))
		size--;
	for (last = code + size; last > code && last[-1] != '\n'; last--)
		;
	return last == code || !code[size] ||
	       (!strchr("};)", code[size - 1]) && strncmp(last, "#endif", 6));
}

/* What shows that the fix cannot be for this tree, or NULL. */
static const char *missing_code(const char *dir, bool whole)
{
	int i;

	for (i = 0; i < NR_FILES; i++)
		if (i != PGALLOC_H && !files[i].text)
			return files[i].name;
	for (i = 0; i < NR_FILES && whole; i++) {
		if (!files[i].anchor)
			continue;
		if (is_damaged(files[i].text))
			die("%s/%s: is damaged, or a part of the file", dir, files[i].name);
		if (!strstr(files[i].text, files[i].anchor))
			return text("%.*s in %s", (int)strcspn(files[i].anchor, "("),
				    files[i].anchor, files[i].name);
	}
	return NULL;
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

/* Is @at in a function whose name contains "vmemmap"? */
static bool in_vmemmap(const char *line, const char *at)
{
	const char *head = line;

	for (; line && line < at; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (isalpha(*line) && memchr(line, '(', strcspn(line, "\n")))
			head = line;
	}
	return memmem(head, strcspn(head, "("), "vmemmap", 7);
}

/* Note what is wrong with a file, at @at if that is given. */
static void lose(struct kernel *k, int file, const char *at, const char *what)
{
	const char *c;
	int line = 1;

	for (c = files[file].text; c < at; c++)
		line += *c == '\n';
	note(k, "%s: %s", at ? text("%s:%d", files[file].name, line) : files[file].name, what);
	k->nr_lost = k->nr_notes;
}

/*
 * Does a file fill the top level of init_mm without the helpers? Other code for x86 that
 * does so runs at boot, or calls sync_global_pgds().
 */
static bool is_bare(struct kernel *k, int file)
{
	static const char call[] =
		"[^[:alnum:]_](p[g4]d_populate)[[:space:]]*\\([[:space:]]*&init_mm[[:space:]]*,";
	const char *at = files[file].text;
	regmatch_t match[2];
	bool bare = false;
	regex_t regex;

	need(regcomp(&regex, call, REG_EXTENDED) ? NULL : &regex);
	for (; !regexec(&regex, at, 2, match, 0); at += match[0].rm_eo) {
		if (file == INIT_64 && !in_vmemmap(files[file].text, at + match[1].rm_so))
			continue;
		lose(k, file, at + match[1].rm_so,
		     text("%.12s() without synchronization", at + match[1].rm_so));
		bare = true;
	}
	regfree(&regex);
	files[file].bare = bare;
	return bare;
}

/* Which level is the top one depends on the CPU, so the mask has to name both. */
static bool has_mask(struct kernel *k)
{
	const char *at = strstr(files[TYPES_64].text, facts[MASK].code), *end = at;

	while (end && *end && (*end != '\n' || end[-1] == '\\'))
		end++;
	if (!at || (memmem(at, end - at, "PGTBL_PGD_MODIFIED", 18) &&
		    memmem(at, end - at, "PGTBL_P4D_MODIFIED", 18)))
		return at;
	lose(k, TYPES_64, at, "ARCH_PAGE_TABLE_SYNC_MASK lacks a PGTBL_P?D_MODIFIED");
	return false;
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

/*
 * Find the state. A tree with only some of the calls converted, or in which a part of the
 * fix is lost, has none of the three. False if the fix cannot be for this tree.
 */
bool read_sources(struct kernel *k, const char *dir, bool whole)
{
	bool fact[NR_FACTS], fits, bare, vmemmap_bare, kasan_bare;
	int i, column;

	load_files(dir, whole);
	k->version = tree_version(dir);
	k->evidence = missing_code(dir, whole);
	if (k->evidence)
		return false;
	vmemmap_bare = is_bare(k, VMEMMAP) | is_bare(k, INIT_64);
	kasan_bare = is_bare(k, KASAN);
	bare = is_bare(k, PERCPU) | vmemmap_bare | kasan_bare;
	for (i = 0; i < NR_FACTS; i++)
		fact[i] = i == MASK ? has_mask(k) : has(facts[i].file, facts[i].code);
	for (column = 0; column < 3; column++) {
		fits = (column == 2) == !bare;
		for (i = 0; i < NR_FACTS; i++)
			fits &= fact[i] == (facts[i].has[column] == 'y');
		if (fits)
			k->state = UNFIXED + column;
	}
	for (i = 0; i < NR_FACTS && k->state == UNCLEAR; i++)
		if ((i == SYNC || !files[facts[i].file].bare) &&
		    has(facts[i].file, facts[i].code) != (facts[i].has[2] == 'y'))
			lose(k, facts[i].file, NULL,
			     text("has %s %s", i == OLD ? "a" : "no", facts[i].label));
	k->moved = fact[MOVED];
	k->vmemmap = fact[HELPERS] && fact[VMEMMAP_PGD] && fact[VMEMMAP_P4D] && !vmemmap_bare;
	k->hook = fact[MASK] && fact[SYNC];
	k->zero_shadow = k->hook && !kasan_bare && kasan_synchronizes();
	k->has_compound = has(VMEMMAP, "vmemmap_populate_compound_pages(");
	k->has_subpmd = has(INIT_64, "vmemmap_use_new_sub_pmd(");
	return true;
}

void look_at_tree(struct kernel *k, const char *dir)
{
	if (!read_sources(k, dir, true))
		die(NO_TREE, dir, k->evidence);
	if (find_config(k, text("%s/.config", dir)))
		return;
	k->x86_64 = YES;
	note(k, "no .config here: what depends on an option is said with \"if\"");
}
