# SPDX-License-Identifier: GPL-2.0
#
# The one reader of declarations: lines of "key value", and comment lines that start with
# "#". tools/README.md lists the keys. In config fragments and tests, the lines start with
# "#: ", and in a mutant they stand above the diff. An unknown key or a missing required key
# is an error.
#
#   awk -v want=KEY [-v scenario=NAME] -f conf.awk FILE...
#
# prints the values of KEY, or with KEY "*" whole lines. A scenario.conf may hold several
# scenarios: lines below "scenario NAME" are for that one alone. "uses PART" includes
# scenarios/PART.conf.

function keys(kind, needed, optional,	n, i, key) {
	Needed[kind] = needed
	n = split(needed " " optional, key, " ")
	for (i = 1; i <= n; i++)
		Known[kind, key[i]]
	Keys[kind] = needed (needed != "" && optional != "" ? " " : "") optional
}

function conf_die(text) {
	print text | "cat >&2"
	close("cat >&2")
	exit 125
}

function conf_kind(file) {
	if (file ~ /\/scenario\.conf$/)		return "scenario"
	if (file ~ /\/scenarios\/[^\/]*\.conf$/)	return "part"
	if (file ~ /\/series\.conf$/)		return "series"
	if (file ~ /\/crash\.conf$/)		return "crash"
	if (file ~ /\/packages\/[^\/]*$/)	return "package"
	if (file ~ /\/arch\/[^\/]*$/)		return "architecture"
	if (file ~ /\.config$/)			return "fragment"
	if (file ~ /\/mutants\/[^\/]*\.patch$/)	return "mutant"
	return "test"
}

# Read FILE into Count[file], Key[file, i], Value[file, i] and Section[file, i].
function conf_read(file,	kind, line, key, value, section, n, i, got, name) {
	if (file in Count)
		return
	kind = conf_kind(file)
	while ((got = (getline line <file)) > 0) {
		if (kind == "fragment" || kind == "test") {
			if (!sub(/^#: /, "", line))
				continue
		} else if (kind == "mutant" && line == "---") {
			break
		}
		if (line ~ /^[ \t]*(#|$)/)
			continue
		key = value = line
		sub(/[ \t].*/, "", key)
		sub(/^[^ \t]+[ \t]*/, "", value)
		if (!((kind, key) in Known))
			conf_die(file ": unknown key " key ": the keys of this file are " Keys[kind])
		if (key == "scenario")
			section = value
		n++
		Key[file, n] = key
		Value[file, n] = value
		Section[file, n] = section
		Has[file, section, key]
	}
	close(file)
	if (got < 0)
		conf_die(file ": cannot be read")
	Count[file] = n + 0
	n = split(Needed[kind], name, " ")
	for (i = 1; i <= n; i++)
		if (!((file, "", name[i]) in Has) && !in_each_section(file, name[i]))
			conf_die(file ": missing key " name[i])
}

function in_each_section(file, key,	i, sections) {
	for (i = 1; i <= Count[file]; i++)
		if (Key[file, i] == "scenario") {
			if (!((file, Value[file, i], key) in Has))
				return 0
			sections++
		}
	return sections > 0
}

# Print what FILE says of KEY, for SCENARIO.
function conf_print(file, key, scenario,	i, part) {
	conf_read(file)
	for (i = 1; i <= Count[file]; i++) {
		if (Section[file, i] != "" && Section[file, i] != scenario || Key[file, i] == "scenario")
			continue
		if (Key[file, i] == "uses" && key != "uses") {
			part = file
			sub(/\/scenarios\/.*/, "/scenarios/" Value[file, i] ".conf", part)
			conf_print(part, key, scenario)
		} else if (key == "*") {
			print Key[file, i], Value[file, i]
		} else if (Key[file, i] == key) {
			print Value[file, i]
		}
	}
}

BEGIN {
	machine = "option ram limit threads param machine cpu module qemu trace provoked"
	keys("scenario", "what runs", "scenario uses at draw needs program selftest dts asl " machine)
	keys("part", "", "uses at draw " machine)
	keys("series", "on for by directory", "kernel check")
	keys("package", "package suite kernel", "core check without lacks")
	keys("architecture", "", "optional kunit arch cross llvm image emulator needs kaslr levels target " \
	     "selects variant shows unbooted unbuilt without changes may " machine)
	keys("fragment", "", "kind compiler ram limit again again_trace target trace")
	keys("crash", "", "needs oops arch what since fixed fix left at trace access entry area place")
	keys("mutant", "series", "config test catcher matrix")
	keys("test", "", "core kernels compiles")
	if (want != "") {
		for (i = 1; i < ARGC; i++)
			conf_print(ARGV[i], want, scenario)
		exit 0
	}
}
