// SPDX-License-Identifier: GPL-2.0
/*
 * Files, packed ones too, and what a .config says.
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

/* More than any kernel has, with its debug information, and less than fills a server. */
#define MAX_SIZE (4UL << 30)

/* All of @fd, with a NUL behind it. Files in /proc do not tell their size. */
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

/* Opening a FIFO or a device could wait for ever, or do something. */
bool slurp(const char *path, struct buffer *file)
{
	struct stat st;
	int fd, error;
	bool good;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	if (fstat(fd, &st)) {
		close(fd);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return false;
	}
	if ((uint64_t)st.st_size > MAX_SIZE) {
		close(fd);
		errno = EFBIG;
		return false;
	}
	good = read_all(fd, file);
	error = errno;
	close(fd);
	errno = error;
	return good;
}

struct buffer load(const char *path)
{
	struct buffer file;

	if (slurp(path, &file))
		return file;
	if (errno == EFBIG)
		die("%s: is larger than %lu GiB: strip its debug information with objcopy -g",
		    path, MAX_SIZE >> 30);
	die("%s: %s", path, strerror(errno));
}

static const struct packer {
	unsigned char size, magic[9];
	const char *command[5];
} packers[] = {
	{ 2, { 0x1f, 0x8b }, { "gzip", "-dc" } },
	{ 6, { 0xfd, '7', 'z', 'X', 'Z', 0 }, { "xz", "-dc" } },
	{ 4, { 0x28, 0xb5, 0x2f, 0xfd }, { "zstd", "-dcq", "--long=31" } },
	{ 4, { 0x02, 0x21, 0x4c, 0x18 }, { "lz4", "-dcq" } },
	{ 4, { 0x04, 0x22, 0x4d, 0x18 }, { "lz4", "-dcq" } },
	{ 3, { 'B', 'Z', 'h' }, { "bzip2", "-dc" } },
	{ 3, { 0x5d, 0, 0 }, { "xz", "--format=lzma", "-dc" } },
	{ 9, { 0x89, 'L', 'Z', 'O', 0, 0x0d, 0x0a, 0x1a, 0x0a }, { "lzop", "-dc" } },
};

static const struct packer *packer_of(const struct buffer *packed)
{
	size_t i;

	for (i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		if (packed->size >= packers[i].size &&
		    !memcmp(packed->data, packers[i].magic, packers[i].size))
			return &packers[i];
	return NULL;
}

static void __attribute__((noreturn)) run(const struct packer *packer, int in, int out)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(in, 0);
	dup2(out, 1);
	dup2(null, 2);
	execvp(packer->command[0], (char *const *)packer->command);
	_exit(errno == ENOENT ? 127 : 126);
}

/*
 * The packed bytes, in a file without a name, so that nobody has to feed a pipe. A small
 * kernel may lack memfd_create().
 */
static int unnamed_copy(const struct buffer *packed)
{
	int fd = memfd_create("packed", MFD_CLOEXEC);
	FILE *file = fd < 0 ? tmpfile() : NULL;
	size_t done = 0;
	ssize_t put = 0;

	if (file)
		fd = fileno(file);
	while (fd >= 0 && done < packed->size && put >= 0) {
		put = write(fd, packed->data + done, packed->size - done);
		if (put < 0 && errno == EINTR)
			put = 0;
		done += put > 0 ? put : 0;
	}
	if (fd < 0 || put < 0 || lseek(fd, 0, SEEK_SET))
		die("cannot store %zu bytes in memory or in /tmp: %s", packed->size,
		    strerror(errno));
	return fd;
}

/* Replace @packed by what is in it; false if it is not packed. */
bool unpack(const char *name, struct buffer *packed)
{
	const struct packer *packer = packer_of(packed);
	struct buffer unpacked;
	int in, out[2], status;
	bool good;
	pid_t pid;

	if (!packer)
		return false;
	in = unnamed_copy(packed);
	if (pipe2(out, O_CLOEXEC))
		die("no pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		die("no process: %s", strerror(errno));
	if (!pid)
		run(packer, in, out[1]);
	close(in);
	close(out[1]);
	good = read_all(out[0], &unpacked);
	close(out[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		die("%s: needs the command %s, which is not there", name, packer->command[0]);
	if (!good || status)
		die("%s: %s cannot unpack it", name, packer->command[0]);
	free(packed->data);
	*packed = unpacked;
	return true;
}

static bool line_of(const struct buffer *config, const char *format, const char *name)
{
	char *line = text("\n%.*s%s%s\n", (int)strcspn(format, "*"), format, name,
			  strchr(format, '*') + 1);
	bool there = memmem(config->data, config->size, line, strlen(line));

	free(line);
	return there;
}

static bool option(const struct buffer *config, const char *name)
{
	return line_of(config, "CONFIG_*=y", name);
}

/*
 * An option that a whole configuration does not name is not set. One that a part or
 * a defconfig does not name may have any value.
 */
static void fill(enum tri *fact, const struct buffer *config, const char *name, bool whole)
{
	if (*fact != UNKNOWN)
		return;
	if (option(config, name))
		*fact = YES;
	else if (whole || line_of(config, "# CONFIG_* is not set", name))
		*fact = NO;
}

/*
 * Lines without blanks or CR at their ends, which some editors and mailers add, and with a
 * newline before the first and behind the last.
 */
static void plain_lines(struct buffer *file)
{
	unsigned char *lines = need(malloc(file->size + 3)), *to = lines;
	size_t from;

	*to++ = '\n';
	for (from = 0; from <= file->size; from++) {
		if (from < file->size && file->data[from] != '\n') {
			*to++ = file->data[from];
			continue;
		}
		while (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r')
			to--;
		*to++ = '\n';
	}
	*to = '\0';
	free(file->data);
	file->data = lines;
	file->size = to - lines;
}

/* Does each "# end of MENU" have its "# MENU" before it, and are the main ones there? */
static bool is_whole(const struct buffer *config)
{
	static const char *const menus[] = {
		"General setup", "Processor type and features", "Memory Management options",
		"Device Drivers", "Kernel hacking",
	};
	const char *at = (const char *)config->data, *begin;
	char *menu;
	size_t i;

	if (memchr(config->data, '\0', config->size))
		return false;
	for (i = 0; i < sizeof(menus) / sizeof(menus[0]); i++)
		if (!line_of(config, "# end of *", menus[i]))
			return false;
	while ((at = strstr(at, "\n# end of "))) {
		at += 10;
		menu = text("\n# %.*s\n", (int)strcspn(at, "\n"), at);
		begin = strstr((const char *)config->data, menu);
		free(menu);
		if (!begin || begin > at)
			return false;
	}
	return true;
}

/* The configuration of another version is of another kernel. */
static void check_version(const struct kernel *k, const struct buffer *config, const char *name)
{
	const char *at = strstr((const char *)config->data, "\n# Linux/");
	int version, patchlevel, running, level;

	if (!at || !k->version || sscanf(at, "\n# Linux/%*s %d.%d", &version, &patchlevel) != 2 ||
	    sscanf(k->version, "%d.%d", &running, &level) != 2)
		return;
	if (version != running || patchlevel != level)
		die("%s: is the configuration of %d.%d", name, version, patchlevel);
}

/* A configuration is for one architecture. One that names none is not whole. */
static bool is_x86_64(const struct buffer *config, const char *name)
{
	static const char *const others[] = {
		"X86_32", "ALPHA", "ARC", "ARM", "ARM64", "CSKY", "HEXAGON", "IA64",
		"LOONGARCH", "M68K", "MICROBLAZE", "MIPS", "NIOS2", "OPENRISC", "PARISC",
		"PPC", "RISCV", "S390", "SUPERH", "SPARC", "UML", "XTENSA",
	};
	size_t i;

	if (option(config, "X86_64"))
		return true;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (option(config, others[i]))
			return false;
	die("%s: is not a whole kernel configuration: it names no architecture", name);
}

/*
 * What a .config says, where the kernel itself has not said it yet. struct page
 * has 64 bytes, but 80 with KMSAN, and had 56 with SLAB and without MEMCG.
 */
void read_config(struct kernel *k, struct buffer *config, const char *name)
{
	static const char head[] = "# Automatically generated file; DO NOT EDIT.";
	bool generated, whole;

	plain_lines(config);
	if (!memmem(config->data, config->size, "\nCONFIG_", 8))
		die("%s: is not a kernel configuration", name);
	check_version(k, config, name);
	/* Since v5.3 each menu of a generated configuration has an end. */
	generated = memmem(config->data, config->size, head, sizeof(head) - 1);
	whole = generated && is_whole(config);
	if (generated && !whole && memmem(config->data, config->size, "\n# end of ", 10))
		die("%s: is a part of a kernel configuration: the beginning or end of a menu is missing", name);
	if (k->x86_64 == UNKNOWN)
		k->x86_64 = is_x86_64(config, name);
	fill(&k->randomized, config, "RANDOMIZE_MEMORY", whole);
	fill(&k->kasan, config, "KASAN", whole);
	fill(&k->kmsan, config, "KMSAN", whole);
	fill(&k->hotplug, config, "MEMORY_HOTPLUG", whole);
	fill(&k->zone_device, config, "ZONE_DEVICE", whole);
	fill(&k->has_vmemmap, config, "SPARSEMEM_VMEMMAP", whole);
	if (k->kmsan == NO && option(config, "SLAB") && !option(config, "SLUB") &&
	    !option(config, "MEMCG") && !option(config, "HAVE_ALIGNED_STRUCT_PAGE"))
		k->page_size = 56;
	k->configured = true;
	note(k, "the configuration is read from %s%s", name,
	     whole ? "" : ", which is incomplete: options that it does not name are unknown");
}

bool find_config(struct kernel *k, const char *path)
{
	struct buffer config;

	if (!slurp(path, &config))
		return false;
	unpack(path, &config);
	read_config(k, &config, path);
	free(config.data);
	return true;
}

/* Where builds, distributions and tools/kernel/build leave it beside an image. */
void config_beside(struct kernel *k, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dash = strchr(base, '-');
	int dir = base - path;
	size_t i;
	const char *const places[] = {
		dash ? text("%.*sconfig%s", dir, path, dash) : "",
		strcmp(base, "bzImage") ? "" : text("%.*s../../../.config", dir, path),
		text("%.*s.config", dir, path), text("%.*sconfig", dir, path),
	};

	for (i = 0; i < sizeof(places) / sizeof(places[0]) && !k->configured; i++)
		if (*places[i])
			attempt(k, find_config, places[i], NULL);
}
