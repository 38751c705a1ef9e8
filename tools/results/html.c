// SPDX-License-Identifier: GPL-2.0
/*
 * A run as one HTML file that needs no server, network or scripts. It belongs into the folder
 * of the run, because its links to consoles and configurations are relative.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results.h"

#define LEADING		8	/* lines of the console before the decisive one */
#define TRAILING	24

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
	"mark { background: var(--mark); color: inherit; }\n"
	".code { font-family: monospace; font-size: .8125rem; line-height: 1.5rem;\n"
	"  overflow-wrap: anywhere; }\n"
	"dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; } dd { margin: 0; }\n"
	".bar { display: inline-block; height: .7rem; background: var(--skip); }\n"
	"img { max-width: 100%; background: #fff; }\n";

/* The CSS classes of the verdicts. */
static const char class[VERDICTS + 1] = "PCFSQN";

static const char code[] = " class=\"code\"";

/* Show an entry of a list. @attribute is code or "". */
static void term(const char *name, const char *attribute, const char *value)
{
	if (value && *value)
		printf("<dt>%s</dt><dd%s>%s</dd>\n", name, attribute, xml(value));
}

/* Begin a table that scrolls by itself if it is too wide. */
static void begin_table(const char *label, const char *attributes)
{
	printf("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table%s>\n"
	       "<thead><tr>", label, attributes);
}

static void show_head(const struct run *run)
{
	const struct record *about = &run->about;
	int v;

	printf("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	       "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s</title>\n"
	       "<link rel=\"icon\" href=\"data:,\">\n<style>\n%s</style>\n</head>\n<body>\n"
	       "<main>\n<h1>Kernel page-table sync: %s</h1>\n<dl>\n",
	       xml(run->name), style, xml(get(about, COMMAND)));
	term("run", "", run->name);
	if (about->value[STARTED])
		term("started", "", iso_time(about->value[STARTED]));
	term("ended", "", about->value[ENDED] ? iso_time(about->value[ENDED]) :
	     "not finished: interrupted or still running");
	term("host", "", about->value[HOST]);
	term("project", "", about->value[PROJECT]);
	term("repeat with", code, about->value[COMMAND]);
	puts("</dl>\n<ul aria-label=\"verdicts\">");
	for (v = 0; v < VERDICTS; v++)
		printf("<li><b class=\"%c\">%c</b> %s: %zu</li>\n", class[v], verdict_letters[v],
		       verdict_names[v], run->count[v]);
	puts("</ul>");
}

static void show_failures(const struct run *run, enum verdict verdict)
{
	const struct record *r, *end = run->records + run->n;

	for (r = run->records; r < end; r++)
		if (r->verdict == verdict)
			printf("<li><a class=\"%c\" href=\"#c%zu\">%s/%s</a>, %s: %s</li>\n",
			       class[verdict], r - run->records, xml(r->group), xml(r->name),
			       verdict_names[verdict], xml(get(r, REASON)));
}

static void show_row(const struct run *run, const struct record **first, size_t columns,
		     const struct record *row)
{
	const struct record *r;
	const char *name;
	size_t c;

	printf("<tr><th scope=\"row\">%s</th>", xml(row->name));
	for (c = 0; c < columns; c++) {
		r = in_kernel(&row, first[c]);
		if (!r) {
			printf("<td></td>");
			continue;
		}
		name = verdict_names[r->verdict];
		printf("<td><a class=\"%c\" href=\"#c%zu\" title=\"%s\" aria-label=\"%s\">%c</a>"
		       "</td>", class[r->verdict], r - run->records, name, name,
		       verdict_letters[r->verdict]);
	}
	puts("</tr>");
}

static void show_tree(const struct run *run, const struct record *tree)
{
	const struct record **first = allocate(NULL, run->tests * sizeof(*first)), *r;
	size_t columns = kernels(tree, first), c;
	char *name = xml(tree->tree);

	printf("<h3>%s</h3>\n", name);
	begin_table(text("matrix of %s", name), " class=\"matrix\"");
	printf("<td></td>");
	for (c = 0; c < columns; c++)
		printf("<th scope=\"col\">%s %s</th>", xml(first[c]->stage), xml(first[c]->config));
	puts("</tr></thead>\n<tbody>");
	for (r = tree; r; r = r->next[SAME_TREE])
		if (!r->prev[SAME_ROW])
			show_row(run, first, columns, r);
	puts("</tbody></table></div>");
}

/* The times of each kernel: of its build, even if an earlier run built it, and of its boots. */
static void show_times(const struct run *run)
{
	double longest = 0, build, boot, boots, slowest;
	size_t from, end, i, n;

	for (i = 0; i < run->tests; i++) {
		build = seconds(&run->records[i], BUILD);
		longest = build > longest ? build : longest;
	}
	puts("<h2>Times</h2>");
	begin_table("times", "");
	puts("<th scope=\"col\">kernel</th><th scope=\"col\">build, s</th><td></td>"
	     "<th scope=\"col\">boots</th><th scope=\"col\">mean, s</th>"
	     "<th scope=\"col\">slowest, s</th></tr></thead>\n<tbody>");
	for (from = 0; from < run->tests; from = end) {
		end = group_end(run, from);
		boots = 0;
		slowest = 0;
		n = 0;
		for (i = from; i < end; i++) {
			boot = seconds(&run->records[i], BOOT);
			boots += boot;
			n += boot > 0;
			slowest = boot > slowest ? boot : slowest;
		}
		build = seconds(&run->records[from], BUILD);
		printf("<tr><th scope=\"row\">%s</th><td>%.0f</td>"
		       "<td><span class=\"bar\" style=\"width: %.1frem\"></span></td>"
		       "<td>%zu</td><td>%.1f</td><td>%.1f</td></tr>\n",
		       xml(run->records[from].group), build, longest > 0 ? 15 * build / longest : 0,
		       n, n ? boots / n : 0, slowest);
	}
	puts("</tbody></table></div>");
}

/* Show the console around its decisive line, and mark that line. */
static void show_console(const struct run *run, const struct record *r)
{
	size_t nr = strtoul(r->value[LINE], NULL, 10);
	char *marked = lines(run, r, "console", nr, nr);

	if (!marked) {
		printf("<p>The console cannot be read: %s.</p>\n", strerror(errno));
		return;
	}
	marked[strcspn(marked, "\n")] = '\0';
	printf("<pre>%s<mark>%s</mark>\n%s</pre>\n",
	       xml(lines(run, r, "console", nr > LEADING ? nr - LEADING : 1, nr - 1)), xml(marked),
	       xml(lines(run, r, "console", nr + 1, nr + TRAILING)));
}

/* Percent-encode all characters that have a meaning in URLs or in HTML. */
static void show_path(const char *path)
{
	for (; *path; path++) {
		if (isalnum((unsigned char)*path) || strchr("/._-+=,", *path))
			putchar(*path);
		else
			printf("%%%02X", (unsigned char)*path);
	}
}

/* Link the files that exist. A test that did not boot has only a record. */
static void show_links(const struct run *run, const struct record *r)
{
	static const struct {
		const char *file, *name;
		bool optional;
	} links[] = {
		{ "console", "console", false }, { "decoded", "decoded trace", true },
		{ "ktap", "report", false }, { "config", "configuration", false },
		{ "qemu.command", "command", false }, { "record", "record", false },
	};
	size_t i;

	fputs("<p>", stdout);
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		if (!access(text("%s/%s/%s", run->dir, r->dir, links[i].file), F_OK)) {
			fputs("<a href=\"", stdout);
			show_path(r->dir);
			printf("/%s\">%s</a> ", links[i].file, links[i].name);
		} else if (r->value[BOOT] && !links[i].optional) {
			printf("%s: missing ", links[i].name);
		}
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
		{ TREE, "git tree" }, { CONFIG, "configuration, SHA-256" },
		{ KERNEL, "kernel, SHA-256" }, { GUEST, "guest, SHA-256" },
		{ SERIES, "patches, SHA-256" }, { TRIES, "boots" },
		{ AGAIN, "repeated because it" },
	};
	char *trace = decoded(run, r, DECODED_MAX);
	size_t i;

	printf("<details%s><summary>details</summary>\n<dl>\n", bad(r->verdict) ? " open" : "");
	term("repeat with", code, r->value[REPEAT]);
	term("command", code, r->value[COMMAND]);
	for (i = 0; i < ARRAY_SIZE(terms); i++)
		term(terms[i].name, "", r->value[terms[i].key]);
	puts("</dl>");
	if (*trace)
		printf("<pre class=\"trace\">%s</pre>\n", xml(trace));
	if (r->value[LINE])
		show_console(run, r);
	puts("</details>");
}

static void show_record(const struct run *run, const struct record *r)
{
	printf("<article id=\"c%zu\"><h3>%s/%s</h3>\n<p><b class=\"%c\">%s</b>", r - run->records,
	       xml(r->group), xml(r->name), class[r->verdict], verdict_names[r->verdict]);
	if (r->value[REASON])
		printf(": %s", xml(r->value[REASON]));
	if (r->value[BOOT])
		printf(", %.1f s", seconds(r, BOOT));
	puts("</p>");
	if (r->dir) {
		show_links(run, r);
		show_details(run, r);
	}
	puts("</article>");
}

/* One line for each test of the tools, then the points that failed. */
static void show_tools(const struct run *run)
{
	size_t from, end, i, failed;

	puts("<h2>Tests of the tools</h2>\n<table>\n<thead><tr><th scope=\"col\">test</th>"
	     "<th scope=\"col\">points</th><th scope=\"col\">failed</th></tr></thead>\n<tbody>");
	for (from = run->tests; from < run->n; from = end) {
		end = group_end(run, from);
		failed = 0;
		for (i = from; i < end; i++)
			failed += bad(run->records[i].verdict);
		printf("<tr><th scope=\"row\">%s</th><td>%zu</td><td class=\"%c\">%zu</td></tr>\n",
		       xml(run->records[from].group), end - from, failed ? 'F' : 'P', failed);
	}
	puts("</tbody></table>");
	for (i = run->tests; i < run->n; i++)
		if (bad(run->records[i].verdict))
			show_record(run, &run->records[i]);
}

/* Insert the plot of make bench, the <svg> element of the file @plot. */
static void show_plot(const char *plot)
{
	char *content = read_file(plot), *svg = content ? strstr(content, "<svg") : NULL;

	if (!svg)
		die("%s: no plot: make bench writes one", plot);
	printf("<h2>Adding memory</h2>\n<figure>%s<figcaption>The last measurement of make bench. "
	       "The same folder has its table and figures.</figcaption></figure>\n", svg);
}

int show_html(const struct run *run, const char *plot)
{
	size_t i;

	show_head(run);
	if (run->count[FAILED] || run->count[LOST]) {
		puts("<h2>Failures</h2>\n<ol>");
		show_failures(run, FAILED);
		show_failures(run, LOST);
		puts("</ol>");
	}
	if (run->tests)
		puts("<h2>Matrix</h2>\n<p>Rows: page-table levels and scenario. "
		     "Columns: stage and kernel config.</p>");
	for (i = 0; i < run->tests; i++)
		if (!run->records[i].prev[SAME_TREE])
			show_tree(run, &run->records[i]);
	if (run->tests)
		show_times(run);
	if (plot)
		show_plot(plot);
	if (run->tests < run->n)
		show_tools(run);
	if (run->tests)
		puts("<h2>Tests</h2>");
	for (i = 0; i < run->tests; i++)
		show_record(run, &run->records[i]);
	puts("</main>\n</body>\n</html>");
	return 0;
}
