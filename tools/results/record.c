// SPDX-License-Identifier: GPL-2.0
/*
 * Read a run: its folder as tools/testing/results.sh describes it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <wctype.h>

#include "results.h"

static const char *const keys[KEYS] = {
	[CELL] = "cell", [TEST] = "test", [NAME] = "name", [VERDICT] = "verdict",
	[REASON] = "reason", [LINE] = "line", [TEXT] = "text", [CRASH] = "crash",
	[STARTED] = "started", [ENDED] = "ended", [BOOT] = "boot", [BUILD] = "build",
	[COMMIT] = "commit", [TREE] = "tree", [SERIES] = "series",
	[COMPILER] = "compiler", [ARCH] = "arch", [CONFIG] = "config", [KERNEL] = "kernel",
	[GUEST] = "guest", [HOST] = "host", [QEMU] = "qemu", [TRIES] = "tries", [HUNG] = "again",
	[COMMAND] = "command", [REPEAT] = "repeat", [PROJECT] = "project",
};

const char *const verdict_names[VERDICTS] = {
	"pass", "crashed as expected", "fail", "skipped", "no verdict", "not run",
};

const char verdict_letters[VERDICTS + 1] = "PCFS?-";

/* Control characters would reach the terminal, and XML has no way to write them. */
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

void escaped(const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '&':
			fputs("&amp;", stdout);
			break;
		case '<':
			fputs("&lt;", stdout);
			break;
		case '>':
			fputs("&gt;", stdout);
			break;
		case '"':
			fputs("&quot;", stdout);
			break;
		default:
			putchar(*s < ' ' || *s > '~' ? '?' : *s);
		}
	}
}

double seconds(const struct record *r, enum key key)
{
	return r->value[key] ? strtod(r->value[key], NULL) : 0;
}

bool bad(enum verdict verdict)
{
	return verdict == FAILED || verdict == LOST || verdict == NOT_RUN;
}

const char *said(const struct record *r, enum key key)
{
	return r->value[key] ? r->value[key] : "";
}

const char *iso_time(const char *since)
{
	static char s[32];
	time_t t = strtoll(since, NULL, 10);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(s, sizeof(s), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return s;
}

/* Is @value a number, where @key is one? */
static bool fits(size_t key, const char *value)
{
	size_t len = strspn(value, "0123456789");

	if (key != BOOT && key != STARTED && key != ENDED && key != BUILD && key != LINE)
		return true;
	if (key == BOOT && len && value[len] == '.')
		len += 1 + strspn(value + len + 1, "0123456789");
	return len && len < 16 && !value[len];
}

/* One line "KEY VALUE" of the file @path. */
static void take_line(struct record *r, const char *path, char *line)
{
	char *value = strchr(line, ' ');
	size_t key;

	if (value)
		*value++ = '\0';
	for (key = 0; key < KEYS; key++)
		if (!strcmp(line, keys[key]))
			break;
	if (key == KEYS || !value)
		die("%s: damaged: what is \"%.80s\"?", path, line);
	if (r->value[key])
		die("%s: damaged: %s comes twice", path, line);
	if (!fits(key, value))
		die("%s: damaged: %s is %.80s", path, line, value);
	r->value[key] = text("%s", printable(value));
}

/* The next record of @file, false at its end. */
static bool next_record(struct record *r, FILE *file, const char *path)
{
	char *line = NULL;
	bool some = false;
	size_t size = 0;
	ssize_t len;

	memset(r, 0, sizeof(*r));
	while ((len = getline(&line, &size, file)) > 0) {
		if (line[len - 1] != '\n' || memchr(line, '\0', len))
			die("%s: damaged: it is cut", path);
		line[len - 1] = '\0';
		if (!strcmp(line, "end")) {
			free(line);
			return true;
		}
		some = true;
		take_line(r, path, line);
	}
	free(line);
	if (ferror(file))
		die("%s: %s", path, strerror(errno));
	if (some)
		die("%s: damaged: it has no end", path);
	return false;
}

static void take_verdict(struct record *r, const char *path)
{
	static const struct {
		const char *word;
		enum verdict verdict;
	} words[] = {
		{ "pass", PASSED }, { "fail", FAILED }, { "skip", SKIPPED },
		{ "error", LOST },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(said(r, VERDICT), words[i].word))
			continue;
		r->verdict = words[i].verdict;
		if (r->verdict == PASSED && r->value[CRASH])
			r->verdict = CRASHED;
		return;
	}
	die("%s: damaged: no verdict", path);
}

static struct record *add(struct run *run, const struct record *r)
{
	/* Twice as many whenever a power of two is full. */
	if (!(run->n & (run->n - 1)))
		run->records = allocate(run->records, (run->n ? 2 * run->n : 1) * sizeof(*r));
	run->records[run->n] = *r;
	return &run->records[run->n++];
}

/* BASE/STAGE/CONFIG/LEVELS/SCENARIO[/OPTION,...] */
static void split_cell(struct record *r, const char *path)
{
	char **part[] = { &r->base, &r->stage, &r->config, &r->levels, &r->scenario };
	char *rest = text("%s", r->value[CELL]);
	size_t i, len = 0;

	if (strcmp(printable(rest), r->value[CELL]))
		die("%s: damaged: %.80s is no cell", path, rest);
	for (i = 0; i < ARRAY_SIZE(part); i++) {
		*part[i] = strsep(&rest, "/");
		if (!*part[i] || !**part[i])
			die("%s: damaged: %.80s is no cell", path, r->value[CELL]);
		if (i < 3)
			len += strlen(*part[i]) + 1;
	}
	r->kaslr = rest && strstr(rest, "kaslr") ? "yes" : "no";
	r->group = text("%.*s", (int)len - 1, r->value[CELL]);
	r->point = r->value[CELL] + len;
}

static FILE *open_file(const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file && errno != ENOENT && errno != ENAMETOOLONG)
		die("%s: %s", path, strerror(errno));
	return file;
}

/* The next line of @file into @line, which grows. False at the end of the file. */
static bool next_line(char **line, size_t *size, FILE *file, const char *path)
{
	ssize_t len = getline(line, size, file);

	if (len < 0 && ferror(file))
		die("%s: %s", path, strerror(errno));
	if (len < 0)
		return false;
	if (memchr(*line, '\0', len))
		die("%s: damaged: it has a NUL byte", path);
	(*line)[strcspn(*line, "\n")] = '\0';
	return true;
}

/* A cell that is planned, and what is recorded of it. */
static void read_cell(struct run *run, const char *planned, const char *cell)
{
	char *path = text("%s/cells/%s/record", run->dir, cell);
	FILE *file = open_file(path);
	struct record r = { 0 };

	if (!file && errno == ENAMETOOLONG)
		die("%s: damaged: %.80s is no cell", planned, cell);
	if (file) {
		if (!next_record(&r, file, path))
			die("%s: damaged: it is empty", path);
		fclose(file);
		if (strcmp(said(&r, CELL), cell))
			die("%s: damaged: it is of another cell", path);
		take_verdict(&r, path);
		r.dir = text("cells/%s", cell);
	} else {
		r.verdict = NOT_RUN;
		r.value[CELL] = text("%s", cell);
	}
	split_cell(&r, file ? path : planned);
	add(run, &r);
	free(path);
}

static void read_cells(struct run *run)
{
	char *path = text("%s/planned", run->dir), *line = NULL;
	FILE *file = open_file(path);
	size_t size = 0;

	while (file && next_line(&line, &size, file, path))
		read_cell(run, path, line);
	if (file)
		fclose(file);
	free(line);
	run->cells = run->n;
}

/* What has to be the same: offsets in struct record, and 0 behind them. */
static int compare_fields(const struct record *a, const struct record *b, const size_t *field)
{
	int order = 0;

	for (; *field && !order; field++)
		order = strcmp(*(char *const *)((const char *)a + *field),
			       *(char *const *)((const char *)b + *field));
	return order;
}

static int by_fields(const void *a, const void *b, void *fields)
{
	const struct record *x = *(struct record *const *)a, *y = *(struct record *const *)b;
	int order = compare_fields(x, y, fields);

	return order ? order : (x > y) - (x < y);
}

/* Sort once, so that no form has to search all cells for each cell. */
static void link_cells(struct run *run)
{
#define FIELD(name) offsetof(struct record, name)
	static size_t fields[SAMES][5] = {
		[SAME_BASE] = { FIELD(base) },
		[SAME_STAGE] = { FIELD(base), FIELD(stage) },
		[SAME_POINT] = { FIELD(base), FIELD(point) },
		[SAME_KIND] = { FIELD(group), FIELD(levels), FIELD(kaslr) },
		[SAME_SCENARIO] = { FIELD(group), FIELD(levels), FIELD(kaslr), FIELD(scenario) },
	};
	struct record **list = allocate(NULL, (run->cells + 1) * sizeof(*list)), *r;
	size_t i, same;

	for (i = 0; i < run->cells; i++) {
		r = &run->records[i];
		list[i] = r;
		r->kernel = i && !strcmp(r->group, r[-1].group) ? r[-1].kernel : r;
	}
	for (same = 0; same < SAMES; same++) {
		qsort_r(list, run->cells, sizeof(*list), by_fields, fields[same]);
		for (i = 1; i < run->cells; i++) {
			if (compare_fields(list[i - 1], list[i], fields[same]))
				continue;
			list[i - 1]->next[same] = list[i];
			list[i]->prev[same] = list[i - 1];
		}
	}
	free(list);
}

static int no_dot(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The points of the tests of the tools, a file of records for each test. */
static void read_tests(struct run *run)
{
	char *dir = text("%s/tests", run->dir);
	struct dirent **entries = NULL;
	int i, n = scandir(dir, &entries, no_dot, alphasort);

	if (n < 0 && errno != ENOENT)
		die("%s: %s", dir, strerror(errno));
	for (i = 0; i < n; i++) {
		char *path = text("%s/%s", dir, entries[i]->d_name);
		FILE *file = open_file(path);
		struct record r;

		while (file && next_record(&r, file, path)) {
			if (!r.value[TEST] || !r.value[NAME])
				die("%s: damaged: a point without a name", path);
			take_verdict(&r, path);
			r.group = r.value[TEST];
			r.point = r.value[NAME];
			add(run, &r);
		}
		if (file)
			fclose(file);
		free(path);
		free(entries[i]);
	}
	free(entries);
	free(dir);
}

static void read_about(struct run *run)
{
	char *path = text("%s/about", run->dir), *line = NULL;
	FILE *file = open_file(path);
	size_t size = 0;

	if (!file)
		die("%s: no run: make boot, control and check leave them in build/results",
		    run->dir);
	while (next_line(&line, &size, file, path))
		take_line(&run->about, path, line);
	fclose(file);
	free(line);
	free(path);
}

void read_run(struct run *run, const char *dir)
{
	char *real = realpath(dir, NULL);
	size_t i;

	setlocale(LC_CTYPE, "C.UTF-8");
	memset(run, 0, sizeof(*run));
	if (!real)
		die("%s: no run: %s", dir, strerror(errno));
	run->dir = real;
	run->name = printable(text("%s", basename(real)));
	read_about(run);
	read_cells(run);
	read_tests(run);
	link_cells(run);
	for (i = 0; i < run->n; i++)
		run->count[run->records[i].verdict]++;
}

size_t kernels(const struct record *r, const struct record **first)
{
	size_t n = 0;

	for (; r; r = r->next[SAME_BASE])
		if (r->kernel == r)
			first[n++] = r;
	return n;
}

size_t group_end(const struct run *run, size_t from)
{
	size_t i = from;

	while (i < run->n && !strcmp(run->records[i].group, run->records[from].group))
		i++;
	return i;
}
