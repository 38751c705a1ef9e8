# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The files of a kernel tree that the core series touches, and patches/core/releases,
# the record of the releases that its directories were tried on.

TOUCHED="arch/x86/include/asm/pgtable_64_types.h arch/x86/mm/init_64.c include/linux/pgtable.h
	include/linux/vmalloc.h mm/kasan/init.c mm/percpu.c mm/sparse-vmemmap.c"
RECORD=$TOP/patches/core/releases
# shellcheck disable=SC2034 # releases writes it
STABLE_RECORD=$TOP/patches/stable

# read_tree TREE REVISION OUT [FILE...]: copy the touched files and FILEs of TREE to OUT: those
# of REVISION if TREE is a git repository, or else the files in the directory. Set version,
# state, and how git am or patch can change TREE: am, clone, patch. Exit if the core series
# is not for TREE.
read_tree() {
	local file tree revision out said
	tree=$1 revision=$2 out=$3
	shift 3
	how='patch'
	if [ "${LOOK_TREE-}" != "$tree" ]; then
		[ -z "$LOOK" ] || rm -rf "$LOOK"
		LOOK=
		look_at "$tree"
	fi
	if [ -n "$LOOK" ] && lookgit rev-parse -q --verify "$revision^{commit}" >/dev/null; then
		how=am
		[ -e "$tree/.git" ] || how=clone
	elif [ "$revision" != HEAD ]; then
		die "$tree has no commit $revision: name a tag or branch of it"
	fi
	for file in Makefile $TOUCHED include/linux/pgalloc.h "$@"; do
		said=$(mkdir -p "$out/$(dirname "$file")" 2>&1) || die "$said"
		if [ $how = patch ]; then
			[ ! -f "$tree/$file" ] || said=$(cp "$tree/$file" "$out/$file" 2>&1) || die "$said"
			continue
		fi
		lookgit show "$revision:$file" >"$out/$file" 2>/dev/null && continue
		rm "$out/$file"
		echo Makefile "$TOUCHED" include/linux/pgalloc.h | grep -qwF "$file" || continue
		! lookgit cat-file -e "$revision:$file" 2>/dev/null || die "no space for temporary files in $TMPDIR"
		[ -z "$(lookgit ls-tree "$revision" -- "$file" 2>/dev/null)" ] ||
			die "$tree lacks the contents of $file: fetch them, as git checkout does in a partial clone"
	done
	version=$(kernel_release "$out")
	state=$("$TOP/tools/kernel/detect" "$out" 2>"$out/why")
	said=$(cat "$out/why")
	rm "$out/why"
	case $state in
	unfixed | partial | fixed) ;;
	unsupported)	die "$tree${said#"$out"}" ;;
	*)
		[ "$revision" != HEAD ] || say_uncommitted "$tree" "$out" >&2
		die "$tree: Linux $version, not recognised as fixed, unfixed or partially fixed: $said"
		;;
	esac
}

# Say if a touched file of TREE $1 differs from the one in DIR $2, which is that of HEAD.
say_uncommitted() {
	local file
	[ "$how" = am ] || return 0
	for file in $TOUCHED; do
		[ ! -f "$1/$file" ] || cmp -s "$1/$file" "$2/$file" || {
			say "This is for HEAD. $file has uncommitted changes, which make affected reads: commit or stash them first"
			return
		}
	done
}

# Commit the files in DIR $1, as a repository of its own, as the tag start.
commit_start() {
	in_tree "$1" init -q
	in_tree "$1" add -Af .
	in_tree "$1" commit -qm start
	in_tree "$1" tag start
}

# in_tree DIR COMMAND...: git COMMAND in DIR, which only fails if there is no space.
in_tree() {
	local said
	said=$(treegit -C "$@" 2>&1) || die "git $2 in $1: $(echo "$said" | head -n 1)"
}

# Does git am take the directory $2 of patches/core on the tag start of $1, and fix it?
takes() {
	in_tree "$1" reset -q --hard
	in_tree "$1" checkout -q --detach start
	git_am "$1" "$TOP/patches/core/$2"/000[1-9]*.patch &&
		[ "$("$TOP/tools/kernel/detect" "$1" 2>/dev/null)" = fixed ]
}

# The files that the series change.
other_files() {
	sed -n 's,^--- a/,,p' "$TOP"/patches/*/v*/*.patch | sort -u
}

# The patches in SERIES/DIRECTORY $1 that are for stable, and for version $2 if that is given,
# as "Cc: stable@vger.kernel.org # 6.12+" is for 6.12 and later.
stable_patches() {
	awk -v version="${2-}" '
		function number(text) {
			split(text, part, ".")
			return part[1] * 1000 + part[2]
		}
		/^Cc: stable@/ && (version == "" || number($4) <= number(version)) { print FILENAME }
		' "$TOP/patches/$1"/0*.patch
}

# The directories with patches for stable, and the hash of the patches in one of them.
stable_directories() {
	local directory
	(cd "$TOP/patches" && ls -d -- */v*) | while read -r directory; do
		[ -z "$(stable_patches "$directory")" ] || echo "$directory"
	done
}

stable_id() {
	cat "$TOP/patches/$1"/0*.patch | treegit patch-id --stable | hash | cut -c 1-12
}

# am_alone DIR: does git am take the patches whose names are on stdin, on HEAD of DIR? HEAD stays.
am_alone() {
	local head
	head=$(treegit -C "$1" rev-parse HEAD) || die "cannot read $1"
	tr '\n' '\0' | xargs -0 cat | git_am "$1" || return
	in_tree "$1" reset -q --hard "$head"
}

# Print which directory of each series but core git am takes in the repository DIR $1, as
# SERIES/DIRECTORY, and the numbers of the patches if it takes only those for stable. Each
# series is tried alone.
other_directories() {
	local series directory patches
	for series in $(series_names | grep -vx core); do
		for directory in $(says directory "$(series_file "$series")" | awk -v series="$series" '{ print series "/" $1 }'); do
			patches=$(stable_patches "$directory" "$version")
			if patches_in "$TOP/patches/$directory" | am_alone "$1"; then
				echo "$directory"
			elif [ -n "$patches" ] && echo "$patches" | am_alone "$1"; then
				echo "$directory $(echo "$patches" | sed 's,.*/0*\([0-9]*\)-.*,\1,' | paste -sd ,)"
			else
				continue
			fi
			break
		done
	done
}

# The directories of patches/core, the newest first.
directories() {
	says directory "$TOP/patches/core/series.conf" | awk '{ print $1 }' | sort -rV
}

# The blob ids of the touched files in DIR $1, in one line.
blob_ids() {
	# shellcheck disable=SC2086 # a list
	(cd "$1" && treegit hash-object --no-filters $TOUCHED) | cut -c 1-12 | paste -sd ' '
}

# v6.6 for 6.6.0, v6.6.87 for 6.6.87, v6.17-rc2 for 6.17.0-rc2.
release_name() {
	echo "$1" | sed -E 's/^([0-9]+\.[0-9]+)\.0/\1/; s/^/v/'
}

# The patch ids of the directory $1 of patches/core, without the files that they add: these
# are the same on any tree.
patch_ids() {
	local patch
	for patch in "$TOP/patches/core/$1"/000[1-9]*.patch; do
		awk '
			/^diff /	{ diff = $0; added = 0; next }
			/^new file /	{ added = 1 }
			/^index /	{ next }
			added		{ next }
			diff		{ print diff; diff = "" }
					{ print }' "$patch" | treegit patch-id --stable | cut -d ' ' -f 1
	done
}

# Those that the directory $1 was tried with.
tried_ids() {
	awk -v name="$1" '$1 == "directory" { mine = $2 == name } $1 == "tried" && mine { print $2 }' "$RECORD"
}

# The record, as a line for each release: RELEASE DIRECTORY BLOB...
recorded() {
	awk '$1 == "directory" { directory = $2 }
		$1 == "blobs" { sub(/^blobs /, ""); blobs = $0 }
		$1 == "release" { for (i = 2; i <= NF; i++) print $i, directory, blobs }' "$RECORD"
}

# What git am made of the trees in the record, as lines of DIRECTORY BLOB... BLOB...: the
# blob ids of the touched files before and after.
recorded_results() {
	awk '$1 == "directory" { directory = $2 }
		$1 == "blobs" { sub(/^blobs /, ""); blobs = $0 }
		$1 == "result" { sub(/^result /, ""); print directory, blobs, $0 }' "$RECORD"
}

# The blob ids for the patches in the directory $1, as lines of FILE OLD..NEW: those of the
# first release that it was tried on. Each file belongs to one patch.
blobs_of() {
	# shellcheck disable=SC2086 # a list
	recorded_results | awk -v directory="$1" '
		$1 != directory { next }
		{
			for (i = 2; i <= NF / 2 + 1; i++)
				print $i ".." $(i + (NF - 1) / 2)
			exit
		}' | { set -- $TOUCHED; while read -r blobs; do echo "$1 $blobs"; shift; done; }
}

# The text $1 of patches/core/changelogs, without what does not hold for a kernel that lacks
# the words $2: "#if WORD", "#else" and "#endif" are as in C.
changelog() {
	awk -v lacks=" $2 " '
		/^#if /		{ skip = index(lacks, " " $2 " "); next }
		/^#else$/	{ skip = !skip; next }
		/^#endif$/	{ skip = 0; next }
		!skip' "$TOP/patches/core/changelogs/$1"
}

# What the kernel in DIR $1 lacks.
lacks_of() {
	grep -qs vmemmap_populate_compound_pages "$1/mm/sparse-vmemmap.c" || echo compound
}

# The releases that the directory $1 was tried on: v6.6 to v6.6.104, v6.7.3.
releases_of() {
	recorded | awk -v directory="$1" '
		function flush() {
			if (from)
				printf "%s%s", n++ ? ", " : "", from (to != from ? " to " to : "")
			from = $1
		}
		$2 != directory { next }
		{
			split($1, part, ".")
			if (part[1] "." part[2] != branch || part[3] != point + 1)
				flush()
			to = $1
			branch = part[1] "." part[2]
			point = part[3]
		}
		END { $1 = ""; flush(); if (n) print "" }'
}
