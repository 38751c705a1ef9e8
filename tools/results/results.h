/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run as its records describe it, and the forms that show it. The program shows one form
 * and exits, so it never frees memory.
 */
#ifndef RESULTS_H
#define RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define DECODED_MAX	80	/* lines of a decoded trace in a page or in XML */

/* The keys of records and of the file "about". */
enum key {
	TEST, NAME, VERDICT, REASON, LINE, TEXT, CRASH, STARTED, ENDED, BOOT, BUILD, COMMIT, TREE,
	SERIES, COMPILER, ARCH, CONFIG, KERNEL, GUEST, HOST, QEMU, TRIES, AGAIN, COMMAND, REPEAT,
	PROJECT, KEYS
};

/* LOST: the test could not be carried out. NOT_RUN: it is planned and has no record. */
enum verdict { PASSED, CRASHED, FAILED, SKIPPED, LOST, NOT_RUN, VERDICTS };

extern const char *const verdict_names[VERDICTS];
extern const char verdict_letters[VERDICTS + 1];

/*
 * What records can have in common. A row is a tree, levels, scenario and options; a kind is
 * a kernel, levels and KASLR. Only tests belong to the others than SAME_NAME.
 */
enum same { SAME_NAME, SAME_TREE, SAME_STAGE, SAME_ROW, SAME_KIND, SAME_SCENARIO, SAMES };

/* A test, or a point of a test of the tools. */
struct record {
	char *value[KEYS];		/* NULL: the record lacks this key */
	enum verdict verdict;
	const char *dir;		/* folder of its files, below that of the run, or NULL */
	const char *group;		/* TREE/STAGE/CONFIG, or the test of the tools */
	const char *name;		/* LEVELS/SCENARIO[/OPTION], or the name of the point */
	/* Only of a test. */
	char *tree, *stage, *config, *levels, *scenario;
	const char *kaslr;
	const struct record *kernel;	/* the first test of the same kernel */
	char *same[SAMES];
	const struct record *prev[SAMES], *next[SAMES];
};

struct run {
	const char *dir, *name;
	struct record about;
	struct record *records;		/* the tests in the order of the plan, then the points */
	size_t n, tests;
	size_t count[VERDICTS];
};

__attribute__((noreturn, format(printf, 1, 2)))
void die(const char *fmt, ...);
void *allocate(void *old, size_t size);
__attribute__((format(printf, 1, 2)))
char *text(const char *fmt, ...);
/* The content of a text file. NULL: the file does not exist. */
char *read_file(const char *path);
/* @s for an attribute or a text of XML or HTML. */
char *xml(const char *s);

void read_run(struct run *run, const char *dir);
const char *get(const struct record *r, enum key key);	/* "" if the key is missing */
double seconds(const struct record *r, enum key key);
bool bad(enum verdict verdict);
/* @since, seconds since the epoch, as ISO 8601 in UTC. */
char *iso_time(const char *since);
/* Lines @from to @to of @file in the folder of @r, printable. NULL: it cannot be read. */
char *lines(const struct run *run, const struct record *r, const char *file, size_t from,
	    size_t to);
/* At most @max lines of the decoded trace of @r if it failed, or "". */
char *decoded(const struct run *run, const struct record *r, size_t max);

/* The first @n records, sorted by what they have in common, then in the order of the plan. */
struct record **sorted(const struct run *run, size_t n, enum same same);
/* Store the first test of each kernel of the tree whose first test is @r; return how many. */
size_t kernels(const struct record *r, const struct record **first);
/* Advance *@row to the test of @kernel and return it. NULL: the row has none. */
const struct record *in_kernel(const struct record **row, const struct record *kernel);
/* The index after the last record of the group that begins at @from. */
size_t group_end(const struct run *run, size_t from);

int show_ktap(const struct run *run);
int show_junit(const struct run *run);
int show_kcidb(const struct run *run);
int show_text(const struct run *run);
int show_rates(const struct run *run);
int show_html(const struct run *run, const char *plot);
int compare(const struct run *old, const struct run *new);

#endif
