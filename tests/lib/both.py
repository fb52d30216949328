#!/usr/bin/python3
"""Asks both verifiers the same: both.py HIRZ_VERIFY FILE [OPTION VALUE]... prints exit code, verdict and the first entry that differs
where the two agree; else it says what each answered, and ends with 1."""
import os
import re
import subprocess
import sys

WHERE = re.compile(r'event (\d+) is (?:another one|the first that is missing)')


def ask(*command):
    r = subprocess.run(command, capture_output=True, check=False)
    where = [int(m) for m in WHERE.findall(r.stdout.decode())]
    return '%d %s %s' % (r.returncode, r.stdout.decode().strip().split('\n')[-1].split('  ')[0], min(where) if where else '-')


one = ask(sys.argv[1], '--color', 'never', *sys.argv[2:])
two = ask(sys.executable, '-B', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'verify.py'), *sys.argv[2:])
print(one if one == two else 'hirz-verify: %s; the second verifier: %s' % (one, two))
sys.exit(one != two)
