#!/usr/bin/python3
"""Both verifiers on the vectors of audit packs. packs.py HIRZ_VERIFY LIB VECTORS"""
import json
import os
import subprocess
import sys
import tempfile

EXITS = {'VALID-SIGNED': 0, 'INCOMPLETE': 3, 'INVALID': 4, 'UNSUPPORTED': 6}
sys.dont_write_bytecode = True
try:
    import nacl  # noqa: F401  pylint: disable=unused-import
    SECOND = [sys.executable, '-B', os.path.join(sys.argv[2], 'verify.py')]
except ImportError:
    SECOND = None
with open(os.path.join(sys.argv[3], 'pack', 'packs.json'), encoding='utf-8') as f:
    vectors = json.load(f)
COUNT = [0]


def ask(program, path, key):
    r = subprocess.run(program + [path] + (['--key', key] if key else []), capture_output=True, check=False)
    return r.returncode, r.stdout.decode().strip().split('\n')[-1].split('  ')[0]


def check(what, path, key, verdict):
    for name, program in (('hirz-verify', [sys.argv[1], '--color', 'never']), ('second verifier', SECOND)):
        COUNT[0] += 1
        if program is None:
            print('ok %d - %s: %s # SKIP python3-nacl is not installed' % (COUNT[0], name, what))
            continue
        got = ask(program, path, key)
        good = got == (EXITS[verdict], verdict)
        print('%s %d - %s: %s is %s%s' % ('ok' if good else 'not ok', COUNT[0], name, what, verdict, '' if good else ', not %s %s' % got))


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'a.pack')
    for case in vectors['cases']:
        with open(path, 'wb') as f:
            f.write(case['pack'].encode())
        check(case['name'], path, vectors['fingerprint'], case['verdict'])
        if case['verdict'] == 'VALID-SIGNED':
            check(case['name'] + ', without a key', path, None, 'INCOMPLETE')
            check(case['name'] + ', with another fingerprint', path, '0' * 32, 'INVALID')
print('1..%d' % COUNT[0])
