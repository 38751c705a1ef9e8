# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Kernel trees, series and stages. tools/lib.sh includes this.
#
# A stage is a commit in the repository build/TREE/linux, under a ref of its own:
# pristine, the tree as packaged; unfixed, with the fix reverted; SERIES; SERIES-N, its
# first N patches; or MUTANT.

# Print the version in the Makefile of the kernel tree $1, as in 6.12.47 or 6.13.0-rc1.
kernel_release() {
	awk -F ' *= *' '
		/^(VERSION|PATCHLEVEL|SUBLEVEL) =/	{ v = v (v == "" ? "" : ".") $2 }
		/^EXTRAVERSION =/			{ v = v $2; exit }
		END					{ print v }
	' "$1/Makefile" 2>/dev/null
}

has_version() {
	kernel_release "$1" | grep -q '[0-9][.][0-9]'
}

# Exit if kernels cannot be built here.
check_place() {
	case $TOP in
	*[[:space:]:]*) die "$TOP: the kernel cannot be built below a path with a space or a colon" ;;
	esac
}

is_series() {
	[ -f "$TOP/patches/$1/series.conf" ]
}

# Print the declaration of SERIES $1.
series_file() {
	is_series "$1" || die "no series $1 in patches: there are $(series_names | tr '\n' ' ')"
	echo "$TOP/patches/$1/series.conf"
}

series_names() {
	(cd "$TOP/patches" && printf '%s\n' */series.conf | sed 's,/.*,,')
}

# Is SERIES $1 for PACKAGE $2?
series_for() {
	says for "$(series_file "$1")" | grep -qwF -e "$2" -e '*'
}

# Print the patches in directory $1, without the cover letter.
patches_in() {
	find "$1" -name '*.patch' ! -name '0000-*' | sort
}

# git_am TREE PATCH...: apply patches. Fail if they do not apply; exit if git cannot write,
# which says nothing about the patches.
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

# Print the patch of MUTANT $1.
mutant_file() {
	[ -f "$TOP/tools/testing/mutants/$1.patch" ] && echo "$TOP/tools/testing/mutants/$1.patch"
}

is_mutant() {
	mutant_file "$1" >/dev/null
}

# Print what MUTANT $2 declares for KEY $1.
mutant_says() {
	local file
	file=$(mutant_file "$2") || die "no mutant $2: see tools/testing/mutants"
	says "$1" "$file"
}

# Is STAGE $1 the first patches of a series, SERIES-N?
is_part() {
	case ${1##*-} in
	'' | 0* | *[!0-9]* | ????*)	return 1 ;;
	esac
	is_series "${1%-*}"
}

# Print the series that STAGE $1 belongs to, or nothing.
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

# Print the commit of STAGE $2 of TREE $1.
stage_commit() {
	local ref whole patches
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
	treegit -C "$BUILD/$1/linux" update-ref "refs/pgsync/$2" "$3" || die "cannot set the ref of $2 in $1"
}

# All stages of TREE $1 are built in one work tree, and with CONFIG $2 in one object
# directory. Stages differ in few files, so make rebuilds little.
stage_tree() {
	echo "$BUILD/$1/linux"
}

stage_objects() {
	echo "$BUILD/$1/obj/$2"
}

# Print the folder of the kernel of TREE $1, STAGE $2 and CONFIG $3.
stage_kernel() {
	echo "$BUILD/$1/kernel/$2.$3"
}

# Check out COMMIT $2 in the work tree of TREE $1, which the caller has locked. Write only
# files that differ, as make goes by timestamps.
checkout() {
	local src
	src=$(stage_tree "$1")
	if [ ! -e "$src.unfinished" ]; then
		check_unedited "$src"
		[ "$2" != "$(treegit -C "$src" rev-parse HEAD)" ] || return 0
	fi
	ticker "$1: checking out $src" "$(now)"
	# If this is killed, the next checkout starts over.
	: >"$src.unfinished"
	unlock_git "$1"
	treegit -C "$src" checkout -q -f --detach "$2" && treegit -C "$src" clean -qffdx ||
		die "cannot check out $src"
	rm -f "$src.unfinished"
	ticker_end
}

# Remove the locks of a git that was killed in TREE $1. We hold the tree's lock, so no other
# git is running there.
unlock_git() {
	[ ! -d "$BUILD/$1/linux/.git" ] ||
		find "$BUILD/$1/linux/.git" -name objects -prune -o -name '*.lock' -exec rm -f {} +
}

# Exit if somebody edited the work tree $1 or added files. Building them would give a kernel
# that its commit does not describe, and checking out would lose them. Build output goes
# elsewhere, so files that git ignores count too, except for the cache of Python scripts.
check_unedited() {
	local edit
	edit=$({ treegit -C "$1" diff --name-only HEAD
		treegit -C "$1" ls-files --others -x __pycache__/; } | head -n 1)
	[ -z "$edit" ] || die "$1 was edited ($edit): copy your changes to a tree of your own for KDIR=, and run git checkout -f and git clean -ffdx in $1"
}

# Check out COMMIT $2 of TREE $1 at $SCRATCH until this tool ends: only the files that series
# and rules change, which is fast. The caller has locked TREE.
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

# Print the crashes and scenarios that TREE $1 cannot have: it does not have the function
# that their "needs FILE FUNCTION" names.
tree_lacks() {
	local file where function name lacks
	lacks=
	for file in "$TOP"/tools/testing/crashes/*/crash.conf "$TOP"/tools/testing/scenarios/*/scenario.conf; do
		lacks="$lacks$(awk '$1 == "scenario" { name = $2 } $1 == "needs" { print $2, $3, name }' "$file" |
			while read -r where function name; do
				treegit -C "$BUILD/$1/linux" grep -qw "$function" refs/pgsync/pristine -- "$where"
				case $? in
				0)	;;
				1)	printf '%s ' "${name:-$(basename "$(dirname "$file")")}" ;;
				*)	exit "$ERROR" ;;
				esac
			done)" || die "cannot read the tree $1"
	done
	echo "$lacks"
}

# Print the absolute path of the user's tree $1. Lists of files, and files of git, have one
# path per line, so a newline is refused.
kdir_path() {
	local path
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

# Print the name in build/ of the user's tree $1, or with $2 of a file in it: the last part of
# the path, cut as file names have a limit, and a checksum of the path.
kdir_name() {
	local path
	path=$(kdir_path "$1") || exit
	path=$path${2:+/$2}
	printf '%s-%s\n' "$(basename "$path" | tr -c 'A-Za-z0-9._\n-' _ | cut -c 1-64)" \
		"$(printf %s "$path" | cksum | cut -d ' ' -f 1)"
}
