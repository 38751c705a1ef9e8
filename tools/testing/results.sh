# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The folder of a run, build/results/RUN/, and its files. tools/lib.sh includes this.
# tools/README.md lists the files.

# results_begin NAME COMMAND...: make the folder RESULTS of a run of COMMAND. If the last run of
# NAME was one of COMMAND and was interrupted, go on with its folder.
results_begin() {
	local name about
	make_dir "$BUILD/results"
	name=$1
	shift
	for about in "$BUILD"/results/*."$name"/about; do :; done
	RESULTS=${about%/about}
	if ! grep -qsxF "command $(quoted "$@")" "$about" || grep -q '^ended ' "$about" || ! flock -n "$about" true; then
		RESULTS=$BUILD/results/$(date +%Y%m%d-%H%M%S).$name
		while ! mkdir "$RESULTS" 2>/dev/null; do
			[ -d "$RESULTS" ] || die "cannot write $RESULTS"
			RESULTS=$RESULTS+
		done
	fi
	look_at "$TOP"
	{
		echo "command $(quoted "$@")"
		echo "started $(now)"
		echo "host $(uname -n), $(nproc) CPUs"
		echo "project $(lookgit describe --always --dirty --abbrev=12 2>/dev/null)"
	} >"$RESULTS/about" && exec 3>>"$RESULTS/about" && flock -n 3 || die "cannot write $RESULTS"
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
