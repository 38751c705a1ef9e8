/* SPDX-License-Identifier: GPL-2.0 */
#ifndef IMAGE_H
#define IMAGE_H

#include "affected.h"

struct segment {
	uint64_t address, offset, size;
};

struct symbol {
	uint64_t address, size;
	const char *name;
};

struct image {
	const char *name;
	struct buffer file;
	struct segment *segments;
	int nr_segments;
	struct symbol *symbols;
	size_t nr_symbols;
	struct symbol *targets;	/* of calls that tell something, once each */
	size_t nr_targets;
	const char *symbols_from;
	const char *foreign;	/* why it is not for x86_64, if its container says so */
};

void __attribute__((noreturn)) damaged(const struct image *image, const char *why);
void open_container(struct image *image);

const void *image_bytes(const struct image *image, uint64_t offset, uint64_t size);
const unsigned char *image_at(const void *image, uint64_t address, size_t *left);
void add_symbol(struct image *image, uint64_t address, uint64_t size, const char *name);
bool read_kallsyms(struct image *image);

static inline uint32_t le16(const unsigned char *p)
{
	return p[0] | p[1] << 8;
}

static inline uint32_t le32(const unsigned char *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t le64(const unsigned char *p)
{
	return le32(p) | (uint64_t)le32(p + 4) << 32;
}

#endif
