// SPDX-License-Identifier: GPL-2.0
/*
 * Follow x86_64 code: does a path from here call the synchronization before the next
 * step? Compilers merge the equal ends of several paths, so counting calls does not show
 * which path they are on.
 */
#include <string.h>

#include "image.h"

#define MAX_STEPS 4096

/*
 * What follows each opcode, of one byte and after 0f:
 *
 *	m	ModRM			b z d w	an immediate of 1, 2 or 4, 4, or 2 bytes
 *	M Z	ModRM, and b or z	T U	the same if ModRM has test in it
 *	v	4 bytes, or 8 with REX.W	q e	8, or 3 bytes
 *	x	not in kernel code outside of crypto
 */
static const char opcodes[2][257] = {
	"mmmmbz..mmmmbz.." "mmmmbz..mmmmbz.." "mmmmbz..mmmmbz.." "mmmmbz..mmmmbz.."
	"................" "................" "..xm....zZbM...." "bbbbbbbbbbbbbbbb"
	"MZmMmmmmmmmmmmmm" "................" "qqqq....bz......" "bbbbbbbbvvvvvvvv"
	"MMw.xxMZe.w..b.." "mmmm....mmmmmmmm" "bbbbbbbbdd.b...." "......TU......mm",
	"mmmmm.......mm.m" "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm" "........mmMmmmmm"
	"mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm" "MMMMmmm.mmmmmmmm"
	"dddddddddddddddd" "mmmmmmmmmmmmmmmm" "...mMmmm...mMmmm" "mmmmmmmmmmMmmmmm"
	"mmMmMMMm........" "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm",
};

/* The size of the immediate, if @z is that of an operand of full size. */
static size_t immediate(char kind, unsigned int reg, size_t z, bool wide)
{
	switch (kind) {
	case 'b': case 'M':
		return 1;
	case 'z': case 'Z':
		return z;
	case 'T':
		return reg < 2 ? 1 : 0;
	case 'U':
		return reg < 2 ? z : 0;
	case 'v':
		return wide ? 8 : z;
	case 'd':
		return 4;
	case 'w':
		return 2;
	case 'q':
		return 8;
	case 'e':
		return 3;
	}
	return 0;
}

/* The size of ModRM, SIB and displacement at @p, 0 if they end after @left bytes. */
static size_t modrm_size(const unsigned char *p, size_t left)
{
	unsigned int mod, rm;
	size_t size = 1;

	if (!left)
		return 0;
	mod = p[0] >> 6;
	rm = p[0] & 7;
	if (mod == 3)
		return 1;
	if (rm == 4) {
		if (left < 2)
			return 0;
		size = 2;
		if (mod == 0 && (p[1] & 7) == 5)
			size += 4;
	}
	if (mod == 1)
		size += 1;
	else if (mod == 2 || (mod == 0 && rm == 5))
		size += 4;
	return size;
}

struct insn {
	size_t size;
	unsigned int op;	/* 0x0f00 and above: after 0f */
	unsigned int reg;
	int64_t relative;	/* of a branch */
};

static bool decode(const unsigned char *p, size_t left, struct insn *insn)
{
	bool wide = false, second = false;
	size_t at = 0, z = 4, modrm, imm;
	char kind;

	/* Legacy prefixes, then REX. */
	while (at < left && p[at] && strchr("\x66\xf2\xf3\xf0\x26\x2e\x36\x3e\x64\x65", p[at]))
		z = p[at++] == 0x66 ? 2 : z;
	if (at < left && (p[at] & 0xf0) == 0x40)
		wide = p[at++] & 8;
	if (at < left && p[at] == 0x0f) {
		second = true;
		at++;
	}
	if (at >= left)
		return false;
	kind = opcodes[second][p[at]];
	insn->op = p[at++] | (second ? 0x0f00 : 0);
	if (kind == 'x')
		return false;
	if (insn->op == 0x0f38 || insn->op == 0x0f3a)
		at++;
	insn->reg = 0;
	if (strchr("mMZTU", kind)) {
		modrm = at < left ? modrm_size(p + at, left - at) : 0;
		if (!modrm)
			return false;
		insn->reg = p[at] >> 3 & 7;
		at += modrm;
	}
	imm = immediate(kind, insn->reg, z, wide);
	if (at + imm > left)
		return false;
	insn->relative = imm == 1 ? (int8_t)p[at] : imm == 4 ? (int32_t)le32(p + at) : 0;
	insn->size = at + imm;
	return true;
}

/* Is this the end of a path: ret, ud2, int3, hlt, or an indirect jump? */
static bool ends(const struct insn *insn)
{
	return insn->op == 0xc3 || insn->op == 0xc2 || insn->op == 0x0f0b ||
	       insn->op == 0xcc || insn->op == 0xf4 ||
	       (insn->op == 0xff && (insn->reg == 4 || insn->reg == 5));
}

static bool jumps(const struct insn *insn, bool *always)
{
	*always = insn->op == 0xe9 || insn->op == 0xeb;
	return *always || (insn->op & 0xfff0) == 0x70 || (insn->op & 0xfff0) == 0x0f80;
}

/*
 * or $PGTBL_P4D_MODIFIED: the _track forms of p4d_alloc() and pud_alloc() record a level
 * for one synchronization at the end.
 */
static bool records_p4d(const struct insn *insn)
{
	return (insn->op == 0x80 || insn->op == 0x83) && insn->reg == 1 &&
	       insn->relative == 2;
}

/* The addresses that have been reached. Those from @done on are still to be followed. */
struct paths {
	uint64_t seen[MAX_STEPS];
	int nr, done;
};

static void push(struct paths *paths, uint64_t address)
{
	int i;

	for (i = 0; i < paths->nr; i++)
		if (paths->seen[i] == address)
			return;
	if (paths->nr < MAX_STEPS)
		paths->seen[paths->nr++] = address;
}

/* Does the instruction at @address synchronize? If not, add where it can lead to. */
static bool step(const struct image *image, uint64_t address, struct paths *paths)
{
	const unsigned char *p;
	bool always = false;
	struct insn insn;
	uint64_t target;
	size_t left;
	int kind;

	p = image_at(image, address, &left);
	if (!p || !decode(p, left, &insn) || ends(&insn))
		return false;
	if (records_p4d(&insn))
		return true;
	target = address + insn.size + insn.relative;
	if (insn.op == 0xe8 || jumps(&insn, &always)) {
		kind = kind_of_call(image, target);
		if (kind != CALL_OTHER)
			return kind == CALL_SYNC;
		if (insn.op != 0xe8)
			push(paths, target);
	}
	if (!always)
		push(paths, address + insn.size);
	return false;
}

bool reaches_sync(const struct image *image, uint64_t address)
{
	static struct paths paths;

	paths.nr = paths.done = 0;
	push(&paths, address);
	while (paths.done < paths.nr)
		if (step(image, paths.seen[paths.done++], &paths))
			return true;
	return false;
}

#define OP_NOP	0x90
#define OP_NOPL	0x0f1f
#define OP_CALL	0xe8
#define OP_INT3	0xcc

/*
 * Is this the whole code of a function? Files with only debug information have names
 * without code, and code may have been partly wiped. A function consists of
 * instructions, none of which is 00 00, and the last of which does not fall through. int3
 * and nop may pad it up to the next function. Long runs of any other byte are not code.
 */
bool is_code(const unsigned char *code, size_t size)
{
	struct insn insn, last = { 0 };
	bool always = false;
	size_t at = 0, same;

	if (!code || !size)
		return false;
	while (at < size) {
		for (same = 1; at + same < size && code[at + same] == code[at]; same++)
			;
		if (code[at] == OP_NOP || code[at] == OP_INT3) {
			at += same;
			if (code[at - 1] == OP_INT3 && same > 3 && at < size)
				return false;
			continue;
		}
		if ((code[at] == 0 && same > 1) || same > 11 ||
		    !decode(code + at, size - at, &insn))
			return false;
		at += insn.size;
		if (insn.op != OP_NOP && insn.op != OP_NOPL)
			last = insn;
	}
	jumps(&last, &always);
	return ends(&last) || always || last.op == OP_CALL;
}
