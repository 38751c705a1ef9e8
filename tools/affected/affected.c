// SPDX-License-Identifier: GPL-2.0
/*
 * Is this kernel affected? For a source tree, an image, or this machine, say which of the
 * four crashes caused by a top-level entry that was not synchronized it can have. The
 * answer comes from the kernel's code, because releases and distributions have the fix,
 * part of it, or none of it under any version number.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#include "affected.h"

enum verdict { NOT_AFFECTED, AFFECTED, UNDECIDED };

static const char *const verdict_names[] = { "not affected", "affected", "unknown" };
static const char *const tri_names[] = { "no", "yes", "unknown" };
static const char *const state_names[] = {
	[UNCLEAR] = "unknown", [UNFIXED] = "unfixed", [PARTIAL] = "partial",
	[FIXED] = "fixed", [FOREIGN] = "other architecture",
};
static const char *const state_texts[] = {
	[UNCLEAR] = "not known whether it has the fix", [UNFIXED] = "does not have the fix",
	[PARTIAL] = "has only part of the fix", [FIXED] = "has the fix",
	[FOREIGN] = "not for x86_64",
};

static const struct {
	const char *name, *when;
} crashes[NR_CRASHES] = {
	[COMPOUND] = { "compound",
		"4-level paging (rarely 5-level paging, with KASLR), and device-dax with compound pages (mode ram, map in RAM) whose struct pages need a top-level entry that was not there at boot: beyond 32 TiB, with KASLR anywhere" },
	[SUBPMD] = { "subpmd",
		"4-level paging (rarely 5-level paging, with KASLR), a struct page whose 128 MiB sections do not fill PMDs (80 bytes with KMSAN), and memory or device memory that needs a new top-level entry for them: beyond 25.6 TiB" },
	[SHADOW] = { "shadow",
		"KASAN, 4-level paging, and hot-plugged memory above 3.5 TiB that is onlined" },
	[ZEROSHADOW] = { "zeroshadow",
		"KASAN, 4-level paging, and device memory above 3.5 TiB, or memory onlined there with memory_hotplug.memmap_on_memory" },
};

struct answer {
	enum verdict verdict, result;	/* of the kernel, and of kernel and machine together */
	const char *reason;
	struct meets meets;
	const char *trigger;	/* the memory of this machine that triggers it, if known */
};

static bool as_json, verbose, strict, one_line;	/* what is asked for */
static jmp_buf *attempted;
static const char *trouble;

static char *vtext(const char *fmt, va_list args)
{
	char *string;

	return need(vasprintf(&string, fmt, args) < 0 ? NULL : string);
}

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	trouble = vtext(fmt, args);
	va_end(args);
	if (attempted)
		longjmp(*attempted, 1);
	fprintf(stderr, "affected: %s\n", trouble);
	exit(125);
}

void *need(void *memory)
{
	if (memory)
		return memory;
	fprintf(stderr, "affected: out of memory\n");
	exit(125);
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

	if (k->nr_notes == ARRAY_SIZE(k->notes))
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
 * "6.12.46", "6.17.0-rc4+". In "6.1.0-28-amd64" and "5.15.0-91-generic" the third number
 * is not the sublevel. Debian puts the upstream version after "Debian ".
 */
static struct release release_of(const char *version)
{
	const char *build = strchr(version, '#'), *at;
	const char *from = build ? strstr(build, "Debian ") : NULL;
	struct release r = { .rc = 99 };
	int size = 0;

	at = from && from[7] >= '0' && from[7] <= '9' ? from + 7 : version;
	if (sscanf(at, "%4d.%4d%n", &r.version, &r.patchlevel, &size) != 2)
		return r;
	r.known = true;
	at += size;
	if (sscanf(at, ".%6d%n", &r.sublevel, &size) == 1)
		at += size;
	if (sscanf(at, "-rc%4d", &r.rc) == 1)
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

/* Both CVE records: affected from 5.13 on, fixed in these. Other branches got no fix. */
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
	for (i = 0; i < ARRAY_SIZE(fixed_in); i++)
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
	if (k->hook == NO)
		return say(AFFECTED, "new top-level entries of the vmemmap are not copied to other page tables");
	if (k->vmemmap == NO)
		return say(AFFECTED, "partially fixed: x86 has the mask and the hook, but mm/sparse-vmemmap.c does not use the helpers everywhere");
	if (k->vmemmap == YES)
		return say(NOT_AFFECTED, "has the fix: mm/sparse-vmemmap.c synchronizes new top-level entries");
	return say(UNDECIDED, "cannot tell whether mm/sparse-vmemmap.c synchronizes new top-level entries");
}

/* What excludes crashes, a mask of those in the enum, if it is known to be missing. */
#define HAS(fact) offsetof(struct kernel, fact)
static const struct {
	unsigned int crashes;
	size_t fact;
	const char *reason;
} needs[] = {
	{ 1 << COMPOUND, HAS(has_compound),
	  "has no vmemmap_populate_compound_pages(), which came with v5.19" },
	{ 1 << SUBPMD, HAS(has_subpmd), "has no vmemmap_use_new_sub_pmd(), which came with v5.13" },
	{ 1 << SHADOW | 1 << ZEROSHADOW, HAS(kasan), "no CONFIG_KASAN" },
	{ 1 << COMPOUND, HAS(zone_device), "no CONFIG_ZONE_DEVICE" },
	{ 1 << SUBPMD | 1 << SHADOW | 1 << ZEROSHADOW, HAS(hotplug), "no CONFIG_MEMORY_HOTPLUG" },
	{ 1 << COMPOUND | 1 << SUBPMD, HAS(has_vmemmap), "no CONFIG_SPARSEMEM_VMEMMAP" },
};

static enum tri fact_of(const struct kernel *k, size_t fact)
{
	return *(const enum tri *)((const char *)k + fact);
}

static struct answer kasan_crash(const struct kernel *k, enum tri synchronizes,
				 const char *fix, const char *lacks)
{
	const char *condition = k->kasan == UNKNOWN ? "if CONFIG_KASAN: " : "";

	if (synchronizes == YES)
		return say(NOT_AFFECTED, fix);
	if (synchronizes == NO)
		return say(AFFECTED, text("%s%s", condition, lacks));
	return say(UNDECIDED, text("%scannot tell whether KASAN synchronizes new top-level entries",
				   condition));
}

static struct answer judge(const struct kernel *k, int crash)
{
	enum tri vmalloc = k->hook == YES && k->moved == NO ? UNKNOWN : k->hook;
	struct answer answer = vmemmap_crash(k);
	size_t i;

	if (k->state == FOREIGN)
		return say(NOT_AFFECTED, "not an x86_64 kernel");
	for (i = 0; i < ARRAY_SIZE(needs); i++)
		if ((needs[i].crashes & 1 << crash) && fact_of(k, needs[i].fact) == NO)
			return say(NOT_AFFECTED, needs[i].reason);
	switch (crash) {
	case COMPOUND:
		if (k->page_size & (k->page_size - 1))
			return say(NOT_AFFECTED, text("a struct page of %u bytes: compound pages are mapped like others",
						      k->page_size));
		return answer;
	case SUBPMD:
		if (answer.verdict != NOT_AFFECTED && k->page_size == 64)
			return say(NOT_AFFECTED, "no CONFIG_KMSAN: sections of a 64-byte struct page fill PMDs");
		if (answer.verdict != NOT_AFFECTED && !k->page_size)
			answer.reason = text("if struct page does not have 64 bytes, as with CONFIG_KMSAN: %s",
					     answer.reason);
		return answer;
	case SHADOW:
		return kasan_crash(k, vmalloc, "has the fix: x86's mask and hook, which vmalloc() uses",
				   "without x86's mask and hook vmalloc() does not synchronize");
	default:
		return kasan_crash(k, k->zero_shadow, "KASAN synchronizes what pud_alloc() adds",
				   k->hook == YES ? "the upstream fix omits what pud_alloc() adds to KASAN's shadow" :
				   "what pud_alloc() adds to KASAN's shadow is not synchronized");
	}
}

/* Each of the three patches: what it adds, and what hides that. */
static const struct {
	const char *id, *commit, *patch, *adds, *hidden;
	size_t fact;
} fixes[] = {
	{ "CVE-2025-39844", "7cc183f2e67d", "1", "declarations in linux/pgtable.h",
	  "unknown: compiled code does not show it", HAS(moved) },
	{ "CVE-2025-39845", "6659d0279980", "3", "mask and hook", "unknown",
	  HAS(hook) },
	{ NULL, "f2d2f9598ebb", "2", "helpers used in mm/sparse-vmemmap.c", "unknown",
	  HAS(vmemmap) },
};

static const char *recorded(const struct kernel *k, size_t fix)
{
	return fixes[fix].id ? records(k->version) : "none: it has no CVE";
}

static const char *seen(const struct kernel *k, size_t fix)
{
	enum tri fact = fact_of(k, fixes[fix].fact);

	if (k->state == FOREIGN || fact == UNKNOWN)
		return fixes[fix].hidden;
	return text("%s%s", fact == YES ? "fixed, " : "not fixed, no ", fixes[fix].adds);
}

static const char *compare_records(const struct kernel *k)
{
	const char *record = records(k->version);

	if (k->state == PARTIAL)
		return text("%s, but this kernel lacks f2d2f9598ebb, which fixes compound and has no CVE",
			    strcmp(record, "fixed") ?
			    "the CVE records call 5.15.192, 6.1.151, 6.6.105, 6.12.46 and later fixed" :
			    "the CVE records call this version fixed");
	if (k->state == UNFIXED && !strcmp(record, "fixed"))
		return "the CVE records call this version fixed, but this kernel does not have the fix";
	if (k->state == FIXED && !strcmp(record, "affected"))
		return "the CVE records call this version affected, but this kernel has the fix: it was backported";
	return NULL;
}

/* Text for a terminal: replace everything but printable ASCII by '?'. */
static const char *plain(const char *string)
{
	char *copy = text("%s", string), *c;

	for (c = copy; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return copy;
}

/* When it crashes, in words of an administrator, who knows where memory is. */
static const char *condition(const struct kernel *k, const struct answer *answers,
			     enum verdict verdict)
{
	unsigned int crash, decides = 0;

	for (crash = 0; crash < NR_CRASHES; crash++) {
		if (answers[crash].result != AFFECTED)
			continue;
		if (answers[crash].trigger && !strict)
			return text(" if memory is added at %s", answers[crash].trigger);
		decides |= 1 << crash;
	}
	if (decides & (1 << SHADOW | 1 << ZEROSHADOW))
		return " if memory is added above 3.5 TiB";
	if (!decides)
		return verdict == AFFECTED && k->state == UNFIXED ?
		       " if it has KASAN, and memory is added above 3.5 TiB" : "";
	return text(" if memory is added above %s TiB%s", decides & 1 << COMPOUND ? "32" : "25.6",
		    k->randomized == NO ? "" : ", or with KASLR at lower addresses");
}

/* A source tree that lost something has only part of the fix, but not that of a release. */
static enum state state_of(const struct kernel *k)
{
	return k->nr_lost && k->state == UNCLEAR ? PARTIAL : k->state;
}

/* The end of the first line: the state, and why it does not decide if that is so. */
static const char *summary(const struct kernel *k, const struct answer *answers,
			   enum verdict verdict)
{
	const char *state = state_texts[state_of(k)];
	bool memory_decides = false;
	int i;

	for (i = 0; i < NR_CRASHES; i++)
		memory_decides |= answers[i].verdict != NOT_AFFECTED && answers[i].meets.reason && !strict;
	if (verdict == NOT_AFFECTED && k->state != FIXED && k->state != FOREIGN)
		return text("%s, but %s", state, memory_decides ?
			    "none of its memory can trigger a crash" :
			    "its version or configuration excludes the crashes");
	if (verdict != UNDECIDED)
		return state;
	for (i = 0; i < NR_CRASHES; i++)
		if (answers[i].result == UNDECIDED && answers[i].verdict != UNDECIDED)
			return text("%s; whether this machine can crash is not known: %s",
				    state, answers[i].meets.reason);
	return k->evidence ? k->evidence : state;
}

/* The first line is the answer. All crashes and the evidence follow on request. */
static void print_text(struct kernel *k, const struct answer *answers, enum verdict verdict)
{
	static const char *const headings[] = { "NOT AFFECTED", "AFFECTED", "UNKNOWN" };
	const char *record = compare_records(k);
	size_t i;

	printf("%s%s: %s %s, %s: %s\n", headings[verdict], plain(condition(k, answers, verdict)), k->kind,
	       plain(k->path), *k->version ?
	       plain(text("%.*s", (int)strcspn(k->version, " "), k->version)) : "no version",
	       plain(summary(k, answers, verdict)));
	if (one_line)
		return;
	for (i = 0; i < (size_t)k->nr_lost && i < 5; i++)
		printf("%s\n", k->notes[i]);
	if (verdict == AFFECTED && (k->state == UNFIXED || k->state == PARTIAL))
		printf("releases with the fix: 5.15.194, 6.1.153, 6.6.107, 6.12.48, 6.16.6, and all from 6.17 on\n");
	if (k->state == FIXED && k->kasan != NO && k->zero_shadow == NO)
		printf("%sKASAN crashes if memory is added above 3.5 TiB, in mainline too: patches/kasan fixes it\n",
		       k->kasan == YES ? "" : "if it is configured, ");
	if (record)
		printf("%s\n", record);
	if (!verbose) {
		printf("details: V=1, or --verbose\n");
		return;
	}
	if (k->evidence)
		printf("%s: %s\n", k->kind, plain(k->evidence));
	for (i = 0; i < NR_CRASHES; i++) {
		printf("%s: %s, %s; takes %s", crashes[i].name,
		       verdict_names[answers[i].verdict], answers[i].reason, crashes[i].when);
		if (answers[i].meets.reason)
			printf("; this machine can meet it: %s, %s",
			       tri_names[answers[i].meets.verdict], plain(answers[i].meets.reason));
		putchar('\n');
	}
	for (i = 0; i < ARRAY_SIZE(fixes); i++)
		printf("%s (patch %s, %s): by the records %s; seen here: %s\n",
		       fixes[i].id ? fixes[i].id : "no CVE", fixes[i].patch, fixes[i].commit,
		       recorded(k, i), seen(k, i));
	for (i = 0; i < (size_t)k->nr_notes; i++)
		printf("note: %s\n", plain(k->notes[i]));
}

/* A string of JSON. Bytes that are not UTF-8 are escaped one by one. */
static void json(const char *string)
{
	mbstate_t state;
	size_t size;
	wchar_t c;

	if (!string) {
		printf("null");
		return;
	}
	putchar('"');
	for (; *string; string += size) {
		memset(&state, 0, sizeof(state));
		size = mbrtowc(&c, string, strlen(string), &state);
		/* glibc also takes surrogates, and code points above those of Unicode. */
		if (size > 4 || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff ||
		    c < ' ' || c == 0x7f) {
			printf("\\u%04x", *(const unsigned char *)string);
			size = 1;
		} else {
			printf("%s%.*s", c == '"' || c == '\\' ? "\\" : "", (int)size, string);
		}
	}
	putchar('"');
}

/* Members of an object: pairs of key and value, up to a NULL key. */
static void members(const char *key, ...)
{
	const char *before = "";
	va_list args;

	va_start(args, key);
	for (; key; key = va_arg(args, const char *)) {
		printf("%s\"%s\": ", before, key);
		json(va_arg(args, const char *));
		before = ", ";
	}
	va_end(args);
}

static void print_json(struct kernel *k, const struct answer *answers, enum verdict verdict)
{
	const char *record = compare_records(k);
	const struct meets *meets;
	size_t i;

	if (record)
		note(k, "%s", record);
	printf("{");
	members("kind", k->kind, "path", k->path, "version", *k->version ? k->version : NULL,
		"state", state_names[state_of(k)], "evidence", k->evidence,
		"verdict", verdict_names[verdict], NULL);
	printf(", \"crashes\": [");
	for (i = 0; i < NR_CRASHES; i++) {
		meets = &answers[i].meets;
		printf(i ? ", {" : "{");
		members("name", crashes[i].name, "verdict", verdict_names[answers[i].verdict],
			"reason", answers[i].reason, "condition", crashes[i].when,
			"machine", meets->reason ? tri_names[meets->verdict] : NULL,
			"machine_reason", meets->reason, NULL);
		printf("}");
	}
	printf("], \"cves\": [");
	for (i = 0; i < ARRAY_SIZE(fixes); i++) {
		printf(i ? ", {" : "{");
		members("id", fixes[i].id, "commit", fixes[i].commit, "patch", fixes[i].patch,
			"records", recorded(k, i), "seen", seen(k, i), NULL);
		printf("}");
	}
	printf("], \"notes\": [");
	for (i = 0; i < (size_t)k->nr_notes; i++) {
		printf(i ? ", " : "");
		json(k->notes[i]);
	}
	printf("]}\n");
}

/* What the kernel and the machine together decide. Few kernels have KASAN. */
static enum verdict result_of(const struct kernel *k, int crash, const struct answer *a)
{
	if ((crash == SHADOW || crash == ZEROSHADOW) && k->kasan == UNKNOWN)
		return NOT_AFFECTED;
	if (!a->meets.reason || strict || a->meets.verdict == YES)
		return a->verdict;
	return a->meets.verdict == NO ? NOT_AFFECTED : UNDECIDED;
}

static int answer(struct kernel *k)
{
	static const int codes[] = { 0, 2, 3 };
	struct answer answers[NR_CRASHES];
	enum verdict verdict = NOT_AFFECTED;
	int i;

	if (!k->version)
		k->version = "";
	if (k->x86_64 == NO)
		k->state = FOREIGN;
	if (k->state == FOREIGN)
		note(k, "only x86_64's crashes were checked; riscv64 with KASAN has one of its own");
	if (!k->page_size && k->kmsan != UNKNOWN)
		k->page_size = k->kmsan == YES ? 80 : 64;
	for (i = 0; i < NR_CRASHES; i++) {
		answers[i] = judge(k, i);
		if (k->kind[0] == 'm' && answers[i].verdict == NOT_AFFECTED)
			answers[i].meets = (struct meets){ NO, "its kernel is not affected" };
		else if (k->kind[0] == 'm')
			answers[i].trigger = machine_meets(k, i, &answers[i].meets);
		answers[i].result = result_of(k, i, &answers[i]);
		if (answers[i].result == AFFECTED || verdict == NOT_AFFECTED)
			verdict = answers[i].result;
	}
	/* Without a configuration, a source tree is affected if it does not have the fix. */
	if (k->kind[0] == 't' && !k->configured && k->state != FOREIGN && k->state != FIXED)
		verdict = AFFECTED;
	(as_json ? print_json : print_text)(k, answers, verdict);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write the answer");
	return codes[verdict];
}

/* One word, the state of a source tree. Print the reason if it is in none. */
static int detect(struct kernel *k, const char *dir)
{
	const char *why = "";
	int i;

	if (access(dir, X_OK))
		die("%s: %s", dir, strerror(errno));
	if (!read_sources(k, dir, false)) {
		puts("unsupported");
		why = text(NO_TREE, dir, k->evidence);
	} else {
		puts(state_names[k->state]);
		for (i = 0; k->state == UNCLEAR && i < k->nr_lost; i++)
			why = text("%s%s%s", why, i ? "; " : "", k->notes[i]);
	}
	if (fflush(stdout))
		die("cannot write the state");
	if (*why)
		fprintf(stderr, "%s\n", why);
	return 0;
}

static const char *map, *config;

static int image(struct kernel *k, const char *path)
{
	k->kind = "image";
	k->path = path;
	look_at_image(k, path, map, config);
	return answer(k);
}

/*
 * Answer for each of several images, in a process of its own, so that an error in one does
 * not hide the others. The exit code is the worst.
 */
static int images(struct kernel *k, const char *const *paths)
{
	static const int worse[] = { 0, 3, 125, 2 };
	int status, code, worst = 0, i;
	pid_t child;

	one_line = true;
	for (; *paths; paths++) {
		child = fork();
		if (!child)
			exit(image(k, *paths));
		if (child < 0 || waitpid(child, &status, 0) < 0)
			die("cannot start a process: %s", strerror(errno));
		code = WIFEXITED(status) ? WEXITSTATUS(status) : 125;
		for (i = worst + 1; i < (int)ARRAY_SIZE(worse); i++)
			if (worse[i] == code)
				worst = i;
	}
	return worse[worst];
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "tree", required_argument, NULL, 't' },
		{ "root", required_argument, NULL, 'r' },
		{ "detect", required_argument, NULL, 'd' },
		{ "print-config", required_argument, NULL, 'o' },
		{ "map", required_argument, NULL, 'p' },
		{ "config", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "strict", no_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	static const char usage[] = "usage: affected [--verbose] [--strict] [--json] [--tree DIR | --root DIR [IMAGE] | IMAGE... | IMAGE [--map FILE] [--config FILE]]: an image can be a package or a directory with kernels; without any, this machine";
	static const char *given[128];
	const char *const *paths;
	static struct kernel k;
	bool good = true;
	int option;

	k.x86_64 = k.moved = k.vmemmap = k.hook = k.zero_shadow = UNKNOWN;
	k.randomized = k.kasan = k.kmsan = k.hotplug = k.zone_device = UNKNOWN;
	k.has_compound = k.has_subpmd = k.has_vmemmap = UNKNOWN;
	setlocale(LC_CTYPE, "C.UTF-8");
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		good &= option != '?' && !given[option];
		given[option] = optarg ? optarg : "";
	}
	if (given['h'])
		return puts(usage) < 0 ? 125 : 0;
	if (!good || !!given['t'] + !!given['d'] + !!given['o'] + (given['r'] || optind < argc) > 1 ||
	    ((given['p'] || given['c'] || (given['r'] && optind < argc)) && optind + 1 != argc))
		die("%s", usage);
	as_json = given['j'];
	verbose = given['v'];
	strict = given['s'];
	map = given['p'];
	config = given['c'];
	if (given['d'])
		return detect(&k, given['d']);
	if (given['o']) {
		print_config(given['o']);
		return 0;
	}
	if (given['t']) {
		k.kind = "tree";
		k.path = given['t'];
		look_at_tree(&k, k.path);
		return answer(&k);
	}
	if ((optind == argc || given['r']) &&
	    look_at_machine(&k, given['r'] ? given['r'] : "", argv[optind], map)) {
		k.kind = "machine";
		k.path = given['r'] ? given['r'] : "/";
		return answer(&k);
	}
	if (given['r'] && optind < argc)
		die("%s: names no kernel that ran: give the image without it", given['r']);
	paths = optind < argc ? expand((const char *const *)argv + optind) :
		expand((const char *const []){ given['r'], NULL });
	return paths[1] ? images(&k, paths) : image(&k, paths[0]);
}
