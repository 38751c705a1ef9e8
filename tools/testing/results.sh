# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The folder of a run, build/results/RUN/, and its files. tools/lib.sh includes this.
# tools/README.md lists the files.

# results_begin NAME COMMAND...: make the folder RESULTS of a run of COMMAND.
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

# The run is complete: a run without "ended" was interrupted.
results_end() {
	touch "$RESULTS/planned" && echo "ended $(now)" >>"$RESULTS/about" &&
		"$TOP/tools/results/results" RUN="$RESULTS" KTAP="$RESULTS/ktap" >/dev/null || die "cannot write $RESULTS"
}

# results_lost TEST VERDICT REASON COMMAND: write the record of a test that was not booted.
results_lost() {
	mkdir -p "$RESULTS/tests/$1" &&
		printf 'test %s\nverdict %s\nreason %s\nrepeat %s\nend\n' "$@" >"$RESULTS/tests/$1/record" ||
		die "cannot write $RESULTS"
}
