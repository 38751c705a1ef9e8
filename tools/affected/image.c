// SPDX-License-Identifier: GPL-2.0
/*
 * What the code of a kernel shows of the fix: vmlinux, or bzImage.
 *
 * The hook is a symbol. The helpers are none: that mm/sparse-vmemmap.c uses
 * them shows as calls of the hook in what its functions have become.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

#define HOOK "arch_sync_kernel_mappings"
#define FEW_SYMBOLS 500		/* no kernel has so few */

const void *image_bytes(const struct image *image, uint64_t offset, uint64_t size)
{
	if (offset > image->file.size || size > image->file.size - offset)
		return NULL;
	return image->file.data + offset;
}

/* The code at a virtual address, and how much of it there is. */
const unsigned char *image_at(const void *from, uint64_t address, size_t *left)
{
	const struct image *image = from;
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
	image->symbols[image->nr_symbols++] = (struct symbol){ address, size, name };
}

void damaged(const struct image *image, const char *why)
{
	die("%s: %s", image->name, why);
}

static void read_segments(struct image *image, const Elf64_Ehdr *e)
{
	Elf64_Phdr p;
	int i;

	if (e->e_phnum && e->e_phentsize != sizeof(p))
		damaged(image, "program headers have a wrong size");
	if (!image_bytes(image, e->e_phoff, (uint64_t)e->e_phnum * sizeof(p)))
		damaged(image, "program header table is beyond the end of the file");
	image->segments = need(calloc(e->e_phnum + 1, sizeof(*image->segments)));
	for (i = 0; i < e->e_phnum; i++) {
		memcpy(&p, image->file.data + e->e_phoff + i * sizeof(p), sizeof(p));
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
	const unsigned char *at = image_bytes(image, tab->sh_offset, tab->sh_size);
	uint64_t i, nr;
	Elf64_Sym sym;

	if (tab->sh_entsize != sizeof(sym))
		damaged(image, "symbols have a wrong size");
	if (str->sh_type != SHT_STRTAB || !str->sh_size || strings[str->sh_size - 1])
		damaged(image, "symbol names are no string table");
	nr = tab->sh_size / sizeof(sym);
	for (i = 0; i < nr; i++) {
		memcpy(&sym, at + i * sizeof(sym), sizeof(sym));
		if (sym.st_name >= str->sh_size)
			damaged(image, "a symbol's name is beyond the string table");
		if (sym.st_shndx != SHN_UNDEF && ELF64_ST_TYPE(sym.st_info) <= STT_FUNC)
			add_symbol(image, sym.st_value, sym.st_size, strings + sym.st_name);
	}
	image->symbols_from = ".symtab";
}

static Elf64_Shdr section(const struct image *image, const Elf64_Ehdr *e, uint64_t nr)
{
	Elf64_Shdr s;

	memcpy(&s, image->file.data + e->e_shoff + nr * sizeof(s), sizeof(s));
	if (s.sh_type != SHT_NOBITS && s.sh_type != SHT_NULL &&
	    !image_bytes(image, s.sh_offset, s.sh_size))
		damaged(image, "a section is beyond the end of the file");
	return s;
}

static void read_sections(struct image *image, const Elf64_Ehdr *e)
{
	uint64_t i, nr = e->e_shnum;
	Elf64_Shdr s, str;

	if (!e->e_shoff)
		return;
	if (e->e_shentsize != sizeof(s))
		damaged(image, "section headers have a wrong size");
	if (!image_bytes(image, e->e_shoff, sizeof(s)))
		damaged(image, "section table is beyond the end of the file");
	/* More than fit into the header. */
	if (!nr)
		nr = section(image, e, 0).sh_size;
	if (nr > image->file.size || !image_bytes(image, e->e_shoff, nr * sizeof(s)))
		damaged(image, "section table is beyond the end of the file");
	for (i = 0; i < nr; i++) {
		s = section(image, e, i);
		if (s.sh_type != SHT_SYMTAB)
			continue;
		if (s.sh_link >= nr)
			damaged(image, "a section refers to one that is not there");
		str = section(image, e, s.sh_link);
		if (str.sh_type == SHT_NOBITS)
			damaged(image, "symbol names are no string table");
		read_symtab(image, &s, &str);
	}
}

/*
 * The text after the next "Linux version " that follows @from, up to the first
 * unprintable byte. Since v6.1 an image has two: init/version.c is compiled with a temporary
 * UTS_VERSION, "# SMP", and only the later "#1 SMP" is what /proc/version says.
 */
static const char *next_banner(const struct image *image, const char *from, size_t *length)
{
	static const char start[] = "Linux version ";
	const unsigned char *at = from ? (const unsigned char *)from : image->file.data;
	const unsigned char *end = image->file.data + image->file.size;
	size_t size;

	while ((at = memmem(at, end - at, start, sizeof(start) - 1))) {
		at += sizeof(start) - 1;
		if (!isdigit(*at))
			continue;
		for (size = 0; at + size < end && size < 1000 && at[size] >= ' ' && at[size] != 0x7f; size++)
			;
		if (length)
			*length = size;
		return (const char *)at;
	}
	return NULL;
}

/* Is it an x86_64 kernel? The file may hold one for another architecture. */
static bool open_elf(struct image *image)
{
	Elf64_Ehdr e;

	if (image->file.size < sizeof(e) || memcmp(image->file.data, ELFMAG, SELFMAG))
		damaged(image, "is neither an ELF file nor an image of a kernel");
	memcpy(&e, image->file.data, sizeof(e));
	if (e.e_ident[EI_DATA] != ELFDATA2LSB && e.e_ident[EI_DATA] != ELFDATA2MSB)
		damaged(image, "is an ELF file of no known byte order");
	if (e.e_ident[EI_CLASS] != ELFCLASS64 || e.e_ident[EI_DATA] != ELFDATA2LSB ||
	    e.e_machine != EM_X86_64) {
		if (!next_banner(image, NULL, NULL))
			damaged(image, "is an ELF file for another architecture, and not a kernel: it has no \"Linux version\"");
		return false;
	}
	if (e.e_type != ET_EXEC && e.e_type != ET_DYN)
		damaged(image, "is not a linked kernel");
	read_segments(image, &e);
	read_sections(image, &e);
	return true;
}

/* The version that the kernel has when it runs: with a number behind the "#". */
static char *version_of(const struct image *image)
{
	const char *at = NULL, *number;
	char *version = NULL, *this;
	size_t length;

	while ((at = next_banner(image, at, &length))) {
		this = text("%.*s", (int)length, at);
		number = strchr(this, '#');
		if (!version || (number && isdigit(number[1])))
			version = this;
		if (number && isdigit(number[1]))
			break;
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
 * The setup header of a bzImage has the release, so that the images of other kernels
 * need not be unpacked. Is it another one than that of @version?
 */
static bool is_other_release(const struct image *image, const char *version)
{
	const unsigned char *d = image->file.data;
	size_t size = strcspn(version, " ");
	uint64_t at;

	if (image->file.size < 0x250 || memcmp(d + 0x202, "HdrS", 4) || !le16(d + 0x20e))
		return false;
	at = 0x200 + le16(d + 0x20e);
	return image_bytes(image, at, size + 1) && isdigit(d[at]) &&
	       (memcmp(d + at, version, size) || (d[at + size] && d[at + size] != ' '));
}

/* System.map: has to be this image's, whose banner it knows the place of. */
static void read_map(struct image *image, const char *path)
{
	struct buffer map = load(path);
	char *save, *line, *end, *name;
	const unsigned char *at;
	uint64_t address;
	size_t left;

	bool told = false;

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
		if (!at || left < 14 || memcmp(at, "Linux version ", 14))
			die("%s: is not the map of %s", path, image->name);
		told = true;
	}
	if (!told)
		die("%s: has no linux_banner, which tells whether it is the map of %s", path, image->name);
	image->symbols_from = path;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* Compilers add what they did to it: .isra.0, .part.0, .cold, .llvm.123. */
static bool named(const char *name, const char *base)
{
	size_t size = strlen(base);

	return !strncmp(name, base, size) && (!name[size] || name[size] == '.');
}

static bool named_any(const char *name, const char *const *bases)
{
	for (; *bases; bases++)
		if (named(name, *bases))
			return true;
	return false;
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

/* The code of symbol @i, up to its size or the next symbol. */
static const unsigned char *body(const struct image *image, size_t i, size_t *size)
{
	const struct symbol *s = &image->symbols[i];
	const unsigned char *code = image_at(image, s->address, size);
	uint64_t limit = s->size;

	while (!limit && ++i < image->nr_symbols)
		limit = image->symbols[i].address - s->address;
	if (code && limit && limit < *size)
		*size = limit;
	if (code && *size > 1 << 18)
		*size = 1 << 18;
	return code;
}

static const char *const target_names[] = {
	HOOK, "p4d_populate_kernel", "pgd_populate_kernel", "sync_global_pgds",
	"sync_global_pgds_l4", "sync_global_pgds_l5", "zero_pud_populate",
	"zero_pmd_populate", "slab_is_available", "__pud_alloc", "__p4d_alloc", NULL
};

static void add_target(struct image *image, uint64_t address, const char *name)
{
	size_t i = image->nr_targets;

	/* Targets with the same address are adjacent. */
	while (i && image->targets[i - 1].address == address)
		if (image->targets[--i].name == name)
			return;
	image->targets = need(realloc(image->targets, (image->nr_targets + 1) *
				      sizeof(*image->targets)));
	image->targets[image->nr_targets++] = (struct symbol){ address, 0, name };
}

/* The symbols are sorted. */
static void find_targets(struct image *image)
{
	const char *const *name;
	size_t i;

	for (i = 0; i < image->nr_symbols; i++)
		for (name = target_names; *name; name++)
			if (named(image->symbols[i].name, *name) &&
			    !strstr(image->symbols[i].name, ".cold"))
				add_target(image, image->symbols[i].address, *name);
}

/* Is the function at @address one of @names? */
static bool is_at(const struct image *image, uint64_t address, const char *const *names)
{
	size_t low = 0, high = image->nr_targets, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (image->targets[mid].address < address)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < image->nr_targets && image->targets[low].address == address; low++)
		if (named_any(image->targets[low].name, names))
			return true;
	return false;
}

/*
 * The next call of, or jump to, one of @names in @code at @address, from @at
 * on; the offset behind it, or 0. An offset that is no instruction can have
 * the right four bytes behind it only by a chance of one to billions.
 */
static size_t next_call(const struct image *image, uint64_t address,
			const unsigned char *code, size_t size, size_t at,
			const char *const *names)
{
	uint64_t target;

	for (; at + 5 <= size; at++) {
		if ((code[at] & 0xfe) != 0xe8 &&
		    !(at && code[at - 1] == 0x0f && (code[at] & 0xf0) == 0x80))
			continue;
		target = address + at + 5 + (int64_t)(int32_t)le32(code + at + 1);
		if (is_at(image, target, names))
			return at + 5;
	}
	return 0;
}

/* Do @callers call @callees? UNKNOWN if the code of a caller is missing. */
static enum tri calls(const struct image *image, const char *const *callers,
		      const char *const *callees)
{
	const unsigned char *code;
	enum tri answer = NO;
	uint64_t done = 0;	/* a function may have many names */
	size_t i, size;

	for (i = 0; i < image->nr_symbols; i++) {
		if (!named_any(image->symbols[i].name, callers) ||
		    image->symbols[i].address == done)
			continue;
		done = image->symbols[i].address;
		code = body(image, i, &size);
		if (code && next_call(image, image->symbols[i].address, code, size, 0, callees))
			return YES;
		if (!is_code(code, size))
			answer = UNKNOWN;
	}
	return answer;
}

static const char *const hook[] = { HOOK, NULL };
static const char *const helpers[] = { "p4d_populate_kernel", "pgd_populate_kernel", NULL };
/* The helpers themselves where they are functions, as with -Os. */
static const char *const syncs[] = {
	HOOK, "p4d_populate_kernel", "pgd_populate_kernel", NULL
};
/* The hook, inlined by link-time optimization. */
static const char *const inlined[] = {
	"sync_global_pgds", "sync_global_pgds_l4", "sync_global_pgds_l5", NULL
};

/*
 * What the populate code of the vmemmap may have ended in. vmemmap_populate()
 * itself is x86's, and synchronizes behind it also without the fix; link-time
 * optimization may move the one into the other.
 */
static const char *const vmemmap[] = {
	"vmemmap_p4d_populate", "vmemmap_populate_address", "vmemmap_populate_range",
	"vmemmap_populate_basepages", "vmemmap_populate_hugepages",
	"vmemmap_populate_compound_pages", NULL
};
static const char *const vmemmap_around[] = {
	"vmemmap_populate", "__populate_section_memmap", "sparse_add_section", NULL
};

static bool has_any(const struct image *image, const char *const *names)
{
	for (; *names; names++)
		if (has_symbol(image, *names))
			return true;
	return false;
}

static enum tri vmemmap_in_step(const struct image *image, bool lto)
{
	/* A helper that is a function, but does not call the hook, is none. */
	enum tri helper = calls(image, helpers, hook);
	const char *const *sync = helper == YES ? syncs : hook;
	enum tri in = calls(image, vmemmap, sync), around = calls(image, vmemmap_around, sync);
	enum tri inline_sync = calls(image, vmemmap, inlined);

	if (in == YES || around == YES || inline_sync == YES)
		return YES;
	if (in == UNKNOWN || around == UNKNOWN || lto || !has_any(image, vmemmap))
		return UNKNOWN;
	if (helper == UNKNOWN && (calls(image, vmemmap, helpers) == YES ||
				  calls(image, vmemmap_around, helpers) == YES))
		return UNKNOWN;
	return NO;
}

static const char *const shadow[] = {
	"zero_p4d_populate", "kasan_populate_early_shadow", "kasan_add_zero_shadow", NULL
};
static const char *const pud_alloc[] = { "__pud_alloc", NULL };
static const char *const next_step[] = {
	"zero_pud_populate", "zero_pmd_populate", "slab_is_available", "__pud_alloc",
	"__p4d_alloc", NULL
};
static const char *const next_level[] = { "zero_pud_populate", NULL };

static int kind(const void *image, uint64_t address)
{
	if (is_at(image, address, syncs))
		return CALL_SYNC;
	return is_at(image, address, next_step) ? CALL_BARRIER : CALL_OTHER;
}

/*
 * Behind __pud_alloc(), is the hook called before the next level is filled, or is the
 * level noted for the end?
 */
static enum tri shadow_in_step(const struct image *image, size_t *seen)
{
	const struct code walk = { image_at, kind, image, true };
	const unsigned char *code;
	enum tri in_step = YES;
	uint64_t address = 0;
	size_t i, at, size;

	for (*seen = 0, i = 0; i < image->nr_symbols; i++) {
		if (!named_any(image->symbols[i].name, shadow) ||
		    image->symbols[i].address == address)
			continue;
		address = image->symbols[i].address;
		code = body(image, i, &size);
		for (at = 0; code && (at = next_call(image, address, code, size, at,
						     pud_alloc)); ++*seen)
			if (!reaches_sync(&walk, address + at))
				in_step = NO;
	}
	/* With the next level inlined, the way round the loop leads there too. */
	if (!*seen || (in_step == YES && !has_symbol(image, next_level[0])))
		return UNKNOWN;
	return in_step;
}

/* Facts that names alone tell, be they an image's or /proc/kallsyms'. */
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

static bool lto(const struct image *image)
{
	size_t i;

	for (i = 0; i < image->nr_symbols; i++)
		if (strstr(image->symbols[i].name, ".llvm.") ||
		    strstr(image->symbols[i].name, ".lto_priv."))
			return true;
	return false;
}

static void judge_code(struct kernel *k, const struct image *image)
{
	size_t seen = 0;

	k->vmemmap = NO;
	k->zero_shadow = NO;
	if (k->hook == YES) {
		k->vmemmap = k->has_vmemmap ? vmemmap_in_step(image, lto(image)) : UNKNOWN;
		k->zero_shadow = k->kasan ? shadow_in_step(image, &seen) : UNKNOWN;
	}
	if (k->hook == NO)
		k->state = BEFORE;
	else if (k->vmemmap == YES)
		k->state = k->zero_shadow == YES ? HARDENED : FIXED;
	else if (k->vmemmap == NO)
		k->state = HALF;
	if (k->hook == NO) {
		k->evidence = text("%s is not there, by %zu symbols of %s", HOOK "()",
				   image->nr_symbols, image->symbols_from);
		return;
	}
	k->evidence = text("%s is there; %s; %s; by %zu symbols of %s", HOOK "()",
			   k->has_vmemmap == NO ? "no vmemmap" :
			   k->vmemmap == YES ? "mm/sparse-vmemmap.c calls it" :
			   k->vmemmap == NO ? "mm/sparse-vmemmap.c does not call it" :
			   "whether mm/sparse-vmemmap.c calls it does not show",
			   k->kasan == NO ? "no KASAN" :
			   k->zero_shadow == YES ? "KASAN calls it for each table it adds" :
			   k->zero_shadow == NO ? "KASAN does not call it behind pud_alloc()" :
			   !seen ? "KASAN's call of pud_alloc() was not found" :
			   "whether KASAN calls it behind pud_alloc() does not show: inlined",
			   image->nr_symbols, image->symbols_from);
}

/* The configuration in the image itself, CONFIG_IKCONFIG. */
static const struct image *configured;

static bool own_config(struct kernel *k, const char *path)
{
	const struct image *image = configured;
	const unsigned char *d = image->file.data, *start, *end;
	struct buffer config;

	start = memmem(d, image->file.size, "IKCFG_ST\x1f\x8b", 10);
	if (!start)
		return false;
	start += 8;
	end = memmem(start, d + image->file.size - start, "IKCFG_ED", 8);
	if (!end)
		damaged(image, "its own configuration has no end");
	config.size = end - start;
	config.data = need(malloc(config.size + 1));
	memcpy(config.data, start, config.size);
	unpack(path, &config);
	read_config(k, &config, "the image itself");
	return true;
}

/* The names are there. Is the code of start_kernel() as well, and not wiped? */
static bool has_code(const struct image *image)
{
	static const unsigned char zeros[32];
	static const char *const start[] = { "start_kernel", NULL };
	const unsigned char *code;
	uint64_t done = 0;
	size_t i, size;

	for (i = 0; i < image->nr_symbols; i++) {
		if (!named_any(image->symbols[i].name, start) || image->symbols[i].address == done)
			continue;
		done = image->symbols[i].address;
		code = body(image, i, &size);
		/* Equal to itself one byte later: all bytes are the same. */
		if (code && size > 1 && memcmp(code, code + 1, size - 1) &&
		    !memmem(code, size, zeros, sizeof(zeros)))
			return true;
	}
	return false;
}

/* False if it is not the kernel that @k->version says is running. */
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
	if (k->version && !is_running(&image, k->version)) {
		/* What is still packed, for another architecture, shows no version. */
		if (next_banner(&image, NULL, NULL))
			note(k, "%s is not the running kernel: its version is %s", path, version_of(&image));
		else if (x86_64)
			note(k, "%s has no version: cannot tell whether it is the running kernel", path);
		return false;
	}
	k->x86_64 = x86_64;
	if (!k->version)
		k->version = version_of(&image);
	if (!x86_64) {
		k->state = FOREIGN;
		k->evidence = image.foreign ? image.foreign : "the file is for another architecture";
		return true;
	}
	/* A stripped kernel may have kept a few names. */
	if (image.nr_symbols < FEW_SYMBOLS) {
		image.nr_symbols = 0;
		read_kallsyms(&image);
	}
	if (!image.nr_symbols && map)
		read_map(&image, map);
	if (image.nr_symbols)
		qsort(image.symbols, image.nr_symbols, sizeof(*image.symbols), by_address);
	find_targets(&image);

	if (!has_symbol(&image, "start_kernel")) {
		if (!*k->version)
			damaged(&image, "is not a kernel: it has neither start_kernel() nor \"Linux version\"");
		k->evidence = image.nr_symbols ?
			text("%s has no start_kernel(): it is not a whole kernel", image.symbols_from) :
			"the image is stripped, without kallsyms: give its System.map with --map";
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
		config_beside(k, path);
	return true;
}
