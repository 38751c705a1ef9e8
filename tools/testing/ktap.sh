# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# For the tests of the tools: points of a KTAP report, and its end.

TESTS=0 FAILED=0 SKIPPED=0
t_said=$(mktemp) || die "no space for temporary files in $TMPDIR"
at_exit 'rm -f "$t_said"'

# t NAME COMMAND...: a test point that passes when the command does. What the
# command prints is shown if it fails. Its stdin is /dev/null.
t() {
	local point
	point=$1
	shift
	TESTS=$((TESTS + 1))
	progress "test $TESTS: $point"
	if attend "$@" >"$t_said" 2>&1; then
		say "ok $TESTS $point"
	else
		FAILED=$((FAILED + 1))
		say "not ok $TESTS $point"
		sed 's/^/# /' "$t_said"
	fi
}

t_skip() {
	TESTS=$((TESTS + 1)) SKIPPED=$((SKIPPED + 1))
	say "ok $TESTS $1 # SKIP $2"
}

# exits CODE TEXT COMMAND...: the command ends with CODE, and prints the parts of TEXT, which
# " ... " separates, in this order. Sets said and code.
exits() {
	local want parts rest part
	want=$1 parts=$2
	shift 2
	said=$("$@" 2>&1)
	code=$?
	printf '%s\n(exit code %s, expected %s and "%s")\n' "$said" $code "$want" "$parts"
	[ $code = "$want" ] || return 1
	rest=$said
	while [ -n "$parts" ]; do
		part=${parts%%" ... "*}
		case $rest in
		*"$part"*)	rest=${rest#*"$part"} ;;
		*)		return 1 ;;
		esac
		[ "$part" != "$parts" ] || break
		parts=${parts#*" ... "}
	done
}

# The packages whose trees a test reads, which make check has prepared.
need_trees() {
	local package
	for package; do
		stage_commit "$package" core >/dev/null 2>&1 || die "build/$package is not prepared: make check does that"
	done
}

# checkpatch of current kernels, which knows the tags that they ask for. It leaves a
# file where it runs.
checkpatch() {
	(cd "$TMPDIR" && perl "$BUILD/mainline/linux/scripts/checkpatch.pl" --strict --no-tree --no-summary "$@")
}

# Does checkpatch accept the patch $1? Without history, it cannot look up commits. The sign-off
# is the submitter's. MAINTAINERS is left alone so that a series fits older trees. The tag
# Originally-by is in maintainer-tip.rst, and checkpatch does not know it.
clean_patch() {
	sed '/^Originally-by: /d' "$1" |
		checkpatch --ignore UNKNOWN_COMMIT_ID,MISSING_SIGN_OFF,FILE_PATH_CHANGES - &&
		! grep -q '^Signed-off-by:' "$1"
}

# warned TREE STAGE CONFIG OBJECT...: what gcc W=1 and sparse warn of, without line
# numbers; all that make says is in $work/log. Current kernels want a sparse that knows
# __typeof_unqual__, and a packaged one that does not is near enough to compare trees.
warned() {
	local tree stage config
	tree=$1 stage=$2 config=$3
	shift 3
	"$TOP/tools/kernel/build" "$tree" "$stage" "$config" W=1 C=1 CF=-D__CHECK_ENDIAN__ \
		CHECK="sparse -D__typeof_unqual__=__typeof__" "$@" >"${work:?}/log" 2>&1 || return
	grep -E '(warning|error):' "$work/log" | sed -E "s,^$(stage_tree "$tree")/,,; s,^([^ :]+):[0-9:]*,\\1:," | sort
}

# A test without a test point fails.
t_end() {
	[ $TESTS != 0 ] || t "at least one point is tested" false
	say "1..$TESTS"
	say "$((TESTS - FAILED - SKIPPED)) passed, $FAILED failed$([ $SKIPPED = 0 ] || echo ", $SKIPPED skipped")"
	[ $FAILED = 0 ]
}
