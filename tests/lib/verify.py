#!/usr/bin/python3
"""A second verifier for bundles and audit packs, written from docs/format.md alone (sections 2, 4.1, 5, 6.6 and 7 to 10).

verify.py BUNDLE_or_PACK [--key FINGERPRINT_or_FILE] [--against FILE]... [--policy FILE] [--tsa-ca FILE] [--block-header HEX] [--extract DIR]
verify.py PROOF_OF_MISCONDUCT

Prints what was found, a line each, and the verdict as the last line; exit codes as [F-10.2]. --extract writes the files of the time
stamps of a pack, for stock tools. It shares no code with
the programs, so that the two can be held against each other. Only nacl (libsodium) is needed, and openssl for the tokens of time stamps.
"""
import base64
import collections
import contextlib
import datetime
import hashlib
import io
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

KEPT = 64 << 20  # an exhibit is only hashed; every other file is kept, up to this size
EXITS = {'VALID-WITNESSED': 0, 'VALID-SIGNED': 0, 'INCOMPLETE': 3, 'INVALID': 4, 'UNSUPPORTED': 6}
NUM, HEX, EX = '(?:0|[1-9][0-9]*)', '[0-9a-f]{64}', 'ex-[0-9a-f]{32}'
LOG = r'custody/(?:logs/[0-9a-f]{8}/)?'
FIXED = ['VERIFY.txt', 'bag-info.txt', 'bagit.txt', 'custody/checkpoint', 'custody/heads', 'data/records/records.json',
         'doc/format.md', 'keys/actors.jwks', 'keys/allowed_signers', 'keys/checkpoint.vkey', 'keys/minisign.pub',
         'manifest-sha256.txt', 'manifest-sha512.txt', 'tagmanifest-sha256.txt', 'tagmanifest-sha512.txt',
         'tagmanifest-sha512.txt.minisig', 'tagmanifest-sha512.txt.sig']
LISTED = re.compile('|'.join([re.escape(f) for f in FIXED] + [
    rf'{LOG}anchors/{NUM}\.(?:checkpoint|tst|ots|chain\.pem|crls\.pem|ocsp|blocks)',
    'custody/checkpoint\\.cosigned', rf'{LOG}events/{NUM}\.(?:jws|leaf)', rf'{LOG}proofs/{NUM}\.tlog-proof', r'custody/logs/[0-9a-f]{8}/checkpoint',
    rf'custody/openings/{EX}\.txt', rf'data/exhibits/{EX}/[0-9a-f]{{16}}\.[a-z0-9]{{1,8}}',
    rf'data/rules/{HEX}\.rules', rf'data/records/rc-[0-9a-f]{{32}}\.{NUM}\.sd-jwt', r'data/tags/(?:confirmed|proposed)\.json', rf'data/tags/proposed/rc-[0-9a-f]{{32}}\.{NUM}\.sd-jwt']))
NOTE = 'These tags are proposals of a program. Nobody has confirmed them. They are no findings.'  # [F-9.14]
# act: roles of which one is needed, members required, members allowed [F-8.2]
ACTS = {a: (set(r.split()), set(q.split()), set(w.split())) for names, r, q, w in [
    ('init', '', 'ex init keyring', ''), ('restore', 'custodian', 'ex init keyring ref', 'rec'),
    ('acquire', 'documenter', 'ex obj hdr com rec', ''), ('receipt', 'documenter', 'ex rec', ''),
    ('record', 'documenter analyst legal', 'rec', 'ex'), ('access', 'analyst legal', 'ex rec', ''),
    ('export', 'legal', 'rec heads', ''), ('note', '', 'rec', 'ex ref'),
    ('key-add key-revoke', 'custodian', 'ex keyring', 'rec'), ('role-grant role-revoke', 'custodian', 'ex rec', ''),
    ('verify', '', 'rec', 'ex'), ('clock', '', '', 'x'), ('rewrap', 'custodian', 'ex hdr', ''),
    ('derive', 'analyst documenter', 'ex obj hdr com src rec', ''),
    ('classify-suggest review', 'analyst legal', 'ex rec', ''), ('redact', 'legal', 'ex rec', ''),
    ('consent-set consent-withdraw', 'documenter legal', 'ex rec', ''),
    ('export-request export-approve', 'legal', 'rec', 'ref'), ('refused', '', '', 'ex rec'),
    ('transfer-out transfer-in hold release merge', 'custodian legal', 'ex', 'rec also to why'),
    ('destroy destroy-header', 'custodian', 'ex rec', 'ref why'), ('anchor panic', '', '', 'rec')] for a in names.split()}
MEMBER_ACTS = {'init', 'restore', 'key-add', 'key-revoke', 'role-grant', 'role-revoke'}
Event = collections.namedtuple('Event', 'order index raw leaf kid p')


class Refused(Exception):
    """A check that failed."""


class Unknown(Exception):
    """A version or suite that this reader does not know."""


def need(condition, what):
    if not condition:
        raise Refused(what)


def sha(data):
    return hashlib.sha256(data).digest()


def unb64(text, url=False):
    """Strict: canonical, with padding (or without, in the URL alphabet)."""
    raw = text.encode() if isinstance(text, str) else text
    body = raw + b'=' * (-len(raw) % 4) if url else raw
    try:
        out = base64.b64decode(body, b'-_' if url else None, validate=True)
    except ValueError as e:
        raise Refused('base64') from e
    need(b64(out, url) == raw, 'base64 is not canonical')
    return out


def b64(data, url=False):
    return base64.urlsafe_b64encode(data).rstrip(b'=') if url else base64.b64encode(data)


def signed_by(pk, message, signature):
    try:
        return len(signature) == 64 and crypto_sign_open(signature + message, pk) == message
    except (BadSignatureError, ValueError):
        return False


def is_hex(v, n=64):
    return isinstance(v, str) and re.fullmatch('[0-9a-f]{%d}' % n, v) is not None


def canonical(raw, depth):
    """Canonical JSON [F-5.2]."""
    def pairs(items):
        need(len({k for k, _ in items}) == len(items), 'a JSON name twice')
        return dict(items)

    def level(v):
        if isinstance(v, int):  # covers true and false
            need(0 <= v < 1 << 53, 'JSON integer out of range')
        inner = v.values() if isinstance(v, dict) else v if isinstance(v, list) else None
        return 0 if inner is None else 1 + max(map(level, inner), default=0)
    try:
        value = json.loads(raw.decode(), object_pairs_hook=pairs, parse_float=unb64, parse_constant=unb64)
        need(level(value) <= depth, 'JSON too deep')
        need(emit(value) == raw, 'JSON is not canonical')
    except (ValueError, RecursionError) as e:
        raise Refused('JSON') from e
    return value


def emit(value):
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()


def seconds(text):
    need(isinstance(text, str) and re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', text, re.A), 'time')
    try:
        return int(datetime.datetime.strptime(text, '%Y-%m-%dT%H:%M:%SZ').replace(tzinfo=datetime.timezone.utc).timestamp())
    except ValueError as e:
        raise Refused('time') from e


# --- tar [F-9.2] ---------------------------------------------------------------------------------------------------
def tar_block(name, size, mtime, kind):
    prefix = b''
    if len(name) > 100:
        cut = name.index(b'/', len(name) - 101)
        prefix, name = name[:cut], name[cut + 1:]
    need(len(prefix) <= 155 and len(name) <= 100, 'tar: name')
    length = b'%011o ' % size if size < 1 << 33 else b'%012o' % size if size < 1 << 36 else b'\x80\0\0\0' + struct.pack('>Q', size)
    block = bytearray(name.ljust(100, b'\0') + b'000644 \x00' + b'000000 \x00' * 2 + length + b'%011o ' % mtime + b' ' * 8 +
                      kind + bytes(100) + b'ustar\x0000' + bytes(64) + b'000000 \x00' * 2 + prefix.ljust(167, b'\0'))
    block[148:156] = b'%06o\0 ' % sum(block)
    return bytes(block)


def tar_header(name, size, mtime):
    late, large = mtime >= (1 << 31) - 1, size >= 1 << 33
    if not late and not large:
        return tar_block(name, size, mtime, b'0')
    records = (b'20 mtime=%d\n' % mtime if late else b'') + (b'%d size=%d\n' % (9 + len(str(size)), size) if large else b'')
    folder, last = name.rsplit(b'/', 1)
    need(len(last) <= 87, 'tar: name')
    extra = tar_block(folder + b'/PaxHeader/' + last, len(records), min(mtime, (1 << 31) - 1), b'x')
    return extra + records.ljust(512, b'\0') + tar_block(name, size, mtime, b'0')


def tar_files(stream):
    """Reads the whole: (folder, mtime, {path: (content or None, size, sha256, sha512)})."""
    def take(n):
        data = stream.read(n)
        need(len(data) == n, 'tar: the file ends early')
        return data
    files, last, folder, time = {}, b'', None, None
    while True:
        head = take(512)
        if not any(head):
            need(take(512) == bytes(512) and stream.read(1) == b'' and files, 'tar: end')
            return folder, time, files
        head += take(1024) if head[156:157] == b'x' else b''
        main = head[-512:]
        name = b'/'.join(part for part in (main[345:500].rstrip(b'\0'), main[:100].rstrip(b'\0')) if part)
        try:
            size = struct.unpack('>Q', main[128:136])[0] if main[124] == 0x80 else int(main[124:136], 8)
            mtime = int(main[136:148], 8)
            need(0 <= size < 1 << 53 and 0 <= mtime < 1 << 33 and tar_header(name, size, mtime) == head, 'tar: header')
            bag, path = name.decode('ascii').split('/', 1)
        except ValueError as e:
            raise Refused('tar: header') from e
        need(name > last and (folder is None or (bag, mtime) == (folder, time)), 'tar: order, folder or time')
        need(re.fullmatch(r'hirz-\d{8}-(\d{4}|[1-9]\d{4,19})', bag, re.A), 'tar: folder name')
        need(len(path) <= 100 and re.fullmatch(r'[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*', path) and
             not {'.', '..'} & set(path.split('/')), 'tar: path')
        last, folder, time = name, bag, mtime
        h256, h512, kept, left = hashlib.sha256(), hashlib.sha512(), [], size
        while left:
            piece = take(min(left, 1 << 20))
            h256.update(piece)
            h512.update(piece)
            left -= len(piece)
            if not path.startswith('data/exhibits/'):
                need(size <= KEPT, 'too large: ' + path)
                kept.append(piece)
        need(not any(take(-size % 512)), 'tar: padding')
        files[path] = (b''.join(kept), size, h256.hexdigest(), h512.hexdigest())


# --- signed texts --------------------------------------------------------------------------------------------------
def thumbprint(pk):
    return b64(sha(b'{"crv":"Ed25519","kty":"OKP","x":"%s"}' % b64(pk, True)), True).decode()


def jws(raw, typ, depth):
    """(kid, payload, signed bytes, signature) [F-5.3]."""
    parts = raw.split(b'.')
    need(len(parts) == 3, 'JWS form')
    head = re.fullmatch(rb'\{"alg":"EdDSA","kid":"([A-Za-z0-9_-]{43})","typ":"%s"\}' % re.escape(typ), unb64(parts[0], True))
    need(head, 'JWS header')
    return head[1].decode(), canonical(unb64(parts[1], True), depth), parts[0] + b'.' + parts[1], unb64(parts[2], True)


def checkpoint(raw, origin, vkey):
    """(size, root) of a note signed by vkey [F-8.5]."""
    m = re.fullmatch(rb'([^\n]+)\n(0|[1-9]\d*)\n([^\n]+)\n\n((?:\xe2\x80\x94 [^ \n]+ [^ \n]+\n)+)', raw)
    need(m and m[1].decode() == origin and len(unb64(m[3])) == 32 and len(raw) <= 65536 and raw.count(b'\n') <= 104, 'checkpoint form')
    name, key_id, key = re.fullmatch(r'([^+]+)\+([0-9a-f]{8})\+(\S+)', vkey).groups()
    blob = unb64(key)
    need(name == origin and len(blob) == 33 and blob[0] == 1, 'vkey')
    need(sha(name.encode() + b'\n' + blob)[:4].hex() == key_id, 'vkey id')
    text, found = b'%s\n%s\n%s\n' % (m[1], m[2], m[3]), False
    for line in m[4].splitlines():
        _, who, sig = line.split(b' ')
        data = unb64(sig)
        if who.decode() == name and data[:4].hex() == key_id and not found:
            need(signed_by(blob[1:], text, data[4:]), 'checkpoint signature')
            found = True
    need(found, 'checkpoint not signed by its log')
    return int(m[2]), unb64(m[3])


def included(leaf, index, size, path, root):
    fn, sn, r = index, size - 1, leaf
    need(index < size, 'index outside the tree')
    for p in path:
        need(sn > 0, 'proof too long')
        if fn & 1 or fn == sn:
            r = sha(b'\1' + p + r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha(b'\1' + r + p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0 and r == root, 'not in the tree')


def consistent(m, old, n, new, path):
    """RFC 9162 2.1.4.2."""
    need(0 < m < n, 'sizes')
    path = list(path)
    if m & (m - 1) == 0:
        path.insert(0, old)
    need(path, 'proof too short')
    fn, sn = m - 1, n - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for p in path[1:]:
        need(sn > 0, 'proof too long')
        if fn & 1 or fn == sn:
            fr, sr = sha(b'\1' + p + fr), sha(b'\1' + p + sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha(b'\1' + sr + p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0 and fr == old and sr == new, 'the newer tree does not begin with the prefix')


def up_to(leaf, index, size, path):
    """The root of the first index+1 leaves, out of the inclusion proof of the last of them [F-10.4]."""
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if fn & 1 or fn == sn:
            r = sha(b'\1' + p + r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    return r


# --- time anchors --------------------------------------------------------------------------------------------------
def ots(data, digest):
    """Replays a proof of OpenTimestamps [F-8.10]: [(kind, height, message)]."""
    f, found, steps = io.BytesIO(data), [], [0]

    def take(n):
        b = f.read(n)
        need(len(b) == n, 'proof: the file ends early')
        return b

    def number(most, read=take):
        v = shift = 0
        while True:
            b = read(1)[0]
            v, shift = v | (b & 127) << shift, shift + 7
            if not b & 128:
                break
            need(shift < 63, 'proof: number')
        need(v <= most, 'proof: number')
        return v

    def operate(op, m):
        if op in (0xf0, 0xf1):
            arg = take(number(4096))
            need(arg, 'proof: nothing added')
            m = m + arg if op == 0xf0 else arg + m
        elif op in (0xf2, 0xf3):
            m = m[::-1] if op == 0xf2 else m.hex().encode()
        else:
            need(op in (2, 3, 8), 'proof: operation')
            m = hashlib.new({2: 'sha1', 3: 'ripemd160', 8: 'sha256'}[op], m).digest()
        steps[0] += 1
        need(len(m) <= 4096 and steps[0] <= 8192, 'proof: too long')
        return m

    def attest(m):
        tag, inner = take(8).hex(), io.BytesIO(take(number(8192)))

        def read(n):
            b = inner.read(n)
            need(len(b) == n, 'proof: attestation')
            return b
        if tag == '83dfe30d2ef90c8e':
            need(re.fullmatch(rb'[A-Za-z0-9._/:-]*', read(number(1000, read))), 'proof: address')
            found.append(('pending', None, m))
        elif tag in ('0588960d73d71901', '06869a0d73d71b45'):
            found.append(('bitcoin' if tag[1] == '5' else 'litecoin', number((1 << 63) - 1, read), m))
            need(len(m) == 32, 'proof: root')
        else:
            found.append(('unknown', None, m))
            inner.read()
        need(inner.read(1) == b'' and len(found) <= 64, 'proof: attestation')

    def node(m, depth):
        while True:
            op = take(1)[0]
            more = op == 0xff
            op = take(1)[0] if more else op
            if op == 0:
                attest(m)
            else:
                need(depth < 256, 'proof: too deep')
                node(operate(op, m), depth + 1)
            if not more:
                return
    need(len(data) <= 65536 and take(31) == b'\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94' and number(1) == 1, 'proof: head')
    need(take(1) == b'\x08' and take(32) == digest, 'the time stamp is about other data')
    node(digest, 0)
    need(f.read(1) == b'', 'proof: bytes behind')
    return found


def openssl(folder, *args):
    """In a folder of its own: it cuts some of its arguments at spaces."""
    return subprocess.run(('openssl',) + args, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60)


def der(data):
    """The elements side by side in data: [(tag, content, whole)]."""
    out, at = [], 0
    while at < len(data):
        need(at + 2 <= len(data) and data[at] & 31 != 31, 'DER')
        n, start = data[at + 1], at + 2
        if n & 128:
            start += n & 127
            need(n & 127 in (1, 2, 3, 4) and start <= len(data), 'DER')
            n = int.from_bytes(data[at + 2:start], 'big')
        need(start + n <= len(data), 'DER')
        out.append((data[at], data[start:start + n], data[at:start + n]))
        at = start + n
    return out


DIGESTS = {bytes.fromhex('608648016503040201'): 'sha256', bytes.fromhex('608648016503040202'): 'sha384', bytes.fromhex('608648016503040203'): 'sha512'}
ESS = bytes.fromhex('2a864886f70d010910020c'), bytes.fromhex('2a864886f70d010910022f')  # ESSCertID, ESSCertIDv2


def one_signer(raw, certificate):
    """One signer, a digest that holds, and the signed attribute that names this certificate first [F-8.9]."""
    whole = der(raw)
    need(len(whole) == 1 and len(der(whole[0][1])) == 2, 'token: form')
    content = der(der(der(whole[0][1])[1][1])[0][1])
    signers = der(content[-1][1])
    need(content[-1][0] == 0x31 and len(signers) == 1, 'token: one signer')
    parts = der(signers[0][1])
    need(der(parts[2][1])[0][1] in DIGESTS and parts[3][0] == 0xa0, 'token: digest')
    attributes = {a[0][1]: a[1][1] for a in (der(attribute[1]) for attribute in der(parts[3][1]))}
    named = []
    for oid in ESS:
        if oid in attributes:
            first = der(der(der(der(attributes[oid])[0][1])[0][1])[0][1])
            kind = 'sha1' if oid == ESS[0] else DIGESTS.get(der(first[0][1])[0][1], 'none') if first[0][0] == 0x30 else 'sha256'
            value = next(content for tag, content, _ in first if tag == 4)
            named.append(kind != 'none' and hashlib.new(kind, certificate).digest() == value)
    need(named and all(named), 'token: the certificate that its signer names')


def token(parts, authority):
    """None: nothing was given; else whether it leads to the authority. A wrong token is refused [F-8.9]."""
    with tempfile.TemporaryDirectory() as d:
        for name, content in [(n, parts.get(n, b'')) for n in ('checkpoint', 'tst', 'chain.pem')] + [('ca.pem', authority)] * (authority is not None):
            with open(os.path.join(d, name), 'wb') as f:
                f.write(content)
        more = ('-certfile', 'chain.pem') if 'chain.pem' in parts else ()
        need(openssl(d, 'cms', '-verify', '-noverify', '-inform', 'DER', '-in', 'tst', '-out', 'info', '-signer', 'signer', *more).returncode == 0, 'token: signature')
        usage = openssl(d, 'x509', '-in', 'signer', '-noout', '-ext', 'extendedKeyUsage').stdout.decode().split('\n')
        need('critical' in usage[0] and usage[1].strip() == 'Time Stamping', 'token: a certificate that is not for time stamps alone')
        need(openssl(d, 'x509', '-in', 'signer', '-outform', 'DER', '-out', 'der').returncode == 0, 'token: certificate')
        one_signer(parts['tst'], read_file(os.path.join(d, 'der')))
        with open(os.path.join(d, 'info'), 'rb') as f:
            info = f.read()
        need(any(hashlib.new(h, parts['checkpoint']).digest() in info for h in ('sha256', 'sha384', 'sha512')), 'the time stamp is about other data')
        if authority is None:
            return None
        when = re.search(r'Time stamp: (.*) GMT', openssl(d, 'ts', '-reply', '-token_in', '-in', 'tst', '-text').stdout.decode())
        at = datetime.datetime.strptime(re.sub(r'\.\d+', '', when[1]), '%b %d %H:%M:%S %Y').replace(tzinfo=datetime.timezone.utc)
        more = ('-untrusted', 'chain.pem') if 'chain.pem' in parts else ()
        out = openssl(d, 'ts', '-verify', '-token_in', '-in', 'tst', '-data', 'checkpoint', '-CAfile', 'ca.pem', '-partial_chain', '-attime',
                      str(int(at.timestamp())), *more)
        if b'get local issuer' in out.stdout or b'self-signed' in out.stdout:
            return False
        need(out.returncode == 0, 'token: ' + out.stdout.decode(errors='replace').strip()[:200])
        return True


def misconduct(raw):
    """Two sizes and the origin of a proof of misconduct that holds [F-8.15]."""
    m = re.match(rb'hirz-misconduct/v1\nvkey ([^\n]+)\nolder (0|[1-9]\d*)\n', raw)
    need(m, 'misconduct: form')
    older, rest = raw[m.end():m.end() + int(m[2])], raw[m.end() + int(m[2]):]
    n = re.match(rb'newer (0|[1-9]\d*)\n', rest)
    need(n and len(older) == int(m[2]), 'misconduct: form')
    newer, rest = rest[n.end():n.end() + int(n[1])], rest[n.end() + int(n[1]):]
    vkey = m[1].decode()
    origin = vkey.split('+')[0]
    (a, old), (b, new) = checkpoint(older, origin, vkey), checkpoint(newer, origin, vkey)
    need(len(newer) == int(n[1]) and a <= b, 'misconduct: form')
    if a == b:
        need(rest == b'' and old != new, 'misconduct: the two states are the same')
    else:
        p = re.fullmatch(rb'prefix ([^\n]{44})\n((?:proof [^\n]{44}\n){0,63})', rest)
        need(p and unb64(p[1]) != old, 'misconduct: the two states do not contradict each other')
        consistent(a, unb64(p[1]), b, new, [unb64(line[6:]) for line in p[2].splitlines()])
    return a, b, origin


def lp(*parts):
    return b''.join(struct.pack('>I', len(p)) + p for p in parts)


def anchor_parts(fields, kind, size):
    """The six parts of an anchor, out of the fields of its record [F-8.8]."""
    said = [b''] * 6
    for n, name in enumerate(('checkpoint', 'token', 'chain', 'crls', 'ocsp', 'blocks')):
        pieces = []
        while 'anchor.%s.%d' % (name, len(pieces) + 1) in fields:
            need(not pieces or len(pieces[-1]) == 12288, 'pieces')
            pieces.append(unb64(fields['anchor.%s.%d' % (name, len(pieces) + 1)], True))
            need(0 < len(pieces[-1]) <= 12288, 'pieces')
        said[n] = b''.join(pieces)
        need(len(said[n]) <= (4096, 65536, 65536, 65536, 65536, 5120)[n], 'a part is too long')
    need(sum(map(len, said)) <= 131072 and len(said[5]) % 80 == 0 and said[1], 'parts')
    need(not any(said[2:5]) if kind == 'ots' else not said[5], 'parts of another type')
    need(type(fields.get('anchor.size')) is int and fields['anchor.size'] == size, 'size')
    return said


def sd_jwt(raw):
    """(kid, payload, signed bytes, signature, hash of the JWT, fields) of a record [F-7.1] to [F-7.3]."""
    need(len(raw) <= 262144 and raw.endswith(b'~'), 'form')
    jwt, *disclosed = raw[:-1].split(b'~')
    kid, p, message, sig = jws(jwt, b'hirz-record+sd-jwt', 8)
    need(p.get('_sd_alg') == 'sha-256' and set(p) - {'ex'} == {'_sd', '_sd_alg', 'iss', 'prev', 'rid', 'ver'}, 'members')
    need(type(p['ver']) is int and p['ver'] >= 1 and (p['ver'] == 1) == (p['prev'] is None) and (p['prev'] is None or is_hex(p['prev'])), 'prev')
    sd = p['_sd']
    need(isinstance(sd, list) and all(isinstance(d, str) and len(unb64(d, True)) == 32 for d in sd), '_sd')
    need(all(a < b for a, b in zip(sd, sd[1:])) and len(sd) % 8 == 0 and len(sd) <= 512, '_sd: order or number')
    fields, seen = {}, set()
    for d in disclosed:
        triple = canonical(unb64(d, True), 1)
        need(isinstance(triple, list) and len(triple) == 3, 'disclosure')
        salt, name, value = triple
        need(isinstance(salt, str) and len(unb64(salt, True)) == 16 and type(value) in (str, int), 'disclosure')
        need(isinstance(name, str) and re.fullmatch(r'[a-z0-9_]+(\.[a-z0-9_]+)*', name) and len(name) <= 100 and name != '_sd', 'field name')
        need(len(str(value).encode()) <= 16384 and '\0' not in str(value) and name not in fields, 'field')
        hashed = b64(sha(d), True).decode()
        need(hashed in sd and hashed not in seen, 'a field that was not signed')
        seen.add(hashed)
        fields[name] = value
    return kid, p, message, sig, sha(jwt).hex(), fields


# --- the bundle ----------------------------------------------------------------------------------------------------
class Log:
    """One log in the bundle: event 0, checkpoint, every event and its proof."""

    def __init__(self, bundle, base):
        self.b, self.base, self.events, self.withheld, self.roots = bundle, base, {}, {}, {}
        self.leaves = {}
        names = [f[len(base):] for f in bundle.files if LISTED.fullmatch(f)]
        self.note = bundle.content(base + 'checkpoint')
        raw = bundle.content(base + 'events/0.jws')
        self.kid, p, message, sig = jws(raw, b'hirz-event+jws', 3)
        init = p.get('init')
        need(type(p.get('v')) is int, 'event 0: v')
        if p['v'] != 1:
            raise Unknown('event 0 is of a version unknown here')
        need(isinstance(init, dict) and isinstance(init.get('suite'), str), 'event 0: init')
        if init['suite'] != 'hirz-suite/1':
            raise Unknown('event 0 is of a suite unknown here')
        self.first, self.leaf0, self.init = p, sha(b'\0' + raw), init
        members = {'bundle', 'checkpoint', 'event', 'member', 'roles', 'rules', 'suite', 'vault', 'x25519'}
        need(set(init) == members | ({'found', 'pinned'} if p.get('act') == 'restore' else set()), 'init: members')
        need(p.get('act') in ('init', 'restore') and p.get('aseq') == 0, 'event 0: act')
        need(p.get('ex') == init['member'], 'event 0: member')
        need(re.fullmatch('mb-[0-9a-f]{32}', str(init['member'])) and is_hex(init['vault'], 32) and isinstance(init['rules'], list), 'init')
        if init['rules']:
            raise Unknown('a rule in force that is unknown here')
        need(isinstance(init['roles'], list) and set(init['roles']) <= {'documenter', 'analyst', 'legal', 'auditor', 'custodian', 'witness'}
             and sorted(set(init['roles'])) == init['roles'], 'init: roles')
        need(all(isinstance(init[k], str) and len(unb64(init[k], True)) == 32 for k in ('bundle', 'event', 'x25519')), 'init: keys')
        self.pk, self.bundle_pk = unb64(init['event'], True), unb64(init['bundle'], True)
        need(thumbprint(self.pk) == self.kid and signed_by(self.pk, message, sig), 'event 0: signature')
        self.origin = p.get('log')
        need(isinstance(self.origin, str) and re.fullmatch('hirz.invalid/%s/[0-9a-f]{8}' % init['vault'], self.origin), 'event 0: log')
        need(isinstance(init['checkpoint'], str) and re.fullmatch(r'[^+\s]+\+[0-9a-f]{8}\+\S+', init['checkpoint']), 'vkey')
        self.size, self.root = checkpoint(self.note, self.origin, init['checkpoint'])
        self.indexes = {int(m[1]): m[2] for m in (re.fullmatch(r'events/(\d+)\.(jws|leaf)', n) for n in names) if m}
        proofs = {int(m[1]) for m in (re.fullmatch(r'proofs/(\d+)\.tlog-proof', n) for n in names) if m}
        need(set(self.indexes) == proofs and sum(n.startswith('events/') for n in names) == len(proofs), 'events and proofs do not match')

    def root_at(self, size):
        return self.roots.get(size)

    def leaf_at(self, index):
        return self.leaves.get(index)

    def read(self, order):
        for index, kind in sorted(self.indexes.items()):
            with self.b.stage('%sevents/%d' % (self.base, index)):
                raw = self.b.content('%sevents/%d.%s' % (self.base, index, kind))
                need(kind == 'jws' or re.fullmatch(HEX.encode(), raw), 'withheld event: form')
                leaf = sha(b'\0' + raw) if kind == 'jws' else bytes.fromhex(raw.decode())
                proof = self.b.content('%sproofs/%d.tlog-proof' % (self.base, index))
                text, gap, note = proof.partition(b'\n\n')
                lines = text.split(b'\n')
                need(gap and note == self.note and lines[:2] == [b'c2sp.org/tlog-proof@v1', b'index %d' % index], 'proof form')
                path = [unb64(line) for line in lines[2:]]
                need(len(path) <= 64 and all(len(p) == 32 for p in path), 'proof hash')
                included(leaf, index, self.size, path, self.root)
                self.leaves[index] = leaf
                self.roots[index + 1] = up_to(leaf, index, self.size, path) if index + 1 < self.size else self.root
                if kind == 'leaf':
                    self.withheld[leaf] = (order, index)
                else:
                    self.event(order, index, raw, leaf)

    def event(self, order, index, raw, leaf):
        need(len(raw) <= 60000, 'event too long')
        kid, p, message, sig = jws(raw, b'hirz-event+jws', 3)
        need(kid == self.kid and signed_by(self.pk, message, sig), 'signature by a key reached from event 0')
        need(type(p.get('v')) is int, 'event: v')
        if p['v'] != 1:
            raise Unknown('event %d is of a version unknown here' % index)
        need(p.get('log') == self.origin, 'event of another log')
        need({'act', 'aprev', 'aseq', 'log', 't', 'v'} <= set(p) and re.fullmatch('[a-z0-9-]{1,31}', p['act']), 'event: members')
        chained = {'prev', 'seq'} if 'ex' in p else set()
        act = ACTS.get(p['act'])
        if act is None or p['act'] in MEMBER_ACTS - {'init', 'restore'} and (p['act'] != 'key-add' or 'rec' in p):
            self.b.unsupported.append('event %d: act %s' % (index, p['act']))
        if act is not None:
            general = {'act', 'aprev', 'aseq', 'log', 't', 'v'} | chained | act[1]
            need(general <= set(p) <= general | act[2] | {'x'}, 'event: members of its act')
            need(not act[0] or act[0] & set(self.init['roles']), 'signer without the role')
            need((p['act'] in ('init', 'restore')) == (index == 0), 'event: init in its place')
        else:
            need(chained <= set(p) and ('ex' in p or not {'prev', 'seq'} & set(p)), 'event: chain members')
        for k, v in p.items():
            ok = {'act': lambda v: True, 'v': lambda v: type(v) is int, 'log': lambda v: True, 'init': lambda v: True, 't': seconds,
                  'x': lambda v: isinstance(v, dict), 'also': lambda v: isinstance(v, list) and 0 < len(v) <= 16 and all(map(is_hex, v)),
                  'ex': lambda v: isinstance(v, str) and (re.fullmatch('mb-[0-9a-f]{32}' if p['act'] in MEMBER_ACTS else
                                                         '(ex|mb)-[0-9a-f]{32}' if act is None else EX, v)),
                  'obj': lambda v: isinstance(v, dict) and set(v) == {'root', 'size'} and is_hex(v['root']) and type(v['size']) is int}.get(k)
            if k in ('seq', 'aseq'):
                need(type(v) is int and (v == 0) == (p[k[:-3] + 'prev'] is None), k)
            elif k in ('prev', 'aprev'):
                need(v is None or is_hex(v), k)
            elif k in 'com hdr heads keyring rec ref src to why'.split():
                need(is_hex(v), k)
            else:
                need(ok and ok(v) is not False and ok(v) is not None, 'event: member ' + k)
        self.events[index] = Event(order, index, raw, leaf, kid, p)


class Bundle:
    def __init__(self, stream, key=None, against=(), authority=None, block=None, policy=None):
        self.against, self.authority, self.block, self.policy, self.shown = against, authority, block, policy, {}
        self.failed, self.forks, self.unsupported, self.incomplete, self.said = [], [], [], [], []
        self.stamps, self.trusted = 0, 0
        self.exhibits, self.stream, self.key, self.log, self.logs, self.witnessed = 0, stream, key, None, [], False

    @contextlib.contextmanager
    def stage(self, name):
        """A step that fails is named, and the next goes on; what cannot even be read has failed too."""
        try:
            yield
        except (Unknown, OSError):
            raise
        except Exception as e:  # pylint: disable=broad-exception-caught
            self.failed.append('%s: %s' % (name, e or type(e).__name__))

    def content(self, path):
        need(path in self.files, 'missing file ' + path)
        return self.files[path][0]

    def verdict(self):
        try:
            self.check()
        except Unknown as e:
            self.unsupported.append(str(e))
        except Refused as e:
            self.failed.append(str(e))
        if self.failed or self.forks:
            return 'INVALID'
        if self.unsupported:
            return 'UNSUPPORTED'
        if self.key is None:
            self.incomplete.append('no key from outside: keys from inside the bundle prove nothing')
        if self.exhibits == 0:
            self.incomplete.append('no exhibit')
        return 'INCOMPLETE' if self.incomplete else 'VALID-WITNESSED' if self.witnessed else 'VALID-SIGNED'

    def check(self):
        self.folder, self.time, self.files = tar_files(self.stream)
        self.day = datetime.datetime.fromtimestamp(self.time, datetime.timezone.utc).strftime('%Y%m%d')
        need(self.folder[5:13] == self.day, 'the folder\'s day is not the files\'')
        with self.stage('files'):
            for name in FIXED:
                need(name in self.files, 'missing file ' + name)
        self.unsupported += ['file of unknown kind: ' + f for f in self.files if not LISTED.fullmatch(f)]
        self.manifests()
        with self.stage('logs'):
            self.read_logs()
        if not self.logs:
            return
        for order, log in enumerate(self.logs):
            log.read(order)
        self.all = [e for log in self.logs for _, e in sorted(log.events.items())]
        for step in (self.export, self.chains, self.signatures, self.records, self.anchors, self.openings, self.cosigned, self.earlier, self.outside):
            with self.stage(step.__name__):
                step()
        count = sum(len(log.withheld) for log in self.logs)
        self.said.append('%d files, %d events, %d withheld, %d exhibits' % (len(self.files), len(self.all), count, self.exhibits))

    def manifests(self):
        for algorithm, column in (('sha256', 2), ('sha512', 3)):
            for kind in ('manifest', 'tagmanifest'):
                with self.stage('%s-%s.txt' % (kind, algorithm)):
                    want = [f for f in sorted(self.files, key=str.encode) if f.startswith('data/') == (kind == 'manifest')
                            and not f.startswith('tagmanifest-')]
                    listed = dict(reversed(line.split('  ', 1)) for line in
                                  self.content('%s-%s.txt' % (kind, algorithm)).decode().split('\n') if '  ' in line)
                    for f in sorted(set(want) ^ set(listed)):
                        self.failed.append('%s: %s' % ('not listed' if f in want else 'missing', f))
                    for f in want:
                        if listed.get(f, '') != self.files[f][column]:
                            self.failed.append('changed: ' + f)
                    text = ''.join('%s  %s\n' % (self.files[f][column], f) for f in want)
                    need(self.content('%s-%s.txt' % (kind, algorithm)) == text.encode(), 'not as the files are')
        with self.stage('bag'):
            need(self.content('bagit.txt') == b'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n', 'bagit.txt')
            data = [v[1] for f, v in self.files.items() if f.startswith('data/')]
            day = '-'.join((self.day[:4], self.day[4:6], self.day[6:]))
            value = r'[^\x00-\x1f\x7f]+'
            need(re.fullmatch('Bag-Software-Agent: hirz%s?\nBagging-Date: %s\nExternal-Identifier: %s\nPayload-Oxum: %d.%d\nSource-Organization: %s\n'
                              % (value.replace('+', '*'), day, self.folder, sum(data), len(data), value), self.content('bag-info.txt').decode()), 'bag-info.txt')

    def read_logs(self):
        self.log = Log(self, 'custody/')
        self.logs, left = [self.log], {m[0] for m in (re.match('custody/logs/[^/]+/', f) for f in self.files if LISTED.fullmatch(f)) if m}
        while self.logs[0].first['act'] == 'restore':
            new = self.logs[0]
            need(left, 'the log that this one continues is missing')
            old = next((log for log in (Log(self, base) for base in sorted(left)) if log.leaf0.hex() == new.first.get('ref')), None)
            need(old and old.base == 'custody/logs/%s/' % old.origin.rsplit('/', 1)[1], 'closed log not named by restore')
            need(new.init['found'] == '%d %s' % (old.size, old.root.hex()), 'closed log is not what was found')
            need(new.kid == old.kid and 'custodian' in old.init['roles'], 'restore not by a custodian')
            left.discard(old.base)
            self.logs.insert(0, old)
        need(not left, 'a closed log that nothing continues')

    def export(self):
        exports = [e for e in self.log.events.values() if e.p['act'] == 'export']
        need(len(exports) == 1, 'one export event')
        self.exported = exports[0]
        need(self.folder.split('-')[2] == '%04d' % self.exported.index and self.exported.index == self.log.size - 1, 'export event: index')
        need(seconds(self.exported.p['t']) == self.time, 'export event: time')
        need(self.exported.p['heads'] == sha(self.content('custody/heads')).hex(), 'export event: heads')

    def chains(self):
        hidden, subjects, actors = {}, {}, {}
        for log in self.logs:
            hidden.update(log.withheld)
        for e in self.all:
            if 'ex' in e.p:
                subjects.setdefault(e.p['ex'], []).append(e)
            actors.setdefault((e.order, e.kid), []).append(e)
        need(re.fullmatch('((ex|mb)-[0-9a-f]{32} %s %s\n)+' % (NUM, HEX), self.content('custody/heads').decode()), 'heads: form')
        heads = [line.split(' ') for line in self.content('custody/heads').decode().splitlines()]
        need([h[0] for h in heads] == sorted(subjects), 'heads: subjects')
        for ex, last, leaf in heads:
            before, number, place = None, -1, (-1, -1)
            steps = [(e.p['seq'], e.p['prev'], (e.order, e.index), e.leaf.hex()) for e in subjects[ex]]
            for seq, prev, at, this in steps + [(int(last) + 1, leaf, (len(self.logs), 0), None)]:
                need(seq > number and at > place, ex + ': number twice or out of order')
                if seq == number + 1:
                    need(prev == before, ex + ': does not follow the event before')
                else:
                    link = hidden.get(bytes.fromhex(prev)) if prev else None
                    need(number >= 0 and link and place < link < at, ex + ': events are missing')
                    if seq > number + 2:
                        self.incomplete.append(ex + ': withheld events that are not linked')
                before, number, place = this, seq, at
            need(subjects[ex][0].p['act'] in (('acquire', 'derive') if ex.startswith('ex-') else ('init', 'key-add')), ex + ': first event')
        for chain in actors.values():
            before = None
            for e in chain:
                need(e.p['aseq'] <= e.index and (before is None or before.p['aseq'] < e.p['aseq']), 'aseq of event %d' % e.index)
                need(before is None or before.p['aseq'] + 1 != e.p['aseq'] or e.p['aprev'] == before.leaf.hex(), 'aprev of event %d' % e.index)
                before = e

    def signatures(self):
        pk, data = self.log.bundle_pk, self.content('tagmanifest-sha512.txt')
        number, comment = sha(pk)[:8], b'hirz bundle ' + self.folder.encode()
        m = re.fullmatch(rb'untrusted comment: signature of a hirz bundle\n([^\n]+)\ntrusted comment: %s\n([^\n]+)\n' % re.escape(comment),
                         self.content('tagmanifest-sha512.txt.minisig'))
        need(m, 'minisign: form')
        blob = unb64(m[1])
        need(len(blob) == 74 and blob[:10] == b'ED' + number, 'minisign: key')
        need(signed_by(pk, hashlib.blake2b(data).digest(), blob[10:]) and signed_by(pk, blob[10:] + comment, unb64(m[2])), 'minisign: signature')
        text = self.content('tagmanifest-sha512.txt.sig')
        m = re.fullmatch(rb'-----BEGIN SSH SIGNATURE-----\n((?:[^\n]{70}\n)*[^\n]{1,70}\n)-----END SSH SIGNATURE-----\n', text)
        need(m, 'SSHSIG: form')
        blob, ssh = unb64(m[1].replace(b'\n', b'')), lp(b'ssh-ed25519', pk)
        head = b'SSHSIG\0\0\0\1' + lp(ssh, b'hirz-bundle', b'', b'sha512')
        need(len(blob) == len(head) + 87 and blob[:-64] == head + struct.pack('>I', 83) + lp(b'ssh-ed25519') + struct.pack('>I', 64), 'SSHSIG: content')
        need(signed_by(pk, b'SSHSIG' + lp(b'hirz-bundle', b'', b'sha512', hashlib.sha512(data).digest()), blob[-64:]), 'SSHSIG: signature')
        want = {'checkpoint.vkey': self.log.init['checkpoint'].encode() + b'\n',
                'minisign.pub': b'untrusted comment: minisign public key %016X\n%s\n' % (int.from_bytes(number, 'little'), b64(b'Ed' + number + pk)),
                'allowed_signers': b'hirz namespaces="hirz-bundle" ssh-ed25519 %s\n' % b64(ssh),
                'actors.jwks': emit({'keys': [{'crv': 'Ed25519', 'kid': k, 'kty': 'OKP', 'x': b64(x, True).decode()}
                                              for k, x in sorted({log.kid: log.pk for log in self.logs}.items())]})}
        for name, content in want.items():
            need(self.content('keys/' + name) == content, 'keys/' + name)

    def records(self):
        reading, tags, proposed, there = [], [], [], set()
        logs, naming = {log.origin: log for log in self.logs}, {}
        for e in self.all:
            if 'rec' in e.p:
                naming.setdefault(e.p['rec'], []).append(e)
        for path in sorted(f for f in self.files if f.endswith('.sd-jwt') and LISTED.fullmatch(f)):
            with self.stage(path):
                raw = self.content(path)
                kid, p, message, sig, digest, fields = sd_jwt(raw)
                log = logs.get(p['iss'])
                need(log and kid == log.kid and signed_by(log.pk, message, sig), 'signature')
                apart = path.startswith('data/tags/proposed/')
                need(path == '%s/%s.%s.sd-jwt' % ('data/tags/proposed' if apart else 'data/records', p['rid'], p['ver']), 'rid or ver')
                events = [e for e in naming.get(digest, []) if e.p['log'] == p['iss']]
                need(events, 'record that no event names')
                for e in events:
                    need('ex' in p or e.p['act'] not in ('acquire', 'receipt'), 'record without its exhibit')
                    need('ex' not in p or e.p.get('ex') in p['ex'], 'record of another exhibit')
                need('ex' not in p or (isinstance(p['ex'], list) and all(re.fullmatch(EX, x) for x in p['ex'])
                                         and 0 < len(set(p['ex'])) == len(p['ex']) <= 64), 'ex')
                listed = {'fields': fields, 'rid': p['rid'], 'ver': p['ver']}
                if apart:
                    need(fields and all(name.startswith('tag.') for name in fields), 'more than proposed tags, or none')
                    proposed.append(listed)
                    continue
                there.add(digest)
                self.shown[digest] = fields
                reading.append(listed)
                if fields.get('kind') in ('classification', 'review'):
                    tags.append(listed)
        need(set(naming) <= there, 'a record that an event names is missing')
        need(self.content('data/records/records.json') == emit({'records': reading, 'v': 1}), 'records.json is not what the records say')
        for name, made in (('confirmed', {'records': tags, 'v': 1}), ('proposed', {'note': NOTE, 'records': proposed, 'v': 1})):
            path = 'data/tags/%s.json' % name
            need((path in self.files) == bool(made['records']), name + '.json: there without records, or missing')
            need(not made['records'] or self.content(path) == emit(made), name + '.json is not what the records say')
        self.rules([r['fields'] for r in reading])

    def rules(self, records):
        """Files of rules are those that a record describes and a classification names [F-9.15]."""
        for path in sorted(f for f in self.files if f.startswith('data/rules/') and LISTED.fullmatch(f)):
            with self.stage(path):
                _, size, digest, _ = self.files[path]
                said = [r for r in records if r.get('kind') == 'rules' and r.get('rules.id') == path[11:-6]]
                need(size <= 4 << 20 and said, 'no record says what these rules are, or they are too large')
                need(all((str(r.get('rules.size')), r.get('rules.sha256')) == (str(size), digest) for r in said), 'other rules than recorded')
                need(any(r.get('kind') == 'classification' and r.get('classification.rules') == path[11:-6] for r in records), 'no classification names these rules')

    def anchors(self):
        ends = {'checkpoint': 0, 'tst': 1, 'ots': 1, 'chain.pem': 2, 'crls.pem': 3, 'ocsp': 4, 'blocks': 5}
        there = {}
        for m in (re.fullmatch(r'(%s)anchors/(\d+)\.(.*)' % LOG, f) for f in self.files if LISTED.fullmatch(f)):
            if m:
                there.setdefault((m[1], int(m[2])), {})[m[3]] = self.content(m[0])
        wanted = {(self.logs[e.order].base, e.index): e.p['rec'] for e in self.all if e.p['act'] == 'anchor' and 'rec' in e.p}
        for at, digest in wanted.items():
            need(self.shown.get(digest, {}).get('kind') != 'anchor' or at in there, 'an anchor without its files')
        for digest, fields in self.shown.items():
            need(fields.get('kind') != 'anchor' or digest in wanted.values(), 'an anchor without its event')
        for at, parts in sorted(there.items()):
            with self.stage('%sanchors/%d' % at):
                fields = self.shown.get(wanted.get(at), {})
                need(fields.get('kind') == 'anchor', 'no record says what it is')
                kind = fields.get('anchor.type')
                need(isinstance(kind, str), 'type')
                need(len({ends[end] for end in parts}) == len(parts), 'two tokens')
                note, log = parts.get('checkpoint', b''), None
                for log in self.logs:
                    if note.split(b'\n')[0].decode() == log.origin:
                        break
                else:
                    raise Refused('what was stamped is of no log in the bundle')
                size, root = checkpoint(note, log.origin, log.init['checkpoint'])
                need(0 < size <= log.size, 'what was stamped is later than the bundle')
                if size < log.size:
                    need(size in log.roots, 'what was stamped is not shown to be part of the log')
                if root != log.roots[size]:
                    self.forks.append('fork: another tree of %d events was signed and stamped' % size)
                    continue
                if kind not in ('rfc3161', 'ots'):
                    self.unsupported.append('an anchor of another type')
                    continue
                said = anchor_parts(fields, kind, size)
                need('tst' not in parts if kind == 'ots' else 'ots' not in parts, 'token of another type')
                need([parts.get(end) for end in parts] == [said[ends[end]] for end in parts] and len(parts) == sum(map(bool, said)), 'not what its record says')
                self.prove(kind, said, size)
        self.renewals(there)
        self.stamped()

    def renewals(self, there):
        """The lines of renewals against the tokens of the anchors that are carried [F-8.11]."""
        tokens = {}
        for (base, index), parts in there.items():
            log = next((log for log in self.logs if log.base == base), None)
            if log and ('tst' in parts or 'ots' in parts):
                tokens[log.origin[-8:], index] = parts.get('tst', parts.get('ots'))
        for digest, fields in self.shown.items():
            if fields.get('kind') != 'anchor-renewal':
                continue
            with self.stage('renewal ' + digest):
                named = [name for name in fields if name.startswith('renewal.')]
                need(0 < len(named) <= 400 and set(named) == {'renewal.%d' % (i + 1) for i in range(len(named))}, 'no lines, or a gap')
                for name in named:
                    m = re.fullmatch('([0-9a-f]{8}) (0|[1-9][0-9]{0,19}) (%s) ([0-9a-f]{128})' % HEX, str(fields[name]))
                    need(m and int(m[2]) < 1 << 64, 'form of a line')
                    known = tokens.get((m[1], int(m[2])))
                    need(known is None or (sha(known).hex(), hashlib.sha512(known).hexdigest()) == (m[3], m[4]), 'it renews another token')

    def prove(self, kind, said, size):
        """What the token or proof of an anchor proves with what was given from outside."""
        if kind == 'ots':
            for what, height, message in ots(said[1], sha(said[0])):
                proved = what == 'bitcoin' and self.block and bytes.fromhex(self.block)[36:68] == message
                self.said.append('%s: %d events, %s %s%s' % ('proved' if proved else 'open', size, what, height or '', ' ' + message[::-1].hex()))
            return
        given = {'checkpoint': said[0], 'tst': said[1]}
        good = token(dict(given, **{'chain.pem': said[2]}) if said[2] else given, self.authority)
        self.stamps += 1
        self.trusted += good is True
        self.said.append('%s: %d events, token' % ('proved' if good else 'open', size))

    def stamped(self):
        if self.stamps and self.authority and not self.trusted:
            self.incomplete.append('no time stamp leads to the authority given')

    def openings(self):
        made = {e.p['ex']: e for e in self.all if e.p['act'] in ('acquire', 'derive') and e.p['seq'] == 0}
        listed = [f for f in self.files if LISTED.fullmatch(f)]
        opened = {f[17:-4] for f in listed if f.startswith('custody/openings/')}
        found = collections.Counter(f.split('/')[2] for f in listed if f.startswith('data/exhibits/'))
        need(set(found) == opened and all(n == 1 for n in found.values()), 'openings and files do not match')
        for path in sorted(f for f in listed if f.startswith('data/exhibits/')):
            with self.stage(path):
                ex, name = path.split('/')[2:]
                raw = self.content('custody/openings/%s.txt' % ex)
                m = re.fullmatch('hirz-commitment/v1\nsalt %s\nsha256 (%s)\nsize ([1-9][0-9]*)\n' % (HEX, HEX), raw.decode())
                need(m and int(m[2]) <= 1 << 60, 'opening: form')
                need(ex in made and made[ex].p['com'] == sha(raw).hex(), 'opening: not what was committed to')
                need((m[1], int(m[2])) == (self.files[path][2], self.files[path][1]) and name[:16] == m[1][:16], 'content is not what was sealed')
                self.exhibits += 1
        rest = sum(e.startswith('ex-') for e in made) - self.exhibits
        if rest > 0:
            self.said.append('%d exhibits without their content' % rest)

    def contains(self, note):
        """Does the log contain this state of it? None: cannot be seen from this bundle [F-10.4]."""
        size, root = checkpoint(note, self.log.origin, self.log.init['checkpoint'])
        need(size <= self.log.size, 'rollback: %d events were seen' % size)
        if size == self.log.size:
            need(root == self.log.root, 'fork: two states of %d events' % size)
        elif size not in self.log.roots:
            return None
        else:
            need(root == self.log.roots[size], 'fork: two states of %d events' % size)
        return True

    def cosigned(self):
        """The optional checkpoint with cosignatures [F-9.1]."""
        if 'custody/checkpoint.cosigned' in self.files:
            need(self.contains(self.content('custody/checkpoint.cosigned')), 'nothing shows that the log contains it')

    def earlier(self):
        """What was kept from before, and whether a policy is satisfied [F-10.4]."""
        from verify_outside import judge, witnessed  # pylint: disable=import-outside-toplevel
        states = self.states() + [(k.size, k.note) for k in [k for k in self.against if judge(self, k)] if k.origin == self.log.origin]
        self.witnessed = self.policy is not None and witnessed(self, states)

    def states(self):
        """Those that the log is known to contain."""
        path = 'custody/checkpoint.cosigned'
        more = [self.content(path)] if path in self.files and self.log.root_at(int(self.content(path).split(b'\n')[1])) else []
        return [(int(note.split(b'\n')[1]), note) for note in [self.log.note] + more]

    def outside(self):
        """The key from outside [F-10.3]."""
        if self.key is None:
            return
        if re.fullmatch('[0-9a-f]{32}', self.key):
            need(any(log.leaf0.hex()[:32] == self.key for log in self.logs), 'the fingerprint given is not this vault\'s')
            return
        words, pks = self.key.split(), (self.log.bundle_pk, self.log.pk)
        same = self.key.strip() == self.log.init['checkpoint']
        if self.key.lstrip().startswith('{'):
            same = b64(self.log.pk, True).decode() in re.findall(r'"x"\s*:\s*"([A-Za-z0-9_-]{43})"', self.key)
        elif 'ssh-ed25519' in words[:-1]:
            same = unb64(words[words.index('ssh-ed25519') + 1]) == lp(b'ssh-ed25519', pks[0])
        elif words and re.fullmatch('[A-Za-z0-9+/]{56}', words[-1]) and words[-1].startswith('RW'):
            same = unb64(words[-1])[10:] == pks[0]
        need(same, 'the key given is not the one in the bundle')
        self.incomplete.append('only what the key given signs is proved; the rest is not trusted')


def options(args):
    given, against = {'--key': None, '--policy': None, '--tsa-ca': None, '--block-header': None, '--extract': None}, []
    while len(args) >= 3 and (args[-2] in given or args[-2] == '--against'):
        value, name = args.pop(), args.pop()
        if name == '--against':
            against.insert(0, value)
        else:
            given[name] = value
    return given, against


def read_file(path, most=-1):
    with open(path, 'rb') as f:
        return f.read(most)


def main(args):
    given, against = options(args)
    key = given['--key']
    if len(args) != 1 or args[0].startswith('--'):
        sys.stderr.write(__doc__.split('\n\n')[1] + '\n')
        return 2
    sys.modules.setdefault('verify', sys.modules[__name__])
    from verify_outside import Policy, read  # pylint: disable=import-outside-toplevel
    try:
        if key is not None and not re.fullmatch('[0-9a-f]{32}', key):
            if not os.path.exists(key):
                sys.stderr.write('neither a fingerprint nor a file: %s\n' % key)
                return 2
            key = read_file(key, 65536).decode().rstrip('\r\n')
        authority = read_file(given['--tsa-ca']) if given['--tsa-ca'] else None
        try:
            policy = Policy(read_file(given['--policy'], 65536).decode()) if given['--policy'] else None
            kept = [k for path in against for k in read(read_file(path), path)]
        except (Refused, ValueError) as e:
            sys.stderr.write('neither a policy nor something kept: %s\n' % e)
            return 2
        with open(args[0], 'rb') as f:
            if f.read(19) == b'hirz-misconduct/v1\n':
                f.seek(0)
                try:
                    print('two histories of one log, at %d and %d events: %s' % misconduct(f.read(1 << 18)))
                    return 11
                except Refused as e:
                    print('FAILED: %s' % e)
                    return 4
            f.seek(0)
            bundle = kind_of(f)(f, key, kept, authority, given['--block-header'], policy)
            verdict = bundle.verdict()
        if given['--extract']:
            bundle.extract(given['--extract'])
    except OSError as e:
        sys.stderr.write('%s\n' % e)
        return 9
    for label, lines in (('FAILED', bundle.failed + bundle.forks), ('UNKNOWN', bundle.unsupported), ('NOT CHECKED', bundle.incomplete), ('', bundle.said)):
        for line in lines:
            print('%s: %s' % (label, line) if label else line)
    print(verdict)
    return 11 if bundle.forks and not bundle.failed else EXITS[verdict]


def kind_of(f):
    """An audit pack begins as one, everything else is a bundle or nothing."""
    from verify_pack import FIRST, Pack  # pylint: disable=import-outside-toplevel
    start = f.read(len(FIRST))
    f.seek(0)
    return Pack if start == FIRST else Bundle


def verify_bytes(data, key=None):
    """The verdict and the whole state, for tests."""
    bundle = Bundle(io.BytesIO(data), key)
    return bundle.verdict(), bundle


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
