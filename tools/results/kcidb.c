// SPDX-License-Identifier: GPL-2.0
/*
 * The boots of a run as JSON for KernelCI's KCIDB, version 5.3 of its schema. A
 * checkout is a stage of a tree, a build a kernel, a test a boot. The tests of the
 * tools are none of a kernel, and stay out.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "results.h"

#define ORIGIN "pgsync"

static const char *between;

static void string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		putchar(*s < ' ' || *s > '~' ? '?' : *s);
	}
	putchar('"');
}

static void key(const char *name)
{
	printf("%s\"%s\": ", between, name);
	between = ", ";
}

static void open_object(void)
{
	printf("%s{", between);
	between = "";
}

static void close_object(void)
{
	putchar('}');
	between = ", ";
}

static void open_key(const char *name, char bracket)
{
	key(name);
	putchar(bracket);
	between = bracket == '[' ? "\n  " : "";
}

static void field(const char *name, const char *value)
{
	if (!value)
		return;
	key(name);
	string(value);
}

static void number(const char *name, const struct record *r, enum key k)
{
	if (!r->value[k])
		return;
	key(name);
	printf("%.2f", seconds(r, k));
}

static char *checkout_id(const struct run *run, const struct record *r)
{
	return text(ORIGIN ":%s/%s/%s", run->name, r->base, r->stage);
}

static char *build_id(const struct run *run, const struct record *r)
{
	return text(ORIGIN ":%s/%s", run->name, r->group);
}

static void show_checkout(const struct run *run, const struct record *r)
{
	char *id = checkout_id(run, r);

	open_object();
	field("id", id);
	field("origin", ORIGIN);
	field("tree_name", r->base);
	if (r->value[TREE])
		field("patchset_hash", said(r, SERIES));
	field("comment", r->stage);
	key("valid");
	fputs("true", stdout);
	open_key("misc", '{');
	/* Commits that we made are in nobody's repository. */
	field("commit", r->value[COMMIT]);
	field("tree", r->value[TREE]);
	close_object();
	close_object();
	free(id);
}

static void show_build(const struct run *run, const struct record *r)
{
	char *id = build_id(run, r), *checkout = checkout_id(run, r);

	open_object();
	field("id", id);
	field("checkout_id", checkout);
	field("origin", ORIGIN);
	field("architecture", r->value[ARCH]);
	field("compiler", r->value[COMPILER]);
	field("config_name", r->config);
	number("duration", r, BUILD);
	/* Nothing is known of a kernel that nobody has booted. */
	if (r->value[KERNEL])
		field("status", "PASS");
	open_key("misc", '{');
	field("config", r->value[CONFIG]);
	field("kernel", r->value[KERNEL]);
	close_object();
	close_object();
	free(checkout);
	free(id);
}

static void show_test(const struct run *run, const struct record *r)
{
	static const char *const status[VERDICTS] = {
		"PASS", "PASS", "FAIL", "SKIP", "ERROR", "MISS",
	};
	char *id = text(ORIGIN ":%s/%s", run->name, r->value[CELL]);
	char *path = text("pgtable_sync.%s%s", r->value[CRASH] ? "control." : "", r->scenario);
	char *build = build_id(run, r), *c;

	/* The schema allows nothing else in a path. */
	for (c = path; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
			*c = '_';
	open_object();
	field("id", id);
	field("build_id", build);
	field("origin", ORIGIN);
	field("path", path);
	/* What did not boot broke nothing. */
	field("status", r->verdict == LOST && !r->value[BOOT] ? "MISS" : status[r->verdict]);
	if (r->value[STARTED])
		field("start_time", iso_time(r->value[STARTED]));
	number("duration", r, BOOT);
	field("log_excerpt", r->value[TEXT]);
	open_key("environment", '{');
	field("comment", r->value[HOST]);
	open_key("misc", '{');
	field("levels", r->levels);
	field("kaslr", r->kaslr);
	field("qemu", r->value[QEMU]);
	close_object();
	close_object();
	open_key("misc", '{');
	field("reason", r->value[REASON]);
	field("line", r->value[LINE]);
	field("guest", r->value[GUEST]);
	field("command", r->value[COMMAND]);
	field("repeat", r->value[REPEAT]);
	close_object();
	close_object();
	free(build);
	free(path);
	free(id);
}

/* The record that speaks for the group at @from: one that was built, if there is one. */
static const struct record *speaker(const struct run *run, size_t from, size_t end)
{
	size_t i;

	for (i = from; i < end; i++)
		if (run->records[i].value[KERNEL])
			return &run->records[i];
	return &run->records[from];
}

int show_kcidb(const struct run *run)
{
	size_t i, from, end;

	between = "";
	fputs("{\"version\": {\"major\": 5, \"minor\": 3}", stdout);
	between = ",\n";
	open_key("checkouts", '[');
	for (from = 0; from < run->cells; from = group_end(run, from))
		/* A stage may have several kernels, and has one checkout. */
		if (!run->records[from].prev[SAME_STAGE])
			show_checkout(run, speaker(run, from, group_end(run, from)));
	fputs("]", stdout);
	between = ",\n";
	open_key("builds", '[');
	for (from = 0; from < run->cells; from = end) {
		end = group_end(run, from);
		show_build(run, speaker(run, from, end));
	}
	fputs("]", stdout);
	between = ",\n";
	open_key("tests", '[');
	for (i = 0; i < run->cells; i++)
		show_test(run, &run->records[i]);
	puts("]}");
	return 0;
}
