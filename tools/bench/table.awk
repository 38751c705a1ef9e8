# SPDX-License-Identifier: GPL-2.0
#
# Make a table of bench.csv: median and spread for each kernel in KERNELS, the speedup over the
# first, and the slowdown with the most processes.

BEGIN {
	FS = ","
	all = split(kernels, kernel, " ")
}

function median(key,    n, i, j, t, v) {
	n = split(values[key], v, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) {
			t = v[j]
			v[j] = v[j - 1]
			v[j - 1] = t
		}
	low = v[1]
	high = v[n]
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

# Nanoseconds get a readable unit. Instructions and bytes are counts.
function show(value, unit) {
	if (unit != "ns")
		return sprintf("%.0f", value)
	if (value >= 1e7)
		return sprintf("%.1f ms", value / 1e6)
	if (value >= 1e4)
		return sprintf("%.1f us", value / 1e3)
	return sprintf("%d ns", value)
}

function column(what, kernel,    m) {
	m = median(what SUBSEP kernel)
	if (low == high)
		return show(m, unit_of[what])
	return show(m, unit_of[what]) " (" show(low, unit_of[what]) " - " show(high, unit_of[what]) ")"
}

NR == 1 || ($3 == "add" && $5 == 1) { next }

{
	what = $7 SUBSEP $3 SUBSEP $4 SUBSEP $5
	if (!(what in unit_of)) {
		order[++count] = what
		unit_of[what] = $7
	}
	key = what SUBSEP $2
	values[key] = values[key] " " $6
	if ($3 == "add" && $4 > most)
		most = $4
}

END {
	printf "%-12s %-28s %10s %4s", "unit", "what", "processes", "GiB"
	for (k = 1; k <= all; k++)
		printf "  %-38s", kernel[k] ": median (spread)"
	print "  times faster"
	for (i = 1; i <= count; i++) {
		split(order[i], part, SUBSEP)
		printf "%-12s %-28s %10s %4s", part[1],
			part[2] == "forks" ? "fork, on " part[3] " CPUs at once" : part[2],
			part[2] == "add" ? part[3] : "-", part[2] == "add" ? part[4] : "-"
		for (k = 1; k <= all; k++)
			printf "  %-38s", column(order[i], kernel[k])
		first = median(order[i] SUBSEP kernel[1])
		for (k = 2; k <= all; k++)
			printf "  %.2f", first / median(order[i] SUBSEP kernel[k])
		print ""
	}
	for (i = 1; i <= count; i++) {
		split(order[i], part, SUBSEP)
		if (part[2] != "add" || part[3] != most)
			continue
		idle = part[1] SUBSEP "add" SUBSEP 0 SUBSEP part[4]
		printf "# %s, %d GiB, %d processes against none:", part[1], part[4], most
		for (k = 1; k <= all; k++)
			printf " %s %.2fx", kernel[k],
				median(order[i] SUBSEP kernel[k]) / median(idle SUBSEP kernel[k])
		print ""
	}
}
