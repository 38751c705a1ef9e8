// SPDX-License-Identifier: GPL-2.0
/*
 * Judge what one boot has left in the directory BOOT:
 *
 *	judge [-r RECORD] BOOT SCENARIO [CRASH]
 *	judge -a BOOT
 *
 * BOOT has ktap, the guest's results, and console, the kernel's messages. It may also have
 *	qemu.rc		QEMU's exit code, which is 124 after a timeout
 *	limit		the time limit in seconds
 *	trace		a regular expression: a line that matches may be followed by a trace
 *	provoked	a regular expression for the heads of reports that a test of the kernel's
 *			own provokes. They may come between the trigger and the next test point.
 *	again		two regular expressions: for the head of a false report, and for a line of
 *			its trace
 *
 * A boot passes if the guest reported every test point of its plan, none of them failed, and
 * the console is complete and shows no splat. With CRASH, a directory of
 * tools/testing/crashes/, the boot has to reproduce a crash: it passes if the guest announced
 * the trigger and the next report of the kernel matches CRASH/signature. If such a boot ends
 * in another way, it tested nothing.
 *
 * The verdict is one line on stdout: pass (exit code 0), fail (1), skip (77), or error (125)
 * if nothing could be tested. RECORD gets it as keys and values: verdict, reason and, if one
 * line of the console decides, its number and its text. Bad input is reported as "judge: ..."
 * on stderr, also with 125.
 *
 * With -a: may the boot be repeated? It may if it tested nothing: it hung before the guest
 * started and shows no splat, or its only splat is the false report of BOOT/again. Then the
 * exit code is 0 and stdout has the reason. Otherwise the exit code is 1.
 *
 * A broken kernel writes any bytes, so there are no locales and no C strings here.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ktap.h"

#define PASS	0
#define FAIL	1
#define SKIP	77
#define ERROR	125

#define TIMED_OUT	124	/* exit code of timeout(1) */
#define GAP		256	/* longest match of a placeholder in a pattern */
#define KERNEL_LINE	4096	/* longest line that a regular expression is applied to */
#define SHOWN		200	/* longest text in a verdict */

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

struct line {
	const char *s;		/* NULL: there is no such line */
	size_t len;
	unsigned long nr;
};

/* The parts of a report of the kernel, in the order of an oops */
enum part {
	NONE,		/* not a report: messages were lost */
	HEAD, DIE, TRACE, PANIC,
	MARK,		/* a line beside a report: counts if there is no other splat */
};

/* In the text, "%" stands for digits, "~" for anything but a space, and "@" for anything. */
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

static bool may_start[1 << 16];	/* do splats start with these two bytes? */
static const char *boot;		/* BOOT as given */
static FILE *record;		/* NULL without -r */
static struct line decides;	/* the console line in the verdict */
static long qemu_rc;
static const char *ended = "";	/* ", stopped at the time limit" */

struct report {
	unsigned long plan, seen, failed, skipped;
	unsigned long tainted;
	bool silent, scenario, trigger, bailed, end;
	const char *bad;	/* what is wrong with its form */
	struct line other;	/* another scenario than SCENARIO */
	struct line failure, why;
};

struct crash {
	const char *name;
	bool has_guest, goes_on, has_aside;
	size_t n;
	regex_t *want, aside;
};

/* Lines that BOOT/trace, BOOT/provoked or BOOT/again match, and the trace that may follow each */
struct excuse {
	const regex_t *re;
	bool open;
};

struct console {
	struct line splat, mark, trigger, end, dropped;
	struct line last;		/* the last message */
	struct excuse traced, provoked, again;
	struct line false_report;	/* of BOOT/again, before the guest */
	bool explained;			/* its trace has the line */
	bool guest;			/* has begun its report */
	bool triggered;			/* no test point since the trigger */
	/* The reproduction of a crash: lines matched, part of the report, and how it ended */
	size_t matched;
	enum part part;
	bool in_aside;
	struct line done, foreign;
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

__attribute__((format(printf, 1, 2)))
static char *format(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		die("out of memory");
	va_end(args);
	return text;
}

/* Read a whole file. If it is @optional and missing, s is NULL. */
static struct line read_file(const char *path, bool optional)
{
	struct line file = { NULL, 0, 1 };
	struct stat st;
	FILE *in = NULL;
	char *buf;

	if (stat(path, &st)) {
		if (optional && errno == ENOENT)
			return file;
	} else if (!S_ISREG(st.st_mode)) {
		/* Reading a FIFO or a device may never end. */
		errno = EINVAL;
	} else {
		in = fopen(path, "r");
	}
	if (!in)
		die("cannot read %s: %s", path, strerror(errno));
	buf = allocate(NULL, st.st_size + 1);
	file.s = buf;
	file.len = fread(buf, 1, st.st_size, in);
	if (ferror(in))
		die("cannot read %s: %s", path, strerror(errno));
	fclose(in);
	return file;
}

/* Cut the first line off @rest. CR also ends a line, but is not counted as one. */
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

/* Cut @word off the start of @l. */
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

/* Cut a number of at most nine digits off the start of @l. */
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

/* The printable text of @l, until the next call. */
static const char *shown(const struct line *l)
{
	static char text[SHOWN + 1];
	size_t i;

	for (i = 0; i < l->len && i < SHOWN; i++)
		text[i] = l->s[i] >= ' ' && l->s[i] <= '~' ? l->s[i] : '?';
	text[i] = '\0';
	return text;
}

/* A line of the console with its place, for the verdict. */
static const char *place(const struct line *l)
{
	decides = *l;
	return format("%s/console:%lu:%s", boot, l->nr, shown(l));
}

static void say(const char *text)
{
	if (puts(text) < 0 || fflush(stdout))
		die("cannot write the verdict: %s", strerror(errno));
}

/* Print the verdict @code with its @reason, and exit. */
__attribute__((noreturn))
static void conclude(int code, const char *reason)
{
	const char *word = code == PASS ? "pass" : code == FAIL ? "fail" :
			   code == SKIP ? "skip" : "error";

	if (record)
		fprintf(record, "verdict %s\nreason %s\n", word, reason);
	if (record && decides.s)
		fprintf(record, "line %lu\ntext %s\n", decides.nr, shown(&decides));
	if (record && fclose(record))
		die("cannot write the record: %s", strerror(errno));
	say(format("%s: %s", word, reason));
	exit(code);
}

#define verdict(code, ...)	conclude(code, format(__VA_ARGS__))

/* printk() prints "<6>", "[   12.345678]", "[    T1]" and "[   C0]" before a message. */
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

/* Drop what precedes the message: indentation, printk()'s prefixes, unprintable bytes. */
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

/* Is the match at @s benign, by its text or by the start of line @l? */
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
		/* "DEBUG:" is not "BUG:". */
		if (s > l->s && isupper((unsigned char)*s) && isupper((unsigned char)s[-1]))
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

/* @rest follows "ok" or "not ok" in @l. */
static void read_point(struct report *r, struct line l, struct line rest, bool good)
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

/* "A of N reported, F failed" has to agree with the lines before it. */
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
	bool good = !take(&rest, KTAP_NOT_OK);

	if ((!good || take(&rest, KTAP_OK)) && (!rest.len || *rest.s == ' '))
		return read_point(r, l, rest, good);
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

/* KTAP version 1. Indented lines, which are of subtests, do not matter. */
static void read_report(struct report *r, struct line file, const char *scenario)
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
	if (r->silent)
		return "the guest reported nothing";
	if (r->failed)
		return shown(&r->failure);
	if (r->bad)
		return r->bad;
	return format("incomplete: %lu of %lu points", r->seen, r->plan);
}

static bool matches_line(const regex_t *re, const struct line *l)
{
	regmatch_t all = { 0, l->len < KERNEL_LINE ? l->len : KERNEL_LINE };
	char text[KERNEL_LINE + 1];

	/* The sanitizer's regexec() needs the NUL in spite of REG_STARTEND. */
	memcpy(text, l->s, all.rm_eo);
	text[all.rm_eo] = '\0';
	return !regexec(re, text, 1, &all, REG_STARTEND);
}

/* Does a line of the signature match? */
static bool is_in_signature(const struct crash *crash, const struct line *l)
{
	size_t i;

	for (i = 0; i < crash->n; i++)
		if (matches_line(&crash->want[i], l))
			return true;
	return false;
}

/*
 * An oops may contain a report of another kind, if printing the oops faults again. It lasts
 * from its head to the oops's die line.
 */
static bool is_aside(struct console *c, const struct crash *crash, const struct line *text,
		     const struct splat *splat)
{
	if (splat && splat->part == HEAD && c->part == HEAD && crash->has_aside &&
	    matches_line(&crash->aside, text))
		c->in_aside = true;
	else if (splat && splat->part != TRACE)
		c->in_aside = false;
	return c->in_aside;
}

/*
 * Match one more line after the trigger with the signature. A report ends where another
 * begins. It begins where a part is repeated or out of order: an oops has one head, one die
 * line and one trace. If the guest stops, the crash has to be the first report. If it goes
 * on, every report up to the last line of the signature has to be in the signature.
 */
static void follow(struct console *c, const struct crash *crash, const struct line *l,
		   const struct line *text, const struct splat *splat)
{
	bool begins = splat && splat->part <= c->part;

	if (c->done.s || c->foreign.s || is_aside(c, crash, text, splat))
		return;
	if (crash->goes_on)
		begins = splat && (begins || !c->part);
	if (begins && !(crash->goes_on && is_in_signature(crash, text))) {
		c->foreign = *l;
		return;
	}
	if (splat)
		c->part = splat->part;
	if ((c->part || crash->goes_on) && matches_line(&crash->want[c->matched], text) &&
	    ++c->matched == crash->n)
		c->done = *l;
}

/* The guest echoes its report to the console. These lines are never splats. */
static void read_echo(struct console *c, struct line l, struct line text)
{
	c->guest = true;
	if (take(&text, KTAP_TRIGGER)) {
		c->triggered = true;
		if (!c->trigger.s)
			c->trigger = l;
	} else if (take(&text, KTAP_OK) || take(&text, KTAP_NOT_OK)) {
		c->triggered = false;
	}
	if (!c->end.s && take(&text, KTAP_END))
		c->end = l;
}

/* Is @splat the one trace that may follow a line of @e? Other splats end the wait for it. */
static bool is_excused(struct excuse *e, bool may_match, const struct line *text,
		       const struct splat *splat)
{
	bool excused = e->open && splat && splat->part == TRACE;
	bool match = may_match && e->re && matches_line(e->re, text);

	if (match || splat)
		e->open = match;
	return excused;
}

/* Is @splat a report that @e excuses, or its trace? */
static bool is_excused_report(struct excuse *e, bool may_match, const struct line *text,
			      const struct splat *splat)
{
	may_match = may_match && splat && splat->part == HEAD;
	return is_excused(e, may_match, text, splat) || (splat && e->open);
}

/* Is @splat the false report of BOOT/again, or its trace? Any other splat prevents a repeat. */
static bool is_false(struct console *c, const struct line *text, const struct splat *splat)
{
	bool first = !c->guest && !c->false_report.s;

	if (!is_excused_report(&c->again, first, text, splat)) {
		if (c->false_report.s && !c->guest && matches_line(c->again.re + 1, text))
			c->explained = true;
		return false;
	}
	if (first)
		c->false_report = *text;
	return true;
}

static void read_console(struct console *c, struct line file, const struct crash *crash)
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
		if (is_false(c, &text, splat) || is_excused(&c->traced, true, &text, splat) ||
		    is_excused_report(&c->provoked, c->triggered, &text, splat))
			continue;
		/* Messages that are lost later do not matter. */
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

/* The number in BOOT/@name, or 0 without this file. */
static long read_number(const char *name)
{
	const char *path = format("%s/%s", boot, name);
	struct line l, rest = read_file(path, true);
	unsigned long n;

	if (!rest.s)
		return 0;
	if (!next_line(&rest, &l) || !number(&l, &n) || l.len || rest.len)
		die("%s: not a number", path);
	return n;
}

static void read_regex(regex_t *re, struct line l, const char *path)
{
	char why[128];
	int rc;

	skip_blanks(&l);
	if (!l.len || memchr(l.s, '\0', l.len))
		die("%s:%lu: a regular expression is missing", path, l.nr);
	rc = regcomp(re, format("%.*s", (int)l.len, l.s), REG_EXTENDED);
	if (rc) {
		regerror(rc, re, why, sizeof(why));
		die("%s:%lu: %s", path, l.nr, why);
	}
	if (!regexec(re, "", 0, NULL, 0))
		die("%s:%lu: this regular expression matches any line", path, l.nr);
}

static void read_crash(struct crash *crash, char *dir)
{
	char *path = format("%s/signature", dir);
	struct line l, rest = read_file(path, false);
	bool stops;

	while (next_line(&rest, &l)) {
		stops = is(l, "guest stops");
		if (stops || is(l, "guest goes on")) {
			if (crash->has_guest)
				die("%s:%lu: a second guest line", path, l.nr);
			crash->has_guest = true;
			crash->goes_on = !stops;
		} else if (take(&l, "line ")) {
			crash->want = allocate(crash->want, (crash->n + 1) * sizeof(*crash->want));
			read_regex(&crash->want[crash->n++], l, path);
		} else if (take(&l, "aside ")) {
			if (crash->has_aside)
				die("%s:%lu: a second aside line", path, l.nr);
			crash->has_aside = true;
			read_regex(&crash->aside, l, path);
		} else if (l.len && *l.s != '#') {
			die("%s:%lu: not guest stops, guest goes on, line or aside: %s", path,
			    l.nr, shown(&l));
		}
	}
	if (!crash->has_guest)
		die("%s: no guest line: add guest stops or guest goes on", path);
	if (!crash->n)
		die("%s: no line: add line and a regular expression", path);
	crash->name = basename(dir);
}

/* The first @n lines of BOOT/@name, or NULL without this file. */
static regex_t *read_regexes(const char *name, size_t n)
{
	const char *path = format("%s/%s", boot, name);
	regex_t *re = allocate(NULL, n * sizeof(*re));
	struct line l, rest = read_file(path, true);
	size_t i;

	if (!rest.s)
		return NULL;
	for (i = 0; i < n; i++) {
		if (!next_line(&rest, &l))
			die("%s: regular expression %zu of %zu is missing", path, i + 1, n);
		read_regex(&re[i], l, path);
	}
	return re;
}

/* Where the guest was at the time limit. */
static const char *stuck(const struct console *c)
{
	if (qemu_rc != TIMED_OUT)
		return "";
	if (!c->last.s)
		return format("%s, with an empty console", ended);
	return format("%s, after %s", ended, place(&c->last));
}

/* If QEMU failed, nothing was tested. */
static void host_died(void)
{
	if (qemu_rc && qemu_rc != TIMED_OUT)
		verdict(ERROR, "QEMU exited with code %ld", qemu_rc);
}

/*
 * Taint that reports of the kernel set, by bits. The report may have been lost, or splats.h
 * may lack it.
 */
static const char *const taints[] = {
	[4] = "machine check", [5] = "bad page", [7] = "oops", [9] = "warning",
	[14] = "soft lockup",
};

#define BAD_PAGE	(1UL << 5)

static const char *taint_names(unsigned long taint)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(taints); i++)
		if (taints[i] && taint >> i & 1)
			text = format("%s%s %s", text, *text ? "," : "", taints[i]);
	return text;
}

__attribute__((noreturn))
static void judge_boot(const struct report *r, const struct console *c)
{
	/* Reports of KASAN set this flag, even if they are provoked. */
	const char *taint = taint_names(c->provoked.re ? r->tainted & ~BAD_PAGE : r->tainted);

	if (c->splat.s)
		verdict(FAIL, "splat, %s", place(&c->splat));
	if (!r->failed)
		host_died();
	if (!complete(r))
		verdict(FAIL, "%s%s", shortcoming(r), r->failed ? ended : stuck(c));
	if (c->dropped.s)
		verdict(ERROR, "console messages were lost, %s", place(&c->dropped));
	if (!c->end.s)
		verdict(FAIL, "the console ends before the report%s", stuck(c));
	if (qemu_rc)
		verdict(FAIL, "the guest did not exit%s", stuck(c));
	if (*taint)
		verdict(FAIL, "the kernel is tainted:%s", taint);
	if (r->skipped)
		verdict(SKIP, "%s", shown(&r->why));
	verdict(PASS, "%lu points", r->plan);
}

__attribute__((noreturn))
static void judge_crash(const struct report *r, const struct console *c,
			const struct crash *crash)
{
	const struct line *line = &c->splat;

	if (complete(r) && r->skipped && !c->splat.s) {
		host_died();
		verdict(SKIP, "%s", shown(&r->why));
	}
	if (!r->trigger || !c->trigger.s) {
		host_died();
		if (c->splat.s)
			verdict(ERROR, "the guest did not reach the trigger%s, %s",
				ended, place(&c->splat));
		verdict(ERROR, "the guest did not reach the trigger%s", stuck(c));
	}
	if (c->splat.s && c->splat.s < c->trigger.s)
		verdict(ERROR, "splat before the trigger, %s", place(&c->splat));
	if (c->dropped.s)
		verdict(ERROR, "console messages were lost, %s", place(&c->dropped));
	if (c->done.s && !r->bad && r->end == crash->goes_on) {
		decides = c->splat.s ? c->splat : c->done;
		verdict(PASS, "crashed as expected (%s), %s/console:%lu",
			crash->name, boot, c->done.nr);
	}
	host_died();
	if (complete(r) && !c->splat.s)
		verdict(FAIL, "no crash (%s), the kernel survives", crash->name);
	if (crash->goes_on && c->foreign.s)
		line = &c->foreign;
	verdict(ERROR, "not the expected crash (%s), %s%s%s", crash->name,
		line->s ? place(line) : shortcoming(r),
		c->done.s && r->end ? ", and the guest goes on" : "", ended);
}

/* With -a: may the boot be repeated? */
__attribute__((noreturn))
static void judge_again(const struct report *r, const struct console *c)
{
	struct line last = message(c->last);
	bool hung = qemu_rc == TIMED_OUT && r->silent && !c->guest;

	if (c->splat.s || c->dropped.s || (c->false_report.s ? !c->explained : !hung))
		exit(FAIL);
	if (c->false_report.s)
		say(format("reported %s", shown(&c->false_report)));
	else if (last.s)
		say(format("hung after %s", shown(&last)));
	else
		say("hung with an empty console");
	exit(PASS);
}

int main(int argc, char **argv)
{
	bool again = argc == 3 && !strcmp(argv[1], "-a");
	struct console console = { 0 };
	struct report report = { 0 };
	struct crash crash = { 0 };
	long limit;

	if (argc > 2 && !strcmp(argv[1], "-r")) {
		record = fopen(argv[2], "w");
		if (!record)
			die("cannot write %s: %s", argv[2], strerror(errno));
		argv += 2;
		argc -= 2;
	}
	if (argc != 3 && argc != 4)
		die("usage: judge [-r RECORD] BOOT SCENARIO [CRASH], or judge -a BOOT");
	boot = argv[again ? 2 : 1];
	if (argc == 4)
		read_crash(&crash, argv[3]);
	qemu_rc = read_number("qemu.rc");
	limit = read_number("limit");
	if (qemu_rc == TIMED_OUT)
		ended = limit ? format(", stopped at the time limit of %ld s", limit) :
				", stopped at the time limit";
	console.traced.re = read_regexes("trace", 1);
	console.provoked.re = read_regexes("provoked", 1);
	if (again)
		console.again.re = read_regexes("again", 2);
	read_report(&report, read_file(format("%s/ktap", boot), false), argv[2]);
	read_console(&console, read_file(format("%s/console", boot), false),
		     argc == 4 ? &crash : NULL);
	if (again)
		judge_again(&report, &console);
	if (report.other.s)
		verdict(ERROR, "the report is of scenario %s, not of %s",
			shown(&report.other), argv[2]);
	if (complete(&report) && !report.scenario)
		verdict(ERROR, "the report names no scenario");
	if (argc == 4)
		judge_crash(&report, &console, &crash);
	judge_boot(&report, &console);
}
