# SPDX-License-Identifier: GPL-2.0
#
# Which known crash is the oops in a log? Called by tools/oops/oops:
#
#   awk [-v json=1] -f conf.awk -f oops.awk CRASH.CONF... - <LOG
#
# LOG is dmesg, a journal, a serial or netconsole log, or pstore's files.
#
# Each report of the log is reduced to facts: its kind, the faulting address and the kernel
# area it lies in, the page-table levels that the kernel printed, the access, the function,
# and the functions that called it. A crash matches if no fact contradicts its declaration.
# It is certain if no fact is missing either. Exit codes as of tools/affected: 0 no, 2 yes,
# 3 unknown.

# Take what the crash.conf FILE says of a crash.
function declare(file,	crash, i, key, value) {
	conf_read(file)
	crash = file
	sub(/\/crash\.conf$/, "", crash)
	sub(/.*\//, "", crash)
	for (i = 1; i <= Count[file]; i++) {
		key = Key[file, i]
		value = Value[file, i]
		if (key ~ /^(oops|what|since|fixed|fix|left)$/)
			Says[crash, key] = value
		else if (key ~ /^(arch|at|trace|access|entry|area|place)$/)
			Conditions[crash] = Conditions[crash] (Conditions[crash] == "" ? "" : "\n") key " " value
		if (key == "oops")
			Crash[++crashes] = crash
	}
}

# Remove what loggers and mail programs put before the kernel's text.
function strip(line,	before) {
	gsub(/\r|\033\[[0-9;]*m/, "", line)
	do {
		before = line
		sub(/^[ \t]+/, "", line)
		sub(/^([>|] ?)+/, "", line)
		sub(/^kern *:[a-z]+ *: /, "", line)
		sub(/^<[0-9]+>/, "", line)
		sub(/^[0-9]+,[0-9]+,[0-9]+,[^;]*;/, "", line)
		sub(/^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][^ ]+ +/, "", line)
		sub(/^[A-Z][a-z][a-z] +[0-9]+ [0-9:.]+ +/, "", line)
		sub(/^[A-Z][a-z][a-z] [0-9-]+ [0-9:]+ [A-Z]+ /, "", line)
		sub(/^[0-9]+\.[0-9]+ +/, "", line)
		sub(/^[0-9][0-9]:[0-9][0-9]:[0-9][0-9][^ ]* +/, "", line)
		sub(/^[^ :\[]+ kernel(\[[0-9]+\])?: ?/, "", line)
		sub(/^kernel: ?/, "", line)
		sub(/^\[[^]]*[0-9][0-9]:[0-9][0-9][^]]*\] ?/, "", line)
		sub(/^\[ *[+]?[0-9]+\.[0-9]+( *<[^>]*>)? *\] ?/, "", line)
		sub(/^\[ *[TC][0-9]+\] ?/, "", line)
	} while (line != before)
	return line
}

# The function that a line names, without the suffix of a clone that gcc made.
function function_in(text) {
	sub(/^\[<[0-9a-f]+>\] */, "", text)
	if (text !~ /^[A-Za-z_][A-Za-z0-9_.]*\+0x/)
		return ""
	sub(/\+0x.*/, "", text)
	sub(/\.(isra|constprop|part|cold|llvm).*/, "", text)
	return text
}

function begin_report(kind) {
	R++
	Kind[R] = kind
	Traces[R] = " "
}

# A head of a report?
function head(line) {
	if (match(line, /BUG: unable to handle (kernel )?(page fault for address:|paging request at|NULL pointer dereference at) */)) {
		begin_report(line ~ /NULL pointer/ ? "null" : "fault")
		address(substr(line, RSTART + RLENGTH))
	} else if (match(line, /BUG: kernel NULL pointer dereference, address: */)) {
		begin_report("null")
		address(substr(line, RSTART + RLENGTH))
	} else if (match(line, /Unable to handle kernel [A-Za-z ]* at virtual address */)) {
		begin_report(line ~ /NULL pointer/ ? "null" : "fault")
		address(substr(line, RSTART + RLENGTH))
	} else if (match(line, /kernel BUG at /)) {
		begin_report("bug")
		Place[R] = substr(line, RSTART + RLENGTH)
		sub(/!.*/, "", Place[R])
	} else if (match(line, /BUG: KASAN: /)) {
		begin_report("kasan")
		Place[R] = substr(line, RSTART + RLENGTH)
		At[R] = Place[R]
		sub(/ in .*/, "", Place[R])
		sub(/^.* in /, "", At[R])
		At[R] = function_in(At[R] ~ /\+0x/ ? At[R] : At[R] "+0x")
	} else if (line ~ /INFO: task .* blocked for more than/) {
		begin_report("hung")
	} else if (line ~ /^(BUG: |WARNING: |UBSAN: |PANIC: |general protection fault|Kernel panic|watchdog: BUG|rcu: INFO: .*stall|Unable to handle kernel |Oops: )/ &&
		   !(R && !Complete[R] && line ~ /^(Oops: |Kernel panic)/)) {
		begin_report("other")
		Place[R] = substr(line, 1, 60)
	} else {
		return 0
	}
	return 1
}

function address(text) {
	sub(/^0x/, "", text)
	if (match(text, /^[0-9a-f]+/))
		Address[R] = substr("0000000000000000" substr(text, 1, RLENGTH), RLENGTH + 1)
}

# KASLR moves the other areas, but KASAN's shadow stands still: addresses compare as text.
function area(r,	a) {
	a = Address[r]
	if (a == "")
		return ""
	if (Arch[r] == "riscv")
		return a >= "ff00000000000000" ? "kernel" : "user"
	if (a < "0000800000000000")
		return a < "0000000000010000" ? "null" : "user"
	if (a < "ff11000000000000")
		return "invalid"
	if (a >= "fffffc0000000000")
		return "high"
	if (Shadow[r] && a >= "ffdf000000000000" && (a < "ffff800000000000" || a >= "ffffec0000000000"))
		return "shadow"
	return "kernel"
}

# Read a line inside a report.
function fact(line,	text, level, value) {
	if (match(line, /#PF: supervisor [a-z]+/))
		Access[R] = substr(line, RSTART + 16, RLENGTH - 16)
	else if (match(line, /Oops: (Oops: )?0[0-9a-f][0-9a-f][0-9a-f] /) && Access[R] == "")
		Access[R] = substr(line, RSTART + RLENGTH - 2, 1) ~ /[2367abef]/ ? "write" : "read"
	if (line ~ /^PGD [0-9a-f]+/ && Entry[R] == "") {
		Levels[R] = line
		Entry[R] = "present"
		while (match(line, /^(PGD|P4D|PUD|PMD|PTE) [0-9a-f]+ */)) {
			text = substr(line, 1, RLENGTH)
			line = substr(line, RLENGTH + 1)
			split(text, level, " ")
			value = level[2]
			if (value ~ /^0+$/ && Entry[R] == "present")
				Entry[R] = level[1] == "PGD" ? "missing" : "lower"
		}
		sub(/ +$/, "", Levels[R])
	}
	if (match(line, /^(E?IP|RIP|pc|epc) ?: /) && At[R] == "") {
		Arch[R] = line ~ /^RIP/ ? "x86" : line ~ /^epc/ ? "riscv" : "other"
		text = substr(line, RLENGTH + 1)
		# User code has a RIP, too.
		if (text !~ /^0033:/) {
			sub(/^[0-9]+:/, "", text)
			sub(/^(\[<[0-9a-f]+>\] *)+/, "", text)
			At[R] = function_in(text)
		}
	}
	text = function_in(line)
	# "?" marks what was found on the stack, and is no caller.
	if (text != "") {
		Traces[R] = Traces[R] text " "
		Called[R]++
	}
	if (match(line, /([Tt]ainted: [^0-9]*|[Tt]ainted )[0-9]+\.[0-9]+[^ ]*/)) {
		text = substr(line, RSTART, RLENGTH)
		sub(/^.* /, "", text)
		Version[R] = text
	}
}

# Is VERSION, as 6.12.117+, in the releases LIST, as "6.17 6.16.6 6.12.48"?
function has_fix(version, list,	v, f, n, i, part) {
	split(version, v, /[^0-9]+/)
	n = split(list, part, / +/)
	for (i = 1; i <= n; i++) {
		split(part[i], f, ".")
		if (f[3] == "" && (v[1] > f[1] + 0 || v[1] == f[1] && v[2] >= f[2] + 0))
			return 1
		if (f[3] != "" && v[1] == f[1] && v[2] == f[2] && v[3] + 0 >= f[3] + 0)
			return 1
	}
	return 0
}

# Do the facts of report R fit CRASH? 2: certainly; 1: what the log has does; 0: no.
function fits(crash, r,	i, n, condition, key, value, fit, names, found, j) {
	if (Says[crash, "oops"] != Kind[r])
		return 0
	fit = 2
	n = split(Conditions[crash], condition, "\n")
	for (i = 1; i <= n; i++) {
		key = value = condition[i]
		sub(/ .*/, "", key)
		sub(/^[^ ]* */, "", value)
		if (key == "trace") {
			if (!Called[r] && At[r] == "")
				return 0
			if (!Called[r])
				fit = 1
			else if (Traces[r] !~ " (" value ") ")
				return 0
			continue
		}
		found = key == "at" ? At[r] : key == "access" ? Access[r] : key == "entry" ? Entry[r] : \
			key == "place" ? Place[r] : key == "arch" ? Arch[r] : area(r)
		if (found == "" && key == "at")
			return 0
		if (found == "")
			fit = 1
		else if (found !~ "^(" value ")$")
			return 0
	}
	return fit
}

# The sentence that says why report R is none of the crashes.
function why_not(r) {
	if (Kind[r] == "null")
		return "it is a NULL pointer (" Address[r] ") in " name(At[r]) ", which does not map memory"
	if (Kind[r] == "kasan")
		return "KASAN reports " Place[r] " in " name(At[r]) ", which is memory misuse there"
	if (Kind[r] == "bug")
		return "it is a BUG() at " Place[r]
	if (Kind[r] == "hung")
		return "it is a hung task whose trace has no function of device-dax"
	if (Kind[r] == "other")
		return "it is not a page fault: " Place[r]
	if (area(r) ~ /null|user|invalid/)
		return Address[r] " is not an address of the kernel's page tables"
	if (area(r) == "high")
		return Address[r] " is where the kernel and its modules are, whose top-level entries never change"
	if (Entry[r] ~ /present|lower/)
		return "the top-level entry for " Address[r] " is present (" Levels[r] ")"
	return ""
}

# The sentence that says why report R may be one of the crashes, "" if it is none.
function why_unknown(r) {
	if (Kind[r] == "bug" && At[r] == "sync_global_pgds")
		return "sync_global_pgds() found two page tables that differ, but KASAN did not cause it"
	if (Kind[r] == "hung" ? !Called[r] : Kind[r] != "kasan" && Arch[r] == "" && (!Called[r] || Kind[r] != "other"))
		return "the report has no RIP line and no trace that can be read: give the log as dmesg or journalctl -k prints it"
	if (Kind[r] ~ /hung|other/ && Traces[r] ~ /dev_dax|dax_range|dax_region/)
		return "it is a report of device-dax, but none of the known crashes"
	if (why_not(r) != "")
		return ""
	if (Entry[r] == "")
		return "the report does not have the page-table levels, the line that starts with PGD, and " name(At[r]) " is not known to be hit"
	return "the top-level entry for " Address[r] " is missing, as in these crashes and for wild pointers, but " name(At[r]) " is not known to be hit"
}

function name(at) {
	return at == "" ? "unknown code" : at "()"
}

# What in report R points to the crash.
function evidence(r, crash,	n, i, condition, text) {
	if (Kind[r] == "hung") {
		n = split(Conditions[crash], condition, "\n")
		for (i = 1; i <= n; i++)
			if (sub(/^trace /, "", condition[i]) && match(Traces[r], " (" condition[i] ") "))
				text = text (text == "" ? "" : " and ") substr(Traces[r], RSTART + 1, RLENGTH - 2) "()"
		return "a task hangs with " text " in its trace"
	}
	if (Kind[r] == "bug")
		return name(At[r]) " hit the BUG() at " Place[r]
	if (Kind[r] == "kasan")
		return "KASAN reports " Place[r] " in " name(At[r])
	if (Kind[r] == "null")
		return name(At[r]) " uses a page table at address " Address[r]
	return name(At[r]) " accesses " Address[r] ", which the page table does not map" \
		(Levels[r] == "" ? "" : " (" Levels[r] ")")
}

function quoted(text) {
	gsub(/[\\"]/, "\\\\&", text)
	return "\"" clean(text) "\""
}

# Text of the log goes to a terminal.
function clean(text) {
	gsub(/[^ -~]/, "?", text)
	return text
}

function show(answer, crash, why, r, confidence, code,	fixed, series, left, note) {
	fixed = crash == "" ? "" : Says[crash, "fixed"]
	series = crash == "" ? "" : Says[crash, "fix"]
	if (fixed != "" && has_fix(Version[r], fixed)) {
		left = (crash, "left") in Says
		note = Version[r] " should have " (left ? "patches/" series : "the fix") " by its version: check with make affected"
		if (left)
			series = Says[crash, "left"]
	}
	if (json) {
		printf "{\"answer\": %s, \"crash\": %s, \"confidence\": %s, \"why\": %s, \"address\": %s, \"function\": %s, \"kernel\": %s, \"fixed\": %s, \"series\": %s}\n",
			quoted(answer), crash == "" ? "null" : quoted(crash), quoted(confidence), quoted(why), quoted(Address[r]),
			quoted(At[r]), quoted(Version[r]), quoted(fixed), quoted(series)
		exit code
	}
	print clean(answer (crash == "" ? ": " why : ": " crash ": " Says[crash, "what"]))
	if (crash == "") {
		if (Version[r] != "")
			print "  kernel:      " clean(Version[r])
		exit code
	}
	print "  confidence:  " confidence
	print "  why:         " clean(why)
	if (Version[r] != "")
		print "  kernel:      " clean(Version[r])
	print "  since:       " Says[crash, "since"]
	print "  fixed in:    " (fixed == "" ? "no release yet" : fixed) (left ? ", but not in all cases" : "")
	print "  fix:         " (fixed == "" || left ? "" : "upgrade, or ") "patches/" series
	if (note != "")
		print "  note:        " clean(note)
	exit code
}

BEGIN {
	for (i = 1; ARGV[i] != "-"; i++) {
		declare(ARGV[i])
		delete ARGV[i]
	}
	ready = 1
}

{
	line = strip($0)
	if (head(line))
		next
	if (match(line, /Linux version [0-9]+\.[0-9]+[^ ]*/))
		Booted = substr(line, RSTART + 14, RLENGTH - 14)
	if (!R || Complete[R])
		next
	if (line ~ /kasan|KASAN/)
		Shadow[R] = 1
	if (line ~ /^---\[ end trace/)
		Complete[R] = 1
	fact(line)
}

END {
	if (!ready)
		exit 125
	if (!R)
		show("UNKNOWN", "", "the log has no report of a crash", 0, "none", 3)
	for (r = 1; r <= R; r++) {
		if (Version[r] == "")
			Version[r] = Booted
		for (i = 1; i <= crashes; i++) {
			fit = fits(Crash[i], r)
			if (fit > best) {
				best = fit
				chosen = Crash[i]
				report = r
			}
		}
	}
	if (best) {
		why = evidence(report, chosen)
		show(best == 2 ? "YES" : "PROBABLY", chosen, why, report,
		     best == 2 ? "certain: the report has all marks of this crash" : \
			"the report is incomplete, and what it has fits", 2)
	}
	# One report that may be a crash makes the log unknown.
	for (r = 1; r <= R; r++)
		if ((Kind[r] != "other" || r == R) && (why = why_unknown(r)) != "")
			show("UNKNOWN", "", why, r, "none", 3)
	for (r = 1; r < R && Kind[r] == "other"; r++)
		;
	show("NO", "", why_not(r), r, "certain", 0)
}
