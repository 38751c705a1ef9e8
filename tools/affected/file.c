// SPDX-License-Identifier: GPL-2.0
/*
 * Read files, and unpack them with the commands that the machine has.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "affected.h"

/* A kernel with its debug information is smaller than this. */
#define MAX_SIZE (4UL << 30)

/* Read all of @fd and append a NUL. The sizes of files in /proc are not known before. */
static bool read_all(int fd, struct buffer *file)
{
	size_t room = 1 << 16;
	ssize_t got;

	file->size = 0;
	file->data = need(malloc(room));
	while ((got = read(fd, file->data + file->size, room - file->size - 1))) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || file->size + got > MAX_SIZE) {
			free(file->data);
			errno = got < 0 ? errno : EFBIG;
			return false;
		}
		file->size += got;
		if (room - file->size < room / 4)
			file->data = need(realloc(file->data, room *= 2));
	}
	file->data[file->size] = '\0';
	return true;
}

/* Read regular files only: opening a FIFO or a device could block or have side effects. */
bool slurp(const char *path, struct buffer *file)
{
	struct stat st;
	int fd, error = 0;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	if (fstat(fd, &st))
		error = errno;
	else if (!S_ISREG(st.st_mode))
		error = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	else if ((uint64_t)st.st_size > MAX_SIZE)
		error = EFBIG;
	else if (!read_all(fd, file))
		error = errno;
	close(fd);
	errno = error;
	return !error;
}

struct buffer load(const char *path)
{
	struct buffer file;

	if (slurp(path, &file))
		return file;
	if (errno == EISDIR)
		die("%s: is a directory in which no kernel is found: name an image", path);
	if (errno == EFBIG)
		die("%s: is larger than %lu GiB: strip its debug information with objcopy -g",
		    path, MAX_SIZE >> 30);
	die("%s: %s", path, strerror(errno));
}

static const struct packer {
	unsigned char size, magic[9];
	const char *name, *arguments;
} packers[] = {
	{ 2, { 0x1f, 0x8b }, "gzip", "-dc" },
	{ 6, { 0xfd, '7', 'z', 'X', 'Z', 0 }, "xz", "-dc" },
	{ 4, { 0x28, 0xb5, 0x2f, 0xfd }, "zstd", "-dcq --long=31" },
	{ 4, { 0x02, 0x21, 0x4c, 0x18 }, "lz4", "-dcq" },
	{ 4, { 0x04, 0x22, 0x4d, 0x18 }, "lz4", "-dcq" },
	{ 3, { 'B', 'Z', 'h' }, "bzip2", "-dc" },
	{ 3, { 0x5d, 0, 0 }, "xz", "--format=lzma -dc" },
	{ 9, { 0x89, 'L', 'Z', 'O', 0, 0x0d, 0x0a, 0x1a, 0x0a }, "lzop", "-dc" },
};

static const struct packer *packer_of(const struct buffer *packed)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(packers); i++)
		if (packed->size >= packers[i].size &&
		    !memcmp(packed->data, packers[i].magic, packers[i].size))
			return &packers[i];
	return NULL;
}

/* Make the packed bytes stdin. A small kernel may lack memfd_create(). */
static void feed(const struct buffer *packed)
{
	int fd = memfd_create("packed", 0);
	FILE *file = fd < 0 ? tmpfile() : fdopen(fd, "w+");

	if (!file || fwrite(packed->data, 1, packed->size, file) != packed->size ||
	    fflush(file) || dup2(fileno(file), 0) < 0 || lseek(0, 0, SEEK_SET))
		die("cannot store %zu bytes in memory or in /tmp: %s", packed->size,
		    strerror(errno));
	if (fileno(file))
		fclose(file);
}

/* Replace @packed by what @command, for which @tool is needed, makes of it. */
static bool convert(const char *name, struct buffer *packed, const char *tool,
		    const char *command)
{
	struct buffer unpacked;
	bool good;
	int status;
	FILE *pipe;

	feed(packed);
	pipe = popen(command, "r");
	if (!pipe)
		die("cannot run %s: %s", tool, strerror(errno));
	good = read_all(fileno(pipe), &unpacked);
	status = pclose(pipe);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		die("%s: needs the command %s, which is not there", name, tool);
	if (!good || status)
		return false;
	free(packed->data);
	*packed = unpacked;
	return true;
}

/* Replace @packed by its contents; false if it is not packed. */
bool unpack(const char *name, struct buffer *packed)
{
	const struct packer *packer = packer_of(packed);

	if (!packer)
		return false;
	if (!convert(name, packed, packer->name,
		     text("exec 2>/dev/null; exec %s %s", packer->name, packer->arguments)))
		die("%s: %s cannot unpack it", name, packer->name);
	return true;
}

static const struct {
	const char *magic, *tool, *command;
} packages[] = {
	{ "!<arch>\ndebian-binary", "dpkg-deb",
	  "command -v dpkg-deb >/dev/null || exit 127; dpkg-deb --fsys-tarfile /dev/stdin | tar -xOf - --wildcards --wildcards-match-slash" },
	{ "\xed\xab\xee\xdb", "bsdtar, or rpm2cpio and cpio",
	  "if command -v bsdtar; then unpack() { bsdtar -xOf - \"$@\"; }\n"
	  "elif command -v rpm2cpio && command -v cpio; then unpack() { rpm2cpio - | cpio -i --quiet --to-stdout \"$@\"; }\n"
	  "else exit 127; fi >/dev/null; unpack" },
};

/*
 * Replace a package by those of its files that match @members, which are @what; false if it
 * is none.
 */
bool unpack_package(const char *name, struct buffer *packed, const char *what,
		    const char *members)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(packages); i++) {
		if (packed->size < 32 ||
		    memcmp(packed->data, packages[i].magic, strlen(packages[i].magic)))
			continue;
		/* tar fails if one of several patterns matches nothing. */
		if (!convert(name, packed, packages[i].tool,
			     text("exec 2>/dev/null; %s %s || :", packages[i].command, members)) ||
		    !packed->size)
			die("%s: the package has no %s, or is damaged: give the one that contains vmlinuz", name, what);
		return true;
	}
	return false;
}

/* Escape @name so that glob() matches it literally. */
char *literal(const char *name)
{
	char *copy = need(malloc(2 * strlen(name) + 1)), *to = copy;

	for (; *name; name++) {
		if (strchr("*?[]{}\\", *name))
			*to++ = '\\';
		*to++ = *name;
	}
	*to = '\0';
	return copy;
}

/* The paths below @root, "" for /, that match @pattern. */
glob_t matches(const char *root, const char *pattern)
{
	glob_t paths = { .gl_pathc = 0 };

	if (glob(text("%s/%s", literal(root), pattern), GLOB_BRACE, NULL, &paths))
		paths.gl_pathc = 0;
	return paths;
}
