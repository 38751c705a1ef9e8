// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own symbol table, which is still there if the image was stripped.
 * scripts/kallsyms.c writes it, without a symbol for its position, so each part is
 * recognised by its contents:
 *
 *	to v6.4		offsets, base, number, names, markers, (order,) tokens, index
 *	from v6.5	number, names, markers, tokens, index, offsets, base, order
 *	newest		the same without base: offsets are relative to their own position
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "image.h"

/* Kernels have 20,000 to 300,000 symbols. */
#define MIN_SYMBOLS 300
#define MAX_SYMBOLS 4000000
#define MAX_NAME 1024

struct tables {
	const unsigned char *data;
	size_t size;
	size_t digits, tokens, index;	/* offsets in the file */
	size_t markers, nr_markers;
	size_t names, number;
	size_t offsets, base;		/* no base if it is 0 */
	bool percpu;			/* --absolute-percpu: positive offsets are addresses */
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

/* Has the index at @index the position of each token? It tells where the tokens begin. */
static bool index_fits(struct tables *t, size_t index)
{
	size_t at, i;

	if (index + 512 > t->size || le16(t->data + index + 2 * '0') > t->digits)
		return false;
	t->index = index;
	t->tokens = at = t->digits - le16(t->data + index + 2 * '0');
	for (i = 0; i < 256; i++, index += 2) {
		if (le16(t->data + index) != at - t->tokens)
			return false;
		at = token_end(t, at);
	}
	return true;
}

/* The 256 tokens include each character that is used, so digits follow each other. */
static bool find_digits(struct tables *t)
{
	static const char digits[] = "\0000\0001\0002\0003\0004\0005\0006\0007\0008\0009";
	const unsigned char *hit;

	if (t->digits >= t->size)
		return false;
	hit = memmem(t->data + t->digits, t->size - t->digits, digits, sizeof(digits));
	if (hit)
		t->digits = hit - t->data + 1;
	return hit;
}

static bool find_index(struct tables *t)
{
	size_t end = t->digits;
	int i;

	for (i = '0'; i < 256 && end < t->size; i++)
		end = token_end(t, end);
	return index_fits(t, align(end, 4)) || index_fits(t, align(end, 8));
}

/* The length of the name at *@at. Advances *@at to the name. */
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

/* Find the names that belong to the markers. Their number is before them. */
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
			t->names = at;
			t->number = at - gap;
			t->nr = le32(t->data + t->number);
			if ((t->nr + 255ULL) / 256 == t->nr_markers && names_fit(t, at, t->nr))
				return true;
		}
	}
	return false;
}

/* Markers are offsets of each 256th name: from 0 up, in steps that names can have. */
static bool find_markers(struct tables *t)
{
	const unsigned char *d = t->data, *at;
	size_t n, step;
	int tries;

	for (t->markers = t->tokens & ~3UL; t->markers >= 16; t->markers -= 4) {
		if (t->tokens - t->markers > 4 * MAX_SYMBOLS)
			break;
		if (le32(d + t->markers))
			continue;
		for (n = 1; t->markers + 4 * n + 4 <= t->tokens; n++) {
			at = d + t->markers + 4 * n;
			step = le32(at) - (size_t)le32(at - 4);
			if (step < 512 || step > 256 * MAX_NAME)
				break;
		}
		/* What follows can look like one more. */
		for (tries = 2; tries && n > 1; tries--, n--) {
			t->nr_markers = n;
			if (find_names(t))
				return true;
		}
	}
	return false;
}

static uint64_t address_of(const struct image *image, const struct tables *t, uint32_t i)
{
	size_t at = t->offsets + 4UL * i;
	int32_t offset = le32(t->data + at);
	const struct segment *s;
	uint64_t base;

	if (t->base) {
		base = le64(t->data + t->base);
		if (!t->percpu)
			return base + (uint32_t)offset;
		return offset < 0 ? base - 1 - offset : (uint64_t)offset;
	}
	for (s = image->segments; s < image->segments + image->nr_segments; s++)
		if (at - s->offset < s->size)
			return s->address + at - s->offset + offset;
	return 0;
}

/* Symbols are sorted by address, up to those of the kernel. */
static bool addresses_fit(const struct image *image, const struct tables *t)
{
	uint64_t address = 0, next;
	uint32_t i;

	if (t->offsets > t->size || t->size - t->offsets < 4ULL * t->nr || t->base > t->size - 8)
		return false;
	for (i = 0; i < t->nr; i++) {
		next = address_of(image, t, i);
		if (next < address)
			return false;
		address = next;
	}
	return address >= 0xffffffff80000000;
}

static bool find_addresses(const struct image *image, struct tables *t)
{
	size_t after = t->index + 512, i;
	const size_t places[][2] = {
		{ t->number - 8 - align(4UL * t->nr, 8), t->number - 8 },
		{ align(after, 8), align(align(after, 8) + 4UL * t->nr, 8) },
		{ align(after, 4), 0 },
	};

	for (i = 0; i < 2 * ARRAY_SIZE(places); i++) {
		t->offsets = places[i / 2][0];
		t->base = places[i / 2][1];
		t->percpu = i & 1;
		if (addresses_fit(image, t))
			return true;
	}
	return false;
}

/* Expand the names. The first character is the type. */
static void take_symbols(struct image *image, const struct tables *t)
{
	size_t at = t->names, size, length;
	const unsigned char *token;
	char name[MAX_NAME];
	uint32_t i;

	for (i = 0; i < t->nr; i++) {
		length = 0;
		for (size = name_size(t, &at); size; size--) {
			token = t->data + t->tokens + le16(t->data + t->index + 2 * t->data[at++]);
			while (*token && length < MAX_NAME - 1)
				name[length++] = *token++;
		}
		name[length] = '\0';
		if (strchr("tTwW", name[0]))
			add_symbol(image, address_of(image, t, i), 0, text("%s", name + 1));
	}
}

bool read_kallsyms(struct image *image)
{
	struct tables t = { .data = image->file.data, .size = image->file.size };

	while (find_digits(&t)) {
		if (!find_index(&t) || !find_markers(&t) || t.nr < MIN_SYMBOLS ||
		    t.nr > MAX_SYMBOLS || !find_addresses(image, &t))
			continue;
		take_symbols(image, &t);
		image->symbols_from = "kallsyms in the image";
		return true;
	}
	return false;
}
