#!/usr/bin/python3
"""The second verifier on the vectors of witnesses and of OpenTimestamps. vectors.py LIB VECTORS"""
import json
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
try:
    import verify
    import verify_outside as outside
except ImportError:
    print('1..0 # SKIP python3-nacl is not installed')
    sys.exit(0)
COUNT = [0]


def ok(good, what, why=''):
    COUNT[0] += 1
    print('%s %d - %s%s' % ('ok' if good else 'not ok', COUNT[0], what, '' if good else ': %s' % (why,)))


def load(name):
    with open(os.path.join(sys.argv[2], name), encoding='utf-8') as f:
        return json.load(f)


def refused(call, *args):
    try:
        call(*args)
    except (verify.Refused, ValueError):
        return True
    return False


def answer(log, state, raw):
    """The status of C2SP tlog-witness, from docs/format.md 8.9 alone [F-8.13]."""
    origin = log.split('+')[0]
    try:
        old, proof, note = outside.request(raw)
        verify.need(re.fullmatch(outside.NOTE, note), 'checkpoint')
        claimed, size = note.split(b'\n')[0].decode(), int(note.split(b'\n')[1])
    except verify.Refused:
        return 400
    if claimed != origin:
        return 404
    try:
        size, root = verify.checkpoint(note, origin, log)
    except verify.Refused:
        return 403
    if size == state['size'] > 0 and root.hex() != state['root']:
        return 422 if old == size else 409
    if old > size:
        return 400
    if old != state['size']:
        return 200 if (size, root.hex()) == (state['size'], state['root']) else 409
    if old in (0, size):
        return 422 if proof else 200
    try:
        verify.consistent(old, bytes.fromhex(state['root']), size, root, proof)
    except verify.Refused:
        return 422
    return 200


def witnesses():
    v = load('witness/witness.json')
    key = outside.wkey(v['witness']['key'])
    ok(key[0] == v['witness']['name'] and key[2].hex() == v['witness']['public'], 'the key of a witness')

    def by_witness(note):
        text, _, lines = note.encode().partition(b'\n\n')
        return any(outside.cosigned(line, key, text + b'\n') for line in lines.split(b'\n'))
    ok(by_witness(v['cosigned']['note']), 'a cosigned checkpoint')
    for case in v['bad_cosigned']:
        ok(not by_witness(case['note']), 'no cosignature: ' + case['name'])
    for case in v['requests']:
        got = answer(v['log'], case['state'], case['request'].encode())
        ok(got == case['status'], 'request: %s gives %d' % (case['name'], case['status']), got)
    for case in v['bad_requests']:
        got = answer(v['log'], {'size': 7, 'root': ''}, case['request'].encode())
        ok(got == 400, 'request refused: ' + case['name'], got)
    for case in v['policies']:
        ok(outside.Policy(case['policy']).met(case['note'].encode()) == case['met'], 'policy: %s' % case['name'])
    for case in v['bad_policies']:
        ok(refused(outside.Policy, case['policy']), 'policy refused: ' + case['name'])


def anchors():
    v = load('anchor/anchors.json')
    about = bytes.fromhex(v['about'])
    for case in v['good']:
        got = [[kind, height, message.hex()] for kind, height, message in verify.ots(bytes.fromhex(case['proof']), about)]
        ok(got == case['found'], 'proof: ' + case['name'], got)
    for case in v['bad']:
        ok(refused(verify.ots, bytes.fromhex(case['proof']), about), 'proof refused: ' + case['name'])
    confirmed = bytes.fromhex(v['header'])[36:68].hex()
    ok(confirmed == v['good'][0]['found'][1][2], 'a header has the root that the proof leads to')
    fields = dict(v['record_fields'])
    said = verify.anchor_parts(fields, fields['anchor.type'], fields['anchor.size'])
    ok(verify.ots(said[1], verify.sha(said[0]))[1][0] == 'bitcoin', 'the parts in the fields of a record')


witnesses()
anchors()
print('1..%d' % COUNT[0])
