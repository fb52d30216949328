#!/usr/bin/python3
"""Which test reads which vector of others: every file of the suites for trees, notes, logs, witnesses and time stamps is named
here, or it is said why it is not read. A new file that nobody reads fails. conformance.py (the folder is $HIRZ_SHARED)"""
import fnmatch
import os
import sys

TESTS = [
    ('merkle/inclusion/*', 'unit custody: merkle'), ('merkle/consistency/*', 'unit custody: merkle'),
    ('merkle/rfc6962-8-leaf-tree.json', 'unit custody: reference'), ('own/merkle/trees.json', 'unit custody: trees'),
    ('note/signed-notes.json', 'unit custody: notes'), ('tlog/tlog-proof-syntax.json', 'unit custody: syntax'),
    ('tlog/tessera-log/*', 'unit custody: tessera'), ('tlog/witness/litewitness.txt', 'unit outside: script_of_others'),
    ('own/tlog/*.tlog-proof', 'unit custody: tlog; unit outside: policy_of_others'), ('own/tlog/log.json', 'unit custody: tlog'),
    ('own/tlog/checkpoint.*', 'unit custody: tlog; unit outside: policy_of_others'),
    ('own/tlog/witness-requests.json', 'unit outside: requests_of_others'), ('own/tlog/policy', 'unit outside: policy_of_others'),
    ('ots/*.ots', 'unit anchor: test_conformance'), ('ots/*.txt', 'unit anchor: test_conformance'), ('ots/empty', 'unit anchor: test_conformance'),
    ('ots/sha1/[ab]', 'unit anchor: test_conformance'), ('rfc3161/public-tsa/*', 'unit crypto: test_public_suite'),
    ('own/rfc3161/*', 'unit crypto: test_own_suite'),
]
SKIPPED = [('ots/*README.md', 'a text for people'), ('own/rfc3161/tsaexp.pem', 'its token carries this certificate already')]
FOLDERS = ('merkle', 'note', 'tlog', 'ots', 'rfc3161', 'own/merkle', 'own/tlog', 'own/rfc3161')


def find(rows, name):
    return next((what for pattern, what in rows if fnmatch.fnmatchcase(name, pattern)), None)


def main():
    if not os.environ.get('HIRZ_SHARED'):
        print('1..0 # SKIP HIRZ_SHARED is not set: the vectors of others are not there')
        return 0
    top, count, bad = os.path.join(os.environ['HIRZ_SHARED'], 'conformance'), 0, 0
    for folder in FOLDERS:
        for path, _, names in sorted(os.walk(os.path.join(top, folder))):
            for name in sorted(os.path.relpath(os.path.join(path, n), top) for n in names):
                count += 1
                why, test = find(SKIPPED, name), find(TESTS, name)
                bad += not (why or test)
                print('%s %d - %s%s' % ('ok' if why or test else 'not ok', count, name, ' # SKIP ' + why if why else ': %s' % test))
    print('1..%d' % count)
    return int(bad > 0)


if __name__ == '__main__':
    sys.exit(main())
