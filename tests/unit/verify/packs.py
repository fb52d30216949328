#!/usr/bin/python3
"""Both verifiers on the vectors of audit packs: the same verdict, the same exit code, the same first entry that differs; and on packs
with tokens of an authority made by openssl, which is asked too. packs.py HIRZ_VERIFY LIB VECTORS"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

EXITS = {'VALID-SIGNED': 0, 'INCOMPLETE': 3, 'INVALID': 4, 'UNSUPPORTED': 6}
WHERE = re.compile(r'event (\d+) is (?:another one|the first that is missing)')
sys.dont_write_bytecode = True
sys.argv[1:] = [os.path.abspath(a) for a in sys.argv[1:]]
try:
    import nacl  # noqa: F401  pylint: disable=unused-import
    SECOND = [sys.executable, '-B', os.path.join(sys.argv[2], 'verify.py')]
except ImportError:
    SECOND = None
VECTORS = os.path.join(sys.argv[3], 'pack')
COUNT = [0]


def ok(good, what, why=''):
    COUNT[0] += 1
    print('%s %d - %s%s' % ('ok' if good else 'not ok', COUNT[0], what, '' if good else ': ' + str(why)))


def ask(program, path, *args):
    """(exit code, verdict, first entry that differs)"""
    r = subprocess.run(program + [path, *args], capture_output=True, check=False)
    out = r.stdout.decode()
    where = [int(m) for m in WHERE.findall(out)]
    return r.returncode, out.strip().split('\n')[-1].split('  ')[0], min(where) if where else None


def check(what, path, want, args=(), second=None):
    """want: exit code, verdict ('' where there is none), first entry that differs or None. second: other arguments for the second."""
    for name, program in (('hirz-verify', [sys.argv[1], '--color', 'never']), ('second verifier', SECOND)):
        if program is None:
            COUNT[0] += 1
            print('ok %d - %s: %s # SKIP python3-nacl is not installed' % (COUNT[0], name, what))
            continue
        got = ask(program, path, *(second if second is not None and program is SECOND else args))
        got = (got[0], got[1] if want[1] else '', got[2])
        ok(got == want, '%s: %s is %s' % (name, what, want[1] or 'refused as an argument'), got)


def keep(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, 'wb') as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return path


def plain(folder):
    with open(os.path.join(VECTORS, 'packs.json'), encoding='utf-8') as f:
        vectors = json.load(f)
    for case in vectors['cases']:
        path = keep(folder, 'a.pack', case['pack'])
        check(case['name'], path, (EXITS[case['verdict']], case['verdict'], None), ['--key', vectors['fingerprint']])
        if case['verdict'] == 'VALID-SIGNED':
            check(case['name'] + ', without a key', path, (3, 'INCOMPLETE', None))
            check(case['name'] + ', with another fingerprint', path, (4, 'INVALID', None), ['--key', '0' * 32])


def outside(folder):
    with open(os.path.join(VECTORS, 'outside.json'), encoding='utf-8') as f:
        vectors = json.load(f)
    for case in vectors['cases']:
        path = keep(folder, 'a.pack', case['pack'])
        args = ['--key', vectors['fingerprint']]
        for i, kept in enumerate(case.get('against', [])):
            args += ['--against', keep(folder, 'kept%d' % i, kept)]
        if 'policy' in case:
            args += ['--policy', keep(folder, 'policy', case['policy'])]
        one, two = list(args), list(args)
        if 'block' in case:
            one += ['--block-header', keep(folder, 'block', case['block'] + '\n')]
            two += ['--block-header', case['block']]
        check(case['name'], path, (case['exit'], case['verdict'], case.get('differs')), one, two)


# --- a long history, longer than what could be kept of it ----------------------------------------------------------
def long_ones(folder):
    """Two packs of many events that part late. The events are not signed one by one: both verifiers are to name where they part."""
    sys.path.insert(0, sys.argv[3])
    import generate as g  # pylint: disable=import-outside-toplevel,import-error
    count, at = 70000, 69000
    first = g.numbered([g.event_zero()])[0]
    text = [first]
    for i in range(1, count):
        text.append('e%d' % i)

    def made(events):
        edge = []
        for e in events:
            edge.append((1, g.leaf(e.encode())))
            while len(edge) > 1 and edge[-1][0] == edge[-2][0]:
                (n, right), (_, left) = edge.pop(), edge.pop()
                edge.append((2 * n, g.node(left, right)))
        top = edge.pop()[1]
        while edge:
            top = g.node(edge.pop()[1], top)
        note = g.note(g.checkpoint_text(g.LOG, len(events), top), (g.LOG, g.CHECKPOINT))
        return g.pack((g.LOG, events, {len(events): g.section('checkpoint', note)}))
    one = keep(folder, 'one.pack', made(text))
    two = keep(folder, 'two.pack', made(text[:at] + ['other'] + text[at:]))
    for args in ((one, two), (two, one)):
        got = ask([sys.argv[1], '--color', 'never'], args[0], '--against', args[1])
        ok(got[2] == at, 'where two packs of %d events part' % count, got)
    got = ask([sys.argv[1], '--color', 'never'], one, '--against', one)
    ok(got[2] is None, 'and none where they are one', got)


# --- tokens --------------------------------------------------------------------------------------------------------
def tokens(folder):
    if SECOND is None or shutil.which('openssl') is None:
        ok(True, 'tokens of an authority # SKIP openssl or python3-nacl is not installed')
        return
    sys.path.insert(0, sys.argv[3])
    import generate as g  # pylint: disable=import-outside-toplevel,import-error
    import generate_outside as go  # pylint: disable=import-outside-toplevel,import-error
    stamped = g.signed(g.numbered(g.a_history())[:3])
    data, other = keep(folder, 'checkpoint', stamped), keep(folder, 'else', 'other data\n')
    ca = os.path.join(folder, 'a', 'ca.pem')

    def authority(*args):
        r = subprocess.run(('sh', os.path.join(sys.argv[2], 'authority.sh'), os.path.join(folder, 'a')) + args, capture_output=True, cwd=folder, check=False)
        assert r.returncode == 0, r.stderr

    def openssl(*args):
        return subprocess.run(('openssl',) + args, capture_output=True, cwd=folder, check=False)

    def reply(of, name, *more):
        openssl('ts', '-query', '-data', of, '-cert', '-out', 'q.tsq', *(more or ('-sha256',)))
        authority('reply', name, 'q.tsq', 'r.tsr')
        openssl('ts', '-reply', '-in', 'r.tsr', '-token_out', '-out', 'token')
        with open(os.path.join(folder, 'token'), 'rb') as f:
            return f.read()

    def forged(name, *more):
        reply(data, 'good')
        authority('forge', name, 'token', 'bad', *more)
        with open(os.path.join(folder, 'bad'), 'rb') as f:
            return f.read()
    authority('make')
    good = reply(data, 'good')
    # token, verdict without and with the authority, whether `openssl ts -verify` takes it now
    cases = [
        ('a good token', good, 'VALID-SIGNED', 'VALID-SIGNED', True), ('with SHA-512', reply(data, 'good', '-sha512'), 'VALID-SIGNED', 'VALID-SIGNED', True),
        ('of a second certificate', reply(data, 'second'), 'VALID-SIGNED', 'VALID-SIGNED', True),
        ('of other data', reply(other, 'good'), 'INVALID', 'INVALID', False),
        ('one bit of its signature changed', good[:-5] + bytes([good[-5] ^ 1]) + good[-4:], 'INVALID', 'INVALID', False),
        ('one bit of its time changed', good.replace(b'\x18\x0f20', b'\x18\x0f21', 1), 'INVALID', 'INVALID', False),
        ('cut', good[:-20], 'INVALID', 'INVALID', False), ('bytes behind it', good + b'\0', 'INVALID', 'INVALID', None),
        ('with a certificate that had ended', reply(data, 'expired'), 'VALID-SIGNED', 'INVALID', False),
        ('of a certificate for code', forged('code', '-cades'), 'INVALID', 'INVALID', False),
        ('without the attribute that names its certificate', forged('good'), 'INVALID', 'INVALID', False),
        ('signed with SHA-1', forged('good', '-cades', '-md', 'sha1'), 'INVALID', 'INVALID', None),
    ]
    for name, token, alone, given, stock in cases:
        events, sections = go.anchored(go.anchor_fields(stamped, token, 3, 'rfc3161'))
        pack = g.pack((g.LOG, events, {len(events): g.section('checkpoint', g.signed(events)), **sections}))
        path, key = keep(folder, 'a.pack', pack), g.leaf(events[0].encode()).hex()[:32]
        check('a token %s' % name, path, (EXITS[alone], alone, None), ['--key', key])
        check('a token %s, with the authority' % name, path, (EXITS[given], given, None), ['--key', key, '--tsa-ca', ca])
        if alone != 'INVALID':
            check('a token %s, with another authority' % name, path, (3, 'INCOMPLETE', None),
                  ['--key', key, '--tsa-ca', os.path.join(folder, 'a', 'otherca.pem')])
        keep(folder, 'token', token)
        r = openssl('ts', '-verify', '-token_in', '-in', 'token', '-data', 'checkpoint', '-CAfile', ca)
        if stock is not None:
            ok((r.returncode == 0) == stock, 'openssl ts on a token %s: %s' % (name, 'good' if stock else 'refused'), r.stdout + r.stderr)
        else:
            print('# openssl ts on a token %s: %s' % (name, r.returncode))
    extracted(folder, pack_of_good=keep(folder, 'good.pack', with_token(g, go, stamped, good)), token=good, stamped=stamped)


def with_token(g, go, stamped, token):
    events, sections = go.anchored(go.anchor_fields(stamped, token, 3, 'rfc3161'))
    return g.pack((g.LOG, events, {len(events): g.section('checkpoint', g.signed(events)), **sections}))


def extracted(folder, pack_of_good, token, stamped):
    """What stock tools need lies in files, exactly as it was stamped."""
    out = os.path.join(folder, 'files')
    r = subprocess.run(SECOND + [pack_of_good, '--extract', out], capture_output=True, check=False)
    ok(r.returncode == 3 and sorted(os.listdir(out)) == ['0-4.checkpoint', '0-4.tst', 'checkpoint'], 'the parts of a stamp as files', r.stderr)
    with open(os.path.join(out, '0-4.tst'), 'rb') as f, open(os.path.join(out, '0-4.checkpoint'), 'rb') as c:
        ok(f.read() == token and c.read() == stamped.encode(), 'byte by byte')
    r = subprocess.run(['openssl', 'ts', '-verify', '-token_in', '-in', '0-4.tst', '-data', '0-4.checkpoint', '-CAfile',
                        os.path.join(folder, 'a', 'ca.pem')], cwd=out, capture_output=True, check=False)
    ok(r.returncode == 0, 'openssl ts verifies them', r.stderr)
    sums = subprocess.run(['sha256sum', '0-4.checkpoint'], cwd=out, capture_output=True, check=False).stdout.decode().split()[0]
    ok(sums == hashlib.sha256(stamped.encode()).hexdigest(), 'and sha256sum gives what was stamped', sums)


with tempfile.TemporaryDirectory() as folder_:
    plain(folder_)
    outside(folder_)
    try:
        import cryptography  # noqa: F401  pylint: disable=unused-import
    except ImportError:
        ok(True, 'packs that are made here # SKIP python3-cryptography is not installed')
    else:
        long_ones(folder_)
        tokens(folder_)
print('1..%d' % COUNT[0])
