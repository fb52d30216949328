#!/usr/bin/python3
"""Count what was tested, and say what failed.

count.py meson LOG           LOG is meson's testlog.json
count.py tap FILE EXITCODE   FILE is what one TAP program printed

Prints the details of failures and reasons of skips, then one last line `P F S`: TAP lines that passed, failed and were
skipped. A program that fails as a whole although its lines are good, breaks its plan, or prints nothing counts
one more failure. cmocka writes a skipped test as `not ok 3 # SKIP name`, with the reason in a comment before it.
"""
import json
import re
import sys

LINE = re.compile(r"(not )?ok\b[ \t]*(\d+)?[ \t]*(?:-[ \t]*)?(.*)")
PLAN = re.compile(r"1\.\.(\d+)[ \t]*(?:#[ \t]*SKIP\b[ \t]*(.*))?", re.I)
SKIP = re.compile(r"#[ \t]*SKIP\b[ \t]*(.*)", re.I)


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.reasons = {}

    def fail(self, name, what):
        self.failed += 1
        print(f"  FAILED {name}: {what}")

    def skip(self, reason, times=1):
        self.skipped += times
        self.reasons[reason or "no reason given"] = self.reasons.get(reason or "no reason given", 0) + times

    def tap(self, name, text, whole_failed, why):
        """One TAP program; whole_failed and why say how the program as a whole ended."""
        planned, seen, failed_before, skipped_all, remark = None, 0, self.failed, False, ""
        for line in text.split("\n"):
            if line.startswith("# skipped: "):
                remark = ": " + line[len("# skipped: "):]
            plan = PLAN.fullmatch(line.strip()) if line.startswith("1..") else None
            if plan:
                planned = int(plan.group(1))
                if planned == 0:
                    skipped_all = True
                    self.skip(f"{name}: {plan.group(2) or ''}")
                continue
            if line.startswith("Bail out!"):
                self.fail(name, line)
                continue
            match = LINE.match(line)
            if not match:
                continue
            seen += 1
            skip = SKIP.search(match.group(3))
            if skip:
                self.skip(f"{name}: {skip.group(1)}{remark}")
            elif match.group(1):
                self.fail(name, match.group(3))
            else:
                self.passed += 1
            remark = ""
        if self.failed == failed_before:
            if planned is not None and seen != planned:
                self.fail(name, f"planned {planned}, saw {seen}{why}")
            elif whole_failed:
                self.fail(name, why.strip(" ;") or "failed as a whole")
            elif seen == 0 and not skipped_all:
                self.fail(name, "printed no result")
            elif planned is None:
                self.fail(name, "printed no plan")


def is_tap(text):
    return re.search(r"^(1\.\.\d|ok\b|not ok\b)", text, re.M) is not None


def count_meson(count, path):
    with open(path, encoding="utf-8", errors="replace") as f:
        tests = [json.loads(line) for line in f if line.strip()]
    if not tests:
        count.fail("meson", "no test was run")
    for test in tests:
        name, out, result = test["name"], test.get("stdout") or "", test["result"]
        bad = result not in ("OK", "EXPECTEDFAIL", "SKIP")
        why = f"; {result.lower()}, exit {test.get('returncode')}" if bad else ""
        before = count.failed
        if is_tap(out):
            # To meson cmocka's skipped tests are failures; the program itself ends with 0 then.
            only_skips = result == "FAIL" and test.get("returncode") == 0 and "# SKIP" in out
            count.tap(name, out, bad and not only_skips, why)
        elif bad:
            count.fail(name, why.strip(" ;"))
        elif result == "SKIP":
            count.skip(name)
        else:
            count.passed += 1
        if count.failed > before:
            for line in ((test.get("stderr") or "") + out).rstrip().split("\n")[-60:]:
                if not re.match(r"(ok \d|1\.\.)", line):
                    print(f"    | {line}")


def main():
    count = Count()
    if len(sys.argv) == 3 and sys.argv[1] == "meson":
        try:
            count_meson(count, sys.argv[2])
        except (OSError, ValueError, KeyError) as e:
            count.fail("meson", f"no readable record of the tests: {e}")
    elif len(sys.argv) == 4 and sys.argv[1] == "tap":
        with open(sys.argv[2], encoding="utf-8", errors="replace") as f:
            code = int(sys.argv[3])
            count.tap(sys.argv[2].rsplit("/", 1)[-1], f.read(), code != 0, f"; exit {code}")
    else:
        print(__doc__, file=sys.stderr)
        return 2
    for reason, times in sorted(count.reasons.items()):
        print(f"  skipped{f' {times} times' if times > 1 else ''}: {reason}")
    print(count.passed, count.failed, count.skipped)
    return 0


if __name__ == "__main__":
    sys.exit(main())
