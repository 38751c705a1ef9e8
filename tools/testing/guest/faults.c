// SPDX-License-Identifier: GPL-2.0
/*
 * Have an allocation fail, the nth from now of the process that asks for it.
 *
 * With pgsync.fail=N that is for any scenario that is triggered by a write of its own
 * which can be taken back: the write is made again and again, where the Nth, the next...
 * page that it allocates cannot be had, until it takes no more, and then the same with
 * objects of slab. Apart, as how many pages slab takes is not the same each time. Then
 * the write is made as ever.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

#define NTH	"/proc/thread-self/fail-nth"
#define PAGES	DEBUGFS "/fail_page_alloc/"
#define SLAB	DEBUGFS "/failslab/"
#define MEMORY	"/sys/devices/system/memory"
#define MOST	20000
/* How long what was added may take to go. */
#define GONE_MS	2000

/* What can be taken back, by the file that it is written to, and how. */
static const struct undo {
	const char *file, *back, *text;
} undos[] = {
	{ "/bind", "/unbind", NULL },
	{ "/state", "/state", "offline" },
};

/* All that an attempt needs. @undo is NULL for a module, which is loaded from @path. */
struct attempt {
	const char *path, *text;
	const struct undo *undo;
};

static bool armed;

static bool can_fail(void)
{
	if (!file_exists(NTH))
		return false;
	/* Any page may fail, and without a word. */
	return file_write(PAGES "min-order", "0") &&
	       file_write(PAGES "ignore-gfp-wait", "N") &&
	       file_write(PAGES "verbose", "0");
}

void faults_open(void)
{
	if (!file_exists(NTH))
		skip("no fault injection in this kernel");
	need(can_fail(), "allocations can be made to fail");
}

/* Write @text to @file, or have it loaded as a module. */
static bool write_where(int file, const char *text, bool module, int nth, bool *hit)
{
	int fail = open(NTH, O_RDWR | O_CLOEXEC);
	char count[16] = "";
	bool good;

	snprintf(count, sizeof(count), "%d", nth);
	if (pwrite(fail, count, strlen(count), 0) < 0)
		need(false, "allocation %d is to fail", nth);
	if (module)
		good = !syscall(SYS_finit_module, file, text, 0);
	else
		good = write(file, text, strlen(text)) == (ssize_t)strlen(text);
	memset(count, 0, sizeof(count));
	if (pread(fail, count, sizeof(count) - 1, 0) <= 0 ||
	    pwrite(fail, "0", 1, 0) < 0)
		need(false, "how many allocations it took");
	*hit = nth && !atoi(count);
	close(fail);
	return good;
}

bool faults_atomic_only(void)
{
	return file_write(PAGES "ignore-gfp-wait", "Y");
}

/* Where the code of @function is, and where the next one begins. */
static bool symbol_find(const char *function, unsigned long *start, unsigned long *end)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	unsigned long address;
	char name[128];

	*start = *end = 0;
	while (symbols && *end <= *start &&
	       fscanf(symbols, "%lx %*c %127s%*[^\n]", &address, name) == 2) {
		if (*start)
			*end = address;
		else if (!strcmp(name, function))
			*start = *end = address;
	}
	if (symbols)
		fclose(symbols);
	return *end > *start;
}

/* "space" is what passes, in pages, before one fails. */
void faults_below(const char *function, int nth)
{
	unsigned long start, end;

	if (!file_exists(PAGES "require-start"))
		skip("no fault injection by function in this kernel");
	if (!symbol_find(function, &start, &end) ||
	    !file_write(PAGES "require-start", "%#lx", start) ||
	    !file_write(PAGES "require-end", "%#lx", end) ||
	    !file_write(PAGES "space", "%d", nth) || !file_write(PAGES "times", "1") ||
	    !file_write(PAGES "probability", "100"))
		need(false, "page %d of %s is to fail", nth, function);
}

bool faults_hit(void)
{
	return file_write(PAGES "probability", "0") && file_is(PAGES "times", "0");
}

bool faults_write(const char *path, const char *text, int nth, bool *hit)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	bool good = write_where(file, text, false, nth, hit);

	close(file);
	return good;
}

static bool make(const struct attempt *a, int nth, bool *hit)
{
	bool good;
	int file;

	if (a->undo)
		return faults_write(a->path, a->text, nth, hit);
	file = open(a->path, O_RDONLY | O_CLOEXEC);
	good = write_where(file, a->text, true, nth, hit);
	close(file);
	return good;
}

/* "/name.ko" is the file of a module, and its name what is taken away. */
static bool take_back(const struct attempt *a)
{
	const char *what = a->undo && a->undo->text ? a->undo->text : a->text;
	char where[256];
	size_t len;

	if (a->undo) {
		len = strlen(a->path) - strlen(a->undo->file);
		snprintf(where, sizeof(where), "%.*s%s", (int)len, a->path, a->undo->back);
		return file_write(where, "%s", what);
	}
	snprintf(where, sizeof(where), "%s", a->path + 1);
	*strrchr(where, '.') = '\0';
	return module_unload(where);
}

static uint64_t add(uint64_t sum, const char *text)
{
	for (; *text; text++)
		sum = (sum ^ *text) * 0x100000001b3;
	return sum;
}

/* What there is of memory: the resources, the blocks, and the direct map. */
uint64_t memory_sum(void)
{
	FILE *iomem = fopen("/proc/iomem", "re");
	uint64_t sum = direct_map(NULL), blocks = 0;
	DIR *dir = opendir(MEMORY);
	char line[512], path[512];
	struct dirent *entry;

	while (iomem && fgets(line, sizeof(line), iomem))
		sum = add(sum, line);
	if (iomem)
		fclose(iomem);
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), MEMORY "/%.64s/state", entry->d_name);
		if (file_read(path, line, sizeof(line)))
			blocks += add(add(0, entry->d_name), line);
	}
	if (dir)
		closedir(dir);
	return sum + blocks;
}

bool memory_is_as_before(uint64_t before)
{
	int ms;

	for (ms = 0; ms < GONE_MS; ms += 10) {
		if (memory_sum() == before)
			return true;
		usleep(10000);
	}
	return false;
}

/* What is seen of all attempts. */
struct outcome {
	int hits, refused;
	bool ended, gone, again;
};

static void try_nth(const struct attempt *a, int nth, uint64_t before,
		    struct outcome *seen)
{
	bool hit, more;

	if (make(a, nth, &hit)) {
		seen->again = take_back(a);
	} else {
		seen->refused++;
		seen->gone = memory_is_as_before(before);
		/* The next try. */
		seen->again = make(a, 0, &more) && take_back(a);
	}
	seen->gone = seen->gone && memory_is_as_before(before);
	seen->hits += hit;
	seen->ended = !hit;
}

/* Which allocations are counted: of objects, or of pages. */
static bool count_slab(bool yes)
{
	return file_write(PAGES "min-order", yes ? "99" : "0") &&
	       file_write(SLAB "cache-filter", yes ? "N" : "Y");
}

static void try_each(const struct attempt *a)
{
	struct outcome seen = { .gone = true, .again = true };
	uint64_t before = memory_sum();
	int first = param_number("fail", 0), nth, kind;

	for (kind = 0; kind < 2 && seen.gone && seen.again; kind++) {
		if (!count_slab(kind))
			break;
		seen.ended = false;
		for (nth = first; !seen.ended && seen.gone && seen.again && nth < MOST;
		     nth++) {
			note("fail: %s %d", kind ? "object" : "page", nth);
			try_nth(a, nth, before, &seen);
		}
	}
	note("fail: %d allocations, %d of which made it fail", seen.hits, seen.refused);
	ok(seen.hits && seen.ended && kind == 2, "fail: each allocation of %s was tried",
	   a->path);
	ok(seen.refused, "fail: it says no where one is missing");
	ok(seen.gone, "fail: memory is then as it was");
	ok(seen.again, "fail: the next try works");
}

int faults_points(void)
{
	return param_number("fail", 0) ? 4 : 0;
}

void faults_arm(void)
{
	static bool was_armed;

	if (was_armed || !faults_points())
		return;
	if (!can_fail() || !file_write(SLAB "ignore-gfp-wait", "N") ||
	    !file_write(SLAB "verbose", "0"))
		skip("no fault injection in this kernel");
	was_armed = true;
	armed = true;
}

void faults_before_write(const char *path, const char *text)
{
	struct attempt a = { path, text, undos };
	const char *end;
	size_t i;

	for (i = 0; armed && i < sizeof(undos) / sizeof(undos[0]); i++) {
		end = strrchr(path, '/');
		a.undo = &undos[i];
		if (!end || strcmp(end, undos[i].file))
			continue;
		armed = false;
		try_each(&a);
	}
}

void faults_before_load(const char *path, const char *param)
{
	struct attempt a = { path, param, NULL };

	if (!armed)
		return;
	armed = false;
	try_each(&a);
}

unsigned long direct_map(const char *size)
{
	FILE *meminfo = fopen("/proc/meminfo", "re");
	unsigned long sum = 0, value;
	char line[128], name[8];

	while (meminfo && fgets(line, sizeof(line), meminfo))
		if (sscanf(line, "DirectMap%7[0-9kMG]: %lu", name, &value) == 2 &&
		    (!size || !strcmp(name, size)))
			sum += value;
	if (meminfo)
		fclose(meminfo);
	return sum;
}
