// SPDX-License-Identifier: GPL-2.0
/*
 * A run as one HTML file, which needs no server, no network and no scripts. It is
 * written into the folder of the run: the links to consoles and configurations
 * are relative to that.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results.h"

#define BEFORE	8	/* lines of the console before the one that decides */
#define BEHIND	24
#define WIDTH	240

static const char style[] =
	":root { color-scheme: light dark; --pass: #1a7f37; --crash: #6639ba; --fail: #cf222e;\n"
	"  --skip: #59636e; --lost: #9a6700; --line: #d1d9e0; --mark: #fff8c5; }\n"
	"@media (prefers-color-scheme: dark) { :root { --pass: #3fb950; --crash: #ab7df8;\n"
	"  --fail: #ff7b72; --skip: #9198a1; --lost: #d29922; --line: #3d444d; --mark: #4b3a05; } }\n"
	"body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem auto; max-width: 75rem; padding: 0 1rem; }\n"
	"table { border-collapse: collapse; } .wide { overflow-x: auto; }\n"
	"th, td { border: 1px solid var(--line); padding: .1rem .5rem; text-align: start; }\n"
	"thead th { vertical-align: bottom; } .matrix thead th { writing-mode: vertical-rl;\n"
	"  font-weight: normal; } .matrix td { text-align: center; padding: 0; }\n"
	".matrix td a { display: block; min-width: 2rem; font-weight: bold; text-decoration: none; }\n"
	".P { color: var(--pass); } .C { color: var(--crash); } .F { color: var(--fail); }\n"
	".S { color: var(--skip); } .Q { color: var(--lost); } .N { color: var(--skip); }\n"
	"article { border-top: 1px solid var(--line); content-visibility: auto;\n"
	"  contain-intrinsic-size: auto 4.5rem; } article h3 { font-size: 1rem; margin: .5rem 0 0; }\n"
	"article p { margin: 0; } :target { outline: 2px solid; }\n"
	"a:focus-visible, summary:focus-visible { outline: 2px solid; }\n"
	"pre { overflow-x: auto; border: 1px solid var(--line); padding: .5rem; font-size: .85rem; }\n"
	"mark { background: var(--mark); color: inherit; } code, td.hash { overflow-wrap: anywhere; }\n"
	"dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; } dd { margin: 0; }\n"
	".bar { display: inline-block; height: .7rem; background: var(--skip); }\n"
	"img { max-width: 100%; background: #fff; }\n";

/* One letter that is a name in CSS. */
static char class(enum verdict v)
{
	return v == LOST ? 'Q' : v == NOT_RUN ? 'N' : verdict_letters[v];
}

static void term(const char *name, const char *value)
{
	if (!value || !*value)
		return;
	printf("<dt>%s</dt><dd>", name);
	escaped(value);
	puts("</dd>");
}

static void code_term(const char *name, const char *value)
{
	if (!value)
		return;
	printf("<dt>%s</dt><dd><code>", name);
	escaped(value);
	puts("</code></dd>");
}

static void show_head(const struct run *run)
{
	const struct record *about = &run->about;
	int v;

	printf("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	       "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
	escaped(run->name);
	printf("</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n%s</style>\n</head>\n"
	       "<body>\n<main>\n<h1>Kernel page-table sync: ", style);
	escaped(said(about, COMMAND));
	puts("</h1>\n<dl>");
	term("run", run->name);
	if (about->value[STARTED])
		term("started", iso_time(about->value[STARTED]));
	term("ended", about->value[ENDED] ? iso_time(about->value[ENDED]) :
	     "no: it was interrupted, or is under way");
	term("host", about->value[HOST]);
	term("project", about->value[PROJECT]);
	code_term("all of it again", about->value[COMMAND]);
	puts("</dl>\n<ul aria-label=\"verdicts\">");
	for (v = 0; v < VERDICTS; v++)
		printf("<li><b class=\"%c\">%c</b> %s: %zu</li>\n", class(v), verdict_letters[v],
		       verdict_names[v], run->count[v]);
	puts("</ul>");
}

static void show_failures(const struct run *run)
{
	enum verdict order[] = { FAILED, LOST };
	const struct record *r;
	size_t i, v;

	if (!run->count[FAILED] && !run->count[LOST])
		return;
	puts("<h2>What failed</h2>\n<ol>");
	for (v = 0; v < ARRAY_SIZE(order); v++) {
		for (i = 0; i < run->n; i++) {
			r = &run->records[i];
			if (r->verdict != order[v])
				continue;
			printf("<li><a class=\"%c\" href=\"#c%zu\">", class(r->verdict), i);
			escaped(r->group);
			putchar('/');
			escaped(r->point);
			printf("</a>, %s: ", verdict_names[r->verdict]);
			escaped(said(r, REASON));
			puts("</li>");
		}
	}
	puts("</ol>");
}

static void show_row(const struct run *run, const struct record **first, size_t columns,
		     const struct record *r)
{
	size_t c;

	printf("<tr><th scope=\"row\">");
	escaped(r->point);
	printf("</th>");
	for (c = 0; c < columns; c++) {
		while (r && r < first[c])
			r = r->next[SAME_POINT];
		if (!r || r->kernel != first[c]) {
			printf("<td></td>");
			continue;
		}
		printf("<td><a class=\"%c\" href=\"#c%zu\" ", class(r->verdict),
		       r - run->records);
		printf("title=\"%s\" aria-label=\"%s\">%c</a></td>", verdict_names[r->verdict],
		       verdict_names[r->verdict], verdict_letters[r->verdict]);
	}
	puts("</tr>");
}

static void show_base(const struct run *run, const struct record *base)
{
	const struct record **first = allocate(NULL, run->cells * sizeof(*first)), *r;
	size_t columns = kernels(base, first), c;

	printf("<h3>");
	escaped(base->base);
	printf("</h3>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"matrix of ");
	escaped(base->base);
	printf("\"><table class=\"matrix\">\n<thead><tr><td></td>");
	for (c = 0; c < columns; c++) {
		printf("<th scope=\"col\">");
		escaped(first[c]->stage);
		putchar(' ');
		escaped(first[c]->config);
		printf("</th>");
	}
	puts("</tr></thead>\n<tbody>");
	for (r = base; r; r = r->next[SAME_BASE])
		if (!r->prev[SAME_POINT])
			show_row(run, first, columns, r);
	puts("</tbody></table></div>");
	free(first);
}

static void show_matrix(const struct run *run)
{
	size_t i;

	if (!run->cells)
		return;
	puts("<h2>The matrix</h2>\n<p>Rows: levels of page tables and scenario. Columns: stage and "
	     "configuration of the kernel.</p>");
	for (i = 0; i < run->cells; i++)
		if (!run->records[i].prev[SAME_BASE])
			show_base(run, &run->records[i]);
}

static void bar(double value, double most)
{
	printf("<td><span class=\"bar\" style=\"width: %.1frem\"></span></td>",
	       most > 0 ? 15 * value / most : 0);
}

/* What each kernel took: its build, whenever that was, and its boots. */
static void show_times(const struct run *run)
{
	double most = 0, boots, slowest;
	size_t from, end, i, n;

	if (!run->cells)
		return;
	for (i = 0; i < run->cells; i++)
		if (seconds(&run->records[i], BUILD) > most)
			most = seconds(&run->records[i], BUILD);
	puts("<h2>Times</h2>\n"
	     "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"times\">"
	     "<table>\n<thead><tr><th scope=\"col\">kernel</th>"
	     "<th scope=\"col\">built in, s</th><td></td><th scope=\"col\">boots</th>"
	     "<th scope=\"col\">mean, s</th><th scope=\"col\">slowest, s</th></tr></thead>\n<tbody>");
	for (from = 0; from < run->cells; from = end) {
		end = group_end(run, from);
		boots = 0;
		slowest = 0;
		n = 0;
		for (i = from; i < end; i++) {
			double took = seconds(&run->records[i], BOOT);

			boots += took;
			n += took > 0;
			slowest = took > slowest ? took : slowest;
		}
		printf("<tr><th scope=\"row\">");
		escaped(run->records[from].group);
		printf("</th><td>%.0f</td>", seconds(&run->records[from], BUILD));
		bar(seconds(&run->records[from], BUILD), most);
		printf("<td>%zu</td><td>%.1f</td><td>%.1f</td></tr>\n", n, n ? boots / n : 0,
		       slowest);
	}
	puts("</tbody></table></div>");
}

/* The console of @r around the line that decides, with that marked. */
static void show_console(const struct run *run, const struct record *r)
{
	unsigned long nr = strtoul(said(r, LINE), NULL, 10), at = 0;
	char *path = text("%s/%s/console", run->dir, r->dir), *line = NULL;
	FILE *file = fopen(path, "r");
	size_t size = 0, i;
	ssize_t len;

	if (!file) {
		printf("<p>The console cannot be read: %s.</p>\n", strerror(errno));
		free(path);
		return;
	}
	printf("<pre>");
	while (at < nr + BEHIND && (len = getline(&line, &size, file)) > 0) {
		if (++at + BEFORE < nr)
			continue;
		while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
			line[--len] = '\0';
		if (len > WIDTH)
			line[len = WIDTH] = '\0';
		for (i = 0; i < (size_t)len; i++)
			if (!line[i])
				line[i] = '?';
		printf("%s", at == nr ? "<mark>" : "");
		escaped(line);
		printf("%s\n", at == nr ? "</mark>" : "");
	}
	puts("</pre>");
	free(line);
	free(path);
	fclose(file);
}

/* Only what has no meaning in a URL or in HTML stays as it is. */
static void show_path(const char *path)
{
	for (; *path; path++) {
		if (isalnum((unsigned char)*path) || strchr("/._-+=,", *path))
			putchar(*path);
		else
			printf("%%%02X", (unsigned char)*path);
	}
}

/* Links to the files that are there. What could not be booted has only a record. */
static void show_links(const struct run *run, const struct record *r)
{
	static const struct {
		const char *file, *name;
	} links[] = {
		{ "console", "console" }, { "ktap", "report" },
		{ "config", "configuration" }, { "qemu.command", "command" },
		{ "record", "record" },
	};
	char *path;
	size_t i;

	fputs("<p>", stdout);
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		path = text("%s/%s/%s", run->dir, r->dir, links[i].file);
		if (!access(path, F_OK)) {
			fputs("<a href=\"", stdout);
			show_path(r->dir);
			printf("/%s\">%s</a> ", links[i].file, links[i].name);
		} else if (r->value[BOOT]) {
			printf("%s: missing ", links[i].name);
		}
		free(path);
	}
	puts("</p>");
}

static void show_details(const struct run *run, const struct record *r)
{
	static const struct {
		enum key key;
		const char *name;
	} terms[] = {
		{ HOST, "host" }, { QEMU, "QEMU" }, { COMPILER, "compiler" },
		{ TREE, "tree" }, { CONFIG, "configuration, SHA-256" },
		{ KERNEL, "kernel, SHA-256" }, { GUEST, "guest, SHA-256" },
		{ SERIES, "changes to the tree, SHA-256" }, { TRIES, "tries" },
		{ HUNG, "made again because it" },
	};
	size_t i;

	printf("<details%s><summary>how, and what of</summary>\n<dl>",
	       bad(r->verdict) ? " open" : "");
	code_term("again", r->value[REPEAT]);
	code_term("command", r->value[COMMAND]);
	for (i = 0; i < ARRAY_SIZE(terms); i++)
		term(terms[i].name, r->value[terms[i].key]);
	puts("</dl>");
	if (r->value[LINE])
		show_console(run, r);
	puts("</details>");
}

static void show_record(const struct run *run, const struct record *r, size_t i)
{
	printf("<article id=\"c%zu\"><h3>", i);
	escaped(r->group);
	putchar('/');
	escaped(r->point);
	printf("</h3>\n<p><b class=\"%c\">%s</b>", class(r->verdict), verdict_names[r->verdict]);
	if (r->value[REASON]) {
		printf(": ");
		escaped(r->value[REASON]);
	}
	if (r->value[BOOT])
		printf(", %.1f s", seconds(r, BOOT));
	puts("</p>");
	if (r->dir) {
		show_links(run, r);
		show_details(run, r);
	}
	puts("</article>");
}

/* The tests of the tools, a line each; their points where they failed. */
static void show_tests(const struct run *run)
{
	size_t from, end, i, failed;

	if (run->cells == run->n)
		return;
	puts("<h2>Tests of the tools</h2>\n<table>\n<thead><tr><th scope=\"col\">test</th>"
	     "<th scope=\"col\">points</th><th scope=\"col\">failed</th></tr></thead>\n<tbody>");
	for (from = run->cells; from < run->n; from = end) {
		end = group_end(run, from);
		failed = 0;
		for (i = from; i < end; i++)
			failed += bad(run->records[i].verdict);
		printf("<tr><th scope=\"row\">");
		escaped(run->records[from].group);
		printf("</th><td>%zu</td><td class=\"%c\">%zu</td></tr>\n", end - from,
		       failed ? 'F' : 'P', failed);
	}
	puts("</tbody></table>");
	for (i = run->cells; i < run->n; i++)
		if (bad(run->records[i].verdict))
			show_record(run, &run->records[i], i);
}

/* The plot of make bench is an SVG file: its element goes in as it is. */
static void show_plot(const char *plot)
{
	FILE *file = fopen(plot, "r");
	char *line = NULL;
	size_t size = 0;
	bool in = false;

	if (!file)
		die("%s: %s", plot, strerror(errno));
	puts("<h2>Adding memory</h2>\n<figure>");
	while (getline(&line, &size, file) > 0) {
		in |= !strncmp(line, "<svg", 4);
		if (in)
			fputs(line, stdout);
	}
	puts("<figcaption>As make bench has measured it last; its table and figures are beside it."
	     "</figcaption></figure>");
	free(line);
	fclose(file);
}

int show_html(const struct run *run, const char *plot)
{
	size_t i;

	show_head(run);
	show_failures(run);
	show_matrix(run);
	show_times(run);
	if (plot)
		show_plot(plot);
	show_tests(run);
	if (run->cells)
		puts("<h2>Each boot</h2>");
	for (i = 0; i < run->cells; i++)
		show_record(run, &run->records[i], i);
	puts("</main>\n</body>\n</html>");
	return 0;
}
