# SPDX-License-Identifier: GPL-2.0
"""A run as text: the answer, the matrix, as wide as the terminal, and the failures; or how
often its tests crash, with the 95 % Wilson score interval."""
import collections
import math
import shutil

from record import LETTERS, PASSED, Error, Run, group_by, iso_time, run_folders

TRACE = 12    # lines of a decoded trace
Z = 1.959964  # of 95 %


def answer(run):
    """The outcome of the run in one line."""
    count, total = run.count, len(run.records)
    passed, crashed = sum(count[verdict] for verdict in PASSED), count["crashed as expected"]
    untested = count["no verdict"] + count["not run"]
    if count["fail"]:
        more = f", and {untested} could not be tested" if untested else ""
        return f"FAILED: {count['fail']} of {total}{more}"
    if untested:
        left = "could not be tested" if run.about["ended"] else "are not tested yet"
        return f"UNKNOWN: {untested} of {total} {left}"
    if not passed:
        return f"SKIPPED: {total} of {total}"
    subject = "PASSED"
    if run.about["command"].startswith("make boot"):
        subject = "the tree works" if run.tests[0].stage == "pristine" else "the series works"
    elif run.about["command"].startswith("make reproduce") and crashed:
        subject = "the crash is reproduced"
    return (f"{subject}: {passed} of {total} tests passed"
            + (f", {crashed} of them by the expected crash" if crashed else "")
            + (f", {count['skipped']} skipped" if count["skipped"] else ""))


def show_runs(where):
    if not run_folders(where):
        yield "no run yet: run make boot or make check first"
    for folder in reversed(run_folders(where)):
        name = folder.rsplit("/", 1)[1]
        try:
            run = Run(folder)
            yield f"{name:28} {answer(run)}: {run.about['command']}"
        except Error:
            yield f"{name:28} no results"


def show_matrix(tests, width):
    """The matrix of one tree, in parts that fit. The name of a kernel is right of its column."""
    columns = max(shutil.get_terminal_size().columns - width, 12) // 6
    kernels = list(group_by(tests, "group"))
    for first in range(0, len(kernels), columns):
        part = kernels[first:first + columns]
        yield f"\n{tests[0].tree}"
        for k, (r, *_) in enumerate(part, 1):
            yield f"{k:{width + 3 * k}} {r.stage} {r.config}"
        for row in group_by((r for kernel in part for r in kernel), "name"):
            letters = {r.group: LETTERS[r.verdict] for r in reversed(row)}
            cells = "".join("  " + letters.get(kernel[0].group, " ") for kernel in part)
            yield f"{row[0].name:{width}}{cells}".rstrip()


def show_text(run):
    yield answer(run)
    ended = "" if run.about["ended"] else ", not finished"
    yield f"{run.name}: {run.about['command']}"
    yield f"{iso_time(run.about['started'])}{ended}, {run.about['host']}"
    for verdict, letter in LETTERS.items():
        if run.count[verdict]:
            yield f"{run.count[verdict]:6} {letter} {verdict}"
    width = max([24, *(len(r.name) for r in run.tests)])
    for tests in group_by(run.tests, "tree"):
        yield from show_matrix(tests, width)
    for r in run.records:
        if r.verdict in ("fail", "no verdict"):
            yield f"\n{r.title}: {r.verdict}"
            if r["reason"]:
                yield f"    {r['reason']}"
            for line in run.evidence(r, TRACE):
                yield f"        {line}"
            if r["repeat"]:
                yield f"    repeat with: {r['repeat']}"


def show_rate(tests, scenario):
    count = collections.Counter(r.verdict for r in tests)
    crashed = count["crashed as expected"]
    n = crashed + count["pass"] + count["fail"]
    if not n or (scenario != "all" and n == count["pass"]):
        return
    p = crashed / n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    r = tests[0]
    failed = f", {count['fail']} failed" if count["fail"] else ""
    other = f", and {len(tests) - n} without a verdict" if len(tests) > n else ""
    yield (f"{r.group:24} {r.levels:>6}  {r.kaslr:5} {scenario:12} {crashed:5} of {n:<5} "
           f"{100 * p:3.0f} %, {100 * max(0, middle - half):.0f} to "
           f"{100 * min(1, middle + half):.0f} %{failed}{other}")


def show_rates(run):
    yield (f"{'kernel':24} {'levels':>6}  {'KASLR':5} {'scenario':12} {'crashed':14} "
           "rate, 95 % interval")
    for tests in group_by(run.tests, "group", "levels", "kaslr"):
        yield from show_rate(tests, "all")
        for same in group_by(tests, "scenario"):
            yield from show_rate(same, same[0].scenario)
