#!/bin/sh
# A log of so many events by bench/log: its own checks (every proof, every signature, the root). The figures it
# measures are shown, not judged: that is for a quiet machine (docs/performance.md). growth.sh PROGRAM EVENTS
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
    ("the audit compared every signature", audit["compared"] == int(sys.argv[2])),
]
print("1..%d" % len(tests))
for i, (name, ok) in enumerate(tests, 1):
    print("%sok %d - %s" % ("" if ok else "not ", i, name))
PY
