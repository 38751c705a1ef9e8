// SPDX-License-Identifier: GPL-2.0
/*
 * Failing allocations, by the kernel's fault injection: the nth of the process that asks for
 * it, or the nth below a function.
 */
#include <sys/syscall.h>

#include "guest.h"

#define NTH	"/proc/thread-self/fail-nth"
#define PAGES	DEBUGFS "/fail_page_alloc/"
#define SLAB	DEBUGFS "/failslab/"

/* More allocations, or more errors, than these end faults_each(). */
#define MOST	20000
#define ERRORS	10

/* Let allocations of pages of any order fail, without a message. */
static bool can_fail(void)
{
	return file_exists(NTH) && file_write(PAGES "min-order", "0") &&
	       file_write(PAGES "ignore-gfp-wait", "N") && file_write(PAGES "verbose", "0");
}

void faults_open(void)
{
	if (!file_exists(NTH))
		skip("no fault injection in this kernel");
	need(can_fail(), "page allocations can be made to fail");
}

bool faults_write(const char *path, const char *text, int nth, bool *hit)
{
	bool good, module = strstr(path, ".ko");
	int file = open(path, (module ? O_RDONLY : O_WRONLY) | O_CLOEXEC);
	int fail = open(NTH, O_RDWR | O_CLOEXEC);
	char count[16] = "";

	snprintf(count, sizeof(count), "%d", nth);
	if (pwrite(fail, count, strlen(count), 0) < 0)
		need(false, "allocation %d is set up to fail", nth);
	if (module)
		good = !syscall(SYS_finit_module, file, text, 0);
	else
		good = write(file, text, strlen(text)) == (ssize_t)strlen(text);
	memset(count, 0, sizeof(count));
	if (pread(fail, count, sizeof(count) - 1, 0) <= 0 || pwrite(fail, "0", 1, 0) < 0)
		need(false, "the number of allocations can be read");
	*hit = nth && !atoi(count);
	close(fail);
	close(file);
	return good;
}

/* Find the code of @function, which ends where the next symbol begins. */
static bool find_symbol(const char *function, unsigned long *start, unsigned long *end)
{
	unsigned long address;
	char line[256], name[128];

	*start = *end = 0;
	for_each_line(line, "/proc/kallsyms") {
		if (*end > *start || sscanf(line, "%lx %*c %127s", &address, name) != 2)
			continue;
		if (*start)
			*end = address;
		else if (!strcmp(name, function))
			*start = *end = address;
	}
	return *end > *start;
}

/* Each page counts "space" down. At 1, the next page fails. */
void faults_below(const char *function, int nth)
{
	unsigned long start, end;

	if (!file_exists(PAGES "require-start"))
		skip("no fault injection by function in this kernel");
	if (!find_symbol(function, &start, &end) ||
	    !file_write(PAGES "require-start", format("%#lx", start)) ||
	    !file_write(PAGES "require-end", format("%#lx", end)) ||
	    !file_write(PAGES "space", format("%d", nth)) ||
	    !file_write(PAGES "times", "1") || !file_write(PAGES "probability", "100"))
		need(false, "page %d of %s() is set up to fail", nth, function);
}

bool faults_hit(void)
{
	return file_write(PAGES "probability", "0") && file_is(PAGES "times", "0");
}

/* Returns whether a later allocation may fail as well. */
static bool try_nth(struct attempt *a, int nth)
{
	unsigned long mapped = direct_map(NULL) + a->size / 1024;
	bool good, hit, none, refused, restored = true;
	uint64_t hash = memory_hash();

	note("fail: %s %d", a->kind, nth);
	good = a->make(nth, &hit);
	refused = !good;
	if (refused) {
		restored = memory_restored(hash);
		good = a->make(0, &none);
	}
	if (good && a->size && direct_map(NULL) != mapped) {
		note("fail: %lu KiB are mapped, not %lu", direct_map(NULL), mapped);
		a->unmapped++;
	}
	if (a->undo) {
		good = good && a->undo();
		restored = restored && memory_restored(hash);
	}
	if (!restored || !good)
		note("fail: %s %d: %s", a->kind, nth,
		     restored ? "the retry fails" : "memory is not as before");
	a->hit += hit;
	a->refused += refused;
	a->unrestored += !restored;
	a->unretried += !good;
	return hit || refused;
}

void faults_each(struct attempt *a, int first)
{
	int nth = first;

	while (try_nth(a, nth))
		if (nth++ > MOST || a->unrestored + a->unretried >= ERRORS) {
			a->endless = true;
			break;
		}
	note("fail: %d allocations failed, %d of them made the attempt fail", a->hit, a->refused);
}

void faults_report(const struct attempt *a, int refused)
{
	ok(a->hit && !a->endless, "each %s was made to fail", a->kind);
	ok(a->refused >= refused, "the change fails if an allocation fails");
	ok(!a->unrestored, "memory is as before after each failure");
	ok(!a->unretried, "each retry works");
	if (a->size)
		ok(!a->unmapped, "all memory that was added is mapped");
}

static const char *written_path, *written_text;

static bool ends_in(const char *path, const char *end)
{
	return strlen(path) > strlen(end) && !strcmp(path + strlen(path) - strlen(end), end);
}

static bool write_again(int nth, bool *hit)
{
	return faults_write(written_path, written_text, nth, hit);
}

static bool undo_write(void)
{
	int len = strlen(written_path);

	if (ends_in(written_path, ".ko"))
		return module_unload(format("%.*s", len - 4, written_path + 1));
	if (ends_in(written_path, "/state"))
		return file_write(written_path, "offline");
	return file_write(format("%.*sunbind", len - 4, written_path), written_text);
}

static bool armed;

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

/* Slab takes pages at other times in each attempt, so objects are counted apart from pages. */
void faults_before(const char **path, const char **text)
{
	struct attempt a = { .kind = "page", .make = write_again, .undo = undo_write };
	int first;

	if (!armed || !(ends_in(*path, "/bind") || ends_in(*path, "/state") ||
			ends_in(*path, ".ko")))
		return;
	armed = false;
	first = param_number("fail", 0);
	written_path = *path = strdup(*path);
	written_text = *text = strdup(*text);
	note("fail: %s <- %s", *path, *text);
	if (!file_write(SLAB "cache-filter", "Y"))
		need(false, "slab objects can be exempt");
	faults_each(&a, first);
	a.kind = "object";
	if (!file_write(PAGES "min-order", "99") || !file_write(SLAB "cache-filter", "N"))
		need(false, "pages can be exempt");
	faults_each(&a, first);
	faults_report(&a, 1);
}
