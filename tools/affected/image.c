// SPDX-License-Identifier: GPL-2.0
/*
 * What the code of a kernel image contains of the fix.
 *
 * The hook is a symbol. The helpers are inline functions: if mm/sparse-vmemmap.c uses
 * them, its functions contain calls of the hook.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

#define FEW_SYMBOLS 500		/* every kernel has more */
#define BANNER "Linux version "

const void *image_bytes(const struct image *image, uint64_t offset, uint64_t size)
{
	if (offset > image->file.size || size > image->file.size - offset)
		return NULL;
	return image->file.data + offset;
}

/* The code at a virtual address, and how much of it there is. */
const unsigned char *image_at(const struct image *image, uint64_t address, size_t *left)
{
	const struct segment *s;

	for (s = image->segments; s < image->segments + image->nr_segments; s++) {
		if (address - s->address >= s->size)
			continue;
		*left = s->size - (address - s->address);
		return image->file.data + s->offset + (address - s->address);
	}
	return NULL;
}

void add_symbol(struct image *image, uint64_t address, uint64_t size, const char *name)
{
	size_t n = image->nr_symbols;

	if (!(n & (n - 1)))
		image->symbols = need(realloc(image->symbols, (n ? 2 * n : 1) *
					      sizeof(*image->symbols)));
	image->symbols[image->nr_symbols++] = (struct symbol){ address, size, name, 0 };
}

void damaged(const struct image *image, const char *why)
{
	die("%s: %s", image->name, why);
}

/* The ELF table of @nr entries at @offset, if the entries have the expected size. */
static const unsigned char *table(const struct image *image, uint64_t offset, uint64_t nr,
				  size_t size, size_t expected)
{
	if (nr > image->file.size || !image_bytes(image, offset, nr * expected))
		damaged(image, "an ELF table is beyond the end of the file");
	if (nr && size != expected)
		damaged(image, "the entries of an ELF table have a wrong size");
	return image->file.data + offset;
}

static void read_segments(struct image *image, const Elf64_Ehdr *e)
{
	const unsigned char *at = table(image, e->e_phoff, e->e_phnum, e->e_phentsize,
					sizeof(Elf64_Phdr));
	Elf64_Phdr p;
	int i;

	image->segments = need(calloc(e->e_phnum + 1, sizeof(*image->segments)));
	for (i = 0; i < e->e_phnum; i++) {
		memcpy(&p, at + i * sizeof(p), sizeof(p));
		if (p.p_type != PT_LOAD)
			continue;
		if (!image_bytes(image, p.p_offset, p.p_filesz))
			damaged(image, "a segment is beyond the end of the file");
		image->segments[image->nr_segments++] =
			(struct segment){ p.p_vaddr, p.p_offset, p.p_filesz };
	}
	if (!image->nr_segments)
		damaged(image, "has no segment to load: it is not a linked kernel");
}

static void read_symtab(struct image *image, const Elf64_Shdr *tab, const Elf64_Shdr *str)
{
	const char *strings = image_bytes(image, str->sh_offset, str->sh_size);
	uint64_t i, nr = tab->sh_size / sizeof(Elf64_Sym);
	const unsigned char *at = table(image, tab->sh_offset, nr, tab->sh_entsize,
					sizeof(Elf64_Sym));
	Elf64_Sym sym;

	if (str->sh_type != SHT_STRTAB || !strings || !str->sh_size || strings[str->sh_size - 1])
		damaged(image, "symbol names are not a string table");
	for (i = 0; i < nr; i++) {
		memcpy(&sym, at + i * sizeof(sym), sizeof(sym));
		if (sym.st_name >= str->sh_size)
			damaged(image, "a symbol's name is beyond the string table");
		if (sym.st_shndx != SHN_UNDEF && ELF64_ST_TYPE(sym.st_info) <= STT_FUNC)
			add_symbol(image, sym.st_value, sym.st_size, strings + sym.st_name);
	}
	image->symbols_from = ".symtab";
}

static void read_sections(struct image *image, const Elf64_Ehdr *e)
{
	uint64_t i, nr = e->e_shnum;
	const unsigned char *at;
	Elf64_Shdr s, str;

	if (!e->e_shoff)
		return;
	/* If the number does not fit into the header, it is in the first section. */
	at = table(image, e->e_shoff, 1, e->e_shentsize, sizeof(s));
	memcpy(&s, at, sizeof(s));
	if (!nr)
		nr = s.sh_size;
	table(image, e->e_shoff, nr, sizeof(s), sizeof(s));
	for (i = 0; i < nr; i++) {
		memcpy(&s, at + i * sizeof(s), sizeof(s));
		if (s.sh_type != SHT_NOBITS && s.sh_type != SHT_NULL &&
		    !image_bytes(image, s.sh_offset, s.sh_size))
			damaged(image, "a section is beyond the end of the file");
		if (s.sh_type != SHT_SYMTAB)
			continue;
		if (s.sh_link >= nr)
			damaged(image, "the symbol table refers to a section that is not there");
		memcpy(&str, at + s.sh_link * sizeof(str), sizeof(str));
		read_symtab(image, &s, &str);
	}
}

/*
 * The text after the next "Linux version " that follows @from, up to the first
 * unprintable byte. Since v6.1 an image has two: init/version.c is compiled with a
 * temporary UTS_VERSION, "# SMP". /proc/version has the later "#1 SMP".
 */
static const char *next_banner(const struct image *image, const char *from, size_t *length)
{
	const unsigned char *at = from ? (const unsigned char *)from : image->file.data;
	const unsigned char *end = image->file.data + image->file.size;

	while ((at = memmem(at, end - at, BANNER, sizeof(BANNER) - 1))) {
		at += sizeof(BANNER) - 1;
		for (*length = 0; at + *length < end && *length < 1000; ++*length)
			if (at[*length] < ' ' || at[*length] == 0x7f)
				break;
		if (isdigit(*at))
			return (const char *)at;
	}
	return NULL;
}

/* Is it an x86_64 kernel? The file may contain one for another architecture. */
static bool open_elf(struct image *image)
{
	Elf64_Ehdr e;
	size_t length;

	if (image->file.size < sizeof(e) || memcmp(image->file.data, ELFMAG, SELFMAG))
		damaged(image, "is neither an ELF file nor an image of a kernel");
	memcpy(&e, image->file.data, sizeof(e));
	if (e.e_ident[EI_DATA] != ELFDATA2LSB && e.e_ident[EI_DATA] != ELFDATA2MSB)
		damaged(image, "is an ELF file of unknown byte order");
	if (e.e_ident[EI_CLASS] != ELFCLASS64 || e.e_ident[EI_DATA] != ELFDATA2LSB ||
	    e.e_machine != EM_X86_64) {
		if (!next_banner(image, NULL, &length))
			damaged(image, "is an ELF file for another architecture, and not a kernel: it has no \"Linux version\"");
		return false;
	}
	if (e.e_type != ET_EXEC && e.e_type != ET_DYN)
		damaged(image, "is not a linked kernel");
	read_segments(image, &e);
	read_sections(image, &e);
	return true;
}

/* The version that the kernel has when it runs: with a number after the "#". */
static char *version_of(const struct image *image)
{
	const char *at = NULL, *number;
	char *version = NULL, *this;
	size_t length;

	while ((at = next_banner(image, at, &length))) {
		this = text("%.*s", (int)length, at);
		number = strchr(this, '#');
		if (number && isdigit(number[1]))
			return this;
		version = version ? version : this;
	}
	return version ? version : text("%s", "");
}

static bool is_running(const struct image *image, const char *version)
{
	size_t length, size = strlen(version);
	const char *at = NULL;

	while ((at = next_banner(image, at, &length)))
		if (length >= size && !strncmp(at, version, size) &&
		    (length == size || !isalnum((unsigned char)at[size])))
			return true;
	return false;
}

/*
 * Has the setup header of a bzImage another release than @version? If so, the image need
 * not be unpacked.
 */
static bool is_other_release(const struct image *image, const char *version)
{
	const unsigned char *d = image->file.data;
	size_t size = strcspn(version, " ");
	uint64_t at;

	if (!is_bzimage(image) || !le16(d + 0x20e))
		return false;
	at = 0x200 + le16(d + 0x20e);
	return image_bytes(image, at, size + 1) && isdigit(d[at]) &&
	       (memcmp(d + at, version, size) || (d[at + size] && d[at + size] != ' '));
}

/* Read a System.map. It fits the image if there is a banner where it says. */
static void read_map(struct image *image, const char *path)
{
	struct buffer map = load(path);
	char *save, *line, *end, *name;
	const unsigned char *at;
	bool checked = false;
	uint64_t address;
	size_t left;

	for (line = strtok_r((char *)map.data, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		address = strtoull(line, &end, 16);
		if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ' || !end[3])
			die("%s: is not a System.map: \"%.40s\"", path, line);
		name = end + 3;
		if (strchr("tTwW", end[1]))
			add_symbol(image, address, 0, name);
		if (strcmp(name, "linux_banner"))
			continue;
		at = image_at(image, address, &left);
		if (!at || left < sizeof(BANNER) - 1 || memcmp(at, BANNER, sizeof(BANNER) - 1))
			die("%s: is not the map of %s", path, image->name);
		checked = true;
	}
	if (!checked)
		die("%s: has no linux_banner, so it cannot be checked against %s", path, image->name);
	image->symbols_from = path;
}

/*
 * What functions tell of the fix. The first roles are for functions that are called:
 *
 * CALLS_HOOK	the hook
 * CALLS_HELPER	the helpers, which are functions of their own with -Os
 * CALLS_SYNC	the body of the hook, inlined by link-time optimization
 * CALLS_PUD	pud_alloc(), after which KASAN has to synchronize
 * CALLS_NEXT	steps of KASAN's code after that
 *
 * The others are for functions whose code is searched for calls. VMEMMAP is what the
 * populate code of the vmemmap can end up in. vmemmap_populate() is x86's, and calls the
 * hook's body also without the fix. Link-time optimization can move one into the other.
 */
#define CALLS_HOOK	0x01
#define CALLS_HELPER	0x02
#define CALLS_SYNC	0x04
#define CALLS_PUD	0x08
#define CALLS_NEXT	0x10
#define CALLS		0x1f
#define HELPER		0x20
#define VMEMMAP		0x40
#define AROUND_VMEMMAP	0x80
#define KASAN_SHADOW	0x100
#define NEXT_LEVEL	0x200
#define START		0x400

static const struct {
	const char *name;
	unsigned int roles;
} functions[] = {
	{ HOOK, CALLS_HOOK },
	{ "pgd_populate_kernel", CALLS_HELPER | HELPER },
	{ "p4d_populate_kernel", CALLS_HELPER | HELPER },
	{ "sync_global_pgds", CALLS_SYNC },
	{ "sync_global_pgds_l4", CALLS_SYNC },
	{ "sync_global_pgds_l5", CALLS_SYNC },
	{ "vmemmap_p4d_populate", VMEMMAP },
	{ "vmemmap_populate_address", VMEMMAP },
	{ "vmemmap_populate_range", VMEMMAP },
	{ "vmemmap_populate_basepages", VMEMMAP },
	{ "vmemmap_populate_hugepages", VMEMMAP },
	{ "vmemmap_populate_compound_pages", VMEMMAP },
	{ "vmemmap_populate", AROUND_VMEMMAP },
	{ "__populate_section_memmap", AROUND_VMEMMAP },
	{ "sparse_add_section", AROUND_VMEMMAP },
	{ "zero_p4d_populate", KASAN_SHADOW },
	{ "kasan_populate_early_shadow", KASAN_SHADOW },
	{ "kasan_add_zero_shadow", KASAN_SHADOW },
	{ "zero_pud_populate", CALLS_NEXT | NEXT_LEVEL },
	{ "zero_pmd_populate", CALLS_NEXT },
	{ "slab_is_available", CALLS_NEXT },
	{ "__pud_alloc", CALLS_NEXT | CALLS_PUD },
	{ "__p4d_alloc", CALLS_NEXT },
	{ "start_kernel", START },
};

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* Compilers append suffixes for what they did: .isra.0, .part.0, .cold, .llvm.123. */
static bool named(const char *name, const char *base)
{
	size_t size = strlen(base);

	return !strncmp(name, base, size) && (!name[size] || name[size] == '.');
}

/* Nobody calls the .cold part of a function. */
static unsigned int roles_of(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(functions); i++)
		if (named(name, functions[i].name))
			return functions[i].roles & ~(strstr(name, ".cold") ? CALLS : 0U);
	return 0;
}

/* Sort the symbols. All symbols of one address get the roles and the size of all. */
static void sort_symbols(struct image *image)
{
	struct symbol *s = image->symbols, *end = s + image->nr_symbols, *same;
	uint64_t size;
	unsigned int roles;

	if (!image->nr_symbols)
		return;
	qsort(s, image->nr_symbols, sizeof(*s), by_address);
	for (; s < end; s = same) {
		size = roles = 0;
		for (same = s; same < end && same->address == s->address; same++) {
			size = same->size > size ? same->size : size;
			roles |= roles_of(same->name);
		}
		for (same = s; same < end && same->address == s->address; same++) {
			same->size = size;
			same->roles = roles;
		}
	}
}

static bool has_symbol(const void *from, const char *base)
{
	const struct image *image = from;
	size_t i;

	for (i = 0; i < image->nr_symbols; i++)
		if (named(image->symbols[i].name, base))
			return true;
	return false;
}

/* Has the function at @address one of @roles? */
static bool is_at(const struct image *image, uint64_t address, unsigned int roles)
{
	size_t low = 0, high = image->nr_symbols, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (image->symbols[mid].address < address)
			low = mid + 1;
		else
			high = mid;
	}
	return low < image->nr_symbols && image->symbols[low].address == address &&
	       (image->symbols[low].roles & roles);
}

/* The next symbol after @s, or the first one, with one of @roles and another address. */
static const struct symbol *next_symbol(const struct image *image, const struct symbol *s,
					unsigned int roles)
{
	const struct symbol *next = s ? s + 1 : image->symbols;

	for (; next < image->symbols + image->nr_symbols; next++)
		if ((next->roles & roles) && (!s || next->address != s->address))
			return next;
	return NULL;
}

/* The code of @s, up to its size or the next symbol. */
static const unsigned char *body(const struct image *image, const struct symbol *s, size_t *size)
{
	const struct symbol *next = s, *end = image->symbols + image->nr_symbols;
	const unsigned char *code = image_at(image, s->address, size);
	uint64_t limit = s->size;

	while (!limit && ++next < end)
		limit = next->address - s->address;
	if (code && limit && limit < *size)
		*size = limit;
	if (code && *size > 1 << 18)
		*size = 1 << 18;
	return code;
}

/*
 * The next call of, or jump to, a function with one of @roles in @code of @s, from @at
 * on. Returns the offset after it, or 0. Bytes that are no instruction look like such a
 * call with a chance of one to billions.
 */
static size_t next_call(const struct image *image, const struct symbol *s,
			const unsigned char *code, size_t size, size_t at, unsigned int roles)
{
	for (; at + 5 <= size; at++) {
		if ((code[at] & 0xfe) != 0xe8 &&
		    !(at && code[at - 1] == 0x0f && (code[at] & 0xf0) == 0x80))
			continue;
		if (is_at(image, s->address + at + 5 + (int32_t)le32(code + at + 1), roles))
			return at + 5;
	}
	return 0;
}

/* Do @callers call @callees? UNKNOWN if the code of a caller is missing. */
static enum tri calls(const struct image *image, unsigned int callers, unsigned int callees)
{
	const struct symbol *s = NULL;
	const unsigned char *code;
	enum tri answer = NO;
	size_t size;

	while ((s = next_symbol(image, s, callers))) {
		code = body(image, s, &size);
		if (code && next_call(image, s, code, size, 0, callees))
			return YES;
		if (!is_code(code, size))
			answer = UNKNOWN;
	}
	return answer;
}

static bool lto(const struct image *image)
{
	size_t i;

	for (i = 0; i < image->nr_symbols; i++)
		if (strstr(image->symbols[i].name, ".llvm.") ||
		    strstr(image->symbols[i].name, ".lto_priv."))
			return true;
	return false;
}

static enum tri vmemmap_synchronizes(const struct image *image)
{
	/* Ignore helpers that do not call the hook. */
	enum tri helper = calls(image, HELPER, CALLS_HOOK);
	unsigned int sync = helper == YES ? CALLS_HOOK | CALLS_HELPER : CALLS_HOOK;
	enum tri inside = calls(image, VMEMMAP, sync | CALLS_SYNC);
	enum tri around = calls(image, AROUND_VMEMMAP, sync);

	if (inside == YES || around == YES)
		return YES;
	if (inside == UNKNOWN || around == UNKNOWN || lto(image) ||
	    !next_symbol(image, NULL, VMEMMAP))
		return UNKNOWN;
	return helper == UNKNOWN && calls(image, VMEMMAP | AROUND_VMEMMAP, CALLS_HELPER) == YES ?
	       UNKNOWN : NO;
}

int kind_of_call(const struct image *image, uint64_t address)
{
	if (is_at(image, address, CALLS_HOOK | CALLS_HELPER))
		return CALL_SYNC;
	return is_at(image, address, CALLS_NEXT) ? CALL_BARRIER : CALL_OTHER;
}

/*
 * After __pud_alloc(), is the hook called, or the level recorded for a later call, before
 * the next level is filled?
 */
static enum tri shadow_synchronizes(const struct image *image, size_t *seen)
{
	const struct symbol *s = NULL;
	const unsigned char *code;
	enum tri answer = YES;
	size_t at, size;

	while ((s = next_symbol(image, s, KASAN_SHADOW))) {
		code = body(image, s, &size);
		for (at = 0; code && (at = next_call(image, s, code, size, at, CALLS_PUD)); ++*seen)
			if (!reaches_sync(image, s->address + at))
				answer = NO;
	}
	/* If the next level is inlined, the loop also leads to the hook. */
	if (!*seen || (answer == YES && !next_symbol(image, NULL, NEXT_LEVEL)))
		return UNKNOWN;
	return answer;
}

/* What the names alone show, in an image or in /proc/kallsyms. */
void judge_names(struct kernel *k, bool (*has)(const void *from, const char *name),
		 const void *from)
{
	k->hook = has(from, HOOK);
	k->kasan = has(from, "kasan_populate_early_shadow") || has(from, "kasan_check_range");
	k->kmsan = has(from, "kmsan_get_metadata") || has(from, "kmsan_init_shadow");
	k->hotplug = has(from, "arch_add_memory");
	k->zone_device = has(from, "memremap_pages");
	k->has_vmemmap = has(from, "vmemmap_populate");
	k->has_subpmd = at_least(k, 5, 13) || has(from, "vmemmap_use_sub_pmd");
	k->has_compound = at_least(k, 5, 19) || has(from, "vmemmap_populate_address") ||
			  has(from, "vmemmap_populate_compound_pages");
}

static void judge_code(struct kernel *k, const struct image *image)
{
	static const char *const vmemmap[] = {
		"mm/sparse-vmemmap.c does not call it", "mm/sparse-vmemmap.c calls it",
		"it is not visible whether mm/sparse-vmemmap.c calls it",
	};
	static const char *const shadow[] = {
		"KASAN does not call it after pud_alloc()", "KASAN calls it for each table it adds",
		"it is not visible whether KASAN calls it after pud_alloc(), which is inlined",
	};
	size_t seen = 0;

	if (k->hook == NO) {
		k->vmemmap = k->zero_shadow = NO;
		k->state = UNFIXED;
		k->evidence = text("%s() is not there, by %zu symbols of %s", HOOK,
				   image->nr_symbols, image->symbols_from);
		return;
	}
	k->vmemmap = k->has_vmemmap ? vmemmap_synchronizes(image) : UNKNOWN;
	k->zero_shadow = k->kasan ? shadow_synchronizes(image, &seen) : UNKNOWN;
	if (k->vmemmap != UNKNOWN)
		k->state = k->vmemmap == YES ? FIXED : PARTIAL;
	k->evidence = text("%s() is there; %s; %s; by %zu symbols of %s", HOOK,
			   k->has_vmemmap == NO ? "no vmemmap" : vmemmap[k->vmemmap],
			   k->kasan == NO ? "no KASAN" :
			   !seen ? "KASAN's call of pud_alloc() was not found" : shadow[k->zero_shadow],
			   image->nr_symbols, image->symbols_from);
}

/* The configuration in the image itself, CONFIG_IKCONFIG. */
static const struct image *configured;

static bool config_inside(const struct image *image, struct buffer *config)
{
	const unsigned char *d = image->file.data, *start, *end;

	start = memmem(d, image->file.size, "IKCFG_ST\x1f\x8b", 10);
	if (!start)
		return false;
	start += 8;
	end = memmem(start, d + image->file.size - start, "IKCFG_ED", 8);
	if (!end)
		damaged(image, "its own configuration has no end");
	config->size = end - start;
	config->data = memcpy(need(malloc(config->size + 1)), start, config->size);
	unpack(image->name, config);
	return true;
}

static bool own_config(struct kernel *k, const char *path)
{
	struct buffer config;

	(void)path;
	if (!config_inside(configured, &config))
		return false;
	read_config(k, &config, "the image itself");
	return true;
}

/* Print it, for tools/kernel/import. */
void print_config(const char *path)
{
	struct image image = { .name = path, .file = load(path) };
	struct buffer config;

	open_container(&image);
	if (!config_inside(&image, &config))
		die("%s: has no configuration inside", path);
	if (fwrite(config.data, 1, config.size, stdout) != config.size || fflush(stdout))
		die("cannot write the configuration");
}

/* The configuration in the package that the image is from. */
static bool package_config(struct kernel *k, const char *path)
{
	struct buffer file = load(path);
	bool found = unpack_package(path, &file, "configuration",
				    "'*boot/config-*' '*lib/modules/*/config'");

	if (found)
		read_config(k, &file, path);
	free(file.data);
	return found;
}

/* Does the image contain start_kernel() with its code, which may have been wiped? */
static bool has_code(const struct image *image)
{
	static const unsigned char zeros[32];
	const struct symbol *s = NULL;
	const unsigned char *code;
	size_t size;

	while ((s = next_symbol(image, s, START))) {
		code = body(image, s, &size);
		/* If it equals itself one byte later, all bytes are the same. */
		if (code && size > 1 && memcmp(code, code + 1, size - 1) &&
		    !memmem(code, size, zeros, sizeof(zeros)))
			return true;
	}
	return false;
}

/* Is it the kernel whose version is @k->version? */
static bool is_same_kernel(struct kernel *k, const struct image *image, bool x86_64)
{
	size_t length;

	if (is_running(image, k->version))
		return true;
	/* A compressed image for another architecture does not show its version. */
	if (next_banner(image, NULL, &length))
		note(k, "%s is not the running kernel: its version is %s", image->name, version_of(image));
	else if (x86_64)
		note(k, "%s has no version: cannot tell whether it is the running kernel", image->name);
	return false;
}

/* False if @k->version is set, and the image is another kernel. */
bool look_at_image(struct kernel *k, const char *path, const char *map, const char *config)
{
	struct image image = { .name = path, .file = load(path) };
	bool x86_64;

	configured = &image;
	if (k->version && is_other_release(&image, k->version)) {
		note(k, "%s is not the running kernel: it has another release", path);
		return false;
	}
	open_container(&image);
	x86_64 = !image.foreign && open_elf(&image);
	if (k->version && !is_same_kernel(k, &image, x86_64))
		return false;
	k->x86_64 = x86_64;
	if (!k->version)
		k->version = version_of(&image);
	if (!x86_64) {
		k->state = FOREIGN;
		k->evidence = image.foreign ? image.foreign :
			      "the file is for another architecture";
		return true;
	}
	/* A stripped kernel may have kept a few names. */
	if (image.nr_symbols < FEW_SYMBOLS) {
		image.nr_symbols = 0;
		read_kallsyms(&image);
	}
	if (!image.nr_symbols && map)
		read_map(&image, map);
	sort_symbols(&image);

	if (!next_symbol(&image, NULL, START)) {
		if (!*k->version)
			damaged(&image, "is not a kernel: it has neither start_kernel() nor \"Linux version\"");
		k->evidence = image.nr_symbols ?
			text("%s has no start_kernel(): it is not a whole kernel", image.symbols_from) :
			"the image is stripped, without kallsyms: give its System.map with MAP= or --map";
	} else if (!has_code(&image)) {
		k->evidence = text("names without code, as in a file with only debug information: %s has %zu symbols, but the code of start_kernel() is missing",
				   image.symbols_from, image.nr_symbols);
	} else {
		judge_names(k, has_symbol, &image);
		judge_code(k, &image);
	}
	if (config && !find_config(k, config))
		die("%s: cannot be read", config);
	if (!config)
		attempt(k, own_config, path, NULL);
	if (!k->configured)
		attempt(k, package_config, path, NULL);
	if (!k->configured)
		config_beside(k, path);
	return true;
}
