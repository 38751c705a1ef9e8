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
	unsigned int roles;	/* of the functions at this address, see image.c */
};

struct image {
	const char *name;
	struct buffer file;
	struct segment *segments;
	int nr_segments;
	struct symbol *symbols;
	size_t nr_symbols;
	const char *symbols_from;
	const char *foreign;	/* set if the container is for another architecture */
};

void __attribute__((noreturn)) damaged(const struct image *image, const char *why);
bool is_bzimage(const struct image *image);
void open_container(struct image *image);

const void *image_bytes(const struct image *image, uint64_t offset, uint64_t size);
const unsigned char *image_at(const struct image *image, uint64_t address, size_t *left);
void add_symbol(struct image *image, uint64_t address, uint64_t size, const char *name);
bool read_kallsyms(struct image *image);

/* code.c, and what image.c tells it of a call: does it synchronize, or end a path? */
enum { CALL_OTHER, CALL_SYNC, CALL_BARRIER };
int kind_of_call(const struct image *image, uint64_t address);
bool reaches_sync(const struct image *image, uint64_t address);
bool is_code(const unsigned char *code, size_t size);

#endif
