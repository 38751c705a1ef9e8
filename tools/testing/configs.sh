# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tools share of configurations, and of the boots that a kernel with one can
# run. tools/lib.sh has it.

# Take CONFIG $1 apart. A boot asks many things of its own, and processes are dear: no
# more are made than it takes.
#
#	CONFIG_PARTS	the names behind each "+"
#	CONFIG_ARCH	its architecture, x86_64 where it names none
#	CONFIG_FILES	what it is made of: the file of that, and its fragments
config_take() {
	CONFIG_PARTS='' CONFIG_ARCH='' CONFIG_FILES='' parts_left=$1+
	while parts_left=${parts_left#*+} && [ -n "$parts_left" ]; do
		part=${parts_left%%+*}
		CONFIG_PARTS="$CONFIG_PARTS $part"
		if [ ! -f "$TOP/tools/testing/arch/$part" ]; then
			CONFIG_FILES="$CONFIG_FILES $TOP/tools/testing/config/$part.config"
		elif [ -z "$CONFIG_ARCH" ]; then
			CONFIG_ARCH=$part
		fi
	done
	: "${CONFIG_ARCH:=x86_64}"
	CONFIG_FILES="$TOP/tools/testing/arch/$CONFIG_ARCH$CONFIG_FILES"
}

config_arch() {
	config_take "$1"
	echo "$CONFIG_ARCH"
}

# What these files declare, as "#: ram 8G", a line for each, and the last that is said
# of KEY $1.
config_declares() {
	config_take "$1"
	# shellcheck disable=SC2086 # a list
	sed -n 's/^#: //p' $CONFIG_FILES
}

config_says() {
	config_take "$2"
	# shellcheck disable=SC2086 # a list
	awk -v said="#: $1 " '
		index($0, said) == 1	{ last = substr($0, length(said) + 1) }
		END			{ if (last != "") print last }' $CONFIG_FILES
}

# Take the test $1, TREE/STAGE/CONFIG/LEVELS/SCENARIO[/OPTION,...], apart: into these, and
# the folder of its boot, run.
split_test() {
	IFS=/ read -r tree stage config levels scenario options <<-END
	$1
	END
	# shellcheck disable=SC2034 # for who calls
	run=$BUILD/$tree/runs/$stage.$config.$levels.$scenario${options:+.$options}
}

# The memory of the guest in the folder $1, prepared, in GiB.
prepared_ram() {
	said=$(sed -n 's/.* -m \([0-9]*\)G .*/\1/p' "$1/qemu.command")
	echo "${said:-1}"
}

# The test of the matrix that $1 is: itself, or the one that it varies by numbers, as what
# tools/testing/soak has drawn.
listed_test() {
	case ${1##*/} in
	fail=*)	echo "${1%/*}/fail=1" ;;
	*=*)	echo "${1%/*}" ;;
	*)	echo "$1" ;;
	esac
}

# The boots of tools/testing/scenarios that a kernel with CONFIG $1 can run, as
# SCENARIO LEVELS CRASH STAGES [OPTIONS]. It has the kind that a fragment declares, or plain,
# the architecture that the scenario asks for, x86_64 where it asks for none, and the
# fragments that it asks for besides.
boots() {
	kind=$(config_says kind "$1")
	config_take "$1"
	# shellcheck disable=SC2035 # names of folders
	(cd "$TOP/tools/testing/scenarios" && asked=$1 && set -- ../arch/* &&
		awk -v kind="${kind:-plain}" -v config="$asked+" -v arch="$CONFIG_ARCH" -v arches=" $* " '
		BEGIN	{ while (++files < ARGC) ARGV[files] = ARGV[files] "/boots" }
		/^#/ || !NF	{ next }
		{
			n = split($2, needs, "+")
			if (needs[1] != kind)
				next
			wants = "x86_64"
			for (i = 2; i <= n; i++) {
				if (index(arches, " ../arch/" needs[i] " "))
					wants = needs[i]
				else if (!index(config, "+" needs[i] "+"))
					next
			}
			if (wants != arch)
				next
			split(FILENAME, path, "/")
			split($1, levels, "/")
			print path[1], levels[1], $3 ? $3 : "-", $4 ? $4 : "unfixed,partial", levels[2]
		}' *)
}

# A small configuration at $obj with these OPTIONs, each of which has to stick. The
# caller's kmake runs make.
tiny_config() {
	mkdir -p "${obj:?}" && kmake tinyconfig && {
		printf 'CONFIG_%s=y\n' MMU SMP SYSFS EXPERT DEBUG_KERNEL DEBUG_VM "$@"
		echo '# CONFIG_SLUB_TINY is not set'
	} >>"$obj/.config" && kmake olddefconfig || return
	for option; do
		grep -x "CONFIG_$option=y" "$obj/.config" || { echo "$option did not stick"; return 1; }
	done
}

# boot_again RUN: if the judge says that the boot in RUN tested nothing, prepare another
# try: three tries in all, and only one more after a hang, which takes the whole time
# limit. console.N and ktap.N of each try are kept, and the record says why.
boot_again() {
	local try said
	try=$(find "$1" -name 'console.[0-9]' | wc -l)
	if [ "$try" -lt 2 ] && said=$("$BUILD/judge" -a "$1" 2>/dev/null) &&
	   ! grep -qs '^again hung ' "$1/tries"; then
		try=$((try + 1))
		mv "$1/console" "$1/console.$try" && mv "$1/ktap" "$1/ktap.$try" &&
			echo "again $said" >>"$1/tries" && return
		die "cannot write $1"
	fi
	[ "$try" = 0 ] || {
		echo "tries $((try + 1))"
		awk '{ sub(/^again /, NR == 1 ? "again " : ", then it "); printf "%s", $0 } END { print "" }' "$1/tries"
	} >>"$1/launched" || die "cannot write $1"
	return 1
}
