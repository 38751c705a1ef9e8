# SPDX-License-Identifier: GPL-2.0
"""The forms for CI systems: KTAP, JUnit XML for GitLab and Jenkins, JSON for KernelCI."""
import collections
import html
import json
import pathlib
import re

from record import group_by, iso_time, printable

ORIGIN = "pgsync"
ELEMENTS = {"fail": "failure", "skipped": "skipped", "no verdict": "error", "not run": "error"}
STATUS = {"pass": "PASS", "crashed as expected": "PASS", "fail": "FAIL", "skipped": "SKIP",
          "no verdict": "ERROR", "not run": "MISS"}


def show_ktap(run):
    def title(name):
        # A # would begin a directive.
        return name.replace("#", "*")

    groups = group_by(run.records, "group")
    yield f"KTAP version 1\n1..{len(groups)}"
    for number, group in enumerate(groups, 1):
        yield (f"    KTAP version 1\n    # Subtest: {title(group[0].group)}\n"
               f"    1..{len(group)}")
        for i, r in enumerate(group, 1):
            if r.bad:
                yield f"    # {r.verdict}: {r['reason']}"
            skip = f" # SKIP {r['reason']}" if r.verdict == "skipped" else ""
            yield f"    {'not ' if r.bad else ''}ok {i} {title(r.name)}{skip}"
        failed = any(r.bad for r in group)
        yield f"{'not ' if failed else ''}ok {number} {title(group[0].group)}"


def xml(text):
    return html.escape(printable(text))


def show_case(run, r):
    time = f' time="{r.seconds("boot"):.2f}"' if r["boot"] else ""
    yield f'<testcase classname="{xml(r.group)}" name="{xml(r.name)}"{time}>'
    if r.verdict in ELEMENTS:
        element = ELEMENTS[r.verdict]
        content = "\n".join(map(xml, [r["text"], *run.evidence(r)]))
        yield f'<{element} message="{xml(r["reason"] or r.verdict)}">{content}</{element}>'
    if r.scenario:
        yield f"<system-out>{r.verdict}: {xml(r['reason'])}\nrepeat with: {xml(r['repeat'])}"
        if r["boot"]:
            yield f"[[ATTACHMENT|{xml(run.folder)}/{xml(r.folder)}/console]]"
        yield "</system-out>"
    yield "</testcase>"


def counts(records):
    """The attributes with the figures of @records."""
    n = collections.Counter(ELEMENTS.get(r.verdict) for r in records)
    time = sum(r.seconds("boot") for r in records)
    return (f'tests="{len(records)}" failures="{n["failure"]}" errors="{n["error"]}" '
            f'skipped="{n["skipped"]}" time="{time:.2f}"')


def show_junit(run):
    started = run.about["started"]
    time = f' timestamp="{iso_time(started)[:-1]}"' if started else ""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="{xml(run.name)}" {counts(run.records)}>'
    for group in group_by(run.records, "group"):
        yield f'<testsuite name="{xml(group[0].group)}"{time} {counts(group)}>'
        for r in group:
            yield from show_case(run, r)
        yield "</testsuite>"
    yield "</testsuites>"


def given(**fields):
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


def test_of(run, r, build):
    files = {name: f"{r.folder}/{name}" for name in run.files(r)}
    urls = {name: pathlib.Path(run.folder, file).as_uri() for name, file in files.items()}
    kind = "reproduce." if r["crash"] else ""
    # A test that did not boot has no result.
    status = "MISS" if r.verdict == "no verdict" and not r["boot"] else STATUS[r.verdict]
    return given(
        id=f"{build.rsplit('/', 3)[0]}/{r['test']}", build_id=build, origin=ORIGIN,
        # The schema allows no other characters in a path.
        path=re.sub("[^A-Za-z0-9._-]", "_", f"pgtable_sync.{kind}{r.scenario}"), status=status,
        start_time=r["started"] and iso_time(r["started"]),
        log_excerpt="\n".join([r["text"], *run.evidence(r)])[:16384].strip(),
        log_url=urls.get("console", ""),
        output_files=[{"name": files[name], "url": url} for name, url in urls.items()],
        duration=r["boot"] and r.seconds("boot"),
        environment=given(comment=r["host"], misc=given(
            levels=r.levels, kaslr=r.kaslr, qemu=r["qemu"])),
        misc=given(reason=r["reason"], line=r["line"], guest=r["guest"],
                   command=r["command"], repeat=r["repeat"]))


def show_kcidb(run):
    """Version 5.3 of KCIDB's schema. A stage of a tree becomes a checkout, a kernel a build.
    The tests of the tools test no kernel and are left out."""
    checkouts, builds, tests = {}, [], []
    for kernel in group_by(run.tests, "group"):
        # If possible, a record that describes how the kernel was built.
        r = next((r for r in kernel if r["kernel"]), kernel[0])
        checkout = f"{ORIGIN}:{run.name}/{r.tree}/{r.stage}"
        build = f"{ORIGIN}:{run.name}/{r.group}"
        # The tools made this commit, so no repository has it, as git_commit_hash would imply.
        checkouts.setdefault(checkout, given(
            id=checkout, origin=ORIGIN, tree_name=r.tree, comment=r.stage, valid=True,
            patchset_hash=r["tree"] and r["series"],
            misc=given(commit=r["commit"], tree=r["tree"])))
        # Without a boot it is unknown whether the build succeeded.
        builds.append(given(
            id=build, checkout_id=checkout, origin=ORIGIN, architecture=r["arch"],
            compiler=r["compiler"], config_name=r.config, status=r["kernel"] and "PASS",
            duration=r["build"] and r.seconds("build"),
            misc=given(config=r["config"], kernel=r["kernel"])))
        tests += (test_of(run, r, build) for r in kernel)
    yield '{"version": {"major": 5, "minor": 3}'
    for name, objects in ("checkouts", checkouts.values()), ("builds", builds), ("tests", tests):
        yield f',"{name}": [\n' + ",\n".join(map(json.dumps, objects)) + "]"
    yield "}"
