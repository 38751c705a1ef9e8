# SPDX-License-Identifier: GPL-2.0
"""A run as one HTML file that needs no server, network or scripts. It belongs into the folder
of the run, because its links to consoles and configurations are relative."""
import itertools
import urllib.parse

from ci import xml
from record import FILES, LETTERS, PASSED, earlier, group_by, iso_time
from text import answer

LEADING = 8  # lines of the console before the decisive one
TRAILING = 24
EARLIER = 10   # runs of the history

STYLE = """\
:root { color-scheme: light dark; --pass: #1a7f37; --crash: #6639ba; --fail: #cf222e;
  --skip: #59636e; --lost: #9a6700; --line: #d1d9e0; --mark: #fff8c5; }
@media (prefers-color-scheme: dark) { :root { --pass: #3fb950; --crash: #ab7df8;
  --fail: #ff7b72; --skip: #9198a1; --lost: #d29922; --line: #3d444d; --mark: #4b3a05; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; } .wide { overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .1rem .5rem; text-align: start; }
thead th { vertical-align: bottom; } .matrix thead th { writing-mode: vertical-rl;
  font-weight: normal; } .matrix td { text-align: center; padding: 0; }
.matrix td a { display: block; min-width: 2rem; font-weight: bold; text-decoration: none; }
.P { color: var(--pass); } .C { color: var(--crash); } .F { color: var(--fail); }
.S { color: var(--skip); } .Q { color: var(--lost); } .N { color: var(--skip); }
article { border-top: 1px solid var(--line); content-visibility: auto;
  contain-intrinsic-size: auto 4.5rem; } article h3 { font-size: 1rem; margin: .5rem 0 0; }
article p { margin: 0; } small { font-weight: normal; } :target { outline: 2px solid; }
a:focus-visible, summary:focus-visible { outline: 2px solid; }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .5rem; font-size: .85rem; }
mark { background: var(--mark); color: inherit; }
h1, h3, p, li, dd { overflow-wrap: anywhere; }
.code { font-family: monospace; font-size: .8125rem; line-height: 1.5rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0 1rem; }
dd { margin: 0; } .bar { display: inline-block; height: .7rem; background: var(--skip); }
@media print { pre { white-space: pre-wrap; } pre, table { overflow-wrap: anywhere; }
  .wide { overflow: visible; } .matrix td a { min-width: 0; } }
"""

# The CSS classes of the verdicts.
CLASS = {**LETTERS, "no verdict": "Q", "not run": "N"}

TERMS = {"what": "scenario", "host": "host", "qemu": "QEMU", "compiler": "compiler", "tree": "git tree",
         "config": "configuration, SHA-256", "kernel": "kernel, SHA-256",
         "guest": "guest, SHA-256", "series": "patches, SHA-256", "tries": "boots",
         "again": "repeated because it"}


def term(name, value, attribute=""):
    return f"<dt>{name}</dt><dd{attribute}>{xml(value)}</dd>\n" if value else ""


def command(name, value):
    return term(name, value, ' class="code"')


def table(label, attributes, heads, rows):
    """A table that scrolls by itself if it is too wide."""
    yield (f'<div class="wide" tabindex="0" role="region" aria-label="{label}">'
           f"<table{attributes}>\n<thead><tr>")
    yield "".join(f'<th scope="col">{head}</th>' if head else "<td></td>" for head in heads)
    yield "</tr></thead>\n<tbody>"
    for head, cells in rows:
        yield f'<tr><th scope="row">{head}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def show_head(run):
    about = run.about
    yield ('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
           '<meta name="viewport" content="width=device-width">\n'
           f"<title>{xml(answer(run))}</title>\n"
           f'<link rel="icon" href="data:,">\n<style>\n{STYLE}</style>\n</head>\n<body>\n'
           f'<main>\n<p>Kernel page-table sync: {xml(about["command"])}</p>\n'
           f"<h1>{xml(answer(run))}</h1>\n<dl>")
    yield term("run", run.name)
    yield term("started", about["started"] and iso_time(about["started"]))
    yield term("ended", iso_time(about["ended"]) if about["ended"] else
               "not finished: interrupted or still running")
    yield term("host", about["host"]) + term("project", about["project"])
    yield command("repeat with", about["command"])
    yield '</dl>\n<ul aria-label="verdicts">'
    for verdict, letter in LETTERS.items():
        yield (f'<li><b class="{CLASS[verdict]}">{letter}</b> {verdict}: '
               f"{run.count[verdict]}</li>")
    yield "</ul>"


def show_failures(run):
    yield "<h2>Failures</h2>\n<ol>"
    for verdict in "fail", "no verdict":
        for r in run.records:
            if r.verdict == verdict:
                yield (f'<li><a class="{CLASS[verdict]}" href="#c{r.number}">{xml(r.title)}</a>, '
                       f"{verdict}: {xml(r['reason'])}</li>")
    yield "</ol>"


def cell(r):
    if not r:
        return "<td></td>"
    return (f'<td><a class="{CLASS[r.verdict]}" href="#c{r.number}" title="{r.verdict}" '
            f'aria-label="{r.verdict}">{LETTERS[r.verdict]}</a></td>')


def show_matrix(tests):
    """One tree: a column for each kernel, or if there is only one, for each number of levels."""
    kernels = {kernel[0].group: f"{kernel[0].stage} {kernel[0].config}"
               for kernel in group_by(tests, "group")}
    title, row_key, column_key, columns = tests[0].tree, "name", "group", kernels
    if len(kernels) == 1:
        title, row_key, column_key = tests[0].group, "scenario", "variant"
        columns = {name: name for name in sorted({r.variant for r in tests},
                                                 key=lambda name: (len(name), name))}

    def rows():
        for row in group_by(tests, row_key):
            of = {getattr(r, column_key): r for r in reversed(row)}
            what = next((r["what"] for r in row if r["what"]), "")
            yield (f"{xml(getattr(row[0], row_key))} <small>{xml(what)}</small>",
                   "".join(cell(of.get(column)) for column in columns))

    yield f"<h3>{xml(title)}</h3>"
    yield from table(f"matrix of {xml(title)}", ' class="matrix"',
                     ["", *map(xml, columns.values())], rows())


def show_times(run):
    """The times of each kernel: of its build, even if an earlier run built it, and of its
    boots."""
    kernels = group_by(run.tests, "group")
    longest = max(kernel[0].seconds("build") for kernel in kernels) or 1

    def rows():
        for kernel in kernels:
            build = kernel[0].seconds("build")
            boots = [r.seconds("boot") for r in kernel if r.seconds("boot")] or [0]
            yield xml(kernel[0].group), (
                f'<td>{build:.0f}</td><td><span class="bar" '
                f'style="width: {15 * build / longest:.1f}rem"></span></td>'
                f"<td>{len(boots) if any(boots) else 0}</td>"
                f"<td>{sum(boots) / len(boots):.1f}</td><td>{max(boots):.1f}</td>")

    yield "<h2>Times</h2>"
    yield from table("times", "", ["kernel", "build, s", "", "boots", "mean, s", "slowest, s"],
                     rows())


def show_console(run, r):
    """The console around its decisive line, which is marked."""
    line = int(r["line"])
    first = max(line - LEADING, 1)
    try:
        console = [xml(text) for text in run.lines(r, "console", first, line + TRAILING)]
    except OSError as error:
        return f"<p>The console cannot be read: {error.strerror}.</p>"
    for at, text in enumerate(console, first):
        if at == line:
            console[at - first] = f"<mark>{text}</mark>"
    return "<pre>" + "\n".join(console) + "\n</pre>"


def show_links(run, r):
    """Link the files that exist. A test that did not boot has only a record."""
    files = list(run.files(r))
    for name, title in FILES.items():
        if name in files:
            folder = urllib.parse.quote(r.folder, safe="/+=,")
            yield f'<a href="{folder}/{name}">{title}</a>'
        elif r["boot"] and name == "console":
            yield f"{title}: missing"


def flaky(r, others):
    """How often a test with the inputs of @r failed, if it also passed. Several runs may have
    the record of one boot."""
    inputs = [r[key] for key in ("kernel", "guest", "command")]
    same = {o["started"]: o.verdict for o in others if [o[key] for key in
            ("kernel", "guest", "command")] == inputs and o.verdict in ("fail", *PASSED)}
    failed = sum(verdict == "fail" for verdict in same.values())
    return f"{failed} of {len(same)} boots failed" if r["kernel"] and 0 < failed < len(same) else ""


def show_flaky(run, history):
    found = [(r, flaky(r, [r, *history.get(r.title, [])])) for r in run.tests]
    if any(how for _, how in found):
        yield "<h2>Flaky</h2>\n<p>Boots with the same inputs, in this run and earlier ones:</p><ul>"
        yield "".join(f'<li><a href="#c{r.number}">{xml(r.title)}</a>: {how}</li>'
                      for r, how in found if how)
        yield "</ul>"


def show_record(run, r, history=()):
    reason = f": {xml(r['reason'])}" if r["reason"] else ""
    time = f", {r.seconds('boot'):.1f} s" if r["boot"] else ""
    yield (f'<article id="c{r.number}"><h3>{xml(r.title)}</h3>\n'
           f'<p><b class="{CLASS[r.verdict]}">{r.verdict}</b>{reason}{time}</p>')
    if r.folder:
        yield "<p>" + " ".join(show_links(run, r)) + "</p>"
        yield f"<details{' open' if r.bad else ''}><summary>details</summary>\n<dl>"
        yield command("repeat with", r["repeat"]) + command("command", r["command"])
        yield "".join(term(name, r[key]) for key, name in TERMS.items())
        yield term("earlier runs", " ".join(LETTERS[o.verdict] for o in history)) + "</dl>"
        trace = run.evidence(r)
        if trace:
            yield '<pre class="trace">' + "\n".join(map(xml, trace)) + "</pre>"
        if r["line"]:
            yield show_console(run, r)
        yield "</details>"
    yield "</article>"


def show_tools(run):
    """One line for each test of the tools, then the points that failed."""
    def rows():
        for points in group_by(run.points, "group"):
            failed = sum(r.bad for r in points)
            yield xml(points[0].group), (f"<td>{len(points)}</td>"
                                         f'<td class="{"F" if failed else "P"}">{failed}</td>')

    yield "<h2>Tests of the tools</h2>"
    yield from table("tests of the tools", "", ["test", "points", "failed"], rows())
    for r in run.points:
        if r.bad:
            yield from show_record(run, r)


def show_html(run):
    history = {}  # the same test in earlier runs, the last one first
    for old in itertools.islice(earlier(run), EARLIER):
        for r in old.tests:
            history.setdefault(r.title, []).append(r)
    yield from show_head(run)
    if run.count["fail"] or run.count["no verdict"]:
        yield from show_failures(run)
    yield from show_flaky(run, history)
    if run.tests:
        yield "<h2>Matrix</h2>"
        for tests in group_by(run.tests, "tree"):
            yield from show_matrix(tests)
        yield from show_times(run)
    if run.points:
        yield from show_tools(run)
    if run.tests:
        yield "<h2>Tests</h2>"
    for r in run.tests:
        yield from show_record(run, r, history.get(r.title, ()))
    yield "</main>\n</body>\n</html>"
