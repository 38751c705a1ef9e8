# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What all tools share: paths, exit codes, messages, progress, locks and stamps.

# Only arguments set what a tool does. Restart with a clean environment, as ARCH, KCFLAGS or
# GIT_DIR of a git hook would change what is built. Only what reaches other machines stays.
# PGSYNC_ENV is our process ID, which exec keeps, so an inherited value is ignored.
if [ "${PGSYNC_ENV-}" != $$ ]; then
	case ${TMPDIR-} in
	/*) ;;
	*) TMPDIR=/tmp ;;
	esac
	exec env -i PGSYNC_ENV=$$ LC_ALL=C PATH="$PATH" HOME="${HOME:-/}" \
		TERM="${TERM:-dumb}" TMPDIR="$TMPDIR" \
		${NO_COLOR:+"NO_COLOR=$NO_COLOR"} \
		${http_proxy:+"http_proxy=$http_proxy"} \
		${https_proxy:+"https_proxy=$https_proxy"} \
		${no_proxy:+"no_proxy=$no_proxy"} \
		${SSH_AUTH_SOCK:+"SSH_AUTH_SOCK=$SSH_AUTH_SOCK"} \
		${SLURM_CONF:+"SLURM_CONF=$SLURM_CONF"} /bin/sh "$0" "$@"
fi

TOP=$(cd "${0%/*}" && until [ -f tools/lib.sh ] || [ "$PWD" = / ]; do cd ..; done && pwd -P)
[ -f "$TOP/tools/lib.sh" ] || exit 125
BUILD=$TOP/build

# The exit codes of all tools but ask, oops, launch and bisect, which describe theirs.
# shellcheck disable=SC2034 # the tools use them
PASS=0 FAIL=1 SKIP=77 ERROR=125

# The comment at the head of each tool describes it.
if [ "${1-}" = --help ]; then
	sed '1,3d; /^#/!q; s/^# \{0,1\}//' "$0"
	exit 0
fi

# die TEXT: print an error message of one line, and exit.
die() {
	progress
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit "$ERROR"
}

# say TEXT: print a line that stays on the screen and in the log. On a terminal, the result of a
# test has a colour.
say() {
	local colour
	progress
	case ${1%% *}:${NO_COLOR-} in
	ok:)	colour=32 ;;
	not:)	colour=31 ;;
	*)	colour= ;;
	esac
	if [ -n "$colour" ] && [ -t 1 ]; then
		printf '\033[%sm%s\033[m\n' "$colour" "$*"
	else
		printf '%s\n' "$*"
	fi 2>/dev/null || die "cannot write to stdout: the disk may be full"
}

# progress [TEXT]: show TEXT on a terminal until the next line is printed.
progress() {
	[ -t 1 ] && printf '\r\033[K%s' "$*"
	return 0
}

# If stdout were closed, the next file to be opened would become stdout.
[ -e /proc/self/fd/1 ] || die "stdout is closed: redirect it to a file or to /dev/null"

# ticker TEXT [BEGIN]: until ticker_end or exit, show TEXT and the time since BEGIN on a terminal.
# In a log, say so every minute. Without BEGIN, a step begins now, and a log has a line for it.
TICKER=
ticker() {
	local begin seconds
	ticker_end
	[ $# = 2 ] || [ -t 1 ] || say "$1 ..."
	[ ! -t 1 ] || progress "$1, $(since "${2:-$(now)}")"
	(
		# Keep no lock.
		exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
		begin=${2:-$(now)} seconds=0
		while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
			seconds=$((seconds + 1))
			progress "$1, $(since "$begin")"
			[ $((seconds % 60)) != 0 ] || [ -t 1 ] || say "$1, $(since "$begin")"
		done
	) &
	TICKER=$!
	at_exit ticker_end
}

ticker_end() {
	# dash forgets other signals that come before it has reset the traps.
	[ -z "$TICKER" ] || kill -KILL "$TICKER" 2>/dev/null
	TICKER=
	progress
}

# remaining BEGIN DONE TOTAL: print how long the rest will take, if anything is done.
remaining() {
	[ "$2" -lt 1 ] || [ "$2" -gt "${3:-0}" ] || echo ", about $(minutes $((($(now) - $1) * ($3 - $2) / $2))) left"
}

now() {
	date +%s
}

minutes() {
	printf '%d:%02d' $(($1 / 60)) $(($1 % 60))
}

# since SECONDS: print the time that has passed since then, as minutes:seconds.
since() {
	minutes $(($(now) - $1))
}

# take NAME... -- ARGUMENT...: set each NAME to the value in a leading argument NAME=VALUE,
# or to nothing. TAKEN is the number of these arguments, for the caller to shift.
take() {
	local known name
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
		*) die "no such setting: $name: use one of${known% }" ;;
		esac
		eval "$name=\${1#*=}"
		TAKEN=$((TAKEN + 1))
		shift
	done
}

# Is $1 a decimal number that shell arithmetic can handle?
is_number() {
	case $1 in
	0)	;;
	'' | 0* | *[!0-9]* | ???????????*)	return 1 ;;
	esac
}

# Print the SHA-256 of stdin.
hash() {
	sha256sum | cut -d ' ' -f 1
}

# Print WORDS quoted for the shell, for a command that is shown.
quoted() {
	local word
	for word; do
		case $word in
		*[!A-Za-z0-9_./+:=,-]* | '')
			printf "'%s' " "$(printf %s "$word" | sed "s/'/'\\\\''/g")" ;;
		*)	printf '%s ' "$word" ;;
		esac
	done | sed 's/ $//'
}

# Replace what could control a terminal in the output of a guest, QEMU or another host.
printable() {
	tr -c '\n\t -~' '?'
}

# git for the trees in build/, whatever the user has configured. Author and date are fixed,
# so that the same patches make the same commits.
treegit() {
	GIT_AUTHOR_NAME='Kernel page-table sync' \
	GIT_AUTHOR_EMAIL='pgtable-sync@example.org' \
	GIT_AUTHOR_DATE='2026-11-22T12:00:00Z' \
	GIT_COMMITTER_NAME='Kernel page-table sync' \
	GIT_COMMITTER_EMAIL='pgtable-sync@example.org' \
	GIT_COMMITTER_DATE='2026-11-22T12:00:00Z' \
	GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$TOP/tools/gitconfig git "$@"
}

# look_at TREE: prepare lookgit for the git repository of TREE, an absolute path of the
# user's. Fail if TREE is not the top of a repository. A repository's configuration may name
# programs that git runs, such as monitors, filters and hooks. So git never opens it: LOOK is
# a git directory of ours with copies of what git may write, and links to what it only reads.
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

# git on the tree that look_at has prepared. It refreshes no index, and does not fetch what
# a partial clone lacks.
lookgit() {
	GIT_DIR=$LOOK GIT_WORK_TREE=$LOOK_TREE GIT_ALLOW_PROTOCOL=none \
		treegit --no-optional-locks -C "$LOOK_TREE" "$@"
}

# project_files [PATH...]: print the files of this project, or those below PATHs, relative
# to $TOP: all that git tracks or would add, whoever owns $TOP. If there is no .git, as in
# a tarball, or git cannot read it, print all files but build/, .git and .config*.
project_files() {
	local file
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

# at_exit COMMAND: run COMMAND when this tool ends, also by a signal.
AT_EXIT=:
at_exit() {
	AT_EXIT="$1; $AT_EXIT"
}
trap 'attend_end; eval "$AT_EXIT"' EXIT
trap 'INTERRUPTED=y; exit 130' INT TERM HUP

# say_resume: if a signal ends this tool, say how to go on.
say_resume() {
	# shellcheck disable=SC2034 # at_exit reads it
	INTERRUPTED=
	at_exit '[ -z "$INTERRUPTED" ] || echo "interrupted: repeat the command to resume" >&2'
}

# attend COMMAND...: run a slow program or function so that a signal ends it at once. A shell
# handles no signal while it waits for a child in the foreground. The program ends with us.
ATTENDED=
attend() {
	local code
	case $(command -v "$1") in
	/*)	setpriv --pdeathsig TERM "$@" & ;;
	*)	"$@" & ;;
	esac
	ATTENDED=$!
	wait "$ATTENDED"
	code=$?
	ATTENDED=
	return $code
}

attend_end() {
	[ -n "$ATTENDED" ] || return 0
	end_all "$ATTENDED"
	wait "$ATTENDED"
	ATTENDED=
}

# end_all PID: end a process and its descendants, as the process may be a shell that waits.
end_all() {
	local children pid
	children=$(cat "/proc/$1/task/$1/children" 2>/dev/null)
	kill "$1" 2>/dev/null
	for pid in $children; do
		end_all "$pid"
	done
}

# lock NAME: wait for the lock of a tree or a test, and hold it until this tool ends, even by
# SIGKILL. Children that outlive the tool keep holding it.
LOCK_FD=9
lock() {
	local file
	file=$BUILD/locks/$(echo "$1" | tr / .)
	make_dir "$BUILD/locks"
	(: >>"$file") 2>/dev/null || die "cannot lock $1: cannot write $file"
	eval "exec $LOCK_FD>>\"\$file\""
	if ! flock -n $LOCK_FD; then
		echo "${0##*/}: waiting for another run that uses $1" >&2
		attend flock $LOCK_FD || die "cannot lock $1"
	fi
	LOCK_FD=$((LOCK_FD - 1))
}

# make_dir DIR: create a directory. If build is a link, it must lead to a directory that holds
# nothing else, as make clean empties it.
make_dir() {
	if [ -L "$BUILD" ] && [ -d "$BUILD" ] && [ ! -e "$BUILD/.pgsync" ]; then
		[ -z "$(ls -A "$BUILD/")" ] ||
			die "$BUILD is a link to a directory with other things in it: link it to an empty directory"
		(: >"$BUILD/.pgsync") 2>/dev/null || die "cannot write $BUILD"
	fi
	mkdir -p "$1" 2>/dev/null || die "cannot write $1$(
		[ ! -L "$BUILD" ] || [ -d "$BUILD" ] || echo ": $BUILD is a link to nothing")"
}

# once STAMP LOCK INPUT...: exit if STAMP was written with the same INPUTs, which are files
# or words. Otherwise hold LOCK and remove STAMP. finish writes it.
once() {
	local input lock_name
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
	# Another run may have done it in the meantime.
	[ "$id" != "$(cat "$stamp" 2>/dev/null)" ] || exit 0
	rm -f "$stamp"
	# shellcheck disable=SC2034 # the tools say how long they took
	start=$(now)
}

finish() {
	echo "$id" >"$stamp.new" && mv "$stamp.new" "$stamp" || die "cannot write $stamp"
}

# Check HOSTS and SLURM before anything is built for other machines.
check_hosts() {
	[ -z "$HOSTS" ] || [ -z "$SLURM" ] || die "HOSTS=$HOSTS and SLURM=$SLURM: choose one"
	[ -z "$HOSTS" ] || { [ -r "$HOSTS" ] && [ ! -d "$HOSTS" ]; } || die "cannot read HOSTS=$HOSTS"
	[ -z "$SLURM" ] || command -v sbatch >/dev/null ||
		die "SLURM=$SLURM: sbatch is not installed: run this on a host that submits jobs"
}

# need_space GIB: exit unless the file system of build/ has that much space.
need_space() {
	local free
	make_dir "$BUILD"
	free=$(df -Pk "$BUILD" | awk 'NR == 2 { print int($4 / 1048576) }')
	[ "$free" -ge "$1" ] ||
		die "$BUILD has $free GiB free and needs $1: free space, or link build to a larger disk"
}

# says KEY FILE...: print the values of KEY in declarations, one per line.
says() {
	local key
	key=$1
	shift
	awk -v want="$key" -f "$TOP/tools/conf.awk" "$@"
}

# semantic MODE DIR FILE: print what the semantic patch reports about FILE of the tree DIR.
# spatch starts python3 for each file: use Debian's, as a wrapper before it in PATH may be slow.
semantic() {
	(cd "$2" && PATH=/usr/bin:$PATH spatch -D "$1" --very-quiet --no-includes --include-headers \
		--cocci-file "$TOP/scripts/coccinelle/api/pgd_populate_kernel.cocci" "$3" 2>&1)
}

. "$TOP/tools/kernel/stages.sh"
. "$TOP/tools/testing/configs.sh"
. "$TOP/tools/testing/results.sh"
