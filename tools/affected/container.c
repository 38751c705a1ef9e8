// SPDX-License-Identifier: GPL-2.0
/*
 * Containers of a kernel: compressed files, bzImage, the section .linux of a unified
 * kernel image, and the formats of other architectures.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

#define PE_X86_64	0x8664

/* Replace the file by its @size bytes at @offset. */
static void cut(struct image *image, uint64_t offset, uint64_t size)
{
	memmove(image->file.data, image->file.data + offset, size);
	image->file.data[size] = '\0';
	image->file.size = size;
}

bool is_bzimage(const struct image *image)
{
	return image->file.size >= 0x250 && !memcmp(image->file.data + 0x202, "HdrS", 4);
}

/* The setup header of a bzImage has the position of the compressed vmlinux. */
static bool open_bzimage(struct image *image)
{
	const unsigned char *d = image->file.data;
	uint64_t offset, size;

	if (!is_bzimage(image))
		return false;
	if (le16(d + 0x206) < 0x208)
		damaged(image, "is older than boot protocol 2.08");
	offset = ((d[0x1f1] ? d[0x1f1] : 4) + 1) * 512 + (uint64_t)le32(d + 0x248);
	size = le32(d + 0x24c);
	if (size < 16 || !image_bytes(image, offset, size))
		damaged(image, "the packed kernel is beyond the end of the file");
	/* All formats but gzip are followed by the unpacked size. */
	if (d[offset] != 0x1f)
		size -= 4;
	cut(image, offset, size);
	if (!unpack(image->name, &image->file) && memcmp(image->file.data, ELFMAG, SELFMAG))
		damaged(image, "the kernel in it is packed in an unknown way");
	return true;
}

/* The offset of the PE header, 0 if there is none. */
static uint64_t pe_header(const struct image *image)
{
	const unsigned char *d = image->file.data;
	uint64_t at;

	if (image->file.size < 0x40 || d[0] != 'M' || d[1] != 'Z')
		return 0;
	at = le32(d + 0x3c);
	return at && image_bytes(image, at, 24) && !memcmp(d + at, "PE\0\0", 4) ? at : 0;
}

/* A unified kernel image has the kernel in its section .linux. */
static bool open_unified(struct image *image)
{
	uint64_t pe = pe_header(image), table, nr, size, offset;
	const unsigned char *section;

	if (!pe)
		return false;
	nr = le16(image->file.data + pe + 6);
	table = pe + 24 + le16(image->file.data + pe + 20);
	section = image_bytes(image, table, nr * 40);
	if (!section)
		damaged(image, "the section table is beyond the end of the file");
	for (; nr && memcmp(section, ".linux\0", 8); nr--)
		section += 40;
	if (!nr)
		return false;
	size = le32(section + 16);
	offset = le32(section + 20);
	/* The size in the file is rounded up, the one in memory is not. */
	if (le32(section + 8) && le32(section + 8) < size)
		size = le32(section + 8);
	if (!size || !image_bytes(image, offset, size))
		damaged(image, "the section .linux is beyond the end of the file");
	cut(image, offset, size);
	return true;
}

/* Formats of other architectures that are not ELF. */
static const struct {
	uint64_t at;
	const char *magic, *name;
} formats[] = {
	{ 56, "ARM\x64", "an Image for arm64" },
	{ 56, "RSC\x05", "an Image for riscv" },
	{ 56, "\xcd\x23\x82\x81", "an image for loongarch" },
	{ 36, "\x18\x28\x6f\x01", "a zImage for arm" },
};

static void find_foreign(struct image *image)
{
	uint64_t pe = pe_header(image);
	const unsigned char *d = image->file.data;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++)
		if (image_bytes(image, formats[i].at, 4) &&
		    !memcmp(d + formats[i].at, formats[i].magic, 4))
			image->foreign = text("the file is %s", formats[i].name);
	/* An EFI program need not be a kernel. A packed kernel has "zimg" there. */
	if (!image->foreign && pe && le16(d + pe + 4) != PE_X86_64 &&
	    (!memcmp(d + 4, "zimg", 4) || memmem(d, image->file.size, "Linux version ", 14)))
		image->foreign = "the file is an EFI program for another architecture";
}

void open_container(struct image *image)
{
	unpack_package(image->name, &image->file, "kernel",
		       "'*boot/vmlinuz-*' '*lib/modules/*/vmlinuz'");
	unpack(image->name, &image->file);
	if (open_bzimage(image))
		return;
	if (open_unified(image)) {
		unpack(image->name, &image->file);
		if (open_bzimage(image))
			return;
	}
	find_foreign(image);
}
