# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# For the tests of this folder, which source it: a copy of the project, in which a fake
# kernel "builds" a hash of its sources, a fake QEMU leaves recorded logs, and a fake apt
# has packages of fake kernels. So a run takes a second from the tree to the verdict.
#
#	$work		a folder of this test alone
#	$p		the copy, $work/project: v6.12's stages core and unfixed are built
#	$work/bin	the fake programs, which come first in PATH
#	$work/endings	how boots of the fake QEMU end
#	$work/booted	the command line of each boot
#	$work/built	a line for each kernel that was built
#	$work/qemu.version, build.seconds, build.fails, apt.fails, apt.installs
#			what the fake programs say, and whether they fail or install
#
# Each copy is made of build/pipeline/, which is prepared anew if the project has changed.
# A test takes UNTIL=SECONDS: it does nothing if that time, of date +%s, has come.

. "${0%/*}/../../../lib.sh"
. "$TOP/tools/testing/ktap.sh"

take UNTIL -- "$@"
[ $# = "$TAKEN" ] || die "usage: ${0##*/} [UNTIL=SECONDS]"
if [ -n "$UNTIL" ] && [ "$(now)" -ge "$UNTIL" ]; then
	say "# left out: pipeline/${0##*/}"
	exit "$SKIP"
fi
work=$(mktemp -d 2>&1) || die "$work"
at_exit 'chmod -R u+w "$work"; rm -rf "$work"'
p=$work/project
PATH=$work/bin:$PATH
export PATH

copy_project() {
	mkdir -p "$1" && project_files | tar -C "$TOP" -cf - -T - | tar -xf - -C "$1" && [ -f "$1/README.md" ] ||
		die "cannot copy the project"
}

# fake NAME...: the program NAME is what stdin has.
fake() {
	for name; do
		printf '#!/bin/sh\n' >"$work/bin/$name" && chmod +x "$work/bin/$name" || die "cannot write $work/bin"
	done
	(cd "$work/bin" && tee -a -- "$@" >/dev/null)
}

# qemu [COMMAND]: all boots of the fake QEMU pass, and then do this, see there. Without
# COMMAND they end as $work/endings says.
qemu() {
	printf '%s\n' "$@" | grep . >"$work/qemu"
	rm -rf "$work/once" "$work/hangs"
}
# shellcheck disable=SC2034 # for the tests
splat='inject "BUG: KASAN: slab-use-after-free in x"'
# shellcheck disable=SC2034
skip='sed -i "s/^\(.*ok [0-9]\).*/\1 # SKIP no such device/" ktap console'

commit() {
	(cd "$1" && treegit init -q && treegit add -Af . && treegit commit -qm "${2:-tree}") || exit "$ERROR"
}

# mark WORD DIR...: change a source of the kernel tree DIR. A boot of this tree then has WORD
# on its console.
mark() {
	word=$1
	shift
	for dir; do
		echo "/* mark: $word */" >>"$dir/mm/percpu.c"
	done
}

# tree NAME [plain]: a kernel tree of the user's without the fix, $work/NAME, in git unless
# it is plain.
tree() {
	rm -rf "${work:?}/$1"
	cp -a "$work/linux" "$work/$1"
	[ "${2-}" = plain ] || commit "$work/$1"
}

mk() {
	make -s -C "$p" "$@"
}

boot() {
	"$p/tools/testing/run-tests" "$@"
}

# dax SETTING... STAGE: the boots that take least time.
dax() {
	boot SCENARIO=dax LEVELS=4 "$@"
}

# in_dir DIR COMMAND...
in_dir() {
	cd "$work/$1" || return
	shift
	"$@"
}

# Points, a line of stdin for each:
#	TITLE | EXIT CODE | WHAT IT SAYS | COMMAND
# COMMAND, which may stand in the next line, is read by the shell, in $work.
points() {
	while IFS='|' read -r title code text command; do
		[ -n "$command" ] || read -r command
		set -f
		# shellcheck disable=SC2086 # without the blanks around them
		set -- $title && title=$* && set -- $text && text=$*
		set +f
		# shellcheck disable=SC2086
		t "$title" exits $code "$text" eval "$command"
	done
}

# The folder of the last run.
last_run() {
	# shellcheck disable=SC2012 # names of ours
	dirname "$(ls -t "$p"/build/results/*/planned | sed 1q)"
}

# The record of the test $1 in the last run has the line $2.
recorded() {
	cat "$(last_run)/tests/$1/record"
	grep -qxE "$2" "$(last_run)/tests/$1/record"
}

# marked WORD COMMAND...: COMMAND passes, and the kernel that it boots has the mark WORD.
marked() {
	mark=$1
	shift
	"$@" && ! grep -L "^marks: .*\<$mark\>" "$(last_run)"/tests/*/*/*/*/*/console | grep .
}

# What DIR has, and when it was written.
look() {
	(cd "$1" && find . -name index -prune -o -printf '%P %y %m %s %T@ %l\n' | sort)
}

# unchanged DIR COMMAND...: COMMAND changes nothing in DIR, and ends as it ends.
unchanged() {
	dir=$1
	look "$dir" >"$work/was"
	shift
	"$@"
	code=$?
	look "$dir" | diff "$work/was" - || return 99
	return $code
}

# Wait for a minute at most until COMMAND... succeeds.
await() {
	for _ in $(seq 600); do
		! "$@" 2>/dev/null || return 0
		sleep 0.1
	done
	return 1
}

### What all copies are made of.

# The kernel $1, whose name is also that of its directory, as linux-source-$2, with the fix.
package() {
	sed -i "s/^VERSION = .*/VERSION = ${2%.*}/; s/^PATCHLEVEL = .*/PATCHLEVEL = ${2#*.}/" "$work/$1/Makefile"
	(cd "$work/$1" && treegit init -q && treegit add -Af . && treegit commit -qm tree &&
		treegit am -q "$TOP"/patches/core/v6.6/000[1-9]*.patch && treegit tag pristine) &&
		mkdir -p "$work/deb/usr/src" "$work/packages" &&
		tar -C "$work" --exclude=.git -cJf "$work/deb/usr/src/linux-source-$2.tar.xz" "$1" &&
		tar -C "$work/deb" -cf "$work/packages/linux-source-$2" ./usr && rm -r "$work/deb" ||
		die "cannot make linux-source-$2"
}

# The fake kernel, without the fix. Its sources have what the rules, the crashes and the
# scenarios look for in a tree.
fake_kernel() {
	"$TOP/tools/kernel/sketch" v6.6 "$work/linux" || exit
	cd "$work/linux" && mkdir -p scripts/kconfig lib arch/x86/lib || exit
	echo '/* vmemmap_populate_compound_pages */' >>mm/sparse-vmemmap.c
	echo '/* vmemmap_use_new_sub_pmd */' >>arch/x86/mm/init_64.c
	echo '/* instrument_memcpy_before */' >>arch/x86/lib/copy_mc.c
	: >mm/filemap.c
	: >Kconfig
	: >scripts/Makefile.extrawarn
	for selftest in mm/hmm-tests memory-hotplug/mem-on-off-test.sh; do
		mkdir -p "tools/testing/selftests/${selftest%/*}"
		: >"tools/testing/selftests/$selftest"
	done
	cp "$fakes/Makefile" . && cp "$fakes/state" scripts/ && cp "$fakes/merge_config.sh" scripts/kconfig/ ||
		die "cannot make a fake kernel"
	cd "$work" || exit
}

# What is put on the fake kernel: the series $1 on the stage $2, in two patches, which are
# for a release whose directory is there; and a mutant.
fake_series() {
	rm -f "$p/patches/$1"/*/*.patch
	treegit checkout -q --detach "$2" || return
	for stage in "$1-1" "$1"; do
		echo "$stage" >mm/stage && treegit add -Af . && treegit commit -qm "$stage" || return
	done
	treegit tag "$1" && for directory in "$p/patches/$1"/v*; do
		treegit format-patch -q -2 -o "$directory" || return
	done
}

fake_mutant() {
	treegit checkout -q --detach finders && echo unsynced >mm/stage && {
		printf '%s\n' 'series finders' 'matrix yes' 'config lean+kasan+lockdep+kunit' \
			'test 4/dax crash compound' ---
		treegit diff
	} >"$p/tools/testing/mutants/unsynced.patch"
}

# The project with what these tests boot.
fake_project() {
	copy_project "$p"
	(cd "$p/tools/testing/scenarios" && printf '%s\n' */ |
		grep -vxE '(dax|dimm|hmm|percpu|pmem|selftest-hmm|stress)/' | xargs rm -r
	sed -i '/^scenario \(dax-pmem\|memmap\|pmem-shadow\)/,$d' ./*/expect ./*/scenario.conf
	cd "$p/patches" && printf '%s\n' */ | grep -vxE '(core|kasan|finders)/' | xargs rm -r
	printf '%s\n' 'on pristine' 'for mainline' 'by hand' 'directory v7.3' \
		'kernel lean+kasan pristine kasan' >kasan/series.conf
	printf '%s\n' 'on kasan' 'for mainline' 'by hand' 'directory v7.3' \
		'kernel lean+kasan+lockdep+kunit finders' >finders/series.conf
	cd "$p/tools" && sed -i 's/ : ndctl .*/ : selftest-hmm stress/; /^without/d' kernel/packages/*
	sed -i '/^needs/d' testing/arch/riscv64
	rm -r testing/mutants/* testing/tests
	mkdir -p testing/tests/pipeline) || die "cannot change $p"
	printf '#!/bin/sh\necho "1 passed, 0 failed"\n' >"$p/tools/testing/tests/pipeline/run"
	chmod +x "$p/tools/testing/tests/pipeline/run"
}

prepare() {
	fakes=$TOP/tools/testing/tests/pipeline/fake
	mkdir -p "$work/bin"
	cp "$fakes/qemu-system-x86_64" "$fakes/apt-get" "$work/bin/"
	ln -s qemu-system-x86_64 "$work/bin/qemu-system-riscv64"
	ln -s apt-get "$work/bin/apt-cache"
	ln -s apt-get "$work/bin/dpkg-deb"
	echo 'echo "${0##*/} of the fixture"' | fake clang-19
	echo 'tool=${0##*-}; exec "$tool" "$@"' |
		fake riscv64-linux-gnu-gcc riscv64-linux-gnu-ld riscv64-linux-gnu-strip
	echo '! grep bogus "$5" >&2 && cp "$5" "$4"' | fake dtc
	echo 'cat "$2" "$5" >"$4"' | fake fdtoverlay
	grep -v '^#' "$fakes/endings" >"$work/endings"
	echo "QEMU emulator version 7.2.22" >"$work/qemu.version"
	echo 0 >"$work/build.seconds"
	: >"$work/qemu"
	fake_kernel
	fake_project
	cd "$work" || exit
	cp -a linux linux-6.12 && cp -a linux linux-7.3 && package linux-6.12 6.12 && package linux-7.3 7.3
	(cd linux-7.3 && fake_series kasan pristine && fake_series finders kasan && fake_mutant) ||
		die "cannot make the fake series"
	rm -rf linux-6.12 linux-7.3
	for stage in core unfixed; do
		said=$(dax $stage 2>&1) || die "the fake kernel does not boot: $said"
	done
	rm -rf "$p/build/results" "$p/build/v6.12/boots" "$work/built" "$work/booted"
}

# Of the tests, only the fixture counts.
prepared=$BUILD/pipeline/$(cd "$TOP" && {
	project_files | grep -v '^tools/testing/tests/'
	ls tools/testing/tests/pipeline/lib.sh tools/testing/tests/pipeline/fake/*
} | xargs sha256sum | hash)
(
	lock pipeline
	if [ ! -d "$prepared" ]; then
		progress "preparing the fake kernel"
		rm -rf "$BUILD/pipeline"
		make_dir "$BUILD/pipeline"
		prepare
		cp -a "$work" "$prepared.new" && mv "$prepared.new" "$prepared" || die "cannot write $prepared"
		find "$work" -mindepth 1 -delete
	fi
	cp -a "$prepared/." "$work" || die "cannot copy $prepared"
) || exit
cd "$work" || exit
: >built
: >booted
