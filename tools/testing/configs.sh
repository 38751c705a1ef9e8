# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tools share of configurations, and of the boots that a kernel with one can
# run. tools/lib.sh has it.

# The names behind the "+" of CONFIG $1.
config_parts() {
	echo "$1" | tr + ' ' | cut -s -d ' ' -f 2-
}

# What CONFIG $1 is made of: the file of its architecture, x86_64 where it names none,
# and its fragments, behind each "+".
config_files() {
	echo "$TOP/tools/testing/arch/$(config_arch "$1")"
	for part in $(config_parts "$1"); do
		[ -f "$TOP/tools/testing/arch/$part" ] || echo "$TOP/tools/testing/config/$part.config"
	done
}

config_arch() {
	for part in $(config_parts "$1"); do
		[ ! -f "$TOP/tools/testing/arch/$part" ] || { echo "$part"; return; }
	done
	echo x86_64
}

# What these files declare, as "#: ram 8G", a line for each, and the last that is said
# of KEY $1.
config_declares() {
	for part_file in $(config_files "$1"); do
		sed -n 's/^#: //p' "$part_file"
	done
}

config_says() {
	config_declares "$2" | sed -n "s/^$1 //p" | tail -n 1
}

# Take the cell $1, BASE/STAGE/CONFIG/LEVELS/SCENARIO[/OPTION,...], apart: into these, and
# the folder of its boot, run.
split_cell() {
	IFS=/ read -r base stage config levels scenario options <<-END
	$1
	END
	# shellcheck disable=SC2034 # for who calls
	run=$BUILD/$base/runs/$stage.$config.$levels.$scenario${options:+.$options}
}

# The memory of the guest in the folder $1, prepared, in GiB.
prepared_ram() {
	said=$(sed -n 's/.* -m \([0-9]*\)G .*/\1/p' "$1/qemu.command")
	echo "${said:-1}"
}

# The cell of the matrix that $1 is: itself, or the one that it varies by numbers, as what
# tools/testing/soak has drawn.
listed_cell() {
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
	# shellcheck disable=SC2046,SC2012 # names of folders, in their order
	(cd "$TOP/tools/testing/scenarios" && awk -v kind="${kind:-plain}" -v config="$1+" \
		-v arch="$(config_arch "$1")" -v arches=" $(ls ../arch | tr '\n' ' ')" '
		/^#/ || !NF	{ next }
		{
			n = split($2, needs, "+")
			if (needs[1] != kind)
				next
			wants = "x86_64"
			for (i = 2; i <= n; i++) {
				if (index(arches, " " needs[i] " "))
					wants = needs[i]
				else if (!index(config, "+" needs[i] "+"))
					next
			}
			if (wants != arch)
				next
			split(FILENAME, path, "/")
			split($1, levels, "/")
			print path[1], levels[1], $3 ? $3 : "-", $4 ? $4 : "base,half", levels[2]
		}' $(ls | sed 's,$,/boots,'))
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
