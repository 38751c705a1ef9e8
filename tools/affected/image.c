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

static void __attribute__((noreturn)) damaged(const struct image *image, const char *why)
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
		damaged(image, "has no segment to load: it is no linked kernel");
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

/* bzImage says in its setup header where the packed vmlinux is. */
static void open_bzimage(struct image *image)
{
	const unsigned char *d = image->file.data;
	uint64_t offset, size;
	struct buffer packed;

	if (image->file.size < 0x250 || memcmp(d + 0x202, "HdrS", 4))
		return;
	if ((d[0x206] | d[0x207] << 8) < 0x208)
		damaged(image, "is older than boot protocol 2.08");
	offset = ((d[0x1f1] ? d[0x1f1] : 4) + 1) * 512 + (uint64_t)le32(d + 0x248);
	size = le32(d + 0x24c);
	if (size < 16 || !image_bytes(image, offset, size))
		damaged(image, "the packed kernel is beyond the end of the file");
	/* All but gzip have the unpacked size behind them. */
	if (d[offset] != 0x1f)
		size -= 4;
	packed.size = size;
	packed.data = need(malloc(size + 1));
	memcpy(packed.data, d + offset, size);
	packed.data[size] = '\0';
	if (!unpack(image->name, &packed) && memcmp(packed.data, ELFMAG, SELFMAG))
		damaged(image, "the kernel in it is packed in an unknown way");
	free(image->file.data);
	image->file = packed;
}

static bool open_elf(struct image *image, struct kernel *k)
{
	Elf64_Ehdr e;

	if (image->file.size < sizeof(e) || memcmp(image->file.data, ELFMAG, SELFMAG))
		damaged(image, "is neither an ELF file nor a bzImage");
	memcpy(&e, image->file.data, sizeof(e));
	if (e.e_ident[EI_DATA] != ELFDATA2LSB && e.e_ident[EI_DATA] != ELFDATA2MSB)
		damaged(image, "is an ELF file of no known byte order");
	if (e.e_ident[EI_CLASS] != ELFCLASS64 || e.e_ident[EI_DATA] != ELFDATA2LSB ||
	    e.e_machine != EM_X86_64) {
		k->x86_64 = NO;
		return false;
	}
	if (e.e_type != ET_EXEC && e.e_type != ET_DYN)
		damaged(image, "is no linked kernel");
	k->x86_64 = YES;
	read_segments(image, &e);
	read_sections(image, &e);
	return true;
}

/* The text behind "Linux version ", cut at what no version has in it. */
static const char *banner(const struct image *image, size_t *length)
{
	static const char start[] = "Linux version ";
	const unsigned char *at = image->file.data, *end = at + image->file.size;

	while ((at = memmem(at, end - at, start, sizeof(start) - 1))) {
		at += sizeof(start) - 1;
		if (!isdigit(*at))
			continue;
		for (*length = 0; at + *length < end && *length < 1000 &&
		     isprint(at[*length]); ++*length)
			;
		return (const char *)at;
	}
	return NULL;
}

/* System.map: has to be this image's, whose banner it knows the place of. */
static void read_map(struct image *image, const char *path)
{
	struct buffer map = load(path);
	char *save, *line, *end, *name;
	const unsigned char *at;
	uint64_t address;
	size_t left;

	for (line = strtok_r((char *)map.data, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		address = strtoull(line, &end, 16);
		if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ' || !end[3])
			die("%s: is no System.map: \"%.40s\"", path, line);
		name = end + 3;
		if (strchr("tTwW", end[1]))
			add_symbol(image, address, 0, name);
		if (strcmp(name, "linux_banner"))
			continue;
		at = image_at(image, address, &left);
		if (!at || left < 14 || memcmp(at, "Linux version ", 14))
			die("%s: is not the map of %s", path, image->name);
	}
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

/* Is a symbol at @address named so? */
static bool is_at(const struct image *image, uint64_t address, const char *const *names)
{
	size_t low = 0, high = image->nr_symbols, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (image->symbols[mid].address < address)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < image->nr_symbols && image->symbols[low].address == address; low++)
		if (named_any(image->symbols[low].name, names) &&
		    !strstr(image->symbols[low].name, ".cold"))
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

static bool calls(const struct image *image, const char *const *callers,
		  const char *const *callees)
{
	const unsigned char *code;
	size_t i, size;

	for (i = 0; i < image->nr_symbols; i++) {
		if (!named_any(image->symbols[i].name, callers))
			continue;
		code = body(image, i, &size);
		if (code && next_call(image, image->symbols[i].address, code, size, 0, callees))
			return true;
	}
	return false;
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

static enum tri vmemmap_in_step(const struct image *image, bool lto)
{
	/* A helper that is a function, but does not call the hook, is none. */
	const char *const *sync = calls(image, helpers, hook) ? syncs : hook;

	if (calls(image, vmemmap, sync) || calls(image, vmemmap_around, sync) ||
	    calls(image, vmemmap, inlined))
		return YES;
	return lto ? UNKNOWN : NO;
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
	uint64_t address;
	size_t i, at, size;

	for (*seen = 0, i = 0; i < image->nr_symbols; i++) {
		address = image->symbols[i].address;
		if (!named_any(image->symbols[i].name, shadow))
			continue;
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
			   "whether mm/sparse-vmemmap.c calls it does not show: built with LTO",
			   k->kasan == NO ? "no KASAN" :
			   k->zero_shadow == YES ? "KASAN calls it for each table it adds" :
			   k->zero_shadow == NO ? "KASAN does not call it behind pud_alloc()" :
			   !seen ? "KASAN's call of pud_alloc() was not found" :
			   "whether KASAN calls it behind pud_alloc() does not show: inlined",
			   image->nr_symbols, image->symbols_from);
}

/* The configuration in the image itself, CONFIG_IKCONFIG. */
static bool own_config(struct kernel *k, const struct image *image)
{
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
	unpack(image->name, &config);
	read_config(k, &config, "the image itself");
	return true;
}

/* Where builds, distributions and tools/kernel/build leave it. */
static void config_beside(struct kernel *k, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	int dir = base - path;

	if (!strncmp(base, "vmlinuz-", 8) &&
	    find_config(k, text("%.*sconfig-%s", dir, path, base + 8)))
		return;
	if (!strcmp(base, "bzImage") && find_config(k, text("%.*s../../../.config", dir, path)))
		return;
	if (find_config(k, text("%.*s.config", dir, path)) ||
	    find_config(k, text("%.*sconfig", dir, path)))
		return;
}

/* False if it is not the kernel that @k->version says is running. */
bool look_at_image(struct kernel *k, const char *path, const char *map, const char *config)
{
	struct image image = { .name = path, .file = load(path) };
	const char *version;
	size_t length;

	unpack(path, &image.file);
	open_bzimage(&image);
	if (!open_elf(&image, k)) {
		k->state = FOREIGN;
		k->evidence = "the file is for another architecture";
		return true;
	}
	version = banner(&image, &length);
	if (k->version && (!version || strncmp(k->version, version, strlen(k->version)))) {
		note(k, "%s is not the kernel that runs: it is %.*s", path,
		     version ? (int)length : 0, version ? version : "");
		return false;
	}
	if (!k->version)
		k->version = version ? text("%.*s", (int)length, version) : "";
	if (!image.nr_symbols && map)
		read_map(&image, map);
	if (!image.nr_symbols)
		read_kallsyms(&image);
	if (image.nr_symbols)
		qsort(image.symbols, image.nr_symbols, sizeof(*image.symbols), by_address);

	if (has_symbol(&image, "start_kernel")) {
		judge_names(k, has_symbol, &image);
		judge_code(k, &image);
	} else {
		k->evidence = image.nr_symbols ?
			text("%s has no start_kernel(): it is no whole kernel", image.symbols_from) :
			"the image is stripped, without kallsyms: give its System.map with --map";
	}
	if (config && !find_config(k, config))
		die("%s: cannot be read", config);
	if (!config && !own_config(k, &image))
		config_beside(k, path);
	return true;
}
