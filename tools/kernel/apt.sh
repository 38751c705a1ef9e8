# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Download Debian packages without installing them. Source this after lib.sh. APT_ELSE is
# what a user can do if it fails, as in "; or use KDIR=/path/to/linux".

pkg=$BUILD/pkg

# apt TOOL ARGUMENT...: run an apt tool with package lists of our own.
apt() {
	local tool
	tool=$1
	shift
	"$tool" -q -o APT::Sandbox::User=root -o Dir::State::Lists="$pkg/$suite/lists" \
		-o Dir::Cache="$pkg/$suite" ${sources:+"$sources"} \
		${sources:+-o Dir::Etc::SourceParts=/dev/null} "$@" 2>&1
}

# Use suite $1 of the system's mirror, or with "system" the system's own sources.
use_suite() {
	local mirror
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

# Print the packages of the suite whose name matches $1, newest last; "*" matches a version.
named_packages() {
	apt apt-cache search --names-only "^$(echo "$1" | sed 's/[.]/[.]/g; s/[+]/[+]/g; s/[*]/[0-9.]*/')\$" |
		awk '{ print $1 }' | sort -V
}

# Download package $1 to the file $DEB.
download() {
	(cd "$pkg" && apt apt-get download "$1") >"$pkg/log" ||
		die "apt-get download $1 failed: $(tail -n 1 "$pkg/log")${APT_ELSE-}"
	# shellcheck disable=SC2034 # for the caller
	DEB=$(find "$pkg" -maxdepth 1 -name "$1_*.deb" | sort -V | tail -n 1)
}
