#!/usr/bin/python3
"""The program hirz-verify: exit codes, JSON, keys, policies, what was kept from before, memory.

program.py HIRZ_VERIFY LIB VECTOR.tar
"""
import json
import os
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
try:
    import nacl  # noqa: F401  pylint: disable=unused-import
except ImportError:
    print('1..0 # SKIP python3-nacl is not installed')
    sys.exit(0)
sys.path.insert(0, sys.argv[2])
import make_bundle  # noqa: E402

PROGRAM, VECTOR = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[3])
COUNT = [0]
VAULTS = []
ENV = {**os.environ, 'LC_ALL': 'C.UTF-8'}
ENV.pop('HIRZ_LANG', None)


class Kept(make_bundle.Vault):
    """Remembers the vaults that the generator makes, to sign more checkpoints with them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        VAULTS.append(self)

    def note_at(self, size):
        events, self.events = self.events, self.events[:size]
        try:
            return super().note()
        finally:
            self.events = events


make_bundle.Vault = Kept


def ok(good, what, *notes):
    COUNT[0] += 1
    print('%s %d - %s' % ('ok' if good else 'not ok', COUNT[0], what))
    for note in [] if good else notes:
        print('# %s' % (note,))


def run(*args, **more):
    return subprocess.run([PROGRAM, *args], capture_output=True, check=False, env={**ENV, **more})


def put(name, content):
    with open(name, 'wb') as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return name


def expect(code, what, *args, words=(), absent=()):
    """Runs it with --json and looks at the exit code and the ids of findings."""
    r = run(*args, '--json')
    lines = [json.loads(line) for line in r.stdout.decode().splitlines()]
    found = [line['id'] for line in lines if line['type'] == 'finding']
    last = lines[-1] if lines else {}
    good = r.returncode == code and all(w in found for w in words) and not any(w in found for w in absent)
    good = good and (not lines or last['type'] == 'verdict' and last['exit'] <= code)
    ok(good, '%s: exit %d' % (what, code), r.returncode, r.stdout.decode(), r.stderr.decode())
    return lines


def cosigner(name):
    key = make_bundle.Key('witness ' + name)
    blob = b'\4' + key.pk
    key_id = make_bundle.sha(name.encode() + b'\n' + blob)[:4]
    vkey = '%s+%s+%s' % (name, key_id.hex(), make_bundle.b64(blob))

    def line(text, t=1780300900):
        data = key_id + struct.pack('>Q', t) + key.sign(('cosignature/v1\ntime %d\n%s' % (t, text)).encode())
        return '\u2014 %s %s\n' % (name, make_bundle.b64(data))
    return vkey, line


def basics(fingerprint):
    with open(VECTOR, 'rb') as f:
        data = f.read()
    expect(3, 'without a key', VECTOR, words=['no-key'])
    lines = expect(0, 'with the fingerprint', VECTOR, '--key', fingerprint)
    checks = {line['what']: line for line in lines if line['type'] == 'check'}
    ok(set(checks) == {'files', 'events', 'records', 'exhibits'} and checks['exhibits']['matched'] == 2 and
       all(set(c) >= {'checked', 'matched', 'missing', 'different'} for c in checks.values()), 'lines of what was checked', checks)
    ok(lines[-1]['verdict'] == 'VALID-SIGNED' and lines[-1]['reasons'] == [] and lines[-1]['fingerprint'] == fingerprint, 'the last line', lines[-1])
    expect(0, 'with the fingerprint as it is shown', VECTOR, '--key', ' '.join(fingerprint.upper()[i:i + 4] for i in range(0, 32, 4)))
    expect(4, 'with another fingerprint', VECTOR, '--key', '0' * 32, words=['key'])
    expect(0, 'with a file that holds the fingerprint', VECTOR, '--key', put('key.txt', fingerprint + '\n'))
    changed = put('changed.tar', data[:30300] + bytes([data[30300] ^ 1]) + data[30301:])
    expect(4, 'a changed bundle', changed, '--key', fingerprint)
    expect(4, 'no bundle at all', put('text.tar', 'hello\n'), '--key', fingerprint, words=['tar'])
    expect(4, 'an empty file', put('empty.tar', ''), '--key', fingerprint, words=['tar'])
    hook, _ = make_bundle.VARIANTS['event-unknown-act']
    expect(6, 'an unknown act', put('act.tar', make_bundle.build(hook)[0]), '--key', make_bundle.build(hook)[1], words=['act-unknown'])
    r = run(VECTOR, changed, '--key', fingerprint, '--json')
    ok(r.returncode == 4 and r.stdout.decode().count('"verdict"') == 4, 'two bundles, one of them changed: exit 4')
    ok(run().returncode == 2 and run(VECTOR, '--nothing').returncode == 2, 'wrong use: exit 2')
    ok(run(VECTOR, '--key', 'nowhere').returncode == 2, 'a key that is neither digits nor a file: exit 2')
    ok(run(VECTOR, '--key', put('nokey', 'x\n')).returncode == 2, 'a file that holds no key: exit 2')
    ok(run(VECTOR, '--policy', put('nopolicy', 'x\n')).returncode == 2, 'a file that is no policy: exit 2')
    ok(run(VECTOR, '--against', put('nonote', 'x\n')).returncode == 2, 'a file that is no checkpoint: exit 2')
    ok(run('/nowhere/at/all').returncode == 9, 'no such file: exit 9')
    ok(run('/').returncode == 2, 'a folder: exit 2')
    ok(run(*[VECTOR] * 17).returncode == 2, 'too many bundles: exit 2')
    ok(b'VALID-SIGNED' in run(VECTOR, '--key', fingerprint, '-q').stdout, 'quiet says the verdict')
    arabic = run(VECTOR, '--key', fingerprint, '--lang', 'ar').stdout.decode()
    ok('VALID-SIGNED' in arabic and any('\u0600' <= ch <= '\u06ff' for ch in arabic), 'Arabic', arabic)
    ok(run('--help').returncode == 0 and run('--version').stdout.startswith(b'hirz-verify '), 'help and version')


def renewals():
    """Lines of a renewal against the tokens that they name."""
    for what, (lines, want) in make_bundle.RENEWED.items():
        code = 0 if want == 'VALID-SIGNED' else 4
        bundle, fingerprint, _ = make_bundle.build_renewed(lines)
        expect(code, 'a renewal, ' + what, put('renewal.tar', bundle), '--key', fingerprint, words=['stamp'] if code else (), absent=['stamp-renewed'])


def kept_from_before(fingerprint):
    vault = VAULTS[-1]
    args = (VECTOR, '--key', fingerprint, '--against')
    expect(0, 'against itself', *args, VECTOR, words=['same'])
    expect(0, 'against its own checkpoint', *args, put('now', vault.note_at(9)), words=['same'])
    for size in (1, 2, 5, 6, 7, 8):
        expect(0, 'against a checkpoint of %d events, the last of which is in the bundle' % size, *args, put('then', vault.note_at(size)), words=['grew'])
    expect(3, 'against a checkpoint of 4 events, the last of which is not in the bundle', *args, put('then', vault.note_at(4)), words=['consistency'])
    pin = 'hirz-pin/v1\nvkey %s\nevent0 %s\n\n' % (vault.vkey, vault.leaf(0).hex())
    expect(0, 'against a pin', *args, put('pin', pin.encode() + vault.note_at(5)), words=['grew'])
    expect(11, 'against a pin with another event 0', *args, put('pin', pin.replace(vault.leaf(0).hex(), '0' * 64).encode() + vault.note_at(5)), words=['fork'])
    more = list(vault.events)
    vault.event('clock')
    expect(11, 'against a later checkpoint', *args, put('later', vault.note_at(10)), words=['rollback'])
    for size in (5, 9):
        vault.events = more[:size - 1]
        vault.event('clock', x={'another': size})
        expect(11, 'against another history of %d events' % size, *args, put('fork', vault.note_at(size)), words=['fork'])
    vault.events = more
    other = put('other', VAULTS[0].note_at(2) if VAULTS[0].origin != vault.origin else make_bundle.Vault('other ').note())
    expect(3, 'against another log', *args, other, words=['other-log'])
    forged = make_bundle.Vault()
    forged.events, forged.head_key = more, make_bundle.Key('stranger')
    expect(3, 'against a checkpoint that somebody else signed', *args, put('forged', forged.note_at(5)), words=['other-key'])
    changed = put('changed.tar', open(VECTOR, 'rb').read()[:-1])  # pylint: disable=consider-using-with
    expect(4, 'changed and forked: 4 comes before 11', changed, '--key', fingerprint, '--against', 'fork')


def restored():
    data, new, _ = make_bundle.build_restored()
    old = VAULTS[-2]
    bundle = put('restored.tar', data)
    expect(0, 'a continued log against the closed one', bundle, '--key', new, '--against', put('closed', old.note_at(2)), words=['same'])
    old.event('clock')
    expect(11, 'a continued log against more than its copy had', bundle, '--key', new, '--against', put('closed', old.note_at(3)), words=['rollback'])

    def pinned(init):
        return {**init, 'pinned': '3 ' + make_bundle.tree([old.leaf(i) for i in range(3)]).hex()}
    data, new, _ = make_bundle.build_restored(make_bundle.at('init', pinned))
    expect(3, 'the same, where restore says so itself', put('restored.tar', data), '--key', new, '--against', 'closed', words=['restored'])


def policies(fingerprint):
    (a, line_a), (b, line_b), (c, _) = cosigner('a.example'), cosigner('b.example'), cosigner('c.example')
    text = []
    plain = put('plain.tar', make_bundle.build(make_bundle.at('note', text.append))[0])
    data, its = make_bundle.build(make_bundle.at('note lines', lambda lines: lines + line_a(text[-1]) + line_b(text[-1])))
    bundle, vkey = put('cosigned.tar', data), VAULTS[-1].vkey
    base = 'log %s\nwitness A %s\nwitness B %s\nwitness C %s\n' % (vkey, a, b, c)
    two = put('two', base + 'group G 2 A B C\nquorum G\n')
    lines = expect(0, 'two of three witnesses', bundle, '--key', its, '--policy', two, words=['witnessed'], absent=['quorum'])
    ok(lines[-1]['verdict'] == 'VALID-WITNESSED', 'the verdict is VALID-WITNESSED', lines[-1])
    for what, target, policy, word in (('three of three', bundle, base + 'group G all A B C\nquorum G\n', 'quorum'),
                                       ('no cosignature', plain, base + 'quorum A\n', 'quorum'),
                                       ('no witness asked for', bundle, base + 'quorum none\n', 'no-quorum'),
                                       ('another log', bundle, 'log %s\n%squorum A\n' % (Kept('x ').vkey, base.split('\n', 1)[1]), 'policy-log')):
        lines = expect(0, what, target, '--key', fingerprint, '--policy', put('policy', policy), words=[word])
        ok(lines[-1]['verdict'] == 'VALID-SIGNED', '%s: VALID-SIGNED, not witnessed' % what, lines[-1])
    lines = expect(3, 'witnesses do not stand for the key', bundle, '--policy', two, words=['no-key'])


def measured(*args):
    """(exit code, peak memory in KiB), from a small process: a child's peak counts what it was forked from."""
    code = 'import resource, subprocess, sys; r = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); ' \
           'print(r.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)'
    r = subprocess.run([sys.executable, '-c', code, PROGRAM, *args], capture_output=True, check=False, env=ENV)
    return [int(n) for n in r.stdout.split()] or [-1, 0]


def memory():
    """Peak memory does not grow with the bundle: a large file, and many small ones."""
    sanitized = b'__asan_init' in open(PROGRAM, 'rb').read()  # pylint: disable=consider-using-with
    for what, sizes in (('one exhibit of 96 MiB', [96 << 20]), ('400 exhibits', [200] * 400)):
        vault = make_bundle.Vault()
        vault.event('init', vault.member, init=vault.init(), keyring=make_bundle.fixed('keyring').hex())
        leaves = {}  # are asked for again and again
        vault.leaf = lambda n, v=vault, known=leaves: known.setdefault(n, make_bundle.sha(b'\0' + v.events[n]))
        files = [(*vault.seal('file %d' % i, bytes([i % 256]) * size, 'text/plain'), 'txt') for i, size in enumerate(sizes)]
        put('large.tar', make_bundle.pack(vault, files, range(len(vault.events)), set()))
        code, used = measured('large.tar', '--key', vault.leaf(0).hex()[:32])
        if sanitized:
            ok(code == 0, '%s (memory is not measured under the address sanitizer)' % what, code)
        else:
            ok(code == 0 and 0 < used < 64 * 1024, '%s: under 64 MiB of memory' % what, code, '%d KiB' % used)


def main():
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        _, fingerprint = make_bundle.build()
        basics(fingerprint)
        renewals()
        make_bundle.build()
        kept_from_before(fingerprint)
        restored()
        policies(fingerprint)
        memory()
        os.chdir('/')
    print('1..%d' % COUNT[0])


main()
