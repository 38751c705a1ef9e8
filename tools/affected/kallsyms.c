// SPDX-License-Identifier: GPL-2.0
/*
 * The symbols that a kernel has of itself, which are still there where it was
 * stripped. scripts/kallsyms.c writes them, without a symbol that would tell
 * where: each table is known by what has to be in it.
 *
 *	to v6.4		offsets, base, number, names, markers, (order,) tokens, index
 *	from v6.5	number, names, markers, tokens, index, offsets, base, order
 *	newest		the same, but offsets are from where they stand, without base
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "image.h"

/* Kernels have 20,000 to 300,000; beyond this it is something else. */
#define MIN_SYMBOLS 300
#define MAX_SYMBOLS 4000000
#define MAX_NAME 1024

struct tables {
	const unsigned char *data;
	size_t size;
	size_t digits, tokens, index;	/* offsets in the file */
	size_t markers, nr_markers;
	size_t names, number;
	uint32_t nr;
};

static size_t align(size_t at, size_t to)
{
	return (at + to - 1) & ~(to - 1);
}

static size_t token_end(const struct tables *t, size_t at)
{
	while (at < t->size && t->data[at])
		at++;
	return at + 1;
}

/* The index has the place of each token. */
static bool index_fits(struct tables *t, size_t tokens, size_t index)
{
	size_t at = tokens;
	int i;

	if (index + 512 > t->size)
		return false;
	for (i = 0; i < 256; i++, index += 2) {
		if ((size_t)(t->data[index] | t->data[index + 1] << 8) != at - tokens)
			return false;
		at = token_end(t, at);
	}
	return true;
}

/*
 * Each character that is used stands for itself, so the digits follow each
 * other in the tokens. What stands before the tokens may touch the first one.
 */
static bool find_tokens(struct tables *t, size_t from)
{
	static const char digits[] = "\0000\0001\0002\0003\0004\0005\0006\0007\0008\0009";
	const unsigned char *hit, *d = t->data;
	size_t at, end;
	int i;

	if (from >= t->size)
		return false;
	hit = memmem(d + from, t->size - from, digits, sizeof(digits));
	if (!hit)
		return false;
	t->digits = hit - d + 1;
	for (at = t->digits, i = 0; at && i < '0'; i++)
		for (at--; at && d[at - 1]; at--)
			;
	for (end = at, i = 0; i < 256 && end < t->size; i++)
		end = token_end(t, end);
	t->index = 0;
	for (t->tokens = at; d[t->tokens] && !t->index; t->tokens += !t->index)
		for (at = align(end, 4); at <= align(end, 8) && !t->index; at += 4)
			if (index_fits(t, t->tokens, at))
				t->index = at;
	return true;
}

/* The length of the name at *@at, which moves behind the length. */
static size_t name_size(const struct tables *t, size_t *at)
{
	size_t size;

	if (*at + 1 >= t->size)
		return 0;
	size = t->data[(*at)++];
	if (size & 0x80)
		size = (size & 0x7f) | t->data[(*at)++] << 7;
	return size;
}

/* Do @nr names from @at end where the markers begin, and agree with them? */
static bool names_fit(const struct tables *t, size_t at, uint32_t nr)
{
	size_t size, start = at;
	uint32_t i;

	for (i = 0; i < nr; i++) {
		if (!(i & 255) && le32(t->data + t->markers + i / 256 * 4) != at - start)
			return false;
		size = name_size(t, &at);
		if (!size || at + size > t->markers)
			return false;
		at += size;
	}
	return t->markers - at < 8;
}

/* The names that belong to the markers: their number stands before them. */
static bool find_names(struct tables *t)
{
	size_t last = le32(t->data + t->markers + (t->nr_markers - 1) * 4);
	size_t at, gap, stop;

	if (last + 16 > t->markers)
		return false;
	at = (t->markers - last) & ~3UL;
	stop = at > 256 * MAX_NAME ? at - 256 * MAX_NAME : 8;
	for (; at >= stop; at -= 4) {
		for (gap = 4; gap <= 8; gap += 4) {
			t->nr = le32(t->data + at - gap);
			if ((t->nr + 255ULL) / 256 != t->nr_markers || !names_fit(t, at, t->nr))
				continue;
			t->names = at;
			t->number = at - gap;
			return true;
		}
	}
	return false;
}

/* Offsets of each 256th name: from 0 upwards, in steps that names can take. */
static bool find_markers(struct tables *t)
{
	const unsigned char *d = t->data;
	size_t at, n, step;
	int tries;

	for (at = t->tokens & ~3UL; at >= 16; at -= 4) {
		if (t->tokens - at > 4 * MAX_SYMBOLS)
			break;
		if (le32(d + at))
			continue;
		for (n = 1; at + 4 * n + 4 <= t->tokens; n++) {
			step = le32(d + at + 4 * n) - (size_t)le32(d + at + 4 * n - 4);
			if (step < 512 || step > 256 * MAX_NAME)
				break;
		}
		/* What follows could pass for one more, by chance. */
		for (tries = 2; tries && n > 1; tries--, n--) {
			t->markers = at;
			t->nr_markers = n;
			if (find_names(t))
				return true;
		}
	}
	return false;
}

struct layout {
	size_t offsets, base;		/* no base: from where they stand */
};

static uint64_t address_of(const struct image *image, const struct tables *t,
			   const struct layout *layout, uint32_t i, bool percpu)
{
	size_t at = layout->offsets + 4UL * i;
	int32_t offset = le32(t->data + at);
	uint64_t base;
	int s;

	if (!layout->base) {
		for (s = 0; s < image->nr_segments; s++)
			if (at - image->segments[s].offset < image->segments[s].size)
				return image->segments[s].address + at -
				       image->segments[s].offset + offset;
		return 0;
	}
	base = le64(t->data + layout->base);
	if (!percpu)
		return base + (uint32_t)offset;
	return offset < 0 ? base - 1 - offset : (uint64_t)offset;
}

/* Symbols stand in the order of their addresses, up to the kernel's own. */
static bool addresses_fit(const struct image *image, const struct tables *t,
			  const struct layout *layout, bool percpu)
{
	uint64_t address = 0, next;
	uint32_t i;

	if (layout->offsets > t->size || t->size - layout->offsets < 4ULL * t->nr ||
	    layout->base > t->size - 8)
		return false;
	for (i = 0; i < t->nr; i++) {
		next = address_of(image, t, layout, i, percpu);
		if (next < address)
			return false;
		address = next;
	}
	return address >= 0xffffffff80000000;
}

static void expand(const struct tables *t, size_t at, size_t size, char *name)
{
	const unsigned char *token;
	size_t room = MAX_NAME - 1;

	while (size--) {
		token = t->data + t->index + 2 * t->data[at++];
		token = t->data + t->tokens + (token[0] | token[1] << 8);
		for (; *token && room; room--)
			*name++ = *token++;
	}
	*name = '\0';
}

static void take_symbols(struct image *image, const struct tables *t,
			 const struct layout *layout, bool percpu)
{
	char name[MAX_NAME];
	size_t at = t->names, size;
	uint32_t i;

	for (i = 0; i < t->nr; i++) {
		size = name_size(t, &at);
		expand(t, at, size, name);
		at += size;
		/* The first character is the type. */
		if (strchr("tTwW", name[0]))
			add_symbol(image, address_of(image, t, layout, i, percpu), 0,
				   text("%s", name + 1));
	}
}

bool read_kallsyms(struct image *image)
{
	struct tables t = { .data = image->file.data, .size = image->file.size };
	struct layout layouts[3];
	bool percpu;
	int i;

	while (find_tokens(&t, t.digits)) {
		if (!t.index || !find_markers(&t) || t.nr < MIN_SYMBOLS || t.nr > MAX_SYMBOLS)
			continue;
		layouts[0].base = t.number - 8;
		layouts[0].offsets = layouts[0].base - align(4UL * t.nr, 8);
		layouts[1].offsets = align(t.index + 512, 8);
		layouts[1].base = align(layouts[1].offsets + 4UL * t.nr, 8);
		layouts[2].offsets = align(t.index + 512, 4);
		layouts[2].base = 0;
		for (i = 0; i < 6; i++) {
			percpu = i & 1;
			if (!addresses_fit(image, &t, &layouts[i / 2], percpu))
				continue;
			take_symbols(image, &t, &layouts[i / 2], percpu);
			image->symbols_from = "kallsyms in the image";
			return true;
		}
	}
	return false;
}
