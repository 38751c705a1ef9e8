# SPDX-License-Identifier: GPL-2.0
"""Read a run from its folder, which tools/README.md describes."""
import collections
import datetime
import glob
import itertools
import os
import re

KEYS = set("""test name verdict reason line text crash started ended boot build commit tree series
    compiler arch config kernel guest host qemu tries again command repeat project what""".split())
NUMBERS = {"boot", "started", "ended", "build", "line"}
WIDTH = 240  # bytes of a line of a console that are shown
TAIL = 10    # lines of a console without a trace, and of QEMU's output

# The verdicts of records. "no verdict": the test could not be carried out.
VERDICTS = {"pass": "pass", "fail": "fail", "skip": "skipped", "error": "no verdict"}
# All verdicts. "not run": the test is planned and has no record.
LETTERS = {"pass": "P", "crashed as expected": "C", "fail": "F", "skipped": "S",
           "no verdict": "?", "not run": "-"}
BAD = {"fail", "no verdict", "not run"}
PASSED = ("pass", "crashed as expected")

# The files of a test.
FILES = {"console": "console", "decoded": "decoded trace", "qemu.log": "QEMU's output",
         "ktap": "KTAP", "config": "configuration", "qemu.command": "command",
         "record": "record"}


class Error(Exception):
    """A message for the user."""


def damaged(path, what):
    return Error(f"{path}: damaged: {what}")


def printable(text):
    """Control characters would reach the terminal, and XML cannot represent them."""
    return "".join(c if c.isprintable() else "?" for c in text)


def iso_time(since):
    time = datetime.datetime.fromtimestamp(int(since or 0), datetime.timezone.utc)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def group_by(records, *names):
    """Lists of records that have the named attributes in common, in the order of the records."""
    groups = {}
    for r in records:
        groups.setdefault(tuple(getattr(r, name) for name in names), []).append(r)
    return groups.values()


class Record(dict):
    """A test, or a point of a test of the tools. Missing keys have the value ""."""
    verdict = "not run"
    folder = None    # of its files, below that of the run
    scenario = None  # of a test only

    def __missing__(self, key):
        return ""

    def add(self, line, path):
        key, space, value = line.partition(" ")
        if key not in KEYS:
            raise damaged(path, f'unknown key "{key:.80}"')
        if not space:
            raise damaged(path, f"{key} has no value")
        if key in self:
            raise damaged(path, f"{key} is given twice")
        fraction = r"(\.[0-9]{0,9})?" if key == "boot" else ""
        if key in NUMBERS and not re.fullmatch("[0-9]{1,11}" + fraction, value):
            raise damaged(path, f"{key} is not a number: {value:.80}")
        self[key] = printable(value)

    def set_verdict(self, path):
        if self["verdict"] not in VERDICTS:
            raise damaged(path, "no valid verdict")
        self.verdict = VERDICTS[self["verdict"]]
        if self.verdict == "pass" and self["crash"]:
            self.verdict = "crashed as expected"

    def set_test(self, test, path):
        """Split TREE/STAGE/CONFIG/LEVELS/SCENARIO[/OPTION,...]."""
        part = test.split("/", 5)
        if len(part) < 5 or "" in part[:5] or printable(test) != test:
            raise damaged(path, f"not a test: {test:.80}")
        self["test"] = test
        self.tree, self.stage, self.config, self.levels, self.scenario = part[:5]
        self.variant = "/".join([self.levels, *part[5:]])
        self.kaslr = "yes" if "kaslr" in "".join(part[5:]) else "no"
        self.set_name("/".join(part[:3]), "/".join(part[3:]))

    def set_name(self, group, name):
        self.group = group
        self.name = name
        self.title = f"{group}/{name}"

    @property
    def bad(self):
        return self.verdict in BAD

    def seconds(self, key):
        return float(self[key] or 0)


def read_lines(path):
    """The lines of a text file. None: it does not exist."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Error(f"{path:.200}: {error.strerror}") from None
    if b"\0" in content:
        raise damaged(path, "it contains a NUL byte")
    if content and not content.endswith(b"\n"):
        raise damaged(path, "the last line is cut")
    return content.decode(errors="surrogateescape").split("\n")[:-1]


def read_records(path):
    r = Record()
    for line in read_lines(path) or []:
        if line == "end":
            r.set_verdict(path)
            yield r
            r = Record()
        else:
            r.add(line, path)
    if r:
        raise damaged(path, "the last record has no end")


class Run:
    """Its tests are in the order of the plan. The points are those of the tests of the tools."""

    def __init__(self, folder):
        self.folder = os.path.realpath(folder)
        self.name = printable(os.path.basename(self.folder))
        about = f"{self.folder}/about"
        lines = read_lines(about)
        if lines is None:
            raise Error(f"{self.folder}: no run: name a folder of build/results")
        self.about = Record()
        for line in lines:
            self.about.add(line, about)
        plan = f"{self.folder}/planned"
        self.tests = [self.read_test(test, plan) for test in read_lines(plan) or []]
        self.points = list(self.read_points(f"{self.folder}/tools"))
        self.records = self.tests + self.points
        if not self.records:
            raise Error(f"{self.folder}: no results: nothing was run, or an older version of "
                        "the tools wrote them: run the tests again")
        for number, r in enumerate(self.records):
            r.number = number
        self.count = collections.Counter(r.verdict for r in self.records)

    def read_test(self, test, plan):
        planned = Record()
        planned.set_test(test, plan)
        folder = f"tests/{test}"
        path = f"{self.folder}/{folder}/record"
        lines = read_lines(path)
        if lines is None:
            return planned
        for r in read_records(path):
            if r["test"] != test:
                raise damaged(path, "it is of another test")
            r.set_test(test, plan)
            r.folder = folder
            return r
        raise damaged(path, "it is empty")

    @staticmethod
    def read_points(folder):
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = f"{folder}/{name}"
            for r in read_records(path) if name[0] != "." else []:
                if not r["test"] or not r["name"]:
                    raise damaged(path, "a point has no name")
                r.set_name(r["test"], r["name"])
                yield r

    def lines(self, r, name, first, last):
        """Lines of a file of the test @r, printable. If @first is negative, the last ones."""
        with open(f"{self.folder}/{r.folder}/{name}", "rb") as file:
            lines = (collections.deque(file, -first) if first < 0 else
                     itertools.islice(file, max(first - 1, 0), last))
            return [printable(line.rstrip(b"\r\n")[:WIDTH].decode(errors="surrogateescape"))
                    for line in lines]

    def evidence(self, r, most=80):
        """Of a test that failed: the decoded trace, or else the last lines of the console, and
        what QEMU printed."""
        def lines(name, first, last=None):
            try:
                return self.lines(r, name, first, last)
            except OSError:
                return []

        if not r.bad or not r.folder:
            return []
        qemu = [f"qemu: {line}" for line in lines("qemu.log", -TAIL)]
        return (lines("decoded", 1, most) or lines("console", -TAIL)) + qemu

    def files(self, r):
        """The files of @r that exist and are not empty."""
        for name in FILES if r.folder else []:
            path = f"{self.folder}/{r.folder}/{name}"
            if os.path.exists(path) and os.path.getsize(path):
                yield name


def began(folder):
    return os.path.getmtime(f"{folder}/planned")


def run_folders(where):
    """The folders of the runs in the folder @where, the last one first."""
    plans = glob.glob(f"{glob.escape(where)}/*/planned")
    return sorted(map(os.path.dirname, plans), key=began, reverse=True)


def earlier(run):
    """The runs beside @run that began earlier, the last one first. Damaged ones are left out."""
    for folder in run_folders(os.path.dirname(run.folder)):
        if began(folder) < began(run.folder):
            try:
                yield Run(folder)
            except Error:
                pass
