# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tools share: where things are, how they end, and how they show that
# they move.

TOP=$(cd "$(dirname "$0")" && until [ -f tools/lib.sh ] || [ "$PWD" = / ]; do cd ..; done && pwd -P)
[ -f "$TOP/tools/lib.sh" ] || exit 125
BUILD=$TOP/build
export TOP BUILD

# Exit codes, the same for every tool.
PASS=0 FAIL=1 SKIP=77 ERROR=125
export PASS FAIL SKIP ERROR

# One line that says what is wrong and what to do, and the end.
die() {
	progress_end
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit "$ERROR"
}

# A step that was made stays on the screen and in the log.
say() {
	progress_end
	printf '%s\n' "$*"
}

# A step that is under way shows on a terminal only.
progress() {
	[ -t 1 ] && printf '\r\033[K%s' "$*"
	return 0
}

progress_end() {
	progress ''
}

# progress with the time that has passed, until ticker_end or the tool's end.
ticker() {
	[ -t 1 ] || return 0
	ticker_end
	(
		ticks=$(now)
		while sleep 1; do
			progress "$1, $(since "$ticks")"
		done
	) &
	TICKER=$!
	at_exit ticker_end
}

ticker_end() {
	[ -z "${TICKER-}" ] || kill "$TICKER" 2>/dev/null
	TICKER=
	progress_end
}

# Seconds since $1, as from now(), for humans.
now() {
	date +%s
}

since() {
	took=$(($(now) - $1))
	printf '%d:%02d' $((took / 60)) $((took % 60))
}

# git on the trees below build/, whatever the user has configured. Commits are
# the same each time that they are made.
treegit() {
	GIT_AUTHOR_NAME='Kernel page-table sync' \
	GIT_AUTHOR_EMAIL='pgtable-sync@example.org' \
	GIT_AUTHOR_DATE='2026-11-22T12:00:00Z' \
	GIT_COMMITTER_NAME='Kernel page-table sync' \
	GIT_COMMITTER_EMAIL='pgtable-sync@example.org' \
	GIT_COMMITTER_DATE='2026-11-22T12:00:00Z' \
	GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \
	git -c gc.auto=0 -c core.compression=1 -c core.autocrlf=false \
		-c advice.detachedHead=false -c safe.directory='*' "$@"
}

# Check out commit $2 of the repository $1 as branch $3 at $SCRATCH, as far as
# the series and the rules look at it, which is quick. It goes when this ends.
scratch() {
	# shellcheck disable=SC2034 # at the exit they are not
	scratch_of=$1 scratch_branch=$3
	SCRATCH=$(mktemp -d)/tree || die "no space for temporary files"
	at_exit 'rm -rf "$(dirname "$SCRATCH")"; treegit -C "$scratch_of" worktree prune;
		treegit -C "$scratch_of" branch -qD "$scratch_branch"'
	treegit -C "$1" worktree add -q --no-checkout -B "$3" "$SCRATCH" "$2" &&
		treegit -C "$SCRATCH" sparse-checkout set --no-cone /include/linux/ \
			/mm/ /arch/x86/mm/ /arch/x86/include/asm/ /Makefile >/dev/null 2>&1 &&
		treegit -C "$SCRATCH" checkout -q "$3" || die "cannot check out $2 of $1"
}

# The contents of files, as one word.
fingerprint() {
	cat "$@" | git hash-object --stdin
}

# Enough room for $1 GiB below build/?
need_space() {
	mkdir -p "$BUILD" 2>/dev/null || die "cannot write $BUILD"
	free=$(df -Pk "$BUILD" | awk 'NR == 2 { print int($4 / 1048576) }')
	[ "$free" -ge "$1" ] || die "$BUILD has $free GiB free and needs $1: make room, or make build a link to a larger disk"
}

# A version as a number that compares: 6.12.47 -> 6012.
kernel_version() {
	awk -F ' *= *' '
		$1 == "VERSION"		{ v = $2 }
		$1 == "PATCHLEVEL"	{ p = $2; exit }
		END			{ if (v == "" || p == "") exit 1; print v * 1000 + p }
	' "$1/Makefile" 2>/dev/null
}

# Clean up when this tool ends, however it ends.
AT_EXIT=:
at_exit() {
	AT_EXIT="$1; $AT_EXIT"
	trap 'eval "$AT_EXIT"' EXIT
	trap 'exit 130' INT TERM HUP
}

# Hold the lock $1 until this tool ends. Two at the same work would spoil it.
lock() {
	mkdir -p "$BUILD" || die "cannot write $BUILD"
	lock=$BUILD/$(echo "$1" | tr / .).lock
	if ! mkdir "$lock" 2>/dev/null; then
		holder=$(cat "$lock/pid" 2>/dev/null)
		if [ -n "$holder" ] && kill -0 "$holder" 2>/dev/null; then
			die "process $holder is at work on $1: wait until it ends"
		fi
		# Its holder was killed.
		rm -rf "$lock"
		mkdir "$lock" || die "cannot lock $1"
	fi
	at_exit 'rm -rf "$lock"'
	echo $$ >"$lock/pid"
}

# Is STAGE $1 a defect, put into the hardened kernel?
is_defect() {
	[ -f "$TOP/tools/testing/mutants/$1.patch" ]
}

# The stage whose tree and objects STAGE $1 has: a defect is put into the tree
# that it is a defect of, so that no more is built anew than what it changes.
stage_home() {
	if is_defect "$1"; then
		echo hardening
	else
		echo "$1"
	fi
}

# What git calls STAGE $1.
stage_commit() {
	case $1 in
	patch[12])	echo "series~$((3 - ${1#patch}))" ;;
	*)		echo "$1" ;;
	esac
}

# The tree, the objects and the kernel of STAGE $2 of BASE $1, with CONFIG $3.
stage_tree() {
	case $2 in
	base)	echo "$BUILD/$1/linux" ;;
	*)	echo "$BUILD/$1/$(stage_home "$2")" ;;
	esac
}

stage_objects() {
	echo "$BUILD/$1/obj/$(stage_home "$2").$3"
}

stage_kernel() {
	echo "$BUILD/$1/kernel/$2.$3"
}

# Have STAGE $2 of BASE $1 in its tree. Only files that differ are written, so
# that no object is built without need.
checkout() {
	repo=$BUILD/$1/linux tree=$(stage_tree "$1" "$2") name=$(stage_commit "$2")
	commit=$(treegit -C "$repo" rev-parse -q --verify "$name^{commit}") ||
		die "$1 has no $2: run tools/testing/prepare"
	if [ ! -d "$tree" ]; then
		ticker "$1: checking out $2"
		treegit -C "$repo" worktree prune
		treegit -C "$repo" worktree add -q --detach "$tree" "$commit" || die "cannot check out $tree"
		ticker_end
	elif [ "$commit" != "$(treegit -C "$tree" rev-parse HEAD)" ]; then
		treegit -C "$tree" reset -q --hard "$commit" || die "cannot reset $tree"
	fi
}

# What CONFIG $1 makes of the kernel, as tools/testing/scenarios has it.
kernel_kind() {
	case $1 in
	*kmsan*)	echo kmsan ;;
	*kasan*)	echo kasan ;;
	*)		echo plain ;;
	esac
}

# The name below build/ of a tree of the user's: its last part, and a number
# for the whole path.
kdir_name() {
	path=$(cd "$1" 2>/dev/null && pwd -P) || die "KDIR=$1: no such directory"
	printf '%s-%s\n' "$(basename "$path" | tr -c 'A-Za-z0-9._\n-' _)" \
		"$(printf %s "$path" | cksum | cut -d ' ' -f 1)"
}
