// SPDX-License-Identifier: GPL-2.0
/*
 * A run as JUnit XML, in the form that GitLab and Jenkins read.
 */
#include "results.h"

static void attribute(const char *name, const char *value)
{
	printf(" %s=\"", name);
	escaped(value);
	putchar('"');
}

static void show_case(const struct run *run, const struct record *r)
{
	static const char *const elements[VERDICTS] = {
		[FAILED] = "failure", [SKIPPED] = "skipped", [LOST] = "error",
		[NOT_RUN] = "error",
	};
	const char *element = elements[r->verdict];

	fputs("<testcase", stdout);
	attribute("classname", r->group);
	attribute("name", r->point);
	if (r->value[BOOT])
		printf(" time=\"%.2f\"", seconds(r, BOOT));
	fputs(">", stdout);
	if (element) {
		printf("<%s", element);
		attribute("message", r->value[REASON] ? r->value[REASON] :
			  verdict_names[r->verdict]);
		fputs(">", stdout);
		escaped(said(r, TEXT));
		printf("</%s>", element);
	}
	if (r->value[CELL]) {
		fputs("<system-out>", stdout);
		escaped(verdict_names[r->verdict]);
		fputs(": ", stdout);
		escaped(said(r, REASON));
		fputs("\nrepeat with: ", stdout);
		escaped(said(r, REPEAT));
		if (r->value[BOOT]) {
			fputs("\n[[ATTACHMENT|", stdout);
			escaped(run->dir);
			putchar('/');
			escaped(r->dir);
			fputs("/console]]", stdout);
		}
		fputs("</system-out>", stdout);
	}
	fputs("</testcase>\n", stdout);
}

static void count(const struct run *run, size_t from, size_t end)
{
	size_t n[VERDICTS] = { 0 }, i;
	double time = 0;

	for (i = from; i < end; i++) {
		n[run->records[i].verdict]++;
		time += seconds(&run->records[i], BOOT);
	}
	printf(" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.2f\"",
	       end - from, n[FAILED], n[LOST] + n[NOT_RUN], n[SKIPPED], time);
}

int show_junit(const struct run *run)
{
	size_t i, from, end;

	puts("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	fputs("<testsuites", stdout);
	attribute("name", run->name);
	count(run, 0, run->n);
	puts(">");
	for (from = 0; from < run->n; from = end) {
		end = group_end(run, from);
		fputs("<testsuite", stdout);
		attribute("name", run->records[from].group);
		count(run, from, end);
		if (run->about.value[STARTED])
			printf(" timestamp=\"%.19s\"", iso_time(run->about.value[STARTED]));
		puts(">");
		for (i = from; i < end; i++)
			show_case(run, &run->records[i]);
		puts("</testsuite>");
	}
	puts("</testsuites>");
	return 0;
}
