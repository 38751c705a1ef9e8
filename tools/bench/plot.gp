# SPDX-License-Identifier: GPL-2.0
#
# Plot bench.csv of the current directory: the time to add 64 GiB by the number of processes,
# a point for each boot and a line through the medians. The time has a logarithmic scale.

set datafile separator comma
set title "Hot-adding 64 GiB on x86-64, by the number of processes"
set xlabel "processes"
set ylabel "time [ms]"
set xrange [-3000:103000]
set logscale y
set yrange [1:100000]
set key top left
set grid
points(kernel) = sprintf("< awk -F, '$2 == \"%s\" && $3 == \"add\" && $5 == 64 && $7 == \"ns\" { print $4 \",\" $6 / 1e6 }' bench.csv", kernel)
medians(kernel) = points(kernel)." | sort -t, -k1,1n -k2,2n | awk -F, 'NR > 1 && $1 != last { print last \",\" (v[int((n + 1) / 2)] + v[int(n / 2) + 1]) / 2; n = 0 } { v[++n] = $2; last = $1 } END { print last \",\" (v[int((n + 1) / 2)] + v[int(n / 2) + 1]) / 2 }'"

set terminal pngcairo size 720,440
set output "hot-add.png"
plot medians("pristine") with lines lw 2 lc rgb "#b03030" title "mainline", \
     points("pristine") with points pt 7 ps 0.5 lc rgb "#b03030" notitle, \
     medians("x86-populate") with lines lw 2 lc rgb "#2060a0" title "x86-populate", \
     points("x86-populate") with points pt 7 ps 0.5 lc rgb "#2060a0" notitle, \
     medians("preallocate") with lines lw 2 dt 2 lc rgb "#309030" title "preallocate", \
     points("preallocate") with points pt 6 ps 0.5 lc rgb "#309030" notitle
