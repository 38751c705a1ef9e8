// SPDX-License-Identifier: GPL-2.0
/*
 * Is this kernel affected? Says for each of the four crashes that come of a
 * top-level entry which was not synchronized whether a source tree, an image or
 * this machine has it, by what is in the kernel, not by its version: releases
 * and distributions have the fix, half of it, or none under any number.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "affected.h"

enum verdict { NOT_AFFECTED, AFFECTED, UNDECIDED };

static const char *const verdict_names[] = { "not affected", "affected", "unknown" };
static const char *const tri_names[] = { "no", "yes", "unknown" };
static const char *const state_names[] = {
	[IN_DOUBT] = "unknown", [BEFORE] = "before", [HALF] = "half",
	[FIXED] = "fixed", [HARDENED] = "hardened", [FOREIGN] = "no x86_64",
};
static const char *const state_texts[] = {
	[IN_DOUBT] = "in no known state", [BEFORE] = "before the fix",
	[HALF] = "has half of the fix", [FIXED] = "has the fix",
	[HARDENED] = "has the fix, and KASAN's", [FOREIGN] = "not for x86_64",
};

static const struct {
	const char *name, *when;
} crashes[NR_CRASHES] = {
	[COMPOUND] = { "compound",
		"4-level paging, and device-dax with compound pages (mode ram, map in RAM) where its struct pages need a top-level entry that was not there at boot: beyond 32 TiB, with KASLR anywhere" },
	[SUBPMD] = { "subpmd",
		"4-level paging, a struct page whose 128 MiB sections do not fill PMDs (80 bytes with KMSAN), and memory or device memory that needs a new top-level entry for them: beyond 25.6 TiB" },
	[SHADOW] = { "shadow",
		"KASAN, 4-level paging, and hot-plugged memory above 3.5 TiB that is onlined" },
	[ZEROSHADOW] = { "zeroshadow",
		"KASAN, 4-level paging, and device memory above 3.5 TiB, or memory onlined there with memory_hotplug.memmap_on_memory" },
};

struct answer {
	enum verdict verdict;
	const char *reason;
	struct meets meets;
};

static __attribute__((noreturn)) void fail(const char *why)
{
	fprintf(stderr, "affected: %s\n", why);
	exit(125);
}

void *need(void *memory)
{
	if (!memory)
		fail("out of memory");
	return memory;
}

static char *vtext(const char *fmt, va_list args)
{
	char *string;

	if (vasprintf(&string, fmt, args) < 0)
		fail("out of memory");
	return string;
}

static jmp_buf *attempted;
static const char *trouble;

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	trouble = vtext(fmt, args);
	va_end(args);
	if (attempted)
		longjmp(*attempted, 1);
	fail(trouble);
}

/*
 * Read a file that the user did not name. If that calls die(), restore @k, add a
 * note, and set @why to the reason if @why is given and unset.
 */
bool attempt(struct kernel *k, bool (*what)(struct kernel *k, const char *path),
	     const char *path, const char **why)
{
	const struct kernel before = *k;
	jmp_buf *outer = attempted, here;
	bool done;

	attempted = &here;
	if (!setjmp(here)) {
		done = what(k, path);
		attempted = outer;
		return done;
	}
	attempted = outer;
	*k = before;
	note(k, "ignored: %s", trouble);
	if (why && !*why)
		*why = trouble;
	return false;
}

char *text(const char *fmt, ...)
{
	va_list args;
	char *string;

	va_start(args, fmt);
	string = vtext(fmt, args);
	va_end(args);
	return string;
}

void note(struct kernel *k, const char *fmt, ...)
{
	va_list args;

	if (k->nr_notes == sizeof(k->notes) / sizeof(k->notes[0]))
		return;
	va_start(args, fmt);
	k->notes[k->nr_notes++] = vtext(fmt, args);
	va_end(args);
}

struct release {
	int version, patchlevel, sublevel, rc;
	bool known, distribution;
};

/*
 * "6.12.46", "6.17.0-rc4+"; but "6.1.0-28-amd64" and "5.15.0-91-generic" count
 * something else. Debian's says behind "Debian " what it is made from.
 */
static struct release release_of(const char *version)
{
	const char *build = strchr(version, '#'), *at;
	const char *from = build ? strstr(build, "Debian ") : NULL;
	struct release r = { .rc = 99 };
	int size = 0;

	at = from && from[7] >= '0' && from[7] <= '9' ? from + 7 : version;
	if (sscanf(at, "%d.%d%n", &r.version, &r.patchlevel, &size) != 2)
		return r;
	r.known = true;
	at += size;
	if (sscanf(at, ".%d%n", &r.sublevel, &size) == 1)
		at += size;
	if (sscanf(at, "-rc%d", &r.rc) == 1)
		return r;
	r.distribution = !r.sublevel && at[0] == '-' && at[1] >= '0' && at[1] <= '9';
	return r;
}

bool at_least(const struct kernel *k, int version, int patchlevel)
{
	struct release r = release_of(k->version);

	return r.known && (r.version > version ||
			   (r.version == version && r.patchlevel >= patchlevel));
}

/*
 * Both CVE records: from 5.13 on, and up to these. Other branches below 6.17 got
 * no fix.
 */
static const struct {
	int version, patchlevel, sublevel;
} fixed_in[] = { { 5, 15, 192 }, { 6, 1, 151 }, { 6, 6, 105 }, { 6, 12, 46 }, { 6, 16, 6 } };

static const char *records(const char *version)
{
	struct release r = release_of(version);
	int number = r.version * 1000 + r.patchlevel;
	size_t i;

	if (!r.known)
		return "unknown: no version";
	if (r.distribution)
		return "unknown: the version is a distribution's";
	if (number < 5013)
		return "not affected";
	if (number >= 6017)
		return number == 6017 && r.rc < 5 ? "affected" : "fixed";
	for (i = 0; i < sizeof(fixed_in) / sizeof(fixed_in[0]); i++)
		if (r.version == fixed_in[i].version && r.patchlevel == fixed_in[i].patchlevel)
			return r.sublevel >= fixed_in[i].sublevel ? "fixed" : "affected";
	return "affected";
}

static struct answer say(enum verdict verdict, const char *reason)
{
	return (struct answer){ .verdict = verdict, .reason = reason };
}

static struct answer vmemmap_crash(const struct kernel *k)
{
	switch (k->state) {
	case BEFORE:
		return say(AFFECTED, "new top-level entries of the vmemmap are not copied to other page tables");
	case HALF:
		return say(AFFECTED, "half of the fix: x86's mask and hook are there, but mm/sparse-vmemmap.c does not use the helpers");
	case FIXED:
	case HARDENED:
		return say(NOT_AFFECTED, "has the fix: mm/sparse-vmemmap.c synchronizes what it adds");
	default:
		return say(UNDECIDED, "whether mm/sparse-vmemmap.c synchronizes what it adds is not known");
	}
}

static struct answer compound(const struct kernel *k)
{
	if (k->has_compound == NO)
		return say(NOT_AFFECTED, "has no vmemmap_populate_compound_pages(), which came with v5.19");
	if (k->zone_device == NO)
		return say(NOT_AFFECTED, "no CONFIG_ZONE_DEVICE");
	if (k->has_vmemmap == NO)
		return say(NOT_AFFECTED, "no CONFIG_SPARSEMEM_VMEMMAP");
	if (k->page_size & (k->page_size - 1))
		return say(NOT_AFFECTED, text("a struct page of %u bytes: compound pages are mapped like others",
					      k->page_size));
	return vmemmap_crash(k);
}

static struct answer subpmd(const struct kernel *k)
{
	struct answer answer;

	if (k->has_subpmd == NO)
		return say(NOT_AFFECTED, "has no vmemmap_use_new_sub_pmd(), which came with v5.13");
	if (k->hotplug == NO)
		return say(NOT_AFFECTED, "no CONFIG_MEMORY_HOTPLUG");
	if (k->has_vmemmap == NO)
		return say(NOT_AFFECTED, "no CONFIG_SPARSEMEM_VMEMMAP");
	answer = vmemmap_crash(k);
	if (answer.verdict == NOT_AFFECTED)
		return answer;
	if (k->page_size == 64)
		return say(NOT_AFFECTED, "no CONFIG_KMSAN: sections of a 64-byte struct page fill PMDs");
	if (!k->page_size)
		answer.reason = text("if struct page has not 64 bytes, as with CONFIG_KMSAN: %s",
				     answer.reason);
	return answer;
}

static struct answer kasan_crash(const struct kernel *k, enum tri in_step,
				 const char *fix, const char *lacks)
{
	const char *condition = k->kasan == UNKNOWN ? "if CONFIG_KASAN: " : "";

	if (k->kasan == NO)
		return say(NOT_AFFECTED, "no CONFIG_KASAN");
	if (k->hotplug == NO)
		return say(NOT_AFFECTED, "no CONFIG_MEMORY_HOTPLUG");
	if (in_step == YES)
		return say(NOT_AFFECTED, fix);
	if (in_step == NO)
		return say(AFFECTED, text("%s%s", condition, lacks));
	return say(UNDECIDED, text("%swhether KASAN synchronizes what it adds is not known", condition));
}

static struct answer judge(const struct kernel *k, int crash)
{
	enum tri vmalloc = k->state == IN_DOUBT && k->kind[0] == 't' ? UNKNOWN : k->hook;

	if (k->state == FOREIGN)
		return say(NOT_AFFECTED, "not an x86_64 kernel");
	switch (crash) {
	case COMPOUND:
		return compound(k);
	case SUBPMD:
		return subpmd(k);
	case SHADOW:
		return kasan_crash(k, vmalloc, "has the fix: x86's mask and hook, which vmalloc() calls",
				   "without x86's mask and hook vmalloc() synchronizes nothing");
	default:
		return kasan_crash(k, k->zero_shadow, "KASAN synchronizes what pud_alloc() adds",
				   k->hook == YES ? "upstream's fix leaves out what pud_alloc() adds to KASAN's shadow" :
				   "nothing synchronizes what pud_alloc() adds to KASAN's shadow");
	}
}

struct cve {
	const char *id, *commit, *patch, *records, *seen;
};

#define NR_CVES 3

static const char *shown(const struct kernel *k, enum tri fact, const char *what, const char *hidden)
{
	if (k->state == FOREIGN || fact == UNKNOWN)
		return hidden;
	return text("%s, %s", fact == YES ? "fixed" : "not fixed", text(what, fact == YES ? "" : "no "));
}

static void judge_cves(struct kernel *k, struct cve *cves)
{
	const char *say_records = records(k->version);

	cves[0] = (struct cve){ "CVE-2025-39844", "7cc183f2e67d", "1", say_records,
		shown(k, k->moved, "%sdeclarations in linux/pgtable.h",
		      "unknown: it leaves no trace in code") };
	cves[1] = (struct cve){ "CVE-2025-39845", "6659d0279980", "3", say_records,
		shown(k, k->hook, "%smask and hook", "unknown") };
	cves[2] = (struct cve){ NULL, "f2d2f9598ebb", "2", "none: it has no CVE",
		shown(k, k->vmemmap, "%shelpers used in mm/sparse-vmemmap.c", "unknown") };
	if (k->state == HALF)
		note(k, "%s: f2d2f9598ebb, which fixes compound and has no CVE, is missing",
		     strcmp(say_records, "fixed") ? "the records call 5.15.192, 6.1.151, 6.6.105, 6.12.46 and later fixed, and this kernel is not" :
		     "the records call this version fixed, and what is here is not");
	else if (k->state == BEFORE && !strcmp(say_records, "fixed"))
		note(k, "the records call this version fixed, and what is here is not");
	else if (k->state >= FIXED && k->state != FOREIGN && !strcmp(say_records, "affected"))
		note(k, "the records call this version affected, and what is here has the fix: it was backported");
}

/* Text for a terminal: whatever is no printable ASCII becomes '?'. */
static const char *plain(const char *string)
{
	char *copy = text("%s", string), *c;

	for (c = copy; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return copy;
}

static void print_text(const struct kernel *k, const struct answer *answers,
		       const struct cve *cves)
{
	int i;

	printf("%s %s, %s: %s (%s)\n", k->kind, plain(k->path),
	       *k->version ? plain(text("%.*s", (int)strcspn(k->version, " "), k->version)) :
	       "no version", state_texts[k->state], k->evidence ? plain(k->evidence) : "");
	for (i = 0; i < NR_CRASHES; i++) {
		printf("%s: %s, %s; takes %s", crashes[i].name,
		       verdict_names[answers[i].verdict], answers[i].reason, crashes[i].when);
		if (answers[i].meets.reason)
			printf("; this machine can meet it: %s, %s",
			       tri_names[answers[i].meets.verdict], plain(answers[i].meets.reason));
		putchar('\n');
	}
	for (i = 0; i < NR_CVES; i++)
		printf("%s (patch %s, %s): by the records %s; seen here: %s\n",
		       cves[i].id ? cves[i].id : "no CVE", cves[i].patch, cves[i].commit,
		       cves[i].records, cves[i].seen);
	for (i = 0; i < k->nr_notes; i++)
		printf("note: %s\n", plain(k->notes[i]));
}

/* The size of the UTF-8 character at @c, 0 if it is none. */
static int utf8(const unsigned char *c)
{
	int size = c[0] < 0x80 ? 1 : c[0] >= 0xc2 && c[0] < 0xe0 ? 2 :
		   (c[0] & 0xf0) == 0xe0 ? 3 : c[0] >= 0xf0 && c[0] < 0xf5 ? 4 : 0;
	int i;

	for (i = 1; i < size; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* Not the short way, a surrogate, or beyond Unicode. */
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return size;
}

static void json(const char *key, const char *string)
{
	const unsigned char *c = (const unsigned char *)string;
	int size;

	if (key)
		printf("\"%s\": ", key);
	if (!string) {
		printf("null");
		return;
	}
	putchar('"');
	for (; *c; c += size ? size : 1) {
		size = utf8(c);
		if (*c == '"' || *c == '\\')
			printf("\\%c", *c);
		else if (!size || *c < ' ' || *c == 0x7f)
			printf("\\u%04x", *c);
		else
			printf("%.*s", size, (const char *)c);
	}
	putchar('"');
}

static void member(const char *key, const char *string)
{
	printf(", ");
	json(key, string);
}

static void print_json(const struct kernel *k, const struct answer *answers,
		       const struct cve *cves, enum verdict verdict)
{
	int i;

	printf("{");
	json("kind", k->kind);
	member("path", k->path);
	member("version", *k->version ? k->version : NULL);
	member("state", state_names[k->state]);
	member("evidence", k->evidence);
	member("verdict", verdict_names[verdict]);
	printf(", \"crashes\": [");
	for (i = 0; i < NR_CRASHES; i++) {
		printf(i ? ", {" : "{");
		json("name", crashes[i].name);
		member("verdict", verdict_names[answers[i].verdict]);
		member("reason", answers[i].reason);
		member("condition", crashes[i].when);
		member("machine", answers[i].meets.reason ? tri_names[answers[i].meets.verdict] : NULL);
		member("machine_reason", answers[i].meets.reason);
		printf("}");
	}
	printf("], \"cves\": [");
	for (i = 0; i < NR_CVES; i++) {
		printf(i ? ", {" : "{");
		json("id", cves[i].id);
		member("commit", cves[i].commit);
		member("patch", cves[i].patch);
		member("records", cves[i].records);
		member("seen", cves[i].seen);
		printf("}");
	}
	printf("], \"notes\": [");
	for (i = 0; i < k->nr_notes; i++) {
		printf(i ? ", " : "");
		json(NULL, k->notes[i]);
	}
	printf("]}\n");
}

static int answer(struct kernel *k, bool as_json)
{
	static const int codes[] = { 0, 2, 3 };
	struct answer answers[NR_CRASHES];
	enum verdict verdict = NOT_AFFECTED;
	struct cve cves[NR_CVES];
	int i;

	if (!k->version)
		k->version = "";
	if (k->state != FOREIGN && k->x86_64 == NO)
		k->state = FOREIGN;
	if (k->state == FOREIGN)
		note(k, "only the crashes of x86_64 were looked for; with KASAN, riscv64 has one of its own");
	if (!k->page_size && k->kmsan != UNKNOWN)
		k->page_size = k->kmsan == YES ? 80 : 64;
	for (i = 0; i < NR_CRASHES; i++) {
		answers[i] = judge(k, i);
		if (answers[i].verdict == AFFECTED || verdict == NOT_AFFECTED)
			verdict = answers[i].verdict;
		if (k->kind[0] != 'm')
			continue;
		if (answers[i].verdict == NOT_AFFECTED)
			answers[i].meets = (struct meets){ NO, "its kernel is not affected" };
		else
			machine_meets(k, i, &answers[i].meets);
	}
	judge_cves(k, cves);
	if (as_json)
		print_json(k, answers, cves, verdict);
	else
		print_text(k, answers, cves);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write the answer");
	return codes[verdict];
}

static void __attribute__((noreturn)) usage(void)
{
	die("usage: affected {--tree DIR | --image FILE [--map FILE] [--config FILE] | --machine [--root DIR]} [--json]");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "tree", required_argument, NULL, 't' },
		{ "image", required_argument, NULL, 'i' },
		{ "machine", no_argument, NULL, 'm' },
		{ "map", required_argument, NULL, 'p' },
		{ "config", required_argument, NULL, 'c' },
		{ "root", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ }
	};
	static struct kernel k;
	const char *map = NULL, *config = NULL, *root = NULL;
	bool as_json = false;
	int option;

	k.x86_64 = k.moved = k.vmemmap = k.hook = k.zero_shadow = UNKNOWN;
	k.randomized = k.kasan = k.kmsan = k.hotplug = k.zone_device = UNKNOWN;
	k.has_compound = k.has_subpmd = k.has_vmemmap = UNKNOWN;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (strchr("tim", option) && k.kind)
			usage();
		switch (option) {
		case 't':
			k.kind = "tree";
			k.path = optarg;
			break;
		case 'i':
			k.kind = "image";
			k.path = optarg;
			break;
		case 'm':
			k.kind = "machine";
			break;
		case 'p':
			map = optarg;
			break;
		case 'c':
			config = optarg;
			break;
		case 'r':
			root = optarg;
			break;
		case 'j':
			as_json = true;
			break;
		default:
			usage();
		}
	}
	if (!k.kind || optind != argc || ((map || config) && k.kind[0] != 'i') ||
	    (root && k.kind[0] != 'm'))
		usage();
	if (k.kind[0] == 't') {
		look_at_tree(&k, k.path);
	} else if (k.kind[0] == 'i') {
		look_at_image(&k, k.path, map, config);
	} else {
		k.path = root ? root : "/";
		look_at_machine(&k, root ? root : "");
	}
	return answer(&k, as_json);
}
