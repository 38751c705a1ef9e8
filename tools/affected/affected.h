/* SPDX-License-Identifier: GPL-2.0 */
#ifndef AFFECTED_H
#define AFFECTED_H

#include <glob.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOOK "arch_sync_kernel_mappings"
#define TiB (1ULL << 40)
#define NO_TREE "%s is no kernel tree of 5.8 or later, or a part of one: it has no %s"
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

enum tri { NO, YES, UNKNOWN };

/* What the sources or the code contain of the fix. */
enum state { UNCLEAR, UNFIXED, PARTIAL, FIXED, FOREIGN };

enum { COMPOUND, SUBPMD, SHADOW, ZEROSHADOW, NR_CRASHES };

struct kernel {
	const char *kind, *path;	/* "tree", "image" or "machine" */
	const char *version;
	enum state state;
	const char *evidence;		/* for the state */

	enum tri x86_64;
	enum tri moved;			/* patch 1, visible in sources only */
	enum tri vmemmap;		/* patch 2: mm/sparse-vmemmap.c uses the helpers */
	enum tri hook;			/* patch 3 */
	enum tri zero_shadow;		/* KASAN synchronizes entries that pud_alloc() adds */

	enum tri kasan, kmsan, hotplug, zone_device;
	enum tri randomized;		/* CONFIG_RANDOMIZE_MEMORY */
	enum tri has_compound, has_subpmd, has_vmemmap;
	unsigned int page_size;		/* of struct page, 0 if unknown */
	bool configured;		/* a configuration has been read */

	const char *notes[64];
	int nr_notes;
	int nr_lost;			/* so many notes are what a source tree lacks */
};

/* Can this machine meet the crash? */
struct meets {
	enum tri verdict;
	const char *reason;
};

struct buffer {
	unsigned char *data;
	size_t size;
};

/* affected.c */
void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...);
bool attempt(struct kernel *k, bool (*what)(struct kernel *k, const char *path),
	     const char *path, const char **why);
char *__attribute__((format(printf, 1, 2))) text(const char *fmt, ...);
void __attribute__((format(printf, 2, 3))) note(struct kernel *k, const char *fmt, ...);
void *need(void *memory);
bool at_least(const struct kernel *k, int version, int patchlevel);

/* file.c */
bool slurp(const char *path, struct buffer *file);
struct buffer load(const char *path);
bool unpack(const char *name, struct buffer *packed);
bool unpack_package(const char *name, struct buffer *packed, const char *what,
		    const char *members);
char *literal(const char *name);
glob_t matches(const char *root, const char *pattern);

/* config.c */
void read_config(struct kernel *k, struct buffer *config, const char *name);
bool find_config(struct kernel *k, const char *path);
void config_beside(struct kernel *k, const char *path);

/* tree.c, image.c, running.c and machine.c */
bool read_sources(struct kernel *k, const char *dir, bool whole);
void look_at_tree(struct kernel *k, const char *dir);
bool look_at_image(struct kernel *k, const char *path, const char *map, const char *config);
void print_config(const char *path);
void judge_names(struct kernel *k, bool (*has)(const void *from, const char *name),
		 const void *from);
bool look_at_machine(struct kernel *k, const char *root, const char *image, const char *map);
const char *machine_meets(const struct kernel *k, int crash, struct meets *meets);
bool running_image(struct kernel *k, const char *root, const char *release,
		   const char *cmdline);
const char *const *expand(const char *const *paths);

/*
 * ranges.c: physical memory, as half-open intervals. SURE is memory that was present at
 * boot, POSSIBLE also memory that may have been plugged later.
 */
enum { SURE, POSSIBLE, PLUG, PCI, NR_SETS };

struct range {
	uint64_t start, end;
	const char *from;
};

struct ranges {
	struct range *at;
	size_t nr;
};

/* How the top-level entries of an area of kernel addresses cover memory. */
struct area {
	uint64_t bytes, per;	/* @bytes of the area describe @per bytes of memory */
	uint64_t offset;	/* of its start in its first entry */
	unsigned int entry;	/* in GiB */
	unsigned int positions;	/* to which KASLR can move the start, 1 GiB apart */
};

void add_range(struct ranges *set, uint64_t start, uint64_t end, const char *from);
void common_ranges(struct ranges *set, const struct ranges *other);
bool covers(const struct ranges *set, const struct range *range);
unsigned int new_entries(const struct area *area, const struct range *range,
			 const struct ranges *boot);

static inline uint32_t le16(const unsigned char *p)
{
	return p[0] | p[1] << 8;
}

static inline uint32_t le32(const unsigned char *p)
{
	return le16(p) | le16(p + 2) << 16;
}

static inline uint64_t le64(const unsigned char *p)
{
	return le32(p) | (uint64_t)le32(p + 4) << 32;
}

#endif
