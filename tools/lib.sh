# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tools share: where things are, how they end, how they show that they
# move, and how work that was done is known again.

# A tool does what its arguments say. ARCH or KCFLAGS for another kernel, GIT_DIR
# of the hook that runs us, a setting of last week: the environment keeps no say, but
# in how other machines are reached. PGSYNC_ENV holds our process ID, which exec keeps, so
# an inherited value is ignored.
if [ "${PGSYNC_ENV-}" != $$ ]; then
	case ${TMPDIR-} in
	/*) ;;
	*) TMPDIR=/tmp ;;
	esac
	exec env -i PGSYNC_ENV=$$ LC_ALL=C PATH="$PATH" HOME="${HOME:-/}" \
		TERM="${TERM:-dumb}" TMPDIR="$TMPDIR" \
		${http_proxy:+"http_proxy=$http_proxy"} \
		${https_proxy:+"https_proxy=$https_proxy"} \
		${no_proxy:+"no_proxy=$no_proxy"} \
		${SSH_AUTH_SOCK:+"SSH_AUTH_SOCK=$SSH_AUTH_SOCK"} \
		${SLURM_CONF:+"SLURM_CONF=$SLURM_CONF"} /bin/sh "$0" "$@"
fi

TOP=$(cd "${0%/*}" && until [ -f tools/lib.sh ] || [ "$PWD" = / ]; do cd ..; done && pwd -P)
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
	printf '%s\n' "$*" 2>/dev/null || die "cannot write to stdout: the disk may be full"
}

# A step that is under way shows on a terminal only.
progress() {
	[ -t 1 ] && printf '\r\033[K%s' "$*"
	return 0
}

progress_end() {
	progress ''
}

# If stdout were closed, the next file to be opened would become stdout.
[ -e /proc/self/fd/1 ] || die "stdout is closed: redirect it to a file or to /dev/null"

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

# Is $1 a number that the shell counts with, as it is written?
is_number() {
	case $1 in
	0)	;;
	'' | 0* | *[!0-9]* | ???????????*)	return 1 ;;
	esac
}

# The SHA-256 of stdin.
hash() {
	sha256sum | cut -d ' ' -f 1
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

# What a guest, QEMU or another host wrote, for a terminal.
printable() {
	tr -c '\n\t -~' '?'
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

# Prepare lookgit for the git repository of TREE $1, an absolute path of the user's. Fail
# if there is none at the top of TREE. Its configuration may name programs that git runs:
# monitors, filters, hooks. So git never opens that repository. LOOK is a git directory
# of our own, with copies of what git may write, and links to what it only reads.
LOOK=
look_at() {
	local at common file said
	LOOK_TREE=$1 at=$1/.git
	if [ -f "$at" ]; then
		# A linked work tree, or a submodule.
		at=$(cd "$1" && cd "$(sed -n 's/^gitdir: //p' .git)" 2>/dev/null && pwd -P)
	elif [ ! -d "$at" ]; then
		at=$1
	fi
	common=$at
	[ ! -f "$at/commondir" ] || common=$(cd "$at" && cd "$(cat commondir)" 2>/dev/null && pwd -P)
	[ -f "$at/HEAD" ] && [ -d "$common/objects" ] && [ -d "$common/refs" ] || return
	LOOK=$(mktemp -d 2>&1) || die "$LOOK"
	at_exit 'rm -rf "$LOOK"'
	# shellcheck disable=SC2034 # get shares them
	LOOK_OBJECTS=$common/objects
	set -- "$at/HEAD"
	for file in "$at/index" "$at"/sharedindex.*; do
		[ ! -f "$file" ] || set -- "$@" "$file"
	done
	# Keep the timestamp of the index: git compares it with those of the files.
	said=$(cp -p "$@" "$LOOK/" 2>&1 && ln -s "$common/objects" "$common/refs" "$common/packed-refs" \
		"$common/shallow" "$LOOK/" 2>&1) || die "cannot read the repository of $LOOK_TREE: $said"
	# core.fileMode=false, for file systems without modes, is the only setting that matters.
	[ ! -f "$common/config" ] || [ "$(lookgit config --file "$common/config" --no-includes \
		--type bool core.fileMode 2>/dev/null)" != false ] || lookgit config core.fileMode false
}

# git on the tree that look_at has prepared. No index is refreshed, and what a partial
# clone lacks is not fetched.
lookgit() {
	GIT_DIR=$LOOK GIT_WORK_TREE=$LOOK_TREE GIT_ALLOW_PROTOCOL=none \
		treegit --no-optional-locks -C "$LOOK_TREE" "$@"
}

# project_files [PATH...]: print the files of this project, or those below PATHs, relative
# to $TOP: all that git tracks or would add, whoever owns $TOP. If there is no .git, as in
# a tarball, or git cannot read it, print all files but build/, .git and .config*.
project_files() {
	(
		cd "$TOP" || exit
		[ -e .git ] && GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \
			git -c safe.directory="$TOP" ls-files -co --exclude-standard -- "$@" 2>/dev/null || {
			[ $# != 0 ] || set -- .
			find "$@" -path ./build -prune -o -name .git -prune -o -name '.config*' -prune -o ! -type d -print |
				sed 's,^\./,,'
		}
	) | while read -r file; do
		[ ! -e "$TOP/$file" ] || echo "$file"
	done
}

# Clean up when this tool ends, however it ends.
AT_EXIT=:
at_exit() {
	AT_EXIT="$1; $AT_EXIT"
}
trap 'attend_end; eval "$AT_EXIT"' EXIT
trap 'exit 130' INT TERM HUP

# Run a slow program, or a function in a subshell, so that a signal ends it at once. A
# program does not outlive this tool.
ATTENDED=
attend() {
	case $(command -v "$1") in
	/*)	setpriv --pdeathsig TERM "$@" & ;;
	*)	"$@" & ;;
	esac
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

# Hold the lock $1, of a base or a test, until this tool ends, be it by SIGKILL:
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
	id=$(
		cd "$TOP" || exit
		for input; do
			shift
			case $input in
			/*)
				[ -r "$input" ] || die "cannot read $input"
				set -- "$@" "${input#"$TOP/"}"
				;;
			*)	echo "$input" ;;
			esac
		done
		[ $# = 0 ] || sha256sum -- "$@"
	) || exit
	id=$(echo "$id" | hash)
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

# Can other machines be asked, as HOSTS or SLURM say? Before anything is built for them.
check_hosts() {
	[ -z "$HOSTS" ] || [ -z "$SLURM" ] || die "HOSTS=$HOSTS and SLURM=$SLURM: choose one"
	[ -z "$HOSTS" ] || { [ -r "$HOSTS" ] && [ ! -d "$HOSTS" ]; } || die "cannot read HOSTS=$HOSTS"
	[ -z "$SLURM" ] || command -v sbatch >/dev/null ||
		die "SLURM=$SLURM: no sbatch here: run this where jobs are submitted"
}

# Enough room for $1 GiB below build/?
need_space() {
	make_dir "$BUILD"
	free=$(df -Pk "$BUILD" | awk 'NR == 2 { print int($4 / 1048576) }')
	[ "$free" -ge "$1" ] || die "$BUILD has $free GiB free and needs $1: make room, or make build a link to a larger disk"
}

# says KEY FILE...: print the values of KEY in declarations, one per line.
says() {
	local key
	key=$1
	shift
	awk -v want="$key" -f "$TOP/tools/conf.awk" "$@"
}

# What the semantic patch says in MODE $1, of the tree DIR $2, about FILE $3. spatch asks
# for python3 each time, which takes a second where a shim comes before Debian's.
semantic() {
	(cd "$2" && PATH=/usr/bin:$PATH spatch -D "$1" --very-quiet --no-includes --include-headers \
		--cocci-file "$TOP/scripts/coccinelle/api/pgd_populate_kernel.cocci" "$3" 2>&1)
}

. "$TOP/tools/kernel/stages.sh"
. "$TOP/tools/testing/configs.sh"
. "$TOP/tools/testing/results.sh"
