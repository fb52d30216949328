#!/usr/bin/python3
"""The second verifier against the generator: every broken rule and every flipped bit is found.

second.py LIB VECTOR.tar      LIB holds verify.py and make_bundle.py
"""
import os
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
try:
    import nacl  # noqa: F401  pylint: disable=unused-import
except ImportError:
    print('1..0 # SKIP python3-nacl is not installed')
    sys.exit(0)
sys.path.insert(0, sys.argv[1])
import make_bundle  # noqa: E402
import verify  # noqa: E402

COUNT = [0]


def ok(good, what, *notes):
    COUNT[0] += 1
    print('%s %d - %s' % ('ok' if good else 'not ok', COUNT[0], what))
    for note in [] if good else notes:
        print('# %s' % (note,))


def verdict(data, key, want, what):
    got, state = verify.verify_bytes(data, key)
    ok(got == want, '%s: %s' % (what, want), 'got ' + got, *state.failed[:5], *state.unsupported, *state.incomplete)


def restored():
    data, new, old = make_bundle.build_restored()
    verdict(data, new, 'VALID-SIGNED', 'a continued log with its own fingerprint')
    verdict(data, old, 'VALID-SIGNED', 'a continued log with the fingerprint of the closed one')
    for name, change in (('another state found', lambda i: {**i, 'found': i['found'].replace('2 ', '3 ')}), ('no state found', lambda i: {**i, 'found': ''})):
        verdict(make_bundle.build_restored(make_bundle.at('init', change))[0], None, 'INVALID', 'a continued log, ' + name)
    verdict(make_bundle.build_restored(make_bundle.at('ref', lambda r: '0' * 64))[0], None, 'INVALID', 'a continued log that names another')

    def without(files):
        for f in [f for f in files if f.startswith('custody/logs/')]:
            del files[f]
    verdict(make_bundle.build_restored(make_bundle.at('files', without))[0], None, 'INVALID', 'a continued log without the closed one')


def flips(data, fingerprint):
    rng = random.Random(20260601)
    survived = []
    heads = [n for n in range(0, len(data), 512)]
    places = rng.sample(range(len(data) * 8), 1800) + [8 * rng.choice(heads) + rng.randrange(4096) for _ in range(200)]
    for at in places:
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        if verify.verify_bytes(bytes(changed), fingerprint)[0] != 'INVALID':
            survived.append(at)
    ok(not survived, '%d flipped bits are all found' % len(places), survived[:20])
    cuts = [n for n in rng.sample(range(len(data)), 100) if verify.verify_bytes(data[:n], fingerprint)[0] != 'INVALID']
    ok(not cuts, '100 cuts are all found', cuts)


def command(vector, bundle, fingerprint):
    def run(*args):
        r = subprocess.run([sys.executable, os.path.join(sys.argv[1], 'verify.py'), *args], capture_output=True, text=True, check=False)
        return r.returncode, r.stdout.splitlines()[-1:]
    log = bundle.log
    keys = {'fingerprint in a file': (fingerprint + '\n', 0), 'vkey': (log.init['checkpoint'] + '\n', 3),
            'minisign key': (bundle.content('keys/minisign.pub').decode(), 3), 'allowed_signers': (bundle.content('keys/allowed_signers').decode(), 3),
            'JWK Set': (bundle.content('keys/actors.jwks').decode(), 3), 'another fingerprint': ('0' * 32, 4),
            'another vkey': (log.init['checkpoint'].replace('hirz.invalid', 'hirz.example'), 4), 'an empty file': ('', 4),
            'another ssh key': ('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO73Y+VRBZNHsSgQMsQOkw52wAmVgmirsr+I7voS/h3U x', 4)}
    words = {0: 'VALID-SIGNED', 3: 'INCOMPLETE', 4: 'INVALID'}
    ok(run(vector) == (3, ['INCOMPLETE']), 'without a key: INCOMPLETE, exit 3')
    ok(run(vector, '--key', fingerprint) == (0, ['VALID-SIGNED']), 'with the fingerprint: VALID-SIGNED, exit 0')
    for name, (text, code) in keys.items():
        with tempfile.NamedTemporaryFile('w') as f:
            f.write(text)
            f.flush()
            ok(run(vector, '--key', f.name) == (code, [words[code]]), '--key with %s: %s' % (name, words[code]), run(vector, '--key', f.name))
    ok(run()[0] == 2 and run(vector, '--key')[0] == 2 and run(vector, '--key', '/nowhere/at/all')[0] == 2, 'wrong use: exit 2')
    ok(run('/nowhere/at/all')[0] == 9, 'no such file: exit 9')


def main():
    data, fingerprint = make_bundle.build()
    with open(sys.argv[2], 'rb') as f:
        ok(f.read() == data, 'the stored bundle is what the generator makes')
    got, bundle = verify.verify_bytes(data, fingerprint)
    ok(got == 'VALID-SIGNED' and bundle.exhibits == 2, 'the stored bundle is valid', *bundle.failed)
    for name, (hook, want) in make_bundle.VARIANTS.items():
        changed, its_own = make_bundle.build(hook)
        ok(changed != data, name + ' is another bundle')
        verdict(changed, its_own, want, name)
    for name, (hook, want) in make_bundle.STAMPED.items():
        verdict(*make_bundle.build_stamped(hook)[:2], want, 'a time anchor, ' + name)
    for name, (hook, want) in make_bundle.TAGGED.items():
        verdict(*make_bundle.build_tagged(hook), want, 'tags, ' + name)
    for name, (hook, want) in make_bundle.RULED.items():
        verdict(*make_bundle.build_ruled(hook), want, 'rules, ' + name)
    restored()
    command(sys.argv[2], bundle, fingerprint)
    flips(data, fingerprint)
    print('1..%d' % COUNT[0])


main()
