# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What tools/testing/mutate looks at a mutant with, before anything is booted.

out=$BUILD/mutants

# The package that SERIES $1 is tried on: the first that it is for, or mainline as others.
base_of() {
	says for "$(series_file "$1")" | sed 's/ .*//; s/^\*$/mainline/'
}

# Objects of TREE $1 as they are built for x86_64, for arm64 with 3 levels, and for i386 its
# own files: in each directory the file "commands" has who compiles what.
x86_objects() {
	echo "$(stage_objects "$1" lean+kasan+kunit+wide).part"
}

arm64_objects() {
	stage_objects "$1" mutants.arm64
}

i386_objects() {
	stage_objects "$1" mutants.i386
}

# What they are looked at with.
compilers() {
	for tool in gcc aarch64-linux-gnu-gcc sparse /usr/bin/spatch; do
		$tool --version || die "no $tool: run tools/setup boot x86_64 check"
	done
}

# ---- What looks at FILE $2 of the tree DIR $1 of $series, without a boot ----

# What was said of a tree DIR $1, without lines and who has the tree.
no_places() {
	grep -E 'warning:|error:|WARNING:' | sed "s|^$1/||; s|^$(stage_tree "$tree")/||; s|^\([^ :]*\):[0-9:-]*|\1:|" | sort
}

look_semantic() {
	semantic report "$1" "$2" | no_places "$1"
}

# in_objects OBJECTS DIR FILE WORD...: what compiles FILE of DIR as one of OBJECTS, with
# headers of DIR before the kernel's, and the WORDs for its output.
in_objects() {
	(
		objects=$1 dir=$2 file=$3 arch=x86
		shift 3
		case $objects in
		*arm64)	arch=arm64 ;;
		esac
		command=$(awk -F '\t' -v file="$file" '$1 == file { print $2 }' "$objects/commands") &&
			[ -n "$command" ] || exit 0
		command=$(printf '%s\n' "$command" | sed "s| -Wp,-MMD,[^ ]*||; s| -c -o [^ ]* [^ ]*$| $dir/$file|
			s|^\([^ ]*\)|\1 -I$dir/include -I$dir/arch/$arch/include|")
		case $1 in
		sparse)	command="$* ${command#* }" ;;
		*)	command="$command $*" ;;
		esac
		cd "$objects" && eval "$command" 2>&1
	)
}

look_compiler() {
	in_objects "$(x86_objects "$tree")" "$1" "$2" -c -o "$1/$2.o" | no_places "$1"
}

# A macro of the kernel's that sparse does not like is none of the series, however often.
look_sparse() {
	in_objects "$(x86_objects "$tree")" "$1" "$2" sparse -D__linux__ -Dlinux -D__STDC__ -Dunix -D__unix__ \
		-D__x86_64__ -m64 -Wbitwise -Wno-return-void -Wno-unknown-attribute -D__CHECK_ENDIAN__ \
		-D__typeof_unqual__=__typeof__ | no_places "$1" | uniq
}

# What other objects need of this one and do not get, and tables of KASAN's that it
# needs and the configuration lacks.
look_link() {
	{
		[ ! -f "$1/$2.o" ] || awk -v file="$2" '$1 == file { print $2 }' "$out/$series.needed" |
			grep -vxF "$(defines "$1/$2.o")"
		in_objects "$(arm64_objects "$tree")" "$1" "$2" -c -o "$1/$2.arm64" >/dev/null
		[ ! -f "$1/$2.arm64" ] ||
			aarch64-linux-gnu-nm -u "$1/$2.arm64" | grep -oE 'kasan_early_shadow_(p4d|pud)'
	} | sed 's/^/undefined reference to /' | sort
}

# Only for all mutants: it takes another kernel's preparation.
look_i386() {
	[ ! -f "$(i386_objects "$tree")/commands" ] ||
		in_objects "$(i386_objects "$tree")" "$1" "$2" -c -o "$1/$2.i386" | no_places "$1"
}

defines() {
	nm -g --defined-only "$1" | awk '{ print $3 }'
}

# The stamp of what was looked at without a mutant. It goes with the objects, when
# tools/kernel/mutants unpacks the series anew.
looked() {
	echo "$out/$1/.git/looked"
}

said() {
	echo "$out/$series.said/$(echo "$1" | tr / _).$2"
}

c_files() {
	(cd "$1" && find . -name '*.c') | sed 's,^\./,,' | sort
}

# ---- What is there without a mutant ----

# What compiles the files of the series of TREE $1, which the tree $2 has. It is asked at
# the stage that most series go on: where a header of all objects differs, as in core, all
# kernels would be built anew.
objects() {
	tree=$1 stage=source dir=$(x86_objects "$1")
	# shellcheck disable=SC2046 # a list
	set -- $(c_files "$2" | grep -v _32)
	# shellcheck disable=SC2046 # a list
	attend "$TOP/tools/kernel/build" "$tree" "$stage" lean+kasan+kunit+wide W=1 $(echo "$*" | sed 's/\.c\>/.o/g') \
		>"$out/$tree.log" 2>&1 || die "the objects of $tree do not build, see $out/$tree.log"
	commands "$dir" "$@"
	arch=arm64 cross=aarch64-linux-gnu- obj=$(arm64_objects "$tree")
	tiny_objects 'KASAN DEBUG_VIRTUAL ARM64_VA_BITS_39' mm/kasan/init.c
}

# The same for files of 32-bit x86 only, W=1.
i386_files() {
	tree=$1 arch=i386 cross='' obj=$(i386_objects "$1")
	# shellcheck disable=SC2046 # a list
	set -- $(c_files "$2" | grep '^arch/x86/.*_32\.c$')
	[ $# = 0 ] || tiny_objects '' "$@"
}

# tiny_objects OPTIONS FILE...: of $tree, for $arch.
tiny_objects() {
	options=$1
	shift
	(
		lock "$tree"
		# shellcheck disable=SC2046,SC2086 # lists
		tiny_config $options && kmake $(echo "$*" | sed 's/\.c\>/.o/g')
	) >"$out/$tree.log" 2>&1 || die "the objects of $tree do not build for $arch, see $out/$tree.log"
	commands "$obj" "$@"
}

kmake() {
	make -s -C "$(stage_tree "$tree")" O="$obj" ARCH="$arch" CROSS_COMPILE="$cross" W=1 -j"$(nproc)" "$@"
}

commands() {
	dir=$1
	shift
	for file; do
		printf '%s\t' "$file"
		sed -n 's/^\(saved\)\{0,1\}cmd_[^=]*:= //p' "$dir/${file%/*}/.$(basename "$file" .c).o.cmd" |
			sed 's/ *;.*//; s/ *$//; 1q'
	done >"$dir/commands" || die "cannot write $dir"
}

# What is said of the files of $series as they are.
originals() {
	rm -rf "$out/$series.said"
	mkdir -p "$out/$series.said"
	src=$out/$series
	: >"$out/$series.needed"
	for file in $(c_files "$src"); do
		for catcher in semantic compiler sparse i386; do
			look_$catcher "$src" "$file" >"$(said "$file" $catcher)"
		done
	done
	for file in $(c_files "$src"); do
		[ ! -f "$src/$file.o" ] || nm -u "$src/$file.o"
	done | awk '{ print $2 }' | sort -u >"$out/$series.undefined"
	for file in $(c_files "$src"); do
		[ ! -f "$src/$file.o" ] || defines "$src/$file.o" | grep -xF -f "$out/$series.undefined" | sed "s,^,$file ,"
	done >"$out/$series.needed"
	for file in $(c_files "$src"); do
		look_link "$src" "$file" >"$(said "$file" link)"
	done
	[ -f "$src/mm/kasan/init.c.arm64" ] || die "mm/kasan/init.c of $series does not build for arm64"
}

# ---- One mutant ----

# The first that catches the mutant $1 of $series, and what it says of it.
caught() {
	copy=$out/work/$1
	rm -rf "$copy"
	mkdir -p "$copy" && treegit -C "$out/$series" archive HEAD | tar -xf - -C "$copy" || die "cannot write $copy"
	touched=$(sed -n 's,^diff --git a/\([^ ]*\) .*,\1,p' "$(defect_file "$1")" | grep '\.[ch]$')
	(cd "$copy" && GIT_CEILING_DIRECTORIES=$out treegit apply "$(defect_file "$1")") ||
		die "$1 does not apply to $series"
	files=$touched
	for file in $touched; do
		# No tree that is behind this one is to stand in for a file that is gone.
		[ -f "$copy/$file" ] || echo '#error gone' >"$copy/$file"
		case $file in
		*.h)	files="$touched $(c_files "$copy")" ;;
		esac
	done
	# shellcheck disable=SC2086 # a list
	files=$(printf '%s\n' $files | sort -u)
	for catcher in semantic compiler sparse link i386; do
		for file in $files; do
			[ -f "$(said "$file" $catcher)" ] || continue
			new=$(look_$catcher "$copy" "$file" | comm -13 "$(said "$file" $catcher)" - | head -n 1)
			[ -z "$new" ] || { echo "$catcher $new"; return; }
		done
	done
	for file in $files; do
		case $file in
		*.c)	[ -f "$copy/$file.o" ] && [ "$(code "$copy/$file.o")" = "$(code "$out/$series/$file.o")" ] ||
				{ echo nothing; return; } ;;
		esac
	done
	echo "nothing (the code is the same)"
}

code() {
	objdump -dr "$1" | sed 1,3d
}

# The rules of the core series without the Nth, or edit.awk with its Nth test of the direction
# turned round; without N, how many there are.
without_rule() {
	awk -v n="$1" '
		/^patch /	{ gone = 0 }
		/^(move|comment|paragraph|add|guard|include) /	{ gone = ++rules == n }
		/^call /	{
			gone = 0
			line = $1 " " $2
			for (i = 3; i <= NF; i++)
				if (++rules != n)
					line = line " " $i
			$0 = line
		}
		!gone && n	{ print }
		END	{ if (!n) print rules }' "$TOP/patches/core/rules"
}

turned() {
	awk -v n="$1" '
		/dir [=!]= "forward"/ && ++tests == n && !sub(/dir == /, "dir != ") { sub(/dir != /, "dir == ") }
		n	{ print }
		END	{ if (!n) print tests }' "$TOP/tools/kernel/edit.awk"
}

# The same for a mutant of the rules, which needs no more of a kernel than the tests do; and
# for "none", which is no mutant.
caught_rule() {
	copy=$out/work/$1
	rm -rf "$copy"
	mkdir -p "$copy/build" && (cd "$TOP" && cp -R Kconfig arch include patches scripts tools "$copy/") &&
		(cd "$TOP/tools/kernel/packages" && ls) | sed "s|^|$BUILD/|" | xargs ln -s -t "$copy/build" ||
		die "cannot write $copy"
	case $1 in
	none)	;;
	edit.*)	turned "${1#*.}" >"$copy/tools/kernel/edit.awk" ;;
	*)	without_rule "${1#*.}" >"$copy/patches/core/rules.${1%.*}"
		sed -i 's/^rules=.*/&; [ ! -f "$rules.$dir" ] || rules=$rules.$dir/' "$copy/tools/kernel/edit" ;;
	esac
	case $1 in
	back.*)	;;	# it does not look at these
	*)	if ! "$copy/tools/kernel/export" "$copy/exported" >"$copy/said" 2>&1; then
			echo "export $(tail -n 1 "$copy/said")"
			return
		elif (cd "$copy/exported" && diff -rq . ../patches/core | grep -v '^Only in ../patches/core') >"$copy/said"; then
			echo "export $(head -n 1 "$copy/said")"
			return
		fi
		;;
	esac
	# The test does not go on when nobody reads it any more.
	new=$("$copy/tools/testing/tests/rules" 2>&1 | grep -m 1 '^not ok')
	echo "${new:+rules }${new:-nothing}"
}

series_of() {
	case $1 in
	forward.* | back.* | edit.*) ;;
	*.*)	echo "${1%%.*}" ;;
	*)	defect_says Mutates "$1" ;;
	esac
}

# What the mutant $1, the first lines of its .caught, was found by: an id, the seconds that it
# took, and who.
state() {
	case $1 in
	forward* | back.* | edit.*)
		(cd "$TOP" && find include patches/core tools/kernel tools/lib.sh tools/testing/*.sh tools/testing/tests/rules -type f |
			sort | xargs sha256sum
			for package in $(cd tools/kernel/packages && ls); do
				treegit -C "$BUILD/$package/linux" rev-parse refs/pgsync/pristine refs/pgsync/unfixed
			done) ;;
	*)	cat "$(looked "$(series_of "$1")")" "$(defect_file "$1")" ;;
	esac | hash
}

try() {
	id=$(state "$1")
	! grep -qsx "$id" "$out/$1.caught" || return 0
	start=$(now)
	series=$(series_of "$1")
	if [ -z "$series" ]; then
		found=$(caught_rule "$1")
	else
		tree=$(base_of "$series")
		found=$(caught "$1")
	fi || exit
	rm -rf "$out/work/$1"
	printf '%s\n%s\n%s\n' "$id" "$(since "$start")" "$found" >"$out/$1.caught" || die "cannot write $out"
}
