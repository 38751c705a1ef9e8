# SPDX-License-Identifier: GPL-2.0
"""Compare a run with an earlier one."""
import math
import statistics

from record import PASSED, Error, earlier, group_by

SPREADS = 4  # report a boot that differs by more than these median deviations
NOTICED = 1  # and by at least these seconds
CHANGES = ("fails now", "no verdict now", "passes now", "still without a pass",
           "ends differently")


def change(old, new):
    if new.verdict == "fail" and (not old or old.verdict != "fail"):
        return "fails now"
    if not old:
        return None
    if old.verdict in PASSED and new.verdict not in PASSED:
        return "no verdict now"
    if old.bad and new.verdict in PASSED:
        return "passes now"
    if old.bad and new.bad:
        return "still without a pass"
    return None if old.verdict == new.verdict else "ends differently"


def by_title(run):
    """The records by name, those of the same name by their order."""
    return {(r.title, i): r for same in group_by(run.records, "title")
            for i, r in enumerate(same)}


def longer(old, new):
    """The logarithm of how much longer the new boot took. None: there are no two boots."""
    if not old or not new or old.verdict not in PASSED or old.verdict != new.verdict:
        return None
    before, after = old.seconds("boot"), new.seconds("boot")
    return math.log(after / before) if before > 0 and after > 0 else None


def show_times(pairs):
    """The whole host may have become slower. Report only boots whose time changed much more
    than that of the others."""
    boots = [(longer(*pair), *pair) for pair in pairs if longer(*pair) is not None]
    if len(boots) < 3:
        return
    middle = statistics.median(took for took, *_ in boots)
    spread = statistics.median(abs(took - middle) for took, *_ in boots)
    yield (f"boots: {len(boots)} compared, the median takes {100 * math.expm1(middle):+.0f} %, "
           f"spread {100 * math.expm1(spread):.0f} %")
    for took, old, new in boots:
        before, after = old.seconds("boot"), new.seconds("boot")
        if abs(took - middle) > SPREADS * spread and abs(after - before) >= NOTICED:
            how = "slower" if took > middle else "faster"
            yield f"    {new.title}: {how}, {after:.1f} s, was {before:.1f} s"


def previous(new):
    """The last run of the same command before @new, or else of one of its tests."""
    titles = {r.title for r in new.records}
    runs = [run for run in earlier(new)
            if any(r.title in titles and r.verdict != "not run" for r in run.records)]
    if not runs:
        raise Error(f"no run before {new.name} has a test of it: see make runs")
    return next((run for run in runs if run.about["command"] == new.about["command"]), runs[0])


def compare(old, new):
    """The comparison, and its exit code."""
    before, after = by_title(old), by_title(new)
    if not before.keys() & after.keys():
        raise Error(f"{old.name} and {new.name} have no test in common: compare other runs")
    pairs = [(before.get(key), after[key]) for key in sorted(after)]
    found = {name: [] for name in CHANGES}
    for pair in pairs:
        found.get(change(*pair), []).append(pair)
    text = [f"{new.name} against {old.name}"]
    for name, changed in found.items():
        if changed:
            text.append(f"{name}: {len(changed)}")
        for was, r in changed:
            text.append(f"    {r.title}: {r.verdict}" + (f", was {was.verdict}" if was else ""))
            if r.bad:
                text += [f"        {r['reason']}", f"        repeat with: {r['repeat']}"]
    for run, others in (old, before.keys() - after.keys()), (new, after.keys() - before.keys()):
        if others:
            text.append(f"only in {run.name}: {len(others)}")
    text += show_times(pairs)
    return text, 1 if found["fails now"] else 125 if found["no verdict now"] else 0
