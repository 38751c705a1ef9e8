# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Debian's packages, for tools that need one that is not installed. Source it after
# lib.sh. APT_ELSE is what a user can do if it fails, as in "; or use KDIR=/path/to/linux".

pkg=$BUILD/pkg

# apt with lists of its own: fresh, and without touching the system's.
apt() {
	tool=$1
	shift
	"$tool" -q -o APT::Sandbox::User=root -o Dir::State::Lists="$pkg/$suite/lists" \
		-o Dir::Cache="$pkg/$suite" ${sources:+"$sources"} \
		${sources:+-o Dir::Etc::SourceParts=/dev/null} "$@" 2>&1
}

# Look into the system's own sources, or into suite $1 of the same mirror.
use_suite() {
	suite=$1 sources=
	make_dir "$pkg/$suite/lists/partial"
	if [ "$suite" != system ]; then
		mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep '/debian/$' | sort -u | head -n 1)
		[ -n "$mirror" ] || die "no Debian mirror in apt's sources${APT_ELSE-}"
		printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
			"$mirror" "$suite" >"$pkg/$suite/sources.list"
		sources=-oDir::Etc::SourceList=$pkg/$suite/sources.list
	fi
	apt apt-get update >"$pkg/$suite/log" ||
		die "apt-get update failed: $(grep -m 1 '^E:' "$pkg/$suite/log")${APT_ELSE-}"
}

# The packages that are called as $1, where "*" stands for a version, in the suite in
# use, the newest last.
named_packages() {
	apt apt-cache search --names-only "^$(echo "$1" | sed 's/[.]/[.]/g; s/[+]/[+]/g; s/[*]/[0-9.]*/')\$" |
		awk '{ print $1 }' | sort -V
}

# Download the package $1: DEB is its file.
download() {
	(cd "$pkg" && apt apt-get download "$1") >"$pkg/log" ||
		die "apt-get download $1 failed: $(tail -n 1 "$pkg/log")${APT_ELSE-}"
	# shellcheck disable=SC2034 # for the caller
	DEB=$(find "$pkg" -maxdepth 1 -name "$1_*.deb" | sort -V | tail -n 1)
}
