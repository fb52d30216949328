#!/bin/sh
# A log of so many events by bench/log: its own checks (every proof, every signature, the root) and the figures that
# do not depend on how busy the machine is. growth.sh PROGRAM EVENTS
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT INT TERM
"$1" "$dir/log" "$2" >"$dir/out" 2>"$dir/err" || { cat "$dir/err"; echo "1..1"; echo "not ok 1 - log of $2 events"; exit 1; }
sed 's/^/# /' "$dir/out"
python3 - "$dir/out" "$2" <<'PY'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
last = [r for r in rows if r["type"] == "log"][-1]
audit = [r for r in rows if r["type"] == "audit"][-1]
tests = [
    ("every event is there and proved", last["events"] == int(sys.argv[2]) == audit["events"]),
    ("an inclusion proof takes under 5 ms", last["proof_ms"] < 5),
    ("a checkpoint takes under 50 ms", last["checkpoint_ms"] < 50),
    # The figure to reach is 0.8 on a quiet machine (docs/performance.md); here others work too.
    ("the audit spends most of its time on signatures", audit["of_bare_cpu"] > 0.6),
]
print("1..%d" % len(tests))
for i, (name, ok) in enumerate(tests, 1):
    print("%sok %d - %s" % ("" if ok else "not ", i, name))
PY
