# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tools share of kernel trees: series, stages, and the work trees in build/
# that they are checked out to. tools/lib.sh has it.

# What the kernel tree $1 says that it is: 6.12.47 or 6.13.0-rc1, or nothing.
kernel_release() {
	awk -F ' *= *' '
		/^(VERSION|PATCHLEVEL|SUBLEVEL) =/	{ v = v (v == "" ? "" : ".") $2 }
		/^EXTRAVERSION =/			{ v = v $2; exit }
		END					{ print v }
	' "$1/Makefile" 2>/dev/null
}

# The same as a number that compares: 6.12.47 -> 6012.
kernel_version() {
	kernel_release "$1" | awk -F . 'NF > 1 { print $1 * 1000 + $2; told = 1 } END { exit !told }'
}

# Can kernels be built here? Before anything is written for them.
check_place() {
	case $TOP in
	*[[:space:]:]*) die "$TOP: the kernel cannot be built below a path with a space or a colon" ;;
	esac
}

# The declaration of SERIES $1, a folder of patches/.
series_file() {
	[ -f "$TOP/patches/$1/series.conf" ] || die "no series $1 in patches: there are $(series_names | tr '\n' ' ')"
	echo "$TOP/patches/$1/series.conf"
}

series_names() {
	(cd "$TOP/patches" && printf '%s\n' */series.conf | sed 's,/.*,,')
}

# Is SERIES $1 for PACKAGE $2?
series_for() {
	says for "$(series_file "$1")" | grep -qwF -e "$2" -e '*'
}

# The patches of the directory $1, without the cover letter.
patches_in() {
	find "$1" -name '*.patch' ! -name '0000-*' | sort
}

# git_am TREE PATCH...: do they apply? Where git cannot write, that says nothing of them.
git_am() {
	local src said
	src=$1
	shift
	said=$(treegit -C "$src" am -q "$@" 2>&1) && return
	treegit -C "$src" am -q --abort 2>/dev/null
	said=$(echo "$said" | grep -m 1 -E "No space left|Out of diskspace|Disk quota|File too large|Read-only|\
Permission denied|Input/output error|Cannot allocate memory|Too many open files|[.]lock': File exists")
	[ -z "$said" ] || die "git am in $src: $said"
	return 1
}

is_series() {
	[ -f "$TOP/patches/$1/series.conf" ]
}

# Print the patch of the mutant $1.
mutant_file() {
	[ -f "$TOP/tools/testing/mutants/$1.patch" ] && echo "$TOP/tools/testing/mutants/$1.patch"
}

is_mutant() {
	mutant_file "$1" >/dev/null
}

# Print what mutant $2 declares for KEY $1.
mutant_says() {
	local file
	file=$(mutant_file "$2") || die "no mutant $2: see tools/testing/mutants"
	says "$1" "$file"
}

# Is STAGE $1 the first patches of a series, NAME-N?
is_part() {
	case ${1##*-} in
	'' | 0* | *[!0-9]* | ????*)	return 1 ;;
	esac
	is_series "${1%-*}"
}

# A STAGE is pristine, the tree as it is packaged; unfixed, with the fix reverted; a series
# by its name, or its first N patches, NAME-N; or a mutant. Print the series that STAGE $1
# belongs to, or nothing.
stage_series() {
	if is_mutant "$1"; then
		mutant_says series "$1"
	elif is_series "$1"; then
		echo "$1"
	elif is_part "$1"; then
		echo "${1%-*}"
	fi
}

is_stage() {
	case $1 in
	pristine | unfixed)	;;
	*)		[ -n "$(stage_series "$1")" ] ;;
	esac
}

# The commit of STAGE $2 of TREE $1. Stages are refs of our own, which no branch
# or tag of a user's tree is mistaken for.
stage_commit() {
	ref=refs/pgsync/$2
	if ! is_series "$2" && is_part "$2"; then
		whole=refs/pgsync/${2%-*}
		patches=$(treegit -C "$BUILD/$1/linux" rev-list --count \
			"refs/pgsync/$(says on "$(series_file "${2%-*}")")..$whole" 2>/dev/null) || return
		[ "${2##*-}" -ge 1 ] && [ "${2##*-}" -lt "$patches" ] || return
		ref=$whole~$((patches - ${2##*-}))
	fi
	treegit -C "$BUILD/$1/linux" rev-parse -q --verify "$ref^{commit}"
}

# stage_set TREE STAGE COMMIT
stage_set() {
	treegit -C "$BUILD/$1/linux" update-ref "refs/pgsync/$2" "$3" || die "cannot note $2 of $1"
}

# The repository of TREE $1, whose work tree all its stages are built in, and their
# objects with CONFIG $2. They differ in a few files: no more is built anew than what
# these make.
stage_tree() {
	echo "$BUILD/$1/linux"
}

stage_objects() {
	echo "$BUILD/$1/obj/$2"
}

# The kernel of STAGE $2 of TREE $1, with CONFIG $3.
stage_kernel() {
	echo "$BUILD/$1/kernel/$2.$3"
}

# Have COMMIT $2 of TREE $1 in its work tree. Only files that differ are written, so
# that no object is built without need. TREE is locked.
checkout() {
	local src commit
	src=$(stage_tree "$1") commit=$2
	if [ ! -e "$src.unfinished" ]; then
		unedited "$src"
		[ "$commit" != "$(treegit -C "$src" rev-parse HEAD)" ] || return 0
	fi
	# What is killed here is finished by the next who comes.
	ticker "$1: checking out $src"
	: >"$src.unfinished"
	unlock_git "$1"
	treegit -C "$src" checkout -q -f --detach "$commit" && treegit -C "$src" clean -qffdx ||
		die "cannot check out $src"
	rm -f "$src.unfinished"
	ticker_end
}

# What git leaves of its own locks where it is killed. TREE $1 is locked by us, and no
# other git is at work there.
unlock_git() {
	[ ! -d "$BUILD/$1/linux/.git" ] ||
		find "$BUILD/$1/linux/.git" -name objects -prune -o -name '*.lock' -exec rm -f {} +
}

# A kernel is built from a commit. Edits and new files that somebody made in TREE $1 are
# neither built under its name nor thrown away. All that a build writes is elsewhere, so
# even a file that git ignores is not ours. Only Python leaves its cache beside scripts.
unedited() {
	edit=$({ treegit -C "$1" diff --name-only HEAD
		treegit -C "$1" ls-files --others -x __pycache__/; } | head -n 1)
	[ -z "$edit" ] || die "$1 was edited ($edit): keep that in a tree of your own, for KDIR=, and run git checkout -f and git clean -ffdx in $1"
}

# Check out COMMIT $2 of TREE $1 at $SCRATCH, as far as the series and the rules
# look at it, which is quick. It goes when this ends. TREE is locked.
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

# Print the crashes and scenarios that the code of TREE $1 cannot have: they declare, with
# "needs FILE FUNCTION", what they are about.
tree_lacks() {
	local file where function name
	for file in "$TOP"/tools/testing/crashes/*/crash.conf "$TOP"/tools/testing/scenarios/*/scenario.conf; do
		awk '$1 == "scenario" { name = $2 } $1 == "needs" { print $2, $3, name }' "$file" |
		while read -r where function name; do
			treegit -C "$BUILD/$1/linux" grep -qw "$function" refs/pgsync/pristine -- "$where"
			case $? in
			0)	;;
			1)	echo "${name:-$(basename "$(dirname "$file")")}" ;;
			*)	die "cannot read the tree $1" ;;
			esac
		done || exit
	done | tr '\n' ' '
}

# The absolute path of a tree of the user's. Lists of files and git's own files have a
# path in a line.
kdir_path() {
	case $1 in
	*"
"*)	die "a path with a newline is not supported: rename the directory" ;;
	-*)	set -- "./$1" ;;
	esac
	path=$(cd "$1" 2>/dev/null && pwd -P) || die "KDIR=$1: no such directory"
	case $path in
	*"
"*)	die "KDIR=$1 is below a path with a newline, which is not supported: rename that directory" ;;
	esac
	echo "$path"
}

# The name below build/ of a tree of the user's: the start of its last part, as file
# names have a limit, and a number for the whole path.
kdir_name() {
	path=$(kdir_path "$1") || exit
	printf '%s-%s\n' "$(basename "$path" | tr -c 'A-Za-z0-9._\n-' _ | cut -c 1-64)" \
		"$(printf %s "$path" | cksum | cut -d ' ' -f 1)"
}
