# SPDX-License-Identifier: GPL-2.0
#
# Apply one patch's worth of edit rules to a kernel tree, in either direction.
#
#   awk -v tree=DIR -v out=DIR -v patch=N -v dir=forward|back -f edit.awk RULES
#
# Each file that a rule touches is read from tree=, and written to out= at the end, if every
# rule has found its anchor. The head of the rules explains the verbs.

function fail(file, anchor)
{
	printf "%s: no unique anchor \"%s\" (patch %d, %s)\n", \
		file, anchor, patch, dir > "/dev/stderr"
	failed = 1
	exit 1
}

# The lines of FILE, read on first use: line[FILE, 1..count[FILE]].
function load(file,	text, n, status)
{
	if (file in count)
		return
	while ((status = (getline text < (tree "/" file))) > 0)
		line[file, ++n] = text
	if (status < 0)
		fail(file, "the file itself")
	close(tree "/" file)
	count[file] = n
}

# The only line of FILE that contains TEXT; 0 if there is none or more than one.
function find(file, text,	i, hit)
{
	load(file)
	for (i = 1; i <= count[file]; i++) {
		if (!index(line[file, i], text))
			continue
		if (hit)
			return 0
		hit = i
	}
	return hit
}

function need(file, text,	i)
{
	if (!(i = find(file, text)))
		fail(file, text)
	return i
}

# A paragraph is a run of lines without an empty one.
function first(file, i)
{
	while (i > 1 && line[file, i - 1] != "")
		i--
	return i
}

function last(file, i)
{
	while (i < count[file] && line[file, i + 1] != "")
		i++
	return i
}

# Replace lines FROM..TO of FILE by TEXT; TO < FROM inserts before FROM.
function splice(file, from, to, text,	new, n, i, tail, m)
{
	n = text == "" ? 0 : split(text, new, "\n")
	for (i = to + 1; i <= count[file]; i++)
		tail[++m] = line[file, i]
	for (i = 1; i <= n; i++)
		line[file, from - 1 + i] = new[i]
	for (i = 1; i <= m; i++)
		line[file, from - 1 + n + i] = tail[i]
	count[file] = from - 1 + n + m
}

function lines(file, from, to,	text, i)
{
	for (i = from; i <= to; i++)
		text = text (i > from ? "\n" : "") line[file, i]
	return text
}

# Remove the paragraph that contains ANCHOR, and the empty line after it.
function cut(file, anchor,	i, from, to, text)
{
	i = need(file, anchor)
	from = first(file, i)
	to = last(file, i)
	text = lines(file, from, to)
	splice(file, from, to + 1, "")
	return text
}

# Add TEXT as a paragraph before or after the one that contains ANCHOR.
function put(file, where, anchor, text,	i)
{
	i = need(file, anchor)
	i = where == "before" ? first(file, i) : last(file, i) + 2
	splice(file, i, i - 1, text "\n")
}

function do_move(	text, i)
{
	text = reworded(forward ? from_file : to_file, cut(forward ? from_file : to_file, at))
	if (!forward) {
		put(from_file, from_where, from_anchor, text)
		return
	}
	for (i = 1; i < places && !find(to_file, to_anchor[i]); i++)
		;
	put(to_file, to_where[i], to_anchor[i], text)
}

# TEXT, a paragraph of FILE, with the comment at its start replaced, if the rule has one.
# Forwards it must be the expected one. Backwards any is replaced, as upstream has its own.
function reworded(file, text,	end)
{
	if (plus == "")
		return text
	end = index(text, " */\n") + 2
	if (text !~ /^\/\*/ || end == 2 || (forward && substr(text, 1, end) != minus))
		fail(file, "the comment above " at)
	return (forward ? plus : minus) substr(text, end + 1)
}

function do_paragraph()
{
	if (forward)
		put(file, where, anchor, plus)
	else
		cut(file, at)
}

# The comment directly above AT, or above its paragraph. Forwards its text must be the
# expected one. Backwards any text is replaced, as upstream has its own.
function do_comment(	i, from, to)
{
	i = need(file, at)
	for (to = i; to > 1 && line[file, to] !~ /\*\/$/; to--)
		if (line[file, to - 1] == "")
			fail(file, at)
	for (from = to; from > 1 && line[file, from] !~ /^\/\*/; from--)
		;
	if (forward) {
		if (lines(file, from, to) != minus)
			fail(file, "the comment above " at)
		splice(file, from, to, plus)
	} else {
		splice(file, from, to, minus)
	}
}

function spaces(n,	text)
{
	for (; n >= 8; n -= 8)
		text = text "\t"
	for (; n > 0; n--)
		text = text " "
	return text
}

# NAME(&init_mm, ...) <-> NAME_kernel(addr, ...). An argument on a line of its own is indented
# by five tabs in unfixed trees, and to the parenthesis in fixed ones.
function do_call(file, optional,	i, old, new, hits, pos)
{
	old = name (forward ? "(&init_mm, " : "_kernel(addr, ")
	new = name (forward ? "_kernel(addr, " : "(&init_mm, ")
	load(file)
	for (i = 1; i <= count[file]; i++) {
		if (!(pos = index(line[file, i], old)))
			continue
		hits++
		line[file, i] = substr(line[file, i], 1, pos - 1) new \
				substr(line[file, i], pos + length(old))
		if (line[file, i] !~ /,$/)
			continue
		pos = forward ? 7 * (pos - 1) + index(line[file, i], "(") : 40
		sub(/^[ \t]*/, spaces(pos), line[file, i + 1])
	}
	if (!hits && !optional)
		fail(file, old)
}

# A call that passes lm_alias(AT) on its second line <-> the same under if (IF).
function do_guard(	i, call, arg, indent, hits)
{
	load(file)
	for (i = 2; i <= count[file]; i++) {
		arg = line[file, i]
		call = line[file, i - 1]
		if (!index(arg, "lm_alias(" at ")") ||
		    call !~ /p[g4]d_populate(_kernel)?\(/)
			continue
		hits++
		match(call, /^\t*/)
		indent = substr(call, 1, RLENGTH)
		if (forward) {
			splice(file, i - 1, i, indent "if (" condition ")\n" \
						"\t" call "\n\t" arg)
			i++
		} else if (index(line[file, i - 2], "if (" condition ")")) {
			splice(file, i - 2, i, substr(call, 2) "\n" arg)
			i--
		}
	}
	if (!hits)
		fail(file, "lm_alias(" at ")")
}

# <asm/pgalloc.h> <-> <linux/pgalloc.h>. The first is below AFTER, and the second at the end
# of the <linux/...> group. Without AFTER they are in the same place.
function do_include(file, after, optional,	old, new, i)
{
	old = "#include <" (forward ? "asm" : "linux") "/pgalloc.h>"
	new = "#include <" (forward ? "linux" : "asm") "/pgalloc.h>"
	if (optional && !find(file, old))
		return
	i = need(file, old)
	if (after == "") {
		line[file, i] = new
		return
	}
	splice(file, i, i, "")
	if (!forward)
		i = need(file, "#include " after)
	else
		while (i > 1 && line[file, i] !~ /^#include <linux\//)
			i--
	splice(file, i + 1, i, new)
}

# Run the rule that the lines so far describe.
function run()
{
	if (verb == "move")
		do_move()
	else if (verb == "paragraph")
		do_paragraph()
	else if (verb == "comment")
		do_comment()
	else if (verb == "guard")
		do_guard()
	verb = minus = plus = ""
	places = 0
}

function rest(n,	text, i)
{
	text = $0
	for (i = 1; i < n; i++)
		sub(/^[ \t]*[^ \t]+[ \t]+/, "", text)
	return text
}

BEGIN		{ forward = dir == "forward" }
/^#/ || /^$/	{ next }
/^-/		{ minus = minus (minus == "" ? "" : "\n") substr($0, 2); next }
/^\+/		{ plus = plus (plus == "" ? "" : "\n") substr($0, 2); next }
$1 == "patch"	{ run(); mine = $2 == patch; next }
!mine		{ next }
$1 == "from"	{ from_file = $2; from_where = $3; from_anchor = rest(4); next }
$1 == "to"	{ to_file = $2; to_where[++places] = $3; to_anchor[places] = rest(4); next }
$1 == "at"	{ at = rest(2); next }
$1 == "put"	{ where = $2; anchor = rest(3); next }
$1 == "if"	{ condition = rest(2); next }
{
	run()
}
$1 == "move"	{ verb = $1; at = rest(2); next }
$1 ~ /^(paragraph|comment|guard)$/ { verb = $1; file = $2; next }
$1 == "call"	{
	name = $2
	for (i = 3; i <= NF; i++) {
		optional = sub(/\?$/, "", $i)
		do_call($i, optional)
	}
	next
}
$1 == "include"	{
	optional = sub(/\?$/, "", $2)
	do_include($2, $3 == "after" ? $4 : "", optional)
	next
}
$1 == "add"	{ next }
{
	printf "rules: unknown verb \"%s\"\n", $1 > "/dev/stderr"
	failed = 1
	exit 1
}

END {
	if (failed)
		exit 1
	run()
	for (file in count)
		for (i = 1; i <= count[file]; i++)
			print line[file, i] > (out "/" file)
}
