// SPDX-License-Identifier: GPL-2.0
/*
 * Read a run from its folder. tools/testing/results.sh describes the folder.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wctype.h>

#include "results.h"

#define WIDTH	240	/* bytes of a line of a console that are shown */

static const char *const keys[KEYS] = {
	[TEST] = "test", [NAME] = "name", [VERDICT] = "verdict", [REASON] = "reason",
	[LINE] = "line", [TEXT] = "text", [CRASH] = "crash", [STARTED] = "started",
	[ENDED] = "ended", [BOOT] = "boot", [BUILD] = "build", [COMMIT] = "commit",
	[TREE] = "tree", [SERIES] = "series", [COMPILER] = "compiler", [ARCH] = "arch",
	[CONFIG] = "config", [KERNEL] = "kernel", [GUEST] = "guest", [HOST] = "host",
	[QEMU] = "qemu", [TRIES] = "tries", [AGAIN] = "again", [COMMAND] = "command",
	[REPEAT] = "repeat", [PROJECT] = "project",
};

const char *const verdict_names[VERDICTS] = {
	"pass", "crashed as expected", "fail", "skipped", "no verdict", "not run",
};

const char verdict_letters[VERDICTS + 1] = "PCFS?-";

/* Control characters would reach the terminal, and XML cannot represent them. */
static char *printable(char *s)
{
	wchar_t c;
	int len;
	char *at;

	for (at = s; *at; at += len) {
		len = mbtowc(&c, at, strnlen(at, MB_CUR_MAX));
		if (len > 0 && iswprint(c))
			continue;
		len = len > 0 ? len : 1;
		memset(at, '?', len);
	}
	return s;
}

void die(const char *fmt, ...)
{
	va_list args;
	char *s;

	fflush(stdout);
	va_start(args, fmt);
	if (vasprintf(&s, fmt, args) >= 0)
		fprintf(stderr, "results: %s\n", printable(s));
	exit(125);
}

void *allocate(void *old, size_t size)
{
	void *new = realloc(old, size);

	if (!new)
		die("out of memory");
	return new;
}

char *text(const char *fmt, ...)
{
	va_list args;
	char *s;

	va_start(args, fmt);
	if (vasprintf(&s, fmt, args) < 0)
		die("out of memory");
	va_end(args);
	return s;
}

char *xml(const char *s)
{
	static const char special[] = "&<>\"";
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;" };
	char *out = allocate(NULL, strlen("&quot;") * strlen(s) + 1), *at = out, *found;

	for (; *s; s++) {
		found = strchr(special, *s);
		if (found)
			at = stpcpy(at, entities[found - special]);
		else
			*at++ = *s != '\n' && (*s < ' ' || *s > '~') ? '?' : *s;
	}
	*at++ = '\0';
	return allocate(out, at - out);
}

const char *get(const struct record *r, enum key key)
{
	return r->value[key] ? r->value[key] : "";
}

double seconds(const struct record *r, enum key key)
{
	return strtod(get(r, key), NULL);
}

bool bad(enum verdict verdict)
{
	return verdict == FAILED || verdict == LOST || verdict == NOT_RUN;
}

char *iso_time(const char *since)
{
	char *s = allocate(NULL, 32);
	time_t t = strtoll(since, NULL, 10);
	struct tm tm;

	strftime(s, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
	return s;
}

char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *content = NULL;
	size_t size = 0;
	ssize_t len;

	if (!file && errno == ENOENT)
		return NULL;
	/* This stops at a NUL byte. */
	len = file ? getdelim(&content, &size, '\0', file) : -1;
	if (!file || (len < 0 && ferror(file)))
		die("%.200s: %s", path, strerror(errno));
	fclose(file);
	if (len < 0)
		return "";
	if (!content[len - 1])
		die("%s: damaged: it contains a NUL byte", path);
	if (content[len - 1] != '\n')
		die("%s: damaged: the last line is cut", path);
	return content;
}

/* Is @value a number, if @key needs one? */
static bool fits(size_t key, const char *value)
{
	size_t len = strspn(value, "0123456789");

	if (key != BOOT && key != STARTED && key != ENDED && key != BUILD && key != LINE)
		return true;
	if (key == BOOT && len && value[len] == '.')
		len += 1 + strspn(value + len + 1, "0123456789");
	return len && len < 16 && !value[len];
}

static void add_value(struct record *r, char *line, const char *path)
{
	char *value = strchr(line, ' ');
	size_t key;

	if (value)
		*value++ = '\0';
	for (key = 0; key < KEYS; key++)
		if (!strcmp(line, keys[key]))
			break;
	if (key == KEYS)
		die("%s: damaged: unknown key \"%.80s\"", path, line);
	if (!value)
		die("%s: damaged: %s has no value", path, line);
	if (r->value[key])
		die("%s: damaged: %s is given twice", path, line);
	if (!fits(key, value))
		die("%s: damaged: %s is not a number: %.80s", path, line, value);
	r->value[key] = printable(value);
}

static void set_verdict(struct record *r, const char *path)
{
	static const char *const words[] = {
		[PASSED] = "pass", [CRASHED] = "", [FAILED] = "fail", [SKIPPED] = "skip",
		[LOST] = "error",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (r->value[VERDICT] && !strcmp(r->value[VERDICT], words[i]))
			break;
	if (i == ARRAY_SIZE(words) || i == CRASHED)
		die("%s: damaged: no valid verdict", path);
	r->verdict = i == PASSED && r->value[CRASH] ? CRASHED : i;
}

/* Read the next record of a file, whose unread lines are *@rest. */
static void next_record(struct record *r, char **rest, const char *path)
{
	char *line;

	while (strcmp(line = strsep(rest, "\n"), "end")) {
		add_value(r, line, path);
		if (!**rest)
			die("%s: damaged: the last record has no end", path);
	}
	set_verdict(r, path);
}

static void add(struct run *run, const struct record *r)
{
	/* Double the array whenever its size, a power of two, is reached. */
	if (!(run->n & (run->n - 1)))
		run->records = allocate(run->records, (run->n ? 2 * run->n : 1) * sizeof(*r));
	run->records[run->n++] = *r;
}

/* Split @id, TREE/STAGE/CONFIG/LEVELS/SCENARIO[/OPTION,...] */
static void split_test(struct record *r, const char *id, const char *path)
{
	char **part[] = { &r->tree, &r->stage, &r->config, &r->levels, &r->scenario };
	char *rest = printable(text("%s", id));
	bool valid = !strcmp(rest, id);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(part); i++) {
		*part[i] = strsep(&rest, "/");
		valid = valid && *part[i] && **part[i];
	}
	if (!valid)
		die("%s: damaged: not a test: %.80s", path, id);
	r->kaslr = rest && strstr(rest, "kaslr") ? "yes" : "no";
	r->group = text("%s/%s/%s", r->tree, r->stage, r->config);
	r->name = id + strlen(r->group) + 1;
	r->same[SAME_TREE] = r->tree;
	r->same[SAME_STAGE] = text("%s/%s", r->tree, r->stage);
	r->same[SAME_ROW] = text("%s/%s", r->tree, r->name);
	r->same[SAME_KIND] = text("%s/%s/%s", r->group, r->levels, r->kaslr);
	r->same[SAME_SCENARIO] = text("%s/%s", r->same[SAME_KIND], r->scenario);
}

static void read_tests(struct run *run)
{
	char *plan = text("%s/planned", run->dir), *rest = read_file(plan), *test, *path, *records;

	while (rest && *rest) {
		struct record r = { .verdict = NOT_RUN };

		test = strsep(&rest, "\n");
		split_test(&r, test, plan);
		path = text("%s/tests/%s/record", run->dir, test);
		records = read_file(path);
		if (records && !*records)
			die("%s: damaged: it is empty", path);
		if (records) {
			next_record(&r, &records, path);
			r.dir = text("tests/%s", test);
			if (strcmp(get(&r, TEST), test))
				die("%s: damaged: it is of another test", path);
		}
		r.value[TEST] = test;
		add(run, &r);
	}
	run->tests = run->n;
}

static int no_dot(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Read the points of the tests of the tools. Each test has a file of records. */
static void read_points(struct run *run)
{
	char *dir = text("%s/tools", run->dir);
	struct dirent **entries = NULL;
	int i, n = scandir(dir, &entries, no_dot, alphasort);
	char *path, *rest;

	if (n < 0 && errno != ENOENT)
		die("%s: %s", dir, strerror(errno));
	for (i = 0; i < n; i++) {
		path = text("%s/%s", dir, entries[i]->d_name);
		rest = read_file(path);
		while (rest && *rest) {
			struct record r = { 0 };

			next_record(&r, &rest, path);
			if (!r.value[TEST] || !r.value[NAME])
				die("%s: damaged: a point has no name", path);
			r.group = r.value[TEST];
			r.name = r.value[NAME];
			add(run, &r);
		}
	}
}

static int by_same(const void *a, const void *b, void *same)
{
	const struct record *x = *(struct record *const *)a, *y = *(struct record *const *)b;
	int order = strcmp(x->same[*(enum same *)same], y->same[*(enum same *)same]);

	return order ? order : (x > y) - (x < y);
}

struct record **sorted(const struct run *run, size_t n, enum same same)
{
	struct record **list = allocate(NULL, (n + 1) * sizeof(*list));
	size_t i;

	for (i = 0; i < n; i++)
		list[i] = &run->records[i];
	qsort_r(list, n, sizeof(*list), by_same, &same);
	return list;
}

/* Link the records that have something in common, so that no form has to search for them. */
static void link_records(struct run *run)
{
	struct record **list, *r;
	enum same same;
	size_t i;

	for (i = 0; i < run->n; i++) {
		r = &run->records[i];
		r->same[SAME_NAME] = text("%s/%s", r->group, r->name);
		r->kernel = i && !strcmp(r->group, r[-1].group) ? r[-1].kernel : r;
		run->count[r->verdict]++;
	}
	for (same = SAME_TREE; same < SAMES; same++) {
		list = sorted(run, run->tests, same);
		for (i = 1; i < run->tests; i++) {
			if (strcmp(list[i - 1]->same[same], list[i]->same[same]))
				continue;
			list[i - 1]->next[same] = list[i];
			list[i]->prev[same] = list[i - 1];
		}
	}
}

void read_run(struct run *run, const char *dir)
{
	char *path, *about;

	setlocale(LC_CTYPE, "C.UTF-8");
	memset(run, 0, sizeof(*run));
	run->dir = realpath(dir, NULL);
	if (!run->dir)
		die("%s: no run: %s", dir, strerror(errno));
	path = text("%s/about", run->dir);
	about = read_file(path);
	if (!about)
		die("%s: no run: name a folder of build/results", run->dir);
	if (!access(text("%s/cells", run->dir), F_OK))
		die("%s: an older version of the tools wrote this run: run the tests again",
		    run->dir);
	run->name = printable(text("%s", basename(run->dir)));
	while (*about)
		add_value(&run->about, strsep(&about, "\n"), path);
	read_tests(run);
	read_points(run);
	link_records(run);
	if (!run->n)
		die("%s: no results: nothing was run, or an older version of the tools wrote them",
		    run->dir);
}

char *lines(const struct run *run, const struct record *r, const char *file, size_t from,
	    size_t to)
{
	FILE *source = r->dir ? fopen(text("%s/%s/%s", run->dir, r->dir, file), "r") : NULL;
	char *line = NULL, *out = NULL;
	size_t size = 0, full, at;
	FILE *target;
	ssize_t len;

	if (!source)
		return NULL;
	target = open_memstream(&out, &full);
	if (!target)
		die("out of memory");
	for (at = 1; at <= to && (len = getline(&line, &size, source)) > 0; at++) {
		if (at < from)
			continue;
		while (len && strchr("\r\n", line[len - 1]))
			len--;
		len = len > WIDTH ? WIDTH : len;
		for (line[len] = '\0'; len; len--)
			line[len - 1] = line[len - 1] ? line[len - 1] : '?';
		fprintf(target, "%s\n", printable(line));
	}
	fclose(source);
	fclose(target);
	return out;
}

char *decoded(const struct run *run, const struct record *r, size_t max)
{
	char *s = bad(r->verdict) ? lines(run, r, "decoded", 1, max) : NULL;

	return s ? s : "";
}

size_t kernels(const struct record *r, const struct record **first)
{
	size_t n = 0;

	for (; r; r = r->next[SAME_TREE])
		if (r->kernel == r)
			first[n++] = r;
	return n;
}

const struct record *in_kernel(const struct record **row, const struct record *kernel)
{
	while (*row && *row < kernel)
		*row = (*row)->next[SAME_ROW];
	return *row && (*row)->kernel == kernel ? *row : NULL;
}

size_t group_end(const struct run *run, size_t from)
{
	size_t i = from;

	while (i < run->n && !strcmp(run->records[i].group, run->records[from].group))
		i++;
	return i;
}
