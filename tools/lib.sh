# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tools share: where things are, how they end, how they show that they
# move, and how work that was done is known again.

# A tool does what its arguments say. ARCH or KCFLAGS for another kernel, GIT_DIR
# of the hook that runs us, a setting of last week: the environment keeps no say.
if [ "${PGSYNC_ENV-}" != clean ]; then
	case ${TMPDIR-} in
	/*) ;;
	*) TMPDIR=/tmp ;;
	esac
	exec env -i PGSYNC_ENV=clean LC_ALL=C PATH="$PATH" HOME="${HOME:-/}" \
		TERM="${TERM:-dumb}" TMPDIR="$TMPDIR" \
		${http_proxy:+"http_proxy=$http_proxy"} \
		${https_proxy:+"https_proxy=$https_proxy"} \
		${no_proxy:+"no_proxy=$no_proxy"} /bin/sh "$0" "$@"
fi

TOP=$(cd "$(dirname "$0")" && until [ -f tools/lib.sh ] || [ "$PWD" = / ]; do cd ..; done && pwd -P)
[ -f "$TOP/tools/lib.sh" ] || exit 125
BUILD=$TOP/build

# Exit codes, the same for every tool.
# shellcheck disable=SC2034 # the tools use them
PASS=0 FAIL=1 SKIP=77 ERROR=125

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
TICKER=
ticker() {
	[ -t 1 ] || return 0
	ticker_end
	(
		ticks=$(now)
		while sleep 1 && kill -0 $$ 2>/dev/null; do
			progress "$1, $(since "$ticks")"
		done
	) &
	TICKER=$!
	at_exit ticker_end
}

ticker_end() {
	[ -z "$TICKER" ] || kill "$TICKER" 2>/dev/null
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

# take NAME... -- ARGUMENT...: set each NAME to what a leading NAME=VALUE among
# the arguments says, or to nothing. TAKEN is how many there were, to be shifted.
take() {
	known=' '
	while [ "$1" != -- ]; do
		eval "$1="
		known="$known$1 "
		shift
	done
	shift
	TAKEN=0
	while [ $# -gt 0 ]; do
		name=${1%%=*}
		case $1 in
		[A-Z]*=*) ;;
		*) return ;;
		esac
		case $known in
		*" $name "*) ;;
		*) die "no such setting: $name; there are:${known% }" ;;
		esac
		eval "$name=\${1#*=}"
		TAKEN=$((TAKEN + 1))
		shift
	done
}

# WORDS as the shell reads them again, for a command that is shown.
quoted() {
	for word; do
		case $word in
		*[!A-Za-z0-9_./+:=,-]* | '')
			printf "'%s' " "$(printf %s "$word" | sed "s/'/'\\\\''/g")" ;;
		*)	printf '%s ' "$word" ;;
		esac
	done | sed 's/ $//'
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
	GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$TOP/tools/gitconfig git "$@"
}

# git on a tree of the user's, which is only looked at: no index is refreshed, and what
# a partial clone has not is not fetched into it.
lookgit() {
	GIT_ALLOW_PROTOCOL=none treegit --no-optional-locks -C "$@"
}

# Clean up when this tool ends, however it ends.
AT_EXIT=attend_end
at_exit() {
	AT_EXIT="$1; $AT_EXIT"
}
trap 'eval "$AT_EXIT"' EXIT
trap 'exit 130' INT TERM HUP

# Run a program that takes long. A signal ends it at once, where the shell would
# wait for it first, and it does not outlive this tool.
ATTENDED=
attend() {
	setpriv --pdeathsig TERM "$@" &
	ATTENDED=$!
	wait "$ATTENDED"
	attended=$?
	ATTENDED=
	return $attended
}

# A tool that is attended may wait for a program of its own, and a shell that waits
# hears no signal: end what is below it, too.
end_all() {
	below=$(cat "/proc/$1/task/$1/children" 2>/dev/null)
	kill "$1" 2>/dev/null
	for pid in $below; do
		end_all "$pid"
	done
}

attend_end() {
	[ -n "$ATTENDED" ] || return 0
	end_all "$ATTENDED"
	wait "$ATTENDED"
	ATTENDED=
}

# Hold the lock $1, of a base or a cell, until this tool ends, be it by SIGKILL:
# two at the same work would spoil it, so who comes second waits. A program that
# we started and that goes on without us holds it, too.
LOCK_FD=9
lock() {
	lock=$BUILD/locks/$(echo "$1" | tr / .)
	make_dir "$BUILD/locks"
	(: >>"$lock") 2>/dev/null || die "cannot lock $1: $lock is not ours to write"
	eval "exec $LOCK_FD>>\"\$lock\""
	if ! flock -n $LOCK_FD; then
		echo "${0##*/}: waiting for another run, which is at work on $1" >&2
		attend flock $LOCK_FD || die "cannot lock $1"
	fi
	LOCK_FD=$((LOCK_FD - 1))
}

# A build that is a link leads to a directory of ours alone, which make clean empties.
make_dir() {
	if [ -L "$BUILD" ] && [ -d "$BUILD" ] && [ ! -e "$BUILD/.pgsync" ]; then
		[ -z "$(ls -A "$BUILD/")" ] ||
			die "$BUILD is a link to a directory with other things in it: give it one that is empty"
		(: >"$BUILD/.pgsync") 2>/dev/null || die "cannot write $BUILD"
	fi
	mkdir -p "$1" 2>/dev/null || die "cannot write $1$(
		[ ! -L "$BUILD" ] || [ -d "$BUILD" ] || echo ": $BUILD is a link to nothing")"
}

# once STAMP LOCK INPUT...: end this tool if what STAMP stands for was made of the
# same INPUTs, files or words. Otherwise hold LOCK, and have what is old gone.
# finish says that it is made now.
once() {
	stamp=$1 lock_name=$2
	shift 2
	for input; do
		case $input in
		/*) [ -r "$input" ] || die "cannot read $input" ;;
		esac
	done
	id=$(for input; do
		case $input in
		/*) echo "${input#"$TOP"}"; cat "$input" ;;
		*)  echo "$input" ;;
		esac
	done | sha256sum)
	[ "$id" != "$(cat "$stamp" 2>/dev/null)" ] || exit 0
	lock "$lock_name"
	unlock_git "$lock_name"
	# Another may have done it in the meantime.
	[ "$id" != "$(cat "$stamp" 2>/dev/null)" ] || exit 0
	rm -f "$stamp"
	# shellcheck disable=SC2034 # the tools say how long they took
	start=$(now)
}

finish() {
	echo "$id" >"$stamp.new" && mv "$stamp.new" "$stamp" || die "cannot write $stamp"
}

# Enough room for $1 GiB below build/?
need_space() {
	make_dir "$BUILD"
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

# What a file that declares something says behind KEY $1, a line for each: the
# series, the package or the fragment $2.
says() {
	awk -v key="$1" '$1 == key { sub(/^[^ \t]*[ \t]+/, ""); print }' "$2"
}

# The declaration of SERIES $1, a folder of patches/.
series_file() {
	[ -f "$TOP/patches/$1/series" ] || die "no series $1 in patches: there are $(series_names | tr '\n' ' ')"
	echo "$TOP/patches/$1/series"
}

series_names() {
	(cd "$TOP/patches" && printf '%s\n' */series | sed 's,/series,,')
}

is_series() {
	[ -f "$TOP/patches/$1/series" ]
}

# Is STAGE $1 a defect, put into the kernel of a series? What it mutates, the
# kernel that has to catch it and how stand at the head of its patch.
is_defect() {
	[ -f "$TOP/tools/testing/mutants/$1.patch" ]
}

defect_says() {
	file=$TOP/tools/testing/mutants/$2.patch
	sed -n "/^---$/q; s/^$1: //p" "$file" | grep . || die "$file has no line $1: at its head"
}

# A STAGE is source, a tree as it was got; base, taken back to before the fix; a
# series by its name, or its first N patches, NAME-N; or a defect. The series that
# STAGE $1 is of, or nothing.
stage_series() {
	if is_defect "$1"; then
		defect_says Mutates "$1"
	elif is_series "${1%-[0-9]*}"; then
		echo "${1%-[0-9]*}"
	elif is_series "$1"; then
		echo "$1"
	fi
}

is_stage() {
	case $1 in
	source | base)	;;
	*)		[ -n "$(stage_series "$1")" ] ;;
	esac
}

# The commit of STAGE $2 of BASE $1. Stages are refs of our own, which no branch
# or tag of a user's tree is mistaken for.
stage_commit() {
	ref=refs/pgsync/$2
	if ! is_series "$2" && is_series "${2%-[0-9]*}"; then
		whole=refs/pgsync/${2%-[0-9]*}
		patches=$(treegit -C "$BUILD/$1/linux" rev-list --count \
			"refs/pgsync/$(says on "$(series_file "${2%-[0-9]*}")")..$whole" 2>/dev/null) || return
		[ "${2##*-}" -ge 1 ] && [ "${2##*-}" -lt "$patches" ] || return
		ref=$whole~$((patches - ${2##*-}))
	fi
	treegit -C "$BUILD/$1/linux" rev-parse -q --verify "$ref^{commit}"
}

# stage_set BASE STAGE COMMIT
stage_set() {
	treegit -C "$BUILD/$1/linux" update-ref "refs/pgsync/$2" "$3" || die "cannot note $2 of $1"
}

# The stage whose tree and objects STAGE $1 has: a defect is put into the tree
# that it is a defect of, so that no more is built anew than what it changes.
stage_home() {
	if is_defect "$1"; then
		stage_series "$1"
	else
		echo "$1"
	fi
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

# Have COMMIT $2 of BASE $1 in TREE $3. Only files that differ are written, so that
# no object is built without need. BASE is locked.
checkout() {
	repo=$BUILD/$1/linux commit=$2 tree=$3
	if [ "$tree" != "$repo" ] && ! is_worktree "$repo" "$tree"; then
		rm -rf "$tree"
		: >"$tree.unfinished"
		treegit -C "$repo" worktree prune
		treegit -C "$repo" worktree add -q -f -f --no-checkout --detach "$tree" "$commit" || die "cannot make $tree"
	fi
	if [ ! -e "$tree.unfinished" ]; then
		unedited "$tree"
		[ "$commit" != "$(treegit -C "$tree" rev-parse HEAD)" ] || return 0
	fi
	# What is killed here is finished by the next who comes.
	ticker "$1: checking out $tree"
	: >"$tree.unfinished"
	treegit -C "$tree" checkout -q -f --detach "$commit" || die "cannot check out $tree"
	rm -f "$tree.unfinished"
	ticker_end
}

# Is TREE $2 a whole work tree of the repository $1, and not of the one that this
# project was copied or moved from?
is_worktree() {
	[ -e "$2/.git" ] || return
	common=$(cd "$2" && treegit rev-parse --path-format=absolute --git-common-dir 2>/dev/null) &&
		[ "$(cd "$common" && pwd -P)" = "$(cd "$1/.git" && pwd -P)" ] &&
		treegit -C "$2" rev-parse -q --verify HEAD >/dev/null 2>&1
}

# What git leaves of its own locks where it is killed. BASE $1 is locked by us, and no
# other git is at work there.
unlock_git() {
	[ ! -d "$BUILD/$1/linux/.git" ] ||
		find "$BUILD/$1/linux/.git" -name objects -prune -o -name '*.lock' -exec rm -f {} +
}

# A kernel is built from a commit. Edits that somebody made in TREE $1 are neither
# built under its name nor thrown away.
unedited() {
	edit=$(treegit -C "$1" diff --name-only HEAD | head -n 1)
	[ -z "$edit" ] || die "$1 was edited ($edit): keep that in a tree of your own, for KDIR=, and run git checkout -f in $1"
}

# Check out COMMIT $2 of BASE $1 at $SCRATCH, as far as the series and the rules
# look at it, which is quick. It goes when this ends. BASE is locked.
scratch() {
	SCRATCH=$BUILD/$1/scratch scratch_repo=$BUILD/$1/linux
	scratch_end
	at_exit scratch_end
	treegit -C "$scratch_repo" worktree add -q -f -f --no-checkout --detach "$SCRATCH" "$2" &&
		treegit -C "$SCRATCH" sparse-checkout set --no-cone /include/linux/ \
			/mm/ /arch/x86/mm/ /arch/x86/include/asm/ /Makefile >/dev/null 2>&1 &&
		treegit -C "$SCRATCH" checkout -q --detach "$2" || die "cannot check out $2 of $1"
}

scratch_end() {
	rm -rf "$SCRATCH"
	treegit -C "$scratch_repo" worktree prune
}

# What CONFIG $1 is made of: the file of its architecture, x86_64 where it names none,
# and its fragments, behind each "+".
config_files() {
	parts=$(echo "$1" | tr + ' ' | cut -s -d ' ' -f 2-)
	echo "$TOP/tools/testing/arch/$(config_arch "$1")"
	for part in $parts; do
		[ -f "$TOP/tools/testing/arch/$part" ] || echo "$TOP/tools/testing/config/$part.config"
	done
}

config_arch() {
	for part in $(echo "$1" | tr + ' ' | cut -s -d ' ' -f 2-); do
		[ ! -f "$TOP/tools/testing/arch/$part" ] || { echo "$part"; return; }
	done
	echo x86_64
}

# What these files declare, as "#: ram 8G", a line for each, and the last that is said
# of KEY $1.
config_declares() {
	for part_file in $(config_files "$1"); do
		sed -n 's/^#: //p' "$part_file"
	done
}

config_says() {
	config_declares "$2" | sed -n "s/^$1 //p" | tail -n 1
}

# The boots of tools/testing/scenarios that a kernel with CONFIG $1 can run, as
# SCENARIO LEVELS CRASH STAGES. It has the kind that a fragment declares, or plain,
# the architecture that the scenario asks for, x86_64 where it asks for none, and the
# fragments that it asks for besides.
boots() {
	kind=$(config_says kind "$1")
	# shellcheck disable=SC2046,SC2012 # names of folders, in their order
	(cd "$TOP/tools/testing/scenarios" && awk -v kind="${kind:-plain}" -v config="$1+" \
		-v arch="$(config_arch "$1")" -v arches=" $(ls ../arch | tr '\n' ' ')" '
		/^#/ || !NF	{ next }
		{
			n = split($2, needs, "+")
			if (needs[1] != kind)
				next
			wants = "x86_64"
			for (i = 2; i <= n; i++) {
				if (index(arches, " " needs[i] " "))
					wants = needs[i]
				else if (!index(config, "+" needs[i] "+"))
					next
			}
			if (wants != arch)
				next
			split(FILENAME, path, "/")
			print path[1], $1, $3 ? $3 : "-", $4 ? $4 : "base,half"
		}' $(ls | sed 's,$,/boots,'))
}

# The name below build/ of a tree of the user's: its last part, and a number
# for the whole path.
kdir_name() {
	path=$(cd "$1" 2>/dev/null && pwd -P) || die "KDIR=$1: no such directory"
	printf '%s-%s\n' "$(basename "$path" | tr -c 'A-Za-z0-9._\n-' _)" \
		"$(printf %s "$path" | cksum | cut -d ' ' -f 1)"
}
