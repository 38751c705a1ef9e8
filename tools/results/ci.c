// SPDX-License-Identifier: GPL-2.0
/*
 * The forms for CI systems: KTAP, JUnit XML for GitLab and Jenkins, JSON for KernelCI.
 */
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "results.h"

#define ORIGIN "pgsync"

/* Replace each # of a name, since it would begin a directive of KTAP. */
static char *plain(const char *name)
{
	char *s = text("%s", name), *at = s;

	while ((at = strchr(at, '#')))
		*at = '*';
	return s;
}

int show_ktap(const struct run *run)
{
	size_t i, end, from, groups = 0;
	const struct record *r;
	bool failed;

	for (i = 0; i < run->n; i = group_end(run, i))
		groups++;
	printf("KTAP version 1\n1..%zu\n", groups);
	groups = 0;
	for (from = 0; from < run->n; from = end) {
		end = group_end(run, from);
		printf("    KTAP version 1\n    # Subtest: %s\n    1..%zu\n",
		       plain(run->records[from].group), end - from);
		failed = false;
		for (i = from; i < end; i++) {
			r = &run->records[i];
			failed |= bad(r->verdict);
			if (bad(r->verdict))
				printf("    # %s: %s\n", verdict_names[r->verdict], get(r, REASON));
			printf("    %sok %zu %s", bad(r->verdict) ? "not " : "", i - from + 1,
			       plain(r->name));
			if (r->verdict == SKIPPED)
				printf(" # SKIP %s", get(r, REASON));
			putchar('\n');
		}
		printf("%sok %zu %s\n", failed ? "not " : "", ++groups,
		       plain(run->records[from].group));
	}
	return 0;
}

static void show_case(const struct run *run, const struct record *r)
{
	static const char *const elements[VERDICTS] = {
		[FAILED] = "failure", [SKIPPED] = "skipped", [LOST] = "error",
		[NOT_RUN] = "error",
	};
	const char *element = elements[r->verdict], *verdict = verdict_names[r->verdict];
	const char *trace = decoded(run, r, DECODED_MAX);

	printf("<testcase classname=\"%s\" name=\"%s\"", xml(r->group), xml(r->name));
	if (r->value[BOOT])
		printf(" time=\"%.2f\"", seconds(r, BOOT));
	putchar('>');
	if (element)
		printf("<%s message=\"%s\">%s%s%s</%s>", element,
		       r->value[REASON] ? xml(get(r, REASON)) : verdict, xml(get(r, TEXT)),
		       *trace ? "\n" : "", xml(trace), element);
	if (r->scenario) {
		printf("<system-out>%s: %s\nrepeat with: %s", verdict, xml(get(r, REASON)),
		       xml(get(r, REPEAT)));
		if (r->value[BOOT])
			printf("\n[[ATTACHMENT|%s/%s/console]]", xml(run->dir), xml(r->dir));
		fputs("</system-out>", stdout);
	}
	puts("</testcase>");
}

/* End the opening tag of the records @from to @end with their figures. */
static void show_counts(const struct run *run, size_t from, size_t end)
{
	size_t n[VERDICTS] = { 0 }, i;
	double time = 0;

	for (i = from; i < end; i++) {
		n[run->records[i].verdict]++;
		time += seconds(&run->records[i], BOOT);
	}
	printf(" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.2f\">\n",
	       end - from, n[FAILED], n[LOST] + n[NOT_RUN], n[SKIPPED], time);
}

int show_junit(const struct run *run)
{
	size_t i, from, end;

	puts("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	printf("<testsuites name=\"%s\"", xml(run->name));
	show_counts(run, 0, run->n);
	for (from = 0; from < run->n; from = end) {
		end = group_end(run, from);
		printf("<testsuite name=\"%s\"", xml(run->records[from].group));
		if (run->about.value[STARTED])
			printf(" timestamp=\"%.19s\"", iso_time(run->about.value[STARTED]));
		show_counts(run, from, end);
		for (i = from; i < end; i++)
			show_case(run, &run->records[i]);
		puts("</testsuite>");
	}
	puts("</testsuites>");
	return 0;
}

/* What separates the next value of JSON from the one before it. */
static const char *separator;

static void begin(const char *bracket)
{
	printf("%s%s", separator, bracket);
	separator = "";
}

static void end(const char *bracket)
{
	fputs(bracket, stdout);
	separator = ", ";
}

static void string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		putchar(*s < ' ' || *s > '~' ? '?' : *s);
	}
	end("\"");
}

/* Show pairs of a name and a value, up to NULL, but none without a value. */
__attribute__((sentinel))
static void fields(const char *name, ...)
{
	const char *value;
	va_list args;

	va_start(args, name);
	for (; name; name = va_arg(args, const char *)) {
		value = va_arg(args, const char *);
		if (!value)
			continue;
		printf("%s\"%s\": ", separator, name);
		string(value);
	}
	va_end(args);
}

static void duration(const struct record *r, enum key key)
{
	if (r->value[key])
		printf("%s\"duration\": %.2f", separator, seconds(r, key));
}

static char *id(const struct run *run, const char *name)
{
	return text(ORIGIN ":%s/%s", run->name, name);
}

static void show_checkout(const struct run *run, const struct record *r)
{
	begin("\n{");
	fields("id", id(run, r->same[SAME_STAGE]), "origin", ORIGIN, "tree_name", r->tree,
	       "patchset_hash", r->value[TREE] ? get(r, SERIES) : NULL, "comment", r->stage, NULL);
	/* The tools made this commit, so no repository has it, as git_commit_hash would imply. */
	begin("\"valid\": true, \"misc\": {");
	fields("commit", r->value[COMMIT], "tree", r->value[TREE], NULL);
	end("}}");
}

static void show_build(const struct run *run, const struct record *r)
{
	begin("\n{");
	/* Without a boot it is unknown whether the build succeeded. */
	fields("id", id(run, r->group), "checkout_id", id(run, r->same[SAME_STAGE]),
	       "origin", ORIGIN, "architecture", r->value[ARCH], "compiler", r->value[COMPILER],
	       "config_name", r->config, "status", r->value[KERNEL] ? "PASS" : NULL, NULL);
	duration(r, BUILD);
	begin("\"misc\": {");
	fields("config", r->value[CONFIG], "kernel", r->value[KERNEL], NULL);
	end("}}");
}

static void show_test(const struct run *run, const struct record *r)
{
	static const char *const status[VERDICTS] = {
		"PASS", "PASS", "FAIL", "SKIP", "ERROR", "MISS",
	};
	char *kind = r->value[CRASH] ? "reproduce." : "", *c;
	char *path = text("pgtable_sync.%s%s", kind, r->scenario);
	/* A test that did not boot has no result. */
	bool missed = r->verdict == LOST && !r->value[BOOT];

	/* The schema allows no other characters in a path. */
	for (c = path; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
			*c = '_';
	begin("\n{");
	fields("id", id(run, r->value[TEST]), "build_id", id(run, r->group), "origin", ORIGIN,
	       "path", path, "status", missed ? "MISS" : status[r->verdict],
	       "start_time", r->value[STARTED] ? iso_time(r->value[STARTED]) : NULL,
	       "log_excerpt", r->value[TEXT], NULL);
	duration(r, BOOT);
	begin("\"environment\": {");
	fields("comment", r->value[HOST], NULL);
	begin("\"misc\": {");
	fields("levels", r->levels, "kaslr", r->kaslr, "qemu", r->value[QEMU], NULL);
	end("}}");
	begin("\"misc\": {");
	fields("reason", r->value[REASON], "line", r->value[LINE], "guest", r->value[GUEST],
	       "command", r->value[COMMAND], "repeat", r->value[REPEAT], NULL);
	end("}}");
}

/* A record of the kernel at @from, if possible one that describes how it was built. */
static const struct record *built(const struct run *run, size_t from)
{
	size_t i, after = group_end(run, from);

	for (i = from; i < after; i++)
		if (run->records[i].value[KERNEL])
			return &run->records[i];
	return &run->records[from];
}

/*
 * Version 5.3 of KCIDB's schema. A stage of a tree becomes a checkout, a kernel a build. The
 * tests of the tools test no kernel and are left out.
 */
int show_kcidb(const struct run *run)
{
	size_t i;

	separator = "";
	begin("{\"version\": {\"major\": 5, \"minor\": 3},\n\"checkouts\": [");
	/* A stage can have several kernels and has one checkout. */
	for (i = 0; i < run->tests; i = group_end(run, i))
		if (!run->records[i].prev[SAME_STAGE])
			show_checkout(run, built(run, i));
	end("]");
	begin("\n\"builds\": [");
	for (i = 0; i < run->tests; i = group_end(run, i))
		show_build(run, built(run, i));
	end("]");
	begin("\n\"tests\": [");
	for (i = 0; i < run->tests; i++)
		show_test(run, &run->records[i]);
	puts("]}");
	return 0;
}
