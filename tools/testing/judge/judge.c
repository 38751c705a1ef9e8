// SPDX-License-Identifier: GPL-2.0
/*
 * Say what one boot has shown, from what it left behind:
 *
 *	judge [-r RECORD] RUN SCENARIO [CRASH]
 *	judge -a RUN
 *
 * RUN is a directory with ktap, what the guest wrote to its own port, and
 * console, the kernel's. It may have qemu.rc, QEMU's exit code, which is 124
 * where the time limit ended it, limit, that limit in seconds, trace, a regular
 * expression for a line that may have a trace behind it, and provoked, one for the
 * heads of the reports that a test of the kernel's own provokes, and looks at
 * itself, between the guest's trigger and its next test point. SCENARIO is what
 * was booted. CRASH is a directory of tools/testing/crashes/, where that crash
 * has to come.
 *
 * A boot passes when the guest reported each point of its plan and none failed,
 * and the console is whole and shows no splat. A crash is the expected one when
 * the guest announced the trigger and the next report of the kernel has CRASH's
 * signature. Any other end of such a boot means that it could not be tested.
 *
 * With -a, may the boot be repeated? Yes, if it tested nothing: it hung before the
 * guest started and has no splat, or its only splat is the false report that RUN/again
 * declares. RUN/again has two regular expressions, for the head of that report and for
 * a line of its trace. Exit codes: 0 yes, and one line on stdout says why; 1 no.
 *
 * The verdict is one line on stdout, or "judge: ..." on stderr where there is
 * nothing to judge. Exit codes: 0 pass, 1 fail, 77 skipped, 125 could not be
 * tested. RECORD gets the same for programs: verdict, reason and, where one line
 * of the console decides, its number and text. What a broken kernel writes is
 * bytes: no locale, no string functions.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"

#define PASS	0
#define FAIL	1
#define SKIP	77
#define ERROR	125

#define TIMED_OUT	124	/* exit code of timeout(1) */
#define GAP		256	/* what "~" and "@" stand for, at most */
#define KERNEL_LINE	4096	/* no line of the kernel is longer */
#define SHOWN		200

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

struct line {
	const char *s;		/* NULL: there was no such line */
	size_t len;
	unsigned long nr;
};

/* The parts of one report of the kernel's, in the order of an oops. */
enum part {
	NONE,		/* what shows that lines are lost */
	HEAD, DIE, TRACE, PANIC,
	MARK,		/* next to a report: a splat if the console has no other */
};

/*
 * In patterns "%" stands for digits, "~" for anything but a space, "@" for anything.
 */
struct splat {
	const char *text;
	enum part part;
};

static const struct splat splats[] = {
#include "splats.h"
};

static const char *const benign[] = {
#include "benign.h"
};

static bool may_start[1 << 16];	/* by the first two bytes of these */
static const char *run;		/* as it was given */
static FILE *record;		/* NULL: nobody asked for one */
static struct line decides;	/* the line of the console that was shown last */

struct report {
	unsigned long plan, seen, failed, skipped;
	unsigned long tainted;
	bool silent, scenario, trigger, bailed, end;
	const char *bad;
	struct line other;	/* the scenario that was not asked for */
	struct line failure, why;
};

struct crash {
	const char *name;
	bool said, goes_on, has_aside;
	size_t n;
	regex_t *want, aside;
};

struct console {
	struct line splat, mark, trigger, end, dropped;
	struct line false_report;	/* of RUN/again, before the guest */
	struct line last;		/* what says where it stopped */
	/* The crash: what was matched, where in a report, and what spoilt it. */
	size_t matched;
	enum part part;
	bool aside, told;
	bool provoking, provoked;	/* now, and by the last splat */
	bool guest;			/* has begun its report */
	bool in_false, explained;	/* the false report, and the line it must have */
	struct line done, foreign;
};

/* Reports that are not failures in this run. */
struct expected {
	const regex_t *trace, *provoked;
	const regex_t *again, *again_trace;	/* with -a */
};

struct host {
	long rc;
	char ended[64];		/* ", ended at the limit", or nothing */
};

__attribute__((noreturn, format(printf, 1, 2)))
static void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("judge: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	exit(ERROR);
}

static void *allocate(void *old, size_t size)
{
	void *new = realloc(old, size);

	if (!new)
		die("out of memory");
	return new;
}

/* All of a file, in a block of just its size. Its s is NULL if there is none. */
static struct line read_file(const char *path)
{
	struct line file = { NULL, 0, 1 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *buf = NULL;
	size_t size = 0;
	struct stat st;
	ssize_t got;

	if (fd < 0)
		return file;
	/* Reading a FIFO or a device could wait for ever. */
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		errno = EINVAL;
		return file;
	}
	size = st.st_size;
	do {
		if (!buf || file.len == size)
			buf = allocate(buf, size = size + size / 2 + 4096);
		got = read(fd, buf + file.len, size - file.len);
		if (got > 0)
			file.len += got;
	} while (got > 0);
	if (!got)
		file.s = allocate(buf, file.len ? file.len : 1);
	close(fd);
	return file;
}

/* Cut the first line off @rest. CR ends one as well, but is not counted. */
static bool next_line(struct line *rest, struct line *l)
{
	const char *end = rest->s + rest->len, *at = rest->s;

	if (!rest->len)
		return false;
	while (at < end && *at != '\n' && *at != '\r')
		at++;
	*l = (struct line){ rest->s, at - rest->s, rest->nr };
	if (at < end)
		rest->nr += *at++ == '\n';
	rest->s = at;
	rest->len = end - at;
	return true;
}

static void advance(struct line *l, size_t n)
{
	l->s += n;
	l->len -= n;
}

/* Cut @word off the start of @l, if it is there. */
static bool take(struct line *l, const char *word)
{
	size_t n = strlen(word);

	if (l->len < n || memcmp(l->s, word, n))
		return false;
	advance(l, n);
	return true;
}

static bool is(struct line l, const char *word)
{
	return take(&l, word) && !l.len;
}

/* No number here is as long as ten digits. */
static bool number(struct line *l, unsigned long *n)
{
	size_t i;

	for (*n = i = 0; i < l->len && isdigit((unsigned char)l->s[i]); i++) {
		if (i == 9)
			return false;
		*n = *n * 10 + l->s[i] - '0';
	}
	advance(l, i);
	return i;
}

static void skip_blanks(struct line *l)
{
	while (l->len && (*l->s == ' ' || *l->s == '\t'))
		advance(l, 1);
}

/* @l for the eyes. The text stays until the next call. */
static const char *shown(const struct line *l)
{
	static char text[SHOWN + 1];
	size_t i;

	for (i = 0; i < l->len && i < SHOWN; i++)
		text[i] = l->s[i] >= ' ' && l->s[i] <= '~' ? l->s[i] : '?';
	text[i] = '\0';
	return text;
}

/* A line of the console, with its place. */
static const char *place(const struct line *l)
{
	static char *text;

	free(text);
	decides = *l;
	if (asprintf(&text, "%s/console:%lu:%s", run, l->nr, shown(l)) < 0)
		die("out of memory");
	return text;
}

static void keep(const char *text)
{
	const char *reason = strchr(text, ':');

	fprintf(record, "verdict %.*s\nreason %s\n", (int)(reason - text), text,
		reason + 2);
	if (decides.s)
		fprintf(record, "line %lu\ntext %s\n", decides.nr, shown(&decides));
	if (fclose(record))
		die("cannot write the record: %s", strerror(errno));
}

/* The text begins with one word for @code, and ": ". */
__attribute__((noreturn, format(printf, 2, 3)))
static void verdict(int code, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		die("out of memory");
	if (record)
		keep(text);
	if (puts(text) < 0 || fflush(stdout))
		die("cannot write the verdict: %s", strerror(errno));
	exit(code);
}

/* "<6>", "[   12.345678]", "[    T1]" and "[   C0]" are of printk's making. */
static bool take_prefix(struct line *l)
{
	bool level = l->len && *l->s == '<';
	struct line at = *l;
	unsigned long n;

	if (!take(&at, level ? "<" : "["))
		return false;
	skip_blanks(&at);
	if (!take(&at, "T"))
		take(&at, "C");
	if (!number(&at, &n) || (take(&at, ".") && !number(&at, &n)))
		return false;
	skip_blanks(&at);
	if (!take(&at, level ? ">" : "]"))
		return false;
	*l = at;
	return true;
}

/* The message: no indentation, no prefix of printk's, and no noise before. */
static struct line message(struct line l)
{
	do {
		while (l.len && (*l.s <= ' ' || *l.s > '~'))
			advance(&l, 1);
	} while (take_prefix(&l));
	return l;
}

static bool matches(const char *text, const char *s, const char *end)
{
	const char *at = s;

	for (; *text && *text != '@' && *text != '~' && *text != '%'; text++)
		if (at == end || *at++ != *text)
			return false;
	if (!*text)
		return true;
	s = at;
	while (at < end && at - s < GAP) {
		if ((*text == '~' && *at == ' ') ||
		    (*text == '%' && !isdigit((unsigned char)*at)))
			return false;
		if (matches(text + 1, ++at, end))
			return true;
	}
	return false;
}

static unsigned int two_bytes(const char *s)
{
	return (unsigned char)s[0] << 8 | (unsigned char)s[1];
}

/* Is the match at @s benign, by its own text or by how line @l begins? */
static bool is_benign(const struct line *l, const char *s)
{
	const char *end = l->s + l->len;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(benign); i++)
		if (*benign[i] == '^' ? matches(benign[i] + 1, l->s, end) :
					matches(benign[i], s, end))
			return true;
	return false;
}

static const struct splat *find_splat(const struct line *l, bool *lost)
{
	const char *s, *end = l->s + l->len;
	const struct splat *mark = NULL;
	size_t i;

	for (s = l->s; s + 1 < end; s++) {
		if (!may_start[two_bytes(s)])
			continue;
		/* DEBUG: is no BUG: */
		if (s > l->s && isupper((unsigned char)*s) &&
		    isupper((unsigned char)s[-1]))
			continue;
		for (i = 0; i < ARRAY_SIZE(splats); i++) {
			if (!matches(splats[i].text, s, end) || is_benign(l, s))
				continue;
			if (splats[i].part == NONE)
				*lost = true;
			else if (splats[i].part == MARK)
				mark = &splats[i];
			else
				return &splats[i];
		}
	}
	return mark;
}

static void complain(struct report *r, const char *bad)
{
	if (!r->bad)
		r->bad = bad;
}

/* @rest is what follows "ok" or "not ok" in @l. */
static void read_point(struct report *r, struct line l, struct line rest,
		       bool good)
{
	const char *skip = memmem(rest.s, rest.len, KTAP_SKIP, strlen(KTAP_SKIP));
	unsigned long n;

	r->seen++;
	skip_blanks(&rest);
	if (!number(&rest, &n) || (rest.len && *rest.s != ' '))
		complain(r, "a test point without a number");
	else if (n != r->seen)
		complain(r, "test points out of order");
	else if (!r->plan)
		complain(r, "no plan");
	else if (n > r->plan)
		complain(r, "more test points than planned");
	else if (r->end)
		complain(r, "a test point after the end");
	if (!good && !r->failed++)
		r->failure = l;
	if (skip) {
		r->skipped++;
		r->why = rest;
		advance(&r->why, skip + strlen(KTAP_SKIP) - rest.s);
		skip_blanks(&r->why);
	}
}

static void read_plan(struct report *r, struct line rest)
{
	if (r->plan)
		complain(r, "more than one plan");
	else if (!number(&rest, &r->plan) || rest.len)
		complain(r, "no plan");
}

/* "A of N reported, F failed" has to agree with what was seen. */
static void read_end(struct report *r, struct line rest)
{
	unsigned long done, plan, failed;

	if (r->end || !number(&rest, &done) || !take(&rest, KTAP_END_OF) ||
	    !number(&rest, &plan) || !take(&rest, KTAP_END_REPORTED) ||
	    !number(&rest, &failed) || !is(rest, KTAP_END_FAILED) ||
	    done != r->seen || plan != r->plan || failed != r->failed)
		complain(r, "the end does not agree with the test points");
	r->end = true;
}

static void read_line(struct report *r, struct line l, const char *scenario)
{
	struct line rest = l;

	if (take(&rest, KTAP_NOT_OK) && (!rest.len || *rest.s == ' '))
		return read_point(r, l, rest, false);
	rest = l;
	if (take(&rest, KTAP_OK) && (!rest.len || *rest.s == ' '))
		return read_point(r, l, rest, true);
	rest = l;
	if (take(&rest, KTAP_PLAN))
		return read_plan(r, rest);
	if (take(&rest, KTAP_END))
		return read_end(r, rest);
	if (take(&rest, KTAP_SCENARIO)) {
		r->scenario = true;
		if (!is(rest, scenario))
			r->other = rest;
	}
	if (take(&rest, KTAP_TAINTED) && (!number(&rest, &r->tainted) || rest.len))
		complain(r, "the guest could not read /proc/sys/kernel/tainted");
	r->trigger |= take(&rest, KTAP_TRIGGER);
	r->bailed |= take(&rest, KTAP_BAIL);
}

/* KTAP version 1. What is indented is of a test below these. */
static void read_report(struct report *r, struct line file,
			const char *scenario)
{
	struct line l;

	r->silent = !next_line(&file, &l);
	if (r->silent)
		return;
	if (!is(l, KTAP_VERSION))
		complain(r, "no KTAP header");
	while (next_line(&file, &l))
		read_line(r, l, scenario);
	if (!r->plan)
		complain(r, "no plan");
}

static bool complete(const struct report *r)
{
	return !r->silent && !r->bad && !r->failed && !r->bailed && r->end &&
	       r->seen == r->plan;
}

/* Why a report is not complete. */
static const char *shortcoming(const struct report *r)
{
	static char text[64];

	if (r->silent)
		return "the guest said nothing";
	if (r->failed)
		return shown(&r->failure);
	if (r->bad)
		return r->bad;
	snprintf(text, sizeof(text), "incomplete: %lu of %lu points", r->seen,
		 r->plan);
	return text;
}

static bool matches_line(const regex_t *re, const struct line *l)
{
	regmatch_t all = { 0, l->len < KERNEL_LINE ? l->len : KERNEL_LINE };
	char text[KERNEL_LINE + 1];

	/* For the sanitizer, which wants the NUL in spite of REG_STARTEND. */
	memcpy(text, l->s, all.rm_eo);
	text[all.rm_eo] = '\0';
	return !regexec(re, text, 1, &all, REG_STARTEND);
}

/* Is this a line that @crash knows? */
static bool known(const struct crash *crash, const struct line *l)
{
	size_t i;

	for (i = 0; i < crash->n; i++)
		if (matches_line(&crash->want[i], l))
			return true;
	return false;
}

/*
 * A report of its own within an oops, where printing it ran into the next fault:
 * from its head to the oops's die line, if @crash knows of it.
 */
static bool is_aside(struct console *c, const struct crash *crash,
		     const struct line *text, const struct splat *splat)
{
	if (splat && splat->part == HEAD && c->part == HEAD && crash->has_aside &&
	    matches_line(&crash->aside, text))
		c->aside = true;
	else if (splat && splat->part != TRACE)
		c->aside = false;
	return c->aside;
}

/*
 * One more line behind the trigger. A report of the kernel's ends where another
 * begins, which is where a part of one comes again or too late: an oops has one
 * head, one die line and one trace. Where the guest stops, the crash has to be
 * in the first report; where it goes on, no report may come before its last line that is not of it.
 */
static void follow(struct console *c, const struct crash *crash,
		   const struct line *l, const struct line *text,
		   const struct splat *splat)
{
	bool begins = splat && splat->part <= c->part;

	if (c->done.s || c->foreign.s || is_aside(c, crash, text, splat))
		return;
	if (crash->goes_on)
		begins = splat && (begins || !c->part);
	if (begins && !(crash->goes_on && known(crash, text))) {
		c->foreign = *l;
		return;
	}
	if (splat)
		c->part = splat->part;
	if ((c->part || crash->goes_on) &&
	    matches_line(&crash->want[c->matched], text) &&
	    ++c->matched == crash->n)
		c->done = *l;
}

/* The guest echoes its report to the console: what it says is no splat. */
static void read_echo(struct console *c, struct line l, struct line text)
{
	c->guest = true;
	if (take(&text, KTAP_TRIGGER)) {
		c->provoking = true;
		if (!c->trigger.s)
			c->trigger = l;
	} else if (take(&text, KTAP_OK) || take(&text, KTAP_NOT_OK)) {
		c->provoking = false;
	}
	if (!c->end.s && take(&text, KTAP_END))
		c->end = l;
}

/*
 * Is @splat the trace behind a line of which it is known that it has one? Any other
 * splat there is one.
 */
static bool is_told(struct console *c, const regex_t *told,
		    const struct line *text, const struct splat *splat)
{
	bool was = c->told;

	if (told && matches_line(told, text))
		c->told = true;
	else if (splat)
		c->told = false;
	return was && splat && splat->part == TRACE;
}

/* Is @splat a report that is provoked now, or the trace in one? */
static bool is_provoked(struct console *c, const regex_t *provoked,
			const struct line *text, const struct splat *splat)
{
	bool was = c->provoked;

	if (!provoked || !splat)
		return false;
	c->provoked = c->provoking && splat->part == HEAD &&
		      matches_line(provoked, text);
	return c->provoked || (was && splat->part == TRACE);
}

/*
 * Is @splat the false report of RUN/again, or the trace in it? It comes before the guest,
 * and a line of its trace has to explain it.
 */
static bool is_false(struct console *c, const struct expected *expected,
		     const struct line *text, const struct splat *splat)
{
	if (!expected->again || c->guest)
		return false;
	if (splat && splat->part == HEAD && !c->false_report.s &&
	    matches_line(expected->again, text)) {
		c->false_report = *text;
		c->in_false = true;
		return true;
	}
	if (splat && splat->part != TRACE)
		c->in_false = false;
	if (c->in_false && matches_line(expected->again_trace, text))
		c->explained = true;
	return splat && c->in_false;
}

static void read_console(struct console *c, struct line file,
			 const struct crash *crash,
			 const struct expected *expected)
{
	const struct splat *splat;
	struct line l, text;
	bool lost;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(splats); i++)
		may_start[two_bytes(splats[i].text)] = true;
	while (next_line(&file, &l)) {
		text = message(l);
		if (text.len)
			c->last = l;
		if (take(&text, KTAP_ECHO)) {
			read_echo(c, l, text);
			continue;
		}
		lost = false;
		splat = find_splat(&text, &lost);
		if (splat && splat->part == MARK) {
			if (!c->mark.s)
				c->mark = l;
			splat = NULL;
		}
		if (is_false(c, expected, &text, splat) ||
		    is_told(c, expected->trace, &text, splat) ||
		    is_provoked(c, expected->provoked, &text, splat))
			continue;
		/* What comes later hides nothing that is asked for. */
		if (lost && !c->dropped.s && !c->end.s && !c->done.s)
			c->dropped = l;
		if (splat && !c->splat.s)
			c->splat = l;
		if (crash && c->trigger.s)
			follow(c, crash, &l, &text, splat);
	}
	if (!c->splat.s)
		c->splat = c->mark;
}

/* QEMU's exit code, or its limit. A run need not have them. */
static long read_number(const char *name, long none)
{
	struct line l, rest = read_file(name);
	unsigned long n;

	if (!rest.s && errno == ENOENT)
		return none;
	if (!rest.s || !next_line(&rest, &l) || !number(&l, &n) || l.len ||
	    rest.len)
		die("%s/%s: not a number", run, name);
	return n;
}

static void read_host(struct host *h)
{
	long limit = read_number("limit", 0);

	h->rc = read_number("qemu.rc", 0);
	if (h->rc == TIMED_OUT)
		snprintf(h->ended, sizeof(h->ended), limit ?
			 ", ended at the limit of %ld s" :
			 ", ended at the limit", limit);
}

static void read_regex(regex_t *re, struct line rest, const char *path,
		       unsigned long nr)
{
	char *ere, why[128];
	int rc;

	skip_blanks(&rest);
	if (!rest.len || memchr(rest.s, '\0', rest.len))
		die("%s:%lu: this wants a regular expression", path, nr);
	ere = strndup(rest.s, rest.len);
	rc = ere ? regcomp(re, ere, REG_EXTENDED) : REG_ESPACE;
	if (rc) {
		regerror(rc, re, why, sizeof(why));
		die("%s:%lu: %s", path, nr, why);
	}
	free(ere);
	if (!regexec(re, "", 0, NULL, 0))
		die("%s:%lu: matches any line", path, nr);
}

static void read_crash(struct crash *crash, char *dir)
{
	struct line l, rest;
	bool stops;
	char *path;

	if (asprintf(&path, "%s/signature", dir) < 0)
		die("out of memory");
	rest = read_file(path);
	if (!rest.s)
		die("no signature: %s: %s", path, strerror(errno));
	while (next_line(&rest, &l)) {
		stops = is(l, "guest stops");
		if (stops || is(l, "guest goes on")) {
			if (crash->said)
				die("%s:%lu: guest comes twice", path, l.nr);
			crash->said = true;
			crash->goes_on = !stops;
		} else if (take(&l, "line ")) {
			crash->want = allocate(crash->want, (crash->n + 1) * sizeof(*crash->want));
			read_regex(&crash->want[crash->n++], l, path, l.nr);
		} else if (take(&l, "aside ")) {
			if (crash->has_aside)
				die("%s:%lu: aside comes twice", path, l.nr);
			crash->has_aside = true;
			read_regex(&crash->aside, l, path, l.nr);
		} else if (l.len && *l.s != '#') {
			die("%s:%lu: neither guest stops, guest goes on, line nor aside: %s",
			    path, l.nr, shown(&l));
		}
	}
	if (!crash->said || !crash->n)
		die("%s: no %s", path, crash->said ? "line" : "guest");
	while (dir[0] && dir[1] && dir[strlen(dir) - 1] == '/')
		dir[strlen(dir) - 1] = '\0';
	crash->name = basename(dir);
}

/* The first regular expression of RUN/@name, which a run need not have. */
static const regex_t *read_expected(const char *name, regex_t *re, struct line *rest)
{
	struct line l;

	*rest = read_file(name);
	if (!rest->s && errno == ENOENT)
		return NULL;
	if (!rest->s || !next_line(rest, &l))
		die("%s/%s: not a line", run, name);
	read_regex(re, l, name, 1);
	return re;
}

/* Nothing but the limit says what was wrong: where was it? */
static const char *stuck(const struct host *h, const struct console *c)
{
	static char *text;

	if (h->rc != TIMED_OUT)
		return "";
	free(text);
	if (asprintf(&text, "%s, %s%s", h->ended,
		     c->last.s ? "behind " : "with an empty console",
		     c->last.s ? place(&c->last) : "") < 0)
		die("out of memory");
	return text;
}

/* No QEMU, no test, unless what it showed before is proof enough. */
static void host_died(const struct host *h)
{
	if (h->rc && h->rc != TIMED_OUT)
		verdict(ERROR, "error: QEMU ended with code %ld", h->rc);
}

/*
 * Taint flags that a report of the kernel's sets, by their bits. The report itself may
 * have been lost, or have words that are not in the table.
 */
static const struct {
	unsigned int bit;
	const char *name;
} taints[] = {
	{ 4, "machine check" }, { 5, "bad page" }, { 7, "oops" }, { 9, "warning" },
	{ 14, "soft lockup" },
};

#define BAD_PAGE	(1UL << 5)
#define TROUBLE		(1UL << 4 | BAD_PAGE | 1UL << 7 | 1UL << 9 | 1UL << 14)

static const char *taint_names(unsigned long taint)
{
	static char text[128];
	size_t i, at = 0;

	for (i = 0; i < ARRAY_SIZE(taints); i++)
		if (taint >> taints[i].bit & 1)
			at += snprintf(text + at, sizeof(text) - at, "%s %s",
				       at ? "," : "", taints[i].name);
	return text;
}

static void judge_boot(const struct report *r, const struct console *c,
		       const struct host *h, bool provoked)
{
	/* KASAN's reports have this flag, the provoked ones too. */
	unsigned long taint = provoked ? r->tainted & ~BAD_PAGE : r->tainted;

	if (c->splat.s)
		verdict(FAIL, "fail: splat, %s", place(&c->splat));
	if (!r->failed)
		host_died(h);
	if (!complete(r))
		verdict(FAIL, "fail: %s%s", shortcoming(r),
			r->failed ? h->ended : stuck(h, c));
	if (c->dropped.s)
		verdict(ERROR, "error: the console is not whole, %s",
			place(&c->dropped));
	if (!c->end.s)
		verdict(FAIL, "fail: the console stops before the guest does%s",
			stuck(h, c));
	if (h->rc)
		verdict(FAIL, "fail: the guest did not exit%s", stuck(h, c));
	if (taint & TROUBLE)
		verdict(FAIL, "fail: the kernel is tainted:%s", taint_names(taint));
	if (r->skipped)
		verdict(SKIP, "skip: %s", shown(&r->why));
	verdict(PASS, "pass: %lu points", r->plan);
}

static void judge_crash(const struct report *r, const struct console *c,
			const struct host *h, const struct crash *crash)
{
	const struct line *line = &c->splat;

	if (complete(r) && r->skipped && !c->splat.s) {
		host_died(h);
		verdict(SKIP, "skip: %s", shown(&r->why));
	}
	if (!r->trigger || !c->trigger.s) {
		host_died(h);
		verdict(ERROR, "error: the guest did not get to the trigger%s%s%s",
			c->splat.s ? h->ended : stuck(h, c),
			c->splat.s ? ", " : "",
			c->splat.s ? place(&c->splat) : "");
	}
	if (c->splat.s && c->splat.s < c->trigger.s)
		verdict(ERROR, "error: splat before the trigger, %s",
			place(&c->splat));
	if (c->dropped.s)
		verdict(ERROR, "error: the console is not whole, %s",
			place(&c->dropped));
	if (c->done.s && !r->bad && r->end == crash->goes_on) {
		decides = c->splat.s ? c->splat : c->done;
		verdict(PASS, "pass: crashed as expected (%s), %s/console:%lu",
			crash->name, run, c->done.nr);
	}
	host_died(h);
	if (complete(r) && !c->splat.s)
		verdict(FAIL, "fail: no crash (%s), the kernel survives",
			crash->name);
	if (crash->goes_on && c->foreign.s)
		line = &c->foreign;
	verdict(ERROR, "error: another end than the expected crash (%s), %s%s%s",
		crash->name, line->s ? place(line) : shortcoming(r),
		c->done.s && r->end ? ", and the guest goes on" : "", h->ended);
}

static struct line recorded(const char *name)
{
	struct line file = read_file(name);

	if (!file.s)
		die("no boot was recorded in %s: %s: %s", run, name,
		    strerror(errno));
	return file;
}

__attribute__((noreturn))
static void say_again(const char *why, const struct line *l)
{
	if (printf("%s%s\n", why, l->s ? shown(l) : "") < 0 || fflush(stdout))
		die("cannot write the answer: %s", strerror(errno));
	exit(PASS);
}

/* With -a: did the boot test nothing? */
__attribute__((noreturn))
static void judge_again(const struct report *r, const struct console *c,
			const struct host *h)
{
	if (c->splat.s || c->dropped.s)
		exit(FAIL);
	if (c->false_report.s && c->explained)
		say_again("reported ", &c->false_report);
	if (!c->false_report.s && h->rc == TIMED_OUT && r->silent && !c->guest) {
		struct line last = message(c->last);

		say_again(last.s ? "hung after " : "hung with an empty console", &last);
	}
	exit(FAIL);
}

int main(int argc, char **argv)
{
	struct expected expected = { NULL, NULL, NULL, NULL };
	struct console console = { 0 };
	struct report report = { 0 };
	struct crash crash = { 0 };
	struct host host = { 0 };
	regex_t trace, provoked, again, again_trace;
	bool may_repeat = argc == 3 && !strcmp(argv[1], "-a");
	struct line rest, l;

	if (argc > 2 && !strcmp(argv[1], "-r")) {
		record = fopen(argv[2], "w");
		if (!record)
			die("cannot write %s: %s", argv[2], strerror(errno));
		argv += 2;
		argc -= 2;
	}
	if (argc != 3 && argc != 4)
		die("usage: judge [-r RECORD] RUN SCENARIO [CRASH], or judge -a RUN");
	run = argv[may_repeat ? 2 : 1];
	if (argc == 4)
		read_crash(&crash, argv[3]);
	if (chdir(run))
		die("no boot was recorded in %s: %s", run, strerror(errno));
	read_host(&host);
	expected.trace = read_expected("trace", &trace, &rest);
	expected.provoked = read_expected("provoked", &provoked, &rest);
	if (may_repeat) {
		expected.again = read_expected("again", &again, &rest);
		if (expected.again && !next_line(&rest, &l))
			die("%s/again: has one line: add a regular expression for the trace", run);
		if (expected.again) {
			read_regex(&again_trace, l, "again", 2);
			expected.again_trace = &again_trace;
		}
	}
	read_report(&report, recorded("ktap"), argv[2]);
	read_console(&console, recorded("console"), argc == 4 ? &crash : NULL,
		     &expected);
	if (may_repeat)
		judge_again(&report, &console, &host);
	if (report.other.s)
		verdict(ERROR, "error: the report is of scenario %s, not of %s",
			shown(&report.other), argv[2]);
	if (complete(&report) && !report.scenario)
		verdict(ERROR, "error: the report names no scenario");
	if (argc == 4)
		judge_crash(&report, &console, &host, &crash);
	judge_boot(&report, &console, &host, expected.provoked);
}
