# SPDX-License-Identifier: GPL-2.0
#
# The plan: which tests there are, and how each has to end. With conf.awk, for
# tools/testing/plan, which names the variables and the files.
#
#   TREE/STAGE/CONFIG/LEVELS/SCENARIO[/OPTION]	OUTCOME
#
# OUTCOME is "pass", "crash NAME" or, for a mutant, "fail". A scenario.conf says for which kernels it runs, and
# the table "expect" beside it how that ends:
#
#	levels[/option]  config  stage,...  outcome
#
# The fields are shell patterns, the first row that matches counts, and outcome "none"
# means that there is no such test. Rows below "scenario NAME" are for that one alone. If
# the tree lacks the code that crashes, the outcome is pass.
# A mutant declares its own tests.

# Is TEXT matched by one of the shell PATTERNS, separated by commas? Only "*" and "[...]".
function matches(text, patterns,	n, i, pattern, p) {
	n = split(patterns, pattern, ",")
	for (i = 1; i <= n; i++) {
		p = pattern[i]
		gsub(/[.+]/, "[&]", p)
		gsub(/\*/, ".*", p)
		if (text ~ "^" p "$")
			return 1
	}
	return 0
}

# The last part of a path, or the folder of the file.
function base(path) {
	sub(/.*\//, "", path)
	return path
}

function folder(path) {
	sub(/\/[^\/]*$/, "", path)
	return base(path)
}

# A folder may hold several scenarios: note each, and its rows of "expect".
function read_scenarios(file,	i, n, rows, line, word, name) {
	conf_read(file)
	for (i = 1; i <= Count[file]; i++)
		if (Key[file, i] == "scenario")
			add_scenario(Value[file, i], file)
	if (!(folder(file) in File))
		add_scenario(folder(file), file)
	rows = file
	sub(/scenario\.conf$/, "expect", rows)
	while ((got = (getline line <rows)) > 0) {
		if (line ~ /^[ \t]*(#|$)/)
			continue
		n = split(line, word, /[ \t]+/)
		if (word[1] == "scenario" && n == 2) {
			name = word[2]
			if (File[name] != file)
				conf_die(rows ": no scenario " name " in scenario.conf")
			continue
		}
		if (!(n == 4 && word[4] ~ /^(pass|none)$/ || n == 5 && word[4] == "crash"))
			conf_die(rows ": not a row of levels, config, stages and outcome: " line)
		if (word[4] == "crash" && !((word[5], "crash") in Exists))
			conf_die(rows ": no crash " word[5] " in tools/testing/crashes")
		for (i = 1; i <= Scenarios; i++)
			if (name == "" ? File[Scenario[i]] == file : Scenario[i] == name)
				Row[Scenario[i], ++Rows[Scenario[i]]] = line
	}
	close(rows)
	if (got < 0)
		conf_die(rows ": cannot be read")
}

function add_scenario(name, file) {
	File[name] = file
	Scenarios++
	Scenario[Scenarios] = name
}

# What the heads of CONFIG's parts say of KEY; the last counts.
function config_says(config, key,	n, part, i, j, file, value) {
	n = split(config, part, "+")
	for (i = 2; i <= n; i++)
		if ((part[i], "fragment") in Exists) {
			file = Exists[part[i], "fragment"]
			for (j = 1; j <= Count[file]; j++)
				if (Key[file, j] == key)
					value = Value[file, j]
		}
	return value
}

function architecture(config,	n, part, i) {
	n = split(config, part, "+")
	for (i = 2; i <= n; i++)
		if ((part[i], "architecture") in Exists)
			return part[i]
	return "x86_64"
}

function file_says(file, key,	i) {
	for (i = 1; i <= Count[file]; i++)
		if (Key[file, i] == key)
			return Value[file, i]
}

# Does a kernel with CONFIG fit KERNEL, a kind and the parts that it needs besides?
function fits(config, kernel,	n, need, i, kind, arch) {
	n = split(kernel, need, "+")
	kind = config_says(config, "kind")
	if (need[1] != (kind == "" ? "plain" : kind))
		return 0
	arch = "x86_64"
	for (i = 2; i <= n; i++)
		if ((need[i], "architecture") in Exists)
			arch = need[i]
		else if (!index(config "+", "+" need[i] "+"))
			return 0
	return arch == architecture(config)
}

function lacking(name) {
	return index(" " Lacks " ", " " name " ")
}

function outcome(name, levels, config, stage,	i, word, end) {
	for (i = 1; i <= Rows[name]; i++) {
		split(Row[name, i], word, /[ \t]+/)
		if (!matches(levels, word[1]) || !matches(config, word[2]) || !matches(stage, word[3]))
			continue
		if (word[4] != "crash")
			return word[4]
		return lacking(word[5]) || lacking(name) ? "pass" : "crash " word[5]
	}
	conf_die("scenarios/" folder(File[name]) "/expect: no row for scenario " name ", " levels ", " config ", " stage)
}

function add_test(test, end, name, levels) {
	if (end == "none" || test in Planned)
		return
	if (Levels != "both" && levels != Levels || Only != "" && name != Only)
		return
	Planned[test]
	printf "%s\t%s\n", test, end
	Tests++
}

# Plan the tests of one kernel, or only SCENARIOS. A complete series is also booted with
# KASLR, unless KASAN or KMSAN fixes the layout.
function tests(tree, stage, config, scenarios,	i, j, k, n, name, file, word, level, part, test, end, look, kaslr) {
	Lacks = lacks
	if ((tree, "package") in Exists)
		Lacks = file_says(Exists[tree, "package"], "lacks")
	if ((stage, "mutant") in Exists)
		return mutant_tests(tree, stage, config)
	kaslr = (stage, "series") in Exists && config_says(config, "kind") == "" &&
		file_says(Exists[architecture(config), "architecture"], "kaslr") != ""
	look = state != "" ? state : stage
	for (i = 1; i <= Scenarios; i++) {
		name = Scenario[i]
		if (scenarios != "" && !index(" " scenarios " ", " " name " ") || left_out(tree, name))
			continue
		file = File[name]
		for (j = 1; j <= Count[file]; j++) {
			if (Key[file, j] != "runs" || Section[file, j] != "" && Section[file, j] != name)
				continue
			split(Value[file, j], word, " ")
			if (!fits(config, word[2]))
				continue
			n = split(word[1], level, ",")
			for (k = 1; k <= n; k++) {
				split(level[k] "/", part, "/")
				test = tree "/" stage "/" config "/" part[1] "/" name
				end = outcome(name, level[k], config, look)
				add_test(test (part[2] != "" ? "/" part[2] : ""), end, name, part[1])
				if (kaslr && part[2] == "")
					add_test(test "/kaslr", end, name, part[1])
			}
		}
	}
}

# Does scenario NAME run on a kernel with CONFIG?
function runs_on(name, config,	file, i, word) {
	file = File[name]
	for (i = 1; i <= Count[file]; i++) {
		split(Value[file, i], word, " ")
		if (Key[file, i] == "runs" && (Section[file, i] == "" || Section[file, i] == name) &&
		    (config == "" || fits(config, word[2])))
			return 1
	}
	return 0
}

function left_out(tree, name,	file, i, word) {
	if (!((tree, "package") in Exists))
		return 0
	file = Exists[tree, "package"]
	for (i = 1; i <= Count[file]; i++) {
		split(Value[file, i], word, " ")
		if (Key[file, i] == "without" && word[1] == name)
			return 1
	}
	return 0
}

# "test LEVELS/SCENARIO[/OPTION] crash NAME|fail" at the head of a mutant.
function mutant_tests(tree, stage, config,	file, i, word, part) {
	file = Exists[stage, "mutant"]
	for (i = 1; i <= Count[file]; i++)
		if (Key[file, i] == "test") {
			split(Value[file, i], word, " ")
			split(word[1], part, "/")
			if (!(part[2] in File))
				conf_die(file ": no scenario " part[2])
			add_test(tree "/" stage "/" config "/" word[1], word[2] (word[3] != "" ? " " word[3] : ""), part[2], part[1])
		}
}

# "kernel [TREE/]CONFIG STAGE... [: SCENARIO...]", and "core" and "check" alike.
function declared_kernels(file, key, tree,	i, j, n, word, line, scenarios, config, found) {
	for (i = 1; i <= Count[file]; i++) {
		if (Key[file, i] != key)
			continue
		found = 1
		line = Value[file, i]
		scenarios = ""
		if (match(line, / : /)) {
			scenarios = substr(line, RSTART + 3)
			line = substr(line, 1, RSTART - 1)
		}
		n = split(line, word, " ")
		config = word[1]
		if (index(config, "/") && index(config, tree "/") != 1)
			continue
		sub(/.*\//, "", config)
		for (j = 2; j <= n; j++) {
			if (!is_stage(word[j]))
				conf_die(file ": no stage " word[j])
			tests(tree, word[j], config, scenarios)
		}
	}
	return found
}

function is_stage(name) {
	if (name == "pristine" || name == "unfixed" || (name, "series") in Exists)
		return 1
	sub(/-[1-9][0-9]?[0-9]?$/, "", name)
	return (name, "series") in Exists
}

# Each series on each package that it is for. One without kernels of its own has the package's.
function matrix(key,	i, j, k, package, series, file, mutant) {
	for (i = Packages; i >= 1; i--)
		for (j = 1; j <= AllSeries; j++) {
			package = Package[i]
			series = Series[j]
			if (!index(" " file_says(Exists[series, "series"], "for") " ", " " package " ") &&
			    file_says(Exists[series, "series"], "for") != "*")
				continue
			file = Exists[series, "series"]
			if (file_says(file, "kernel") == "")
				file = Exists[package, "package"]
			if (!declared_kernels(file, key, package))
				continue
			for (k = 1; k <= Mutants; k++) {
				mutant = Exists[Mutant[k], "mutant"]
				if (file_says(mutant, "series") == series && file_says(mutant, "matrix") == "yes")
					tests(package, Mutant[k], file_says(mutant, "config"), "")
			}
		}
}

BEGIN {
	for (i = 1; i < ARGC; i++) {
		file = ARGV[i]
		kind = conf_kind(file)
		conf_read(file)
		name = kind ~ /^(series|crash)$/ ? folder(file) : base(file)
		sub(/\.(config|patch|conf)$/, "", name)
		if (kind == "test" && file ~ /\/signature$/) {
			name = folder(file)
			kind = "crash"
		}
		Exists[name, kind] = file
		if (kind == "package")
			Package[++Packages] = name
		else if (kind == "series")
			Series[++AllSeries] = name
		else if (kind == "mutant")
			Mutant[++Mutants] = name
		else if (kind == "scenario")
			Files[++NFiles] = file
	}
	for (i = 1; i <= NFiles; i++)
		read_scenarios(Files[i])
	if (names != "") {
		for (i = 1; i <= Scenarios; i++)
			if (runs_on(Scenario[i], config))
				print Scenario[i]
		exit 0
	}
	Levels = levels
	Only = scenario_only
	if (Only != "" && !(Only in File))
		conf_die("plan: no scenario " Only ": see make help")
	if (tree != "" && !is_stage(stage) && !((stage, "mutant") in Exists))
		conf_die("plan: no stage " stage ": see make list")
	if (check !~ /^(|y|core|all)$/)
		conf_die("plan: CHECK=" check ": must be y, core or all")
	if (tree != "")
		tests(tree, stage, config, "")
	else if (check == "y" || check == "core")
		matrix("core")
	else
		matrix("kernel")
	if (check == "y")
		matrix("check")
	if (!Tests)
		conf_die("plan: no test" (Only != "" ? " of scenario " Only : "") " with LEVELS=" Levels \
			 (config != "" ? " at " tree "/" stage "/" config : "") ": see make list")
}
