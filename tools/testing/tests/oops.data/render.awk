# SPDX-License-Identifier: GPL-2.0
#
# Write the report of a row of tools/testing/tests/oops.data/reports as a kernel prints it.

function levels(list,	name, value, n, i, text) {
	if (list == "-")
		return
	split("PGD P4D PUD PMD PTE", name, " ")
	n = split(list, value, ",")
	for (i = 1; i <= n; i++)
		text = text name[i + (i > 1 && kind ~ /^old/ && n > 2 && release < 4.11)] " " value[i] " "
	print text
}

{
	release = $2
	kind = $3
	address = $4
	access = $5
	at = $7
	n = split($8, caller, ",")
	if (kind == "null")
		print "BUG: kernel NULL pointer dereference, address: " address
	else if (kind == "fault")
		print "BUG: unable to handle page fault for address: " address
	else if (kind == "oldnull")
		print "BUG: unable to handle kernel NULL pointer dereference at " address
	else if (kind == "oldfault")
		print "BUG: unable to handle kernel paging request at " address
	else if (kind == "gpf")
		print "general protection fault, probably for non-canonical address 0x" address ": 0000 [#1] SMP NOPTI"
	else if (kind == "bug")
		print "------------[ cut here ]------------\nkernel BUG at " address "!\ninvalid opcode: 0000 [#1] SMP NOPTI"
	else if (kind == "kasan")
		print "==================================================================\nBUG: KASAN: " address " in " at "+0x67/0xb0"
	else if (kind == "soft")
		print "watchdog: BUG: soft lockup - CPU#7 stuck for 22s! [md-udevd:4845]"
	else if (kind == "rcu")
		print "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:"
	else if (kind == "hung")
		print "INFO: task kworker/1:1:39 blocked for more than 120 seconds."
	if (kind ~ /^(null|fault)$/ && access != "-") {
		print "#PF: supervisor " access (access == "fetch" ? " instruction fetch" : " access") " in kernel mode"
		print "#PF: error_code(0x000" (access == "write" ? 2 : 0) ") - not-present page"
	}
	levels($6)
	if (kind ~ /null|fault/)
		print "Oops: " (access == "-" ? "" : access == "write" ? "0002 " : "0000 ") "[#1] SMP" \
			(at ~ /^kasan_/ ? " KASAN" : "") " NOPTI"
	print "CPU: 2 PID: 1225 Comm: daxctl " (kind == "gpf" ? "Tainted: G           O      " : "Not tainted ") \
		(release == "-" ? "" : release) " #3"
	if (at != "-" && kind != "kasan")
		print "RIP: 0010:" at "+0x16/0xb0"
	print "RSP: 0018:ffffc90002afbab0 EFLAGS: 00010246"
	if ($8 != "-") {
		print "Call Trace:\n <TASK>\n ? page_fault_oops+0x14b/0x440"
		for (i = 1; i <= n; i++)
			print " " caller[i] "+0x" i "4/0x1b0"
		print "RIP: 0033:0x7f46a8901c37\n </TASK>"
	}
	print "---[ end trace 0000000000000000 ]---"
}
