/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run of the matrix as its records have it, and the forms that it is shown in.
 */
#ifndef RESULTS_H
#define RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* What a record may say, and about, which is one too. */
enum key {
	CELL, TEST, NAME, VERDICT, REASON, LINE, TEXT, CRASH, STARTED, ENDED, BOOT,
	BUILD, COMMIT, TREE, SERIES, COMPILER, ARCH, CONFIG, KERNEL, GUEST, HOST, QEMU, TRIES, HUNG,
	COMMAND, REPEAT, PROJECT, KEYS
};

/* LOST: there is no verdict, since it could not be tested. */
enum verdict { PASSED, CRASHED, FAILED, SKIPPED, LOST, NOT_RUN, VERDICTS };

extern const char *const verdict_names[VERDICTS];
extern const char verdict_letters[VERDICTS + 1];

/* What cells may have in common. */
enum same { SAME_BASE, SAME_STAGE, SAME_POINT, SAME_KIND, SAME_SCENARIO, SAMES };

struct record {
	char *value[KEYS];		/* NULL: it says nothing of it */
	enum verdict verdict;
	const char *dir;		/* where console and the others are, or NULL */
	/* Of a cell: BASE/STAGE/CONFIG, and what is behind it. */
	char *group;
	const char *point;
	/* Of a cell, by itself. */
	char *base, *stage, *config, *levels, *scenario;
	const char *kaslr;
	/* The first cell of the same kernel, and the cells that have something in common. */
	const struct record *kernel;
	const struct record *prev[SAMES], *next[SAMES];
};

struct run {
	const char *dir, *name;
	struct record about;
	struct record *records;		/* cells first, in the order of the matrix */
	size_t n, cells;
	size_t count[VERDICTS];
};

__attribute__((noreturn, format(printf, 1, 2)))
void die(const char *fmt, ...);
void *allocate(void *old, size_t size);
__attribute__((format(printf, 1, 2)))
char *text(const char *fmt, ...);

/* @s in an attribute or a text of XML or HTML. */
void escaped(const char *s);

void read_run(struct run *run, const char *dir);
double seconds(const struct record *r, enum key key);
bool bad(enum verdict verdict);
const char *said(const struct record *r, enum key key);	/* "" for nothing */
/* @seconds since the epoch, as ISO 8601 has it, UTC. The text stays until the next call. */
const char *iso_time(const char *seconds);

/* The first cell of each kernel of the base whose first cell is @r. Returns how many. */
size_t kernels(const struct record *r, const struct record **first);
/* The end of the records that are of one group with that at @from. */
size_t group_end(const struct run *run, size_t from);

int show_ktap(const struct run *run);
int show_junit(const struct run *run);
int show_kcidb(const struct run *run);
int show_text(const struct run *run);
int show_rates(const struct run *run);
int show_html(const struct run *run, const char *plot);
int compare(const struct run *old, const struct run *new);

#endif
