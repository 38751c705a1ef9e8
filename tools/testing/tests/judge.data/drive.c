// SPDX-License-Identifier: GPL-2.0
/*
 * Have the judge, which is linked in, look at many boots. Its exit() is ours and
 * comes back, as a process for each would take most of the time.
 *
 *	drive points LIST [first]
 *
 * says "ok" or "not ok" for each point of LIST, or which fails first. A line of
 * LIST is number, exit code, verdict, scenario, crash or "-", and name. The boot
 * is the number, beside LIST. The verdict is all of it behind a "=".
 *
 *	drive damage FROM TO COUNT SPLAT SCENARIO CRASH
 *
 * damages the boot FROM in COUNT ways, the same each time. The judge has to end
 * with a code of its own, and no boot passes while the line SPLAT of its console
 * is as it was.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX	(1 << 17)

int judge_main(int argc, char **argv);
void judge_exit(int code) __attribute__((noreturn));

static char said[4096];
static const char *looks_at;	/* a point's name, or where a variant is */
static FILE *report;		/* stdout as it was */
static jmp_buf back;

struct text {
	char buf[MAX];
	size_t len;
};

static unsigned long long seed;

static size_t below(size_t n)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return n ? (seed >> 33) % n : 0;
}

static void load(struct text *t, const char *dir, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	if (!f)
		exit(2);
	t->len = fread(t->buf, 1, MAX / 2, f);
	fclose(f);
}

static void save(const struct text *t, const char *dir, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	if (!f || fwrite(t->buf, 1, t->len, f) != t->len || fclose(f))
		exit(2);
}

/* Put @n bytes to @at, or take them away. */
static void insert(struct text *t, size_t at, const char *s, size_t n)
{
	if (t->len + n > MAX)
		return;
	memmove(t->buf + at + n, t->buf + at, t->len - at);
	memcpy(t->buf + at, s, n);
	t->len += n;
}

static void cut(struct text *t, size_t at, size_t n)
{
	memmove(t->buf + at, t->buf + at + n, t->len - at - n);
	t->len -= n;
}

static void some_line(const struct text *t, size_t *at, size_t *n)
{
	const char *end;

	*at = below(t->len);
	while (*at && t->buf[*at - 1] != '\n')
		--*at;
	end = memchr(t->buf + *at, '\n', t->len - *at);
	*n = end ? (size_t)(end + 1 - t->buf) - *at : t->len - *at;
}

static void damage(struct text *t)
{
	static const char *const lines[] = {
		"\n", "\r", "\0", "BUG", "[", "[#", "<", "\nok ", "\nnot ok 3\n",
		"\n1..", "\n# end: 1 of", "INFO: task ", "WARNING: a:1", "# SKIP",
	};
	size_t at, n, i = below(sizeof(lines) / sizeof(*lines));
	char copy[MAX / 4];

	some_line(t, &at, &n);
	if (n > sizeof(copy))
		n = sizeof(copy);
	switch (below(7)) {
	case 0:
		t->len = below(t->len + 1);
		break;
	case 1:
		if (t->len)
			t->buf[below(t->len)] ^= 1 << below(8);
		break;
	case 2:
		insert(t, below(t->len + 1), "\0\0\0\0", 1 + below(4));
		break;
	case 3:
		insert(t, below(t->len + 1), lines[i], strlen(lines[i]));
		break;
	case 4:
		memcpy(copy, t->buf + at, n);
		insert(t, at, copy, n);
		break;
	case 5:
		cut(t, at, n);
		break;
	case 6:
		memcpy(copy, t->buf + at, n);
		cut(t, at, n);
		some_line(t, &at, &i);
		insert(t, at, copy, n);
		break;
	}
}

/* Is @line there, as a line? */
static bool intact(const struct text *t, const char *line)
{
	size_t n = strlen(line);
	const char *end = t->buf + t->len, *s = t->buf;

	for (; n && (s = memmem(s, end - s, line, n)); s++)
		if ((s == t->buf || s[-1] == '\n') &&
		    (s + n == end || s[n] == '\n' || s[n] == '\r'))
			return true;
	return false;
}

void judge_exit(int code)
{
	longjmp(back, 1 + code);
}

static void died(int sig)
{
	fprintf(report, "caught by a signal, %d, %s\n", sig, looks_at);
	fflush(report);
	_exit(1);
}

/* From here on stdout and stderr are a file in memory. */
static int capture(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGALRM };
	int fd = memfd_create("said", 0);
	size_t i;

	report = fdopen(dup(1), "w");
	if (fd < 0 || !report || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
		exit(2);
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], died);
	return fd;
}

/* What the judge says goes to said[]. */
static int judge(char *run, char *scenario, char *crash)
{
	char *argv[] = { "judge", run, scenario, crash, NULL };
	static int fd = -1;
	ssize_t n;
	int code;

	if (fd < 0)
		fd = capture();
	if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
		exit(2);
	alarm(20);
	code = setjmp(back);
	if (!code)
		judge_exit(judge_main(crash ? 4 : 3, argv));
	n = pread(fd, said, sizeof(said) - 1, 0);
	said[n > 0 ? n : 0] = '\0';
	return code - 1;
}

static bool as_expected(const char *text)
{
	size_t n = strlen(++text);

	if (text[-1] == '=')
		return !strncmp(said, text, n) && !strcmp(said + n, "\n");
	return strstr(said, text - 1);
}

static char *read_list(const char *path)
{
	FILE *f = fopen(path, "r");
	size_t size = 0;
	char *list = NULL;

	if (!f || getdelim(&list, &size, '\0', f) < 0)
		exit(2);
	fclose(f);
	return list;
}

static int points(const char *path, bool first)
{
	char *list = read_list(path), *line, run[4096], *field[6];
	int i, code;

	while ((line = strsep(&list, "\n")) && *line) {
		for (i = 0; i < 6; i++)
			field[i] = strsep(&line, "\t");
		snprintf(run, sizeof(run), "%.*s/%s",
			 (int)(strrchr(path, '/') - path), path, field[0]);
		looks_at = field[5];
		code = judge(run, field[3],
			     strcmp(field[4], "-") ? field[4] : NULL);
		if (code == atoi(field[1]) && as_expected(field[2])) {
			if (!first)
				fprintf(report, "ok\t%s\n", field[5]);
			continue;
		}
		if (first) {
			fprintf(report, "caught by %s, %s\n", field[0],
				field[5]);
			return 1;
		}
		said[strcspn(said, "\n")] = '\0';
		fprintf(report, "not ok\t%s\texit code %d, \"%s\"\n",
			field[5], code, said);
	}
	return 0;
}

static void own_code(int code, int variant)
{
	if (!code || code == 1 || code == 77 || code == 125)
		return;
	fprintf(report, "variant %d: exit code %d, %s\n", variant, code, said);
	exit(1);
}

static int damaged(char **arg)
{
	static struct text console, ktap;
	int i, j, code;

	looks_at = arg[1];
	for (i = 1; i <= atoi(arg[2]); i++) {
		seed = i * 2654435761u;
		load(&console, arg[0], "console");
		load(&ktap, arg[0], "ktap");
		for (j = 1 + below(4); j; j--)
			damage(below(4) ? &console : &ktap);
		save(&console, arg[1], "console");
		save(&ktap, arg[1], "ktap");
		code = judge(arg[1], arg[4], NULL);
		own_code(code, i);
		if ((!code || code == 77) && intact(&console, arg[3])) {
			fprintf(report, "variant %d: %s\n", i, said);
			return 1;
		}
		own_code(judge(arg[1], arg[4], arg[5]), i);
	}
	fputs("whole\n", report);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 8 && !strcmp(argv[1], "damage"))
		return damaged(argv + 2);
	if (argc >= 3 && !strcmp(argv[1], "points"))
		return points(argv[2], argc > 3);
	return 2;
}
