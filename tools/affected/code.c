// SPDX-License-Identifier: GPL-2.0
/*
 * Follow x86_64 code: is the synchronization called on some way from here to
 * the next step? Compilers fold equal ends of ways into one, so that counting
 * calls does not tell on which way they are.
 */
#include "affected.h"

#define MAX_STEPS 4096

static bool has_modrm(unsigned int op)
{
	if (op < 0x40)
		return (op & 7) < 4;
	switch (op) {
	case 0x63: case 0x69: case 0x6b: case 0xc0: case 0xc1: case 0xc6: case 0xc7:
	case 0xf6: case 0xf7: case 0xfe: case 0xff:
		return true;
	}
	return (op & 0xf0) == 0x80 || (op & 0xfc) == 0xd0 || (op & 0xf8) == 0xd8;
}

/* The size of the immediate, where @z is that of an operand of full size. */
static size_t immediate(unsigned int op, unsigned int reg, size_t z, bool wide)
{
	if (op < 0x40)
		return (op & 7) == 4 ? 1 : (op & 7) == 5 ? z : 0;
	if ((op & 0xf0) == 0x70 || (op & 0xf8) == 0xb0 || (op & 0xf8) == 0xe0)
		return 1;
	if ((op & 0xf8) == 0xb8)
		return wide ? 8 : z;
	if ((op & 0xfc) == 0xa0)
		return 8;
	switch (op) {
	case 0x68: case 0x69: case 0x81: case 0xa9: case 0xc7:
		return z;
	case 0xe8: case 0xe9:
		return 4;
	case 0x6a: case 0x6b: case 0x80: case 0x83: case 0xa8: case 0xc0: case 0xc1:
	case 0xc6: case 0xcd: case 0xeb:
		return 1;
	case 0xc2: case 0xca:
		return 2;
	case 0xc8:
		return 3;
	case 0xf6:
		return reg < 2 ? 1 : 0;
	case 0xf7:
		return reg < 2 ? z : 0;
	}
	return 0;
}

static bool has_modrm_0f(unsigned int op)
{
	return !((op >= 0x05 && op <= 0x0b) || op == 0x0e || (op & 0xf8) == 0x30 ||
		 op == 0x77 || (op & 0xf0) == 0x80 || (op & 0xf6) == 0xa0 ||
		 op == 0xa2 || op == 0xaa || (op & 0xf8) == 0xc8);
}

static size_t immediate_0f(unsigned int op)
{
	if ((op & 0xf0) == 0x80)
		return 4;
	return (op & 0xfc) == 0x70 || op == 0xa4 || op == 0xac || op == 0xba ||
	       op == 0xc2 || (op >= 0xc4 && op <= 0xc6);
}

/* ModRM, SIB and displacement at @p, 0 if they end after @left bytes. */
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
	unsigned int op;	/* 0x0f00 and above: of the second map */
	unsigned int reg;
	int64_t relative;	/* of a branch */
};

/* What kernel code outside of crypto consists of; false for anything else. */
static bool decode(const unsigned char *p, size_t left, struct insn *insn)
{
	size_t at = 0, z = 4, modrm, imm;
	bool wide = false, second = false;

	while (at < left && (p[at] == 0x66 || (p[at] & 0xfe) == 0xf2 || p[at] == 0xf0 ||
			     (p[at] & 0xe7) == 0x26 || (p[at] & 0xfe) == 0x64))
		z = p[at++] == 0x66 ? 2 : z;
	if (at < left && (p[at] & 0xf0) == 0x40)
		wide = p[at++] & 8;
	if (at < left && p[at] == 0x0f) {
		second = true;
		at++;
	}
	if (at >= left)
		return false;
	insn->op = p[at++];
	if (!second && (insn->op == 0xc4 || insn->op == 0xc5 || insn->op == 0x62))
		return false;
	imm = second ? immediate_0f(insn->op) : 0;
	if (second && (insn->op == 0x38 || insn->op == 0x3a)) {
		imm = insn->op == 0x3a;
		at++;
	}
	insn->reg = 0;
	if (second ? has_modrm_0f(insn->op) : has_modrm(insn->op)) {
		modrm = at < left ? modrm_size(p + at, left - at) : 0;
		if (!modrm)
			return false;
		insn->reg = p[at] >> 3 & 7;
		at += modrm;
	}
	if (!second)
		imm = immediate(insn->op, insn->reg, z, wide);
	if (at + imm > left)
		return false;
	insn->relative = 0;
	if (imm == 1)
		insn->relative = (int8_t)p[at];
	else if (imm == 4)
		insn->relative = (int32_t)(p[at] | p[at + 1] << 8 | p[at + 2] << 16 |
					   (uint32_t)p[at + 3] << 24);
	insn->size = at + imm;
	if (second)
		insn->op |= 0x0f00;
	return true;
}

/* How many bytes at @p are like the first one? */
static size_t equal_bytes(const unsigned char *p, size_t left)
{
	size_t nr = 1;

	while (nr < left && p[nr] == p[0])
		nr++;
	return nr;
}

/* The end of a way: ret, ud2, int3, hlt, or a jump to who knows where. */
static bool ends(const struct insn *insn)
{
	return insn->op == 0xc3 || insn->op == 0xc2 || insn->op == 0x0f0b ||
	       insn->op == 0xcc || insn->op == 0xf4 ||
	       (insn->op == 0xff && (insn->reg == 4 || insn->reg == 5));
}

static bool jumps(const struct insn *insn, bool *always)
{
	*always = insn->op == 0xe9 || insn->op == 0xeb;
	return *always || (insn->op & 0xf0) == 0x70 || (insn->op & 0xfff0) == 0x0f80;
}

/*
 * or $PGTBL_P4D_MODIFIED: a level is noted, for one synchronization at the end, as
 * the _track forms of p4d_alloc() and pud_alloc() do.
 */
static bool notes_p4d(const struct insn *insn)
{
	return (insn->op == 0x80 || insn->op == 0x83) && insn->reg == 1 &&
	       insn->relative == 2;
}

struct ways {
	uint64_t todo[MAX_STEPS], seen[MAX_STEPS];
	int nr_todo, nr_seen;
};

static bool push(struct ways *ways, uint64_t address)
{
	int i;

	for (i = 0; i < ways->nr_seen; i++)
		if (ways->seen[i] == address)
			return true;
	if (ways->nr_seen == MAX_STEPS)
		return false;
	ways->seen[ways->nr_seen++] = address;
	ways->todo[ways->nr_todo++] = address;
	return true;
}

/* Where the code at @address goes on, after a look at whom it calls. */
static bool step(const struct code *code, uint64_t address, struct ways *ways)
{
	const unsigned char *p;
	struct insn insn;
	uint64_t target;
	bool always;
	size_t left;
	int kind;

	p = code->at(code->image, address, &left);
	if (!p || !decode(p, left, &insn) || ends(&insn))
		return false;
	if (code->notes && notes_p4d(&insn))
		return true;
	target = address + insn.size + insn.relative;
	if (insn.op == 0xe8 || jumps(&insn, &always)) {
		kind = code->kind(code->image, target);
		if (kind == CALL_SYNC)
			return true;
		if (kind == CALL_BARRIER)
			return false;
		if (insn.op != 0xe8) {
			push(ways, target);
			if (always)
				return false;
		}
	}
	push(ways, address + insn.size);
	return false;
}

bool reaches_sync(const struct code *code, uint64_t address)
{
	static struct ways ways;

	ways.nr_todo = 0;
	ways.nr_seen = 0;
	push(&ways, address);
	while (ways.nr_todo)
		if (step(code, ways.todo[--ways.nr_todo], &ways))
			return true;
	return false;
}

#define OP_NOP	0x90
#define OP_NOPL	0x0f1f
#define OP_CALL	0xe8
#define OP_INT3	0xcc

/*
 * Is this the whole code of a function? Files with only debug information have names
 * without code, and code may have been wiped in part. A function consists of
 * instructions, none of which is 00 00, and ends in one that does not go on. int3 and nop
 * may follow it up to the next function; more than a few of any byte are no code.
 */
bool is_code(const unsigned char *code, size_t size)
{
	struct insn insn, last = { 0 };
	bool always = false;
	size_t at = 0, same;

	if (!code || !size)
		return false;
	while (at < size) {
		same = equal_bytes(code + at, size - at);
		if (code[at] == OP_NOP || code[at] == OP_INT3) {
			at += same;
			if (code[at - 1] == OP_INT3 && same > 3 && at < size)
				return false;
			continue;
		}
		if ((code[at] == 0 && same > 1) || same > 11)
			return false;
		if (!decode(code + at, size - at, &insn))
			return false;
		at += insn.size;
		if (insn.op != OP_NOP && insn.op != OP_NOPL)
			last = insn;
	}
	jumps(&last, &always);
	return ends(&last) || always || last.op == OP_CALL;
}
