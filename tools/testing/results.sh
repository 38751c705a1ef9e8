# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tools share of results: a folder for each run, build/results/RUN/, with
#
#	about		what was run, when, where, and the commit of this project
#	planned		the tests that it was to boot
#	tests/TEST/	record, console, report, configuration, command and verdict
#	tools/NAME	records of the tests of the tools
#	ktap		all of it, made from the records
#
# A record is lines of a key and a value that end with "end". tools/results reads them. If a
# run was interrupted, its about has no line "ended".

# results_begin NAME WORD...: a new folder, RESULTS, for what the command WORD... runs.
results_begin() {
	make_dir "$BUILD/results"
	RESULTS=$BUILD/results/$(date +%Y%m%d-%H%M%S).$1
	while ! mkdir "$RESULTS" 2>/dev/null; do
		[ -d "$RESULTS" ] || die "cannot write $RESULTS"
		RESULTS=$RESULTS+
	done
	shift
	look_at "$TOP"
	{
		echo "command $(quoted "$@")"
		echo "started $(now)"
		echo "host $(uname -n), $(nproc) CPUs"
		echo "project $(lookgit describe --always --dirty --abbrev=12 2>/dev/null)"
	} >"$RESULTS/about" || die "cannot write $RESULTS"
}

# The run is whole, and the last.
results_end() {
	touch "$RESULTS/planned" && echo "ended $(now)" >>"$RESULTS/about" &&
		"$BUILD/show" ktap "$RESULTS" >"$RESULTS/ktap" || die "cannot write $RESULTS"
}

# A test that left no record, because it could not be booted: TEST REASON REPEAT.
results_lost() {
	mkdir -p "$RESULTS/tests/$1" &&
		printf 'test %s\nverdict error\nreason %s\nrepeat %s\nend\n' "$@" >"$RESULTS/tests/$1/record" ||
		die "cannot write $RESULTS"
}
