# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Configurations, scenarios and tests, by their names. tools/lib.sh includes this.

# Split CONFIG $1 into CONFIG_PARTS, the names after each "+"; CONFIG_ARCH, its architecture,
# or x86_64 if it names none; and CONFIG_FILES, the declarations of both.
config_take() {
	local left part
	CONFIG_PARTS='' CONFIG_ARCH='' CONFIG_FILES='' left=$1+
	while left=${left#*+} && [ -n "$left" ]; do
		part=${left%%+*}
		CONFIG_PARTS="$CONFIG_PARTS $part"
		if [ ! -f "$TOP/tools/testing/arch/$part" ]; then
			CONFIG_FILES="$CONFIG_FILES $TOP/tools/testing/configs/$part.config"
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

# Print what the parts of CONFIG $2 declare for KEY $1: the last value, as a later part
# overrides an earlier one.
config_says() {
	config_take "$2"
	# shellcheck disable=SC2086 # a list
	says "$1" $CONFIG_FILES | tail -n 1
}

# Print the prefix of the compiler for CONFIG $1. It is empty if this machine is of that
# architecture, whose name is the end of the emulator's.
config_cross() {
	case $(config_says emulator "$1") in
	*-"$(uname -m)")	;;
	*)			config_says cross "$1" ;;
	esac
}

# Print the scenario.conf that declares scenario $1.
scenario_file() {
	local folder
	folder=$TOP/tools/testing/scenarios
	if [ -f "$folder/$1/scenario.conf" ]; then
		echo "$folder/$1/scenario.conf"
	else
		grep -lx "scenario $1" "$folder"/*/scenario.conf || die "no scenario $1: see make help"
	fi
}

# Print what scenario $2 declares for KEY $1, or whole lines if KEY is "*".
scenario_says() {
	local file
	file=$(scenario_file "$2") || exit
	awk -v want="$1" -v scenario="$2" -f "$TOP/tools/conf.awk" "$file"
}

# Print the name of the user's configuration in file $1: own, and the parts that it has.
own_config() {
	local symbol part name
	[ -r "$1" ] && grep -q '^CONFIG_' "$1" || die "CONFIG=$1: is no kernel configuration that can be read"
	name=own
	while read -r symbol part; do
		! grep -qx "CONFIG_$symbol=y" "$1" || name=$name+$part
	done <<-END
	ARCH_RV64I riscv64
	KASAN kasan
	KMSAN kmsan
	PROVE_LOCKING lockdep
	FAULT_INJECTION_STACKTRACE_FILTER faults
	END
	echo "$name"
}

# scenario_lacks CONFIG SCENARIO...: print each SCENARIO, and a reason, that a kernel with the
# configuration in file CONFIG cannot run. What is a module has to be in MODULES, if that is set.
scenario_lacks() {
	local file scenario option module has
	file=$1
	shift
	for scenario; do
		scenario_says option "$scenario" | while read -r option module; do
			has=$(sed -n "s/^CONFIG_${option%%=*}=//p" "$file")
			case $has:${option#*=}:${module:+${MODULES-}} in
			:*)	echo "$scenario CONFIG_${option%%=*} is not set" ;;
			m:y:)	echo "$scenario CONFIG_${option%%=*}=m: it has to be built in, or be in MODULES=" ;;
			esac
		done
	done
}

# Split test $1, TREE/STAGE/CONFIG/LEVELS/SCENARIO[/OPTION,...], into variables. boot is the
# folder of its last boot.
split_test() {
	IFS=/ read -r tree stage config levels scenario options <<-END
	$1
	END
	# shellcheck disable=SC2034 # callers use them
	boot=$BUILD/$tree/boots/$stage.$config.$levels.$scenario${options:+.$options}
}

# Print the memory, in GiB, of the guest that is prepared in folder $1.
prepared_ram() {
	local ram
	ram=$(sed -n 's/.* -m \([0-9]*\)G .*/\1/p' "$1/qemu.command")
	echo "${ram:-1}"
}

# Print the planned test that $1 is a variant of. Of its options, only kaslr alone and fail=
# count: fail=1 is planned, and stands for all N.
planned_test() {
	case ,${1#*/*/*/*/*/}, in
	,"$1",)		echo "$1" ;;
	*,fail=*)	echo "${1%/*}/fail=1" ;;
	,kaslr,)	echo "$1" ;;
	*)		echo "${1%/*}" ;;
	esac
}

# check_options TEST OPTIONS: exit unless each of OPTIONS, with commas between them, is one.
check_options() {
	local option
	for option in $(echo "$2" | tr , ' '); do
		case $option in
		kaslr | cpus=[1-9] | n=?* | for=?* | seed=?* | at=?* | bits=?* | ram=?* | fail=[1-9]*) ;;
		*)	die "$1: unknown option $option: must be kaslr, cpus=N, n=N, at=TiB, bits=N, ram=GiB, seed=N, for=SECONDS or fail=N" ;;
		esac
		[ "$option" = kaslr ] || is_number "${option#*=}" || die "$1: $option: it is not a number"
	done
}

# tiny_config OPTION...: make a small configuration in $obj, and check that each OPTION stuck.
# The caller's kmake runs make.
tiny_config() {
	local option
	mkdir -p "${obj:?}" && kmake tinyconfig && {
		printf 'CONFIG_%s=y\n' MMU SMP SYSFS EXPERT DEBUG_KERNEL DEBUG_VM "$@"
		echo '# CONFIG_SLUB_TINY is not set'
	} >>"$obj/.config" && kmake olddefconfig || return
	for option; do
		grep -x "CONFIG_$option=y" "$obj/.config" || { echo "$option did not stick"; return 1; }
	done
}

# Print why KVM cannot be used here, or nothing. /dev/kvm without vmx or svm is a software
# hypervisor (PVM), which cannot run all instructions of these kernels.
no_kvm() {
	if [ ! -e /dev/kvm ]; then
		echo "there is no /dev/kvm"
	elif [ ! -w /dev/kvm ]; then
		echo "/dev/kvm is not writable: join its group"
	elif ! grep -qwE 'vmx|svm' /proc/cpuinfo; then
		echo "the CPU has neither vmx nor svm"
	fi
}

# boot_again RUN: did the boot in RUN test nothing, so that it has to be repeated? A test has
# three tries, but only one more after a hang, which takes the whole time limit. console.N
# and ktap.N of each try are kept, and the record gets the reasons.
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
