#!/usr/bin/python3
"""Builds a tiny bundle from docs/format.md alone, the same bytes every time.

make_bundle.py FILE [VARIANT]    writes the tar and prints the fingerprint of its vault

VARIANTS (below) are bundles that break one rule each but are signed rightly everywhere, so that only the check of that
rule can find it. Nothing is shared with verify.py or with the programs. Needs nacl.
"""
import base64
import hashlib
import json
import struct
import sys
import time

from nacl.bindings import crypto_scalarmult_base, crypto_sign, crypto_sign_seed_keypair

START = 1780300800  # 2026-06-01T08:00:00Z


def sha(b):
    return hashlib.sha256(b).digest()


def fixed(label, n=32):
    """What would be random in a vault."""
    return sha(b'hirz test vector: ' + label.encode())[:n]


def b64(b):
    return base64.b64encode(b).decode()


def b64u(b):
    return base64.urlsafe_b64encode(b).decode().rstrip('=')


def canon(v):
    return json.dumps(v, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()


class Key:
    def __init__(self, label):
        self.pk, self.sk = crypto_sign_seed_keypair(fixed(label))
        self.jwk = {'crv': 'Ed25519', 'kty': 'OKP', 'x': b64u(self.pk)}
        self.kid = b64u(sha(canon(self.jwk)))

    def sign(self, message):
        return crypto_sign(message, self.sk)[:64]

    def jws(self, typ, payload):
        head = b64u(canon({'alg': 'EdDSA', 'kid': self.kid, 'typ': typ})) + '.' + b64u(payload)
        return (head + '.' + b64u(self.sign(head.encode()))).encode()


def tree(leaves):
    if not leaves:
        return sha(b'')
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha(b'\1' + tree(leaves[:k]) + tree(leaves[k:]))


def path(i, leaves):
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if i < k:
        return path(i, leaves[:k]) + [tree(leaves[k:])]
    return path(i - k, leaves[k:]) + [tree(leaves[:k])]


def lp(*parts):
    return b''.join(struct.pack('>I', len(p)) + p for p in parts)


def stamp(t):
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(t))


class Vault:
    """One log, its events and records. hook(what, value) may change what is about to be signed."""

    def __init__(self, label='', hook=None):
        self.label, self.hook = label, hook or (lambda what, value: value)
        self.event_key, self.bundle_key, self.head_key = Key('event'), Key('bundle'), Key(label + 'checkpoint')
        self.vault, self.member = fixed('vault', 16).hex(), 'mb-' + fixed('member', 16).hex()
        self.origin = 'hirz.invalid/%s/%s' % (self.vault, fixed(label + 'log', 4).hex())
        self.events, self.chains, self.records, self.disclosed = [], {}, {}, []
        key = b'\1' + self.head_key.pk
        self.key_id = sha(self.origin.encode() + b'\n' + key)[:4]
        self.vkey = '%s+%s+%s' % (self.origin, self.key_id.hex(), b64(key))

    def init(self):
        return {'bundle': b64u(self.bundle_key.pk), 'checkpoint': self.vkey, 'event': b64u(self.event_key.pk),
                'member': self.member, 'roles': ['analyst', 'auditor', 'custodian', 'documenter', 'legal'], 'rules': [],
                'suite': 'hirz-suite/1', 'vault': self.vault, 'x25519': b64u(crypto_scalarmult_base(fixed('x25519')))}

    def event(self, act, ex=None, **members):
        n = len(self.events)
        p = {'act': act, 'aprev': self.leaf(n - 1).hex() if n else None, 'aseq': n, 'log': self.origin,
             't': stamp(START + 60 * n), 'v': 1, **members}
        if ex:
            seq, prev = self.chains.get(ex, (-1, None))
            p.update(ex=ex, seq=seq + 1, prev=prev)
        p = self.hook('event %d' % n, p)
        raw = canon(p)
        self.events.append(self.event_key.jws('hirz-event+jws', self.hook('payload %d' % n, raw)))
        if ex:
            self.chains[ex] = (p.get('seq'), self.leaf(n).hex())
        return n

    def leaf(self, n):
        return sha(b'\0' + self.events[n])

    def record(self, kind, ex=None, hide=(), **fields):
        """Makes a record with these fields (a__b is a.b), all disclosed but those of hide; gives `rec`."""
        label = '%srecord %d' % (self.label, len(self.records))
        rid, digests, shown, texts, parts = 'rc-' + fixed(label, 16).hex(), [], {}, [], []
        for name, value in [('kind', kind)] + sorted(fields.items()):
            name = name.replace('__', '.')
            d = b64u(canon([b64u(fixed(label + name, 16)), name, value]))
            digests.append(b64u(sha(d.encode())))
            parts.append((name, d, value))
            if name not in hide:
                texts.append(d)
                shown[name] = value
        while len(digests) % 8:
            digests.append(b64u(sha(fixed('%s decoy %d' % (label, len(digests))))))
        p = {'_sd': sorted(digests), '_sd_alg': 'sha-256', 'iss': self.origin, 'prev': None, 'rid': rid, 'ver': 1}
        if ex:
            p['ex'] = [ex]
        p = self.hook('record ' + kind, p)
        jwt = self.event_key.jws('hirz-record+sd-jwt', canon(p))
        texts = self.hook('disclosures ' + kind, texts)
        self.last = rid, jwt, {n.replace('__', '.'): (d, v) for n, d, v in parts}
        self.records['data/records/%s.1.sd-jwt' % rid] = '~'.join([jwt.decode()] + texts + ['']).encode()
        self.disclosed.append({'fields': shown, 'rid': rid, 'ver': 1})
        return sha(jwt).hex()

    def seal(self, name, content, media, **more):
        """acquire with its record; gives (ex, opening, content)."""
        ex = 'ex-' + fixed('exhibit ' + name, 16).hex()
        opening = self.hook('opening ' + name, 'hirz-commitment/v1\nsalt %s\nsha256 %s\nsize %d\n' % (
            fixed('salt ' + name).hex(), sha(content).hex(), len(content)))
        rec = self.record('exhibit', ex, hide=('exhibit.name',), exhibit__number='DM1-00000%d' % len(self.records), exhibit__name=name,
                          content__size=len(content), content__media_type=media, content__type_by='hirz', **more)
        self.event('acquire', ex, com=sha(opening.encode()).hex(), hdr=fixed('header ' + name).hex(), rec=rec,
                   obj={'root': fixed('root ' + name).hex(), 'size': 1096})
        return ex, opening, content

    def note(self):
        n = len(self.events)
        text = '%s\n%d\n%s\n' % (self.origin, n, b64(tree([self.leaf(i) for i in range(n)])))
        text = self.hook('note', text)
        line = '\u2014 %s %s\n' % (self.origin, b64(self.key_id + self.head_key.sign(text.encode())))
        return (text + '\n' + self.hook('note lines', line)).encode()

    def put(self, files, base, carried, withheld=()):
        """The log's part of custody/."""
        note, leaves = self.note(), [self.leaf(i) for i in range(len(self.events))]
        files[base + 'checkpoint'] = note
        for n in carried:
            if n in withheld:
                files['%sevents/%d.leaf' % (base, n)] = leaves[n].hex().encode()
            else:
                files['%sevents/%d.jws' % (base, n)] = self.events[n]
            lines = ''.join(b64(h) + '\n' for h in path(n, leaves))
            files['%sproofs/%d.tlog-proof' % (base, n)] = b'c2sp.org/tlog-proof@v1\nindex %d\n%s\n%s' % (n, lines.encode(), note)


def tar(folder, files, mtime):
    out = b''
    for name in sorted(files, key=str.encode):
        full, prefix = ('%s/%s' % (folder, name)).encode(), b''
        if len(full) > 100:
            cut = full.index(b'/', len(full) - 101)
            prefix, full = full[:cut], full[cut + 1:]
        head = bytearray(512)
        for at, text in ((0, full), (100, b'000644 \x00' + b'000000 \x00' * 2), (124, b'%011o %011o ' % (len(files[name]), mtime)),
                         (148, b'        0'), (257, b'ustar\x0000'), (329, b'000000 \x00' * 2), (345, prefix)):
            head[at:at + len(text)] = text
        head[148:156] = b'%06o\0 ' % sum(head)
        out += bytes(head) + files[name] + bytes(-len(files[name]) % 512)
    return out + bytes(1024)


def sign_bag(vault, folder, data):
    pk, key = vault.bundle_key.pk, vault.bundle_key
    number, comment = sha(pk)[:8], 'hirz bundle ' + folder
    first = key.sign(hashlib.blake2b(data).digest())
    minisig = 'untrusted comment: signature of a hirz bundle\n%s\ntrusted comment: %s\n%s\n' % (
        b64(b'ED' + number + first), comment, b64(key.sign(first + comment.encode())))
    signature = key.sign(b'SSHSIG' + lp(b'hirz-bundle', b'', b'sha512', hashlib.sha512(data).digest()))
    blob = b64(b'SSHSIG\0\0\0\1' + lp(lp(b'ssh-ed25519', pk), b'hirz-bundle', b'', b'sha512', lp(b'ssh-ed25519', signature)))
    lines = ''.join(blob[i:i + 70] + '\n' for i in range(0, len(blob), 70))
    return minisig.encode(), ('-----BEGIN SSH SIGNATURE-----\n%s-----END SSH SIGNATURE-----\n' % lines).encode()


def pack(vault, openings, carried, withheld, old=None, hook=lambda what, value: value):
    """Heads, export event, files, manifests, signatures, tar. openings: [(ex, opening, content, ext)]."""
    heads = {}
    for log, events in ([(old, range(len(old.events)))] if old else []) + [(vault, carried)]:
        for n in events:
            raw = log.events[n].split(b'.')[1]
            p = json.loads(base64.urlsafe_b64decode(raw + b'=' * (-len(raw) % 4)))
            if 'ex' in p:
                heads[p['ex']] = (p['seq'], log.leaf(n).hex())
    heads = hook('heads', ''.join('%s %d %s\n' % (ex, *heads[ex]) for ex in sorted(heads))).encode()
    rec = vault.record('export', hide=('export.to',), export__to='A court', export__purpose='test', export__count=len(openings))
    last = vault.event('export', rec=rec, heads=sha(heads).hex())
    mtime = START + 60 * last
    folder = hook('folder', 'hirz-%s-%04d' % (time.strftime('%Y%m%d', time.gmtime(mtime)), last))
    files = {'custody/heads': heads, 'VERIFY.txt': b'A test vector. docs/format.md, section 10, says how it is checked.\n',
             'doc/format.md': b'The page of the project; this test vector does not carry it.\n',
             'bagit.txt': b'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'}
    vault.put(files, 'custody/', list(carried) + [last], withheld)
    records = dict(vault.records)
    disclosed = list(vault.disclosed)
    if old:
        old.put(files, 'custody/logs/%s/' % old.origin.split('/')[2], range(len(old.events)))
        records.update(old.records)
        disclosed += old.disclosed
    files.update(records)
    for ex, opening, content, ext in openings:
        files['custody/openings/%s.txt' % ex] = opening.encode()
        files['data/exhibits/%s/%s.%s' % (ex, sha(content).hex()[:16], ext)] = content
    disclosed.sort(key=lambda r: 'data/records/%s.%d.sd-jwt' % (r['rid'], r['ver']))
    files['data/records/records.json'] = canon({'records': disclosed, 'v': 1})
    pk, number = vault.bundle_key.pk, sha(vault.bundle_key.pk)[:8]
    files['keys/checkpoint.vkey'] = vault.vkey.encode() + b'\n'
    files['keys/minisign.pub'] = ('untrusted comment: minisign public key %s\n%s\n' % (number[::-1].hex().upper(), b64(b'Ed' + number + pk))).encode()
    files['keys/allowed_signers'] = ('hirz namespaces="hirz-bundle" ssh-ed25519 %s\n' % b64(lp(b'ssh-ed25519', pk))).encode()
    files['keys/actors.jwks'] = canon({'keys': [{**vault.event_key.jwk, 'kid': vault.event_key.kid}]})
    files.update(getattr(vault, 'stamps', {}))
    files = hook('files', files)
    data = [v for f, v in files.items() if f.startswith('data/')]
    files['bag-info.txt'] = hook('bag-info', (
        'Bag-Software-Agent: hirz test vector\nBagging-Date: %s\nExternal-Identifier: %s\nPayload-Oxum: %d.%d\nSource-Organization: مثال\n'
        % (stamp(mtime)[:10], folder, sum(map(len, data)), len(data)))).encode()
    for kind in ('manifest', 'tagmanifest'):
        listed = [f for f in sorted(files, key=str.encode) if f.startswith('data/') == (kind == 'manifest') and not f.startswith('tag')]
        for algorithm in ('sha256', 'sha512'):
            files['%s-%s.txt' % (kind, algorithm)] = hook('%s-%s' % (kind, algorithm), ''.join(
                '%s  %s\n' % (hashlib.new(algorithm, files[f]).hexdigest(), f) for f in listed)).encode()
    minisig, sshsig = sign_bag(vault, folder, files['tagmanifest-sha512.txt'])
    files['tagmanifest-sha512.txt.minisig'] = hook('minisig', minisig)
    files['tagmanifest-sha512.txt.sig'] = hook('sshsig', sshsig)
    return hook('tar', tar(folder, hook('signed', files), mtime))


def build(hook=lambda what, value: value):
    """The minimal bundle: (tar, fingerprint)."""
    v = Vault(hook=hook)
    v.event('init', v.member, init=hook('init', v.init()), keyring=fixed('keyring').hex())
    one = v.seal('شهادة.txt', 'شهد الشاهد بما رأى.\n'.encode(), 'text/plain; charset=utf-8', case='C1')
    two = v.seal('photo.bin', b''.join(fixed('photo %d' % i) for i in range(64)), 'application/octet-stream')
    v.event('clock')
    rec = v.record('receipt', one[0], receipt__source='by hand', receipt__when='2026-05-30', receipt__consent='given')
    v.event('receipt', one[0], rec=rec)
    v.event('access', two[0], rec=fixed('a record that stays in the vault').hex())
    v.event('verify', two[0], rec=v.record('access', access__reason='check'))
    v.event(*hook('last', ('record',)), rec=v.record('case', case__code='C1', case__title='حالة'))
    carried = hook('carried', [0, 1, 2, 4, 5, 6, 7])
    files = [(*one, 'txt'), (*two, 'bin')]
    return pack(v, hook('openings', files), carried, hook('withheld', {5}), hook=hook), v.leaf(0).hex()[:32]


def build_restored(hook=lambda what, value: value):
    """A vault that went on in a new log after an older copy was restored: (tar, fingerprint of the new, of the old)."""
    old = Vault('old ')
    old.event('init', old.member, init=old.init(), keyring=fixed('keyring').hex())
    one = old.seal('letter.txt', b'A letter.\n', 'text/plain; charset=utf-8')
    found = '%d %s' % (len(old.events), tree([old.leaf(i) for i in range(len(old.events))]).hex())
    v = Vault('new ')
    v.chains = dict(old.chains)
    v.event('restore', v.member, init=hook('init', {**v.init(), 'found': found, 'pinned': '3 ' + fixed('pinned').hex()}),
            keyring=fixed('keyring').hex(), ref=hook('ref', old.leaf(0).hex()))
    rec = v.record('receipt', one[0], receipt__source='by post', receipt__consent='given')
    v.event('receipt', one[0], rec=rec)
    return pack(v, [(*one, 'txt')], [0, 1], set(), old=old, hook=hook), v.leaf(0).hex()[:32], old.leaf(0).hex()[:32]


def proof(digest, height=482232):
    """A proof of OpenTimestamps: a promise, and behind two operations a Bitcoin block."""
    promise = b'\0' + bytes.fromhex('83dfe30d2ef90c8e') + b'\x11\x10https://example/'
    block = b'\0' + bytes.fromhex('0588960d73d71901') + bytes([3, height & 127 | 128, height >> 7 & 127 | 128, height >> 14])
    head = b'\0OpenTimestamps\0\0Proof\0' + bytes.fromhex('bf89e2e884e89294') + b'\1'
    return head + b'\x08' + digest + b'\xff' + promise + b'\xf1\x20' + fixed('left') + b'\x08' + block


def block_of(digest):
    """A header whose Merkle root is the one that the proof leads to."""
    return bytes(36) + sha(fixed('left') + digest) + bytes(12)


def build_stamped(hook=lambda what, value: value):
    """A bundle with a time anchor over the log of three events, the third of which is withheld: (tar, fingerprint, block header)."""
    v = Vault('stamped ', hook=hook)
    v.event('init', v.member, init=v.init(), keyring=fixed('keyring').hex())
    one = v.seal('letter.txt', b'A letter.\n', 'text/plain; charset=utf-8')
    v.event('clock')
    note = hook('stamped', v.note())
    token = hook('token', proof(sha(note)))
    fields = {'anchor.type': 'ots', 'anchor.size': 3}
    for name, value in hook('parts', {'checkpoint': note, 'token': token}).items():
        for i in range(0, len(value), 12288):
            fields['anchor.%s.%d' % (name, i // 12288 + 1)] = b64u(value[i:i + 12288])
    fields = {k.replace('.', '__'): f for k, f in hook('fields', fields).items()}
    n = v.event(hook('act', 'anchor'), rec=v.record(hook('kind', 'anchor'), hide=hook('hide', ()), **fields))
    v.stamps = hook('stamps', {'custody/anchors/%d.checkpoint' % n: note, 'custody/anchors/%d.ots' % n: token})
    carried = [0, 1, 2, 3]
    lines = hook('renewal', None)  # what makes the lines of a renewal out of the log's id, the index and the token
    if lines:
        fields = {'renewal__%d' % (i + 1): line for i, line in enumerate(lines(v.origin[-8:], n, token))}
        carried.append(v.event('anchor', rec=v.record('anchor-renewal', **fields)))
    return pack(v, [(*one, 'txt')], hook('carried', carried), {2}, hook=hook), v.leaf(0).hex()[:32], block_of(sha(note))



def renewal_line(log, index, token):
    return '%s %d %s %s' % (log, index, sha(token).hex(), hashlib.sha512(token).hexdigest())


# Lines of a renewal out of log, index and token of the anchor that is carried, and what a verifier says.
RENEWED = {name: (lines, want) for name, lines, want in (
    ('of what is carried', lambda log, n, t: [renewal_line(log, n, t)], 'VALID-SIGNED'),
    ('of more than is carried', lambda log, n, t: [renewal_line(log, 1, b'x'), renewal_line(log, n, t), renewal_line('00000000', n, b'x')], 'VALID-SIGNED'),
    ('of another token', lambda log, n, t: [renewal_line(log, n, t + b'x')], 'INVALID'),
    ('with another SHA-512', lambda log, n, t: [renewal_line(log, n, t)[:-1] + '0', renewal_line(log, n, t)[:-1] + '1'], 'INVALID'),
    ('with another SHA-256', lambda log, n, t: [renewal_line(log, n, t).replace(sha(t).hex(), '0' * 64)], 'INVALID'),
    ('without lines', lambda log, n, t: [], 'INVALID'),
    ('with a longer line', lambda log, n, t: [renewal_line(log, n, t) + ' '], 'INVALID'),
    ('in capitals', lambda log, n, t: [renewal_line(log, n, t).upper()], 'INVALID'),
    ('with a zero before an index', lambda log, n, t: [renewal_line(log, n, t).replace(' %d ' % n, ' 0%d ' % n)], 'INVALID'),
    ('of 401 lines', lambda log, n, t: [renewal_line(log, 1, b'x')] * 401, 'INVALID'))}


def build_renewed(lines):
    return build_stamped(lambda what, value: lines if what == 'renewal' else value)


NOTE = 'These tags are proposals of a program. Nobody has confirmed them. They are no findings.'
AIR = 'type unlawful_attack.air none stated 700 strong - 0 0-6=type/unlawful_attack.air:2'
RUSSIA = 'party russia alleged-perpetrator alleged 300 medium a 2 9-15=party/russia:1 20-26=party/russia:1'


# In canonical form, so that its id is the hash of these very bytes.
RULES = '''hirz-rules 1
name vector
version 1
lang en
[party russia]
label.en Russia
label.ar روسيا
alias en russia
[role perpetrator]
before en by
[type unlawful_attack]
label.en Attack
label.ar هجوم
term en strike
'''.encode()
RULES_ID = hashlib.blake2b(RULES, digest_size=32).hexdigest()


def build_ruled(hook=lambda what, value: value):
    """The bundle with tags, and with the rules that gave them: (tar, fingerprint)."""
    return build_tagged(hook, RULES_ID)


def build_tagged(hook=lambda what, value: value, rules=None):
    """A bundle with a tag that a person confirmed, and one that nobody has: (tar, fingerprint)."""
    v = Vault('ruled ' if rules else 'tagged ', hook=hook)
    apart = {}
    v.event('init', v.member, init=v.init(), keyring=fixed('keyring').hex())
    one = v.seal('letter.txt', b'Strike by Russia, by Russia.\n', 'text/plain; charset=utf-8')
    if rules:
        said = {'rules.name': 'vector', 'rules.version': '1', 'rules.id': rules, 'rules.sha256': sha(RULES).hex(), 'rules.size': len(RULES)}
        v.event('record', rec=v.record('rules', hide=hook('rules hidden', ()), **hook('rules said', said)))
        apart['data/rules/%s.rules' % rules] = RULES
    rec = v.record('classification', hide=('tag.2', 'classification.when_from'), classification__rules=hook('rules named', rules or 'ab' * 32), classification__engine='hirz',
                   classification__text='DM1-000000', classification__tags=2, classification__when_from='2017-04-04', tag__1=AIR, tag__2=RUSSIA)
    v.event('classify-suggest', one[0], rec=rec)
    rid, jwt, parts = v.last
    tags = {}
    for name in hook('apart', ['tag.2']):
        tags[name] = parts[name]
    proposed = hook('apart file', '~'.join([jwt.decode()] + [d for d, _ in tags.values()] + [''])).encode()
    listed = [{'fields': {n: value for n, (_, value) in tags.items()}, 'rid': rid, 'ver': 1}]
    rec = v.record('review', hide=('review.by', 'review.why'), review__tag='type:unlawful_attack.air', review__verdict='confirmed',
                   review__text='DM1-000000', review__by='A person', review__why='He saw it')
    v.event('review', one[0], rec=rec)
    kinds = sorted((r for r in v.disclosed if r['fields'].get('kind') in ('classification', 'review')), key=lambda r: r['rid'])
    v.stamps = hook('tags', {**apart, 'data/tags/confirmed.json': canon({'records': kinds, 'v': 1}),
                             'data/tags/proposed.json': canon({'note': NOTE, 'records': listed, 'v': 1}),
                             'data/tags/proposed/%s.1.sd-jwt' % rid: proposed})
    return pack(v, [(*one, 'txt')], range(len(v.events)), set(), hook=hook), v.leaf(0).hex()[:32]


def other_root(raw):
    """A checkpoint of the same log and size with another root, rightly signed: as a copy of its key could make it."""
    v = Vault('stamped ')
    text = raw.decode().split('\n\n')[0].split('\n')
    text = '%s\n%s\n%s\n' % (text[0], text[1], b64(fixed('another root')))
    return (text + '\n\u2014 %s %s\n' % (v.origin, b64(v.key_id + v.head_key.sign(text.encode())))).encode()


def at(where, change):
    """A hook that changes one thing: change gives the new value, or changes a dict and gives None."""
    def hook(what, value):
        if what != where:
            return value
        new = change(value)
        return value if new is None else new
    return hook


def cut(d, *names):
    for n in names:
        del d[n]


def other_signer(files):
    name = next(f for f in sorted(files) if f.endswith('.sd-jwt'))
    head = files[name].split(b'~')[0].split(b'.')
    payload = base64.urlsafe_b64decode(head[1] + b'=' * (-len(head[1]) % 4))
    files[name] = Key('stranger').jws('hirz-record+sd-jwt', payload) + b'~'


def swap(files, a, b):
    files[a], files[b] = files[b], files[a]


def of(files, start, n=0):
    return sorted(f for f in files if f.startswith(start))[n]


def keyring_only(what, value):
    """The last event before the export is a key-add that only names a keyring, and so has no record."""
    if what == 'last':
        return 'key-add', 'mb-' + fixed('member', 16).hex()
    if what == 'event 7':
        cut(value, 'rec')
        value.update(keyring=fixed('another keyring').hex())
    if what == 'files':
        listed = json.loads(value['data/records/records.json'])
        for r in [r for r in listed['records'] if r['fields'].get('kind') == 'case']:
            listed['records'].remove(r)
            cut(value, 'data/records/%s.%d.sd-jwt' % (r['rid'], r['ver']))
        value['data/records/records.json'] = canon(listed)
    return value


def keys_with_record(what, value):
    """The same with a record, in which a later version may put keys."""
    if what == 'event 7':
        value.update(keyring=fixed('another keyring').hex())
    return keyring_only(what, value) if what == 'last' else value


# name: (hook, verdict with the right fingerprint)
VARIANTS = {
    'key-add-keyring': (keyring_only, 'VALID-SIGNED'),
    'key-add-record': (keys_with_record, 'UNSUPPORTED'),
    'file-unknown-event': (at('files', lambda f: f.update({'custody/events/note.txt': b'x'})), 'UNSUPPORTED'),
    'file-unknown-exhibit': (at('files', lambda f: f.update({'data/exhibits/note.txt': b'x'})), 'UNSUPPORTED'),
    'file-unknown-opening': (at('files', lambda f: f.update({'custody/openings/note.txt': b'x'})), 'UNSUPPORTED'),
    'file-unknown-record': (at('files', lambda f: f.update({'data/records/note.sd-jwt': b'x'})), 'UNSUPPORTED'),
    'file-unknown-log': (at('files', lambda f: f.update({'custody/logs/note.txt': b'x'})), 'UNSUPPORTED'),
    'event-unknown-act': (at('event 7', lambda p: p.update(act='dream')), 'UNSUPPORTED'),
    'event-unknown-version': (at('event 4', lambda p: p.update(v=2)), 'UNSUPPORTED'),
    'init-unknown-suite': (at('init', lambda p: p.update(suite='hirz-suite/2')), 'UNSUPPORTED'),
    'file-unknown': (at('files', lambda f: f.update({'custody/later': b'x'})), 'UNSUPPORTED'),
    'role-grant': (at('last', lambda _: ('role-grant', 'mb-' + fixed('member', 16).hex())), 'UNSUPPORTED'),
    'event-extra-member': (at('event 4', lambda p: p.update(why='0' * 64)), 'INVALID'),
    'event-reserved-x': (at('event 4', lambda p: p.update(x={'later': 1})), 'VALID-SIGNED'),
    'event-missing-rec': (at('event 4', lambda p: cut(p, 'rec')), 'INVALID'),
    'event-not-canonical': (at('payload 4', lambda b: b.replace(b'{"act"', b'{ "act"')), 'INVALID'),
    'event-float': (at('payload 4', lambda b: b.replace(b'"v":1', b'"v":1.0')), 'INVALID'),
    'event-other-log': (at('event 4', lambda p: p.update(log='hirz.invalid/' + '0' * 32 + '/00000000')), 'INVALID'),
    'event-bad-time': (at('event 4', lambda p: p.update(t='2026-02-30T00:00:00Z')), 'INVALID'),
    'event-aprev': (at('event 2', lambda p: p.update(aprev='1' * 64)), 'INVALID'),
    'event-aseq-twice': (at('event 4', lambda p: p.update(aseq=2)), 'INVALID'),
    'event-aseq-over': (at('event 7', lambda p: p.update(aseq=70)), 'INVALID'),
    'chain-prev': (at('event 4', lambda p: p.update(prev='2' * 64)), 'INVALID'),
    'chain-gap': (at('event 4', lambda p: p.update(seq=2)), 'INVALID'),
    'chain-number-twice': (at('event 4', lambda p: p.update(seq=0, prev=None)), 'INVALID'),
    'chain-first': (at('event 7', lambda p: p.update(ex='ex-' + '0' * 32, seq=0, prev=None)), 'INVALID'),
    'chain-cut': (at('files', lambda f: cut(f, 'custody/events/4.jws', 'custody/proofs/4.tlog-proof')), 'INVALID'),
    'chain-two-withheld': (at('event 6', lambda p: p.update(seq=3)), 'INCOMPLETE'),
    'record-without-event': (at('carried', lambda c: [0, 1, 2, 5, 6, 7]), 'INVALID'),
    'withheld-is-missing': (at('carried', lambda c: [0, 1, 2, 4, 6, 7]), 'INVALID'),
    'heads-number': (at('heads', lambda h: h.replace(' 1 ', ' 3 ')), 'INVALID'),
    'heads-short': (at('heads', lambda h: h.split('\n', 1)[1]), 'INVALID'),
    'heads-other': (at('files', lambda f: f.update({'custody/heads': f['custody/heads'].replace(b' 0 ', b' 1 ')})), 'INVALID'),
    'init-no-legal': (at('init', lambda p: p['roles'].remove('legal')), 'INVALID'),
    'init-other-event-key': (at('init', lambda p: p.update(event=b64u(Key('stranger').pk))), 'INVALID'),
    'init-other-bundle-key': (at('init', lambda p: p.update(bundle=b64u(Key('stranger').pk))), 'INVALID'),
    'init-other-member': (at('init', lambda p: p.update(member='mb-' + '0' * 32)), 'INVALID'),
    'init-vault': (at('init', lambda p: p.update(vault='0' * 32)), 'INVALID'),
    'init-roles-unsorted': (at('init', lambda p: p['roles'].reverse()), 'INVALID'),
    'init-unknown-rule': (at('init', lambda p: p.update(rules=['two-people'])), 'UNSUPPORTED'),
    'init-extra-member': (at('init', lambda p: p.update(later=1)), 'INVALID'),
    'note-witness': (at('note lines', lambda t: t + '\u2014 example.org/w %s\n' % b64(bytes(76))), 'VALID-SIGNED'),
    'note-second-line': (at('note lines', lambda t: t + t[:-9] + 'AAAAAA==\n'), 'VALID-SIGNED'),
    'note-only-witness': (at('note lines', lambda t: '\u2014 example.org/w %s\n' % b64(bytes(76))), 'INVALID'),
    'note-bad-line': (at('note lines', lambda t: t + 'x\n'), 'INVALID'),
    'note-bad-signature': (at('note lines', lambda t: t[:70] + ('B' if t[70] == 'A' else 'A') + t[71:]), 'INVALID'),
    'note-size': (at('note', lambda t: t.replace('\n9\n', '\n10\n')), 'INVALID'),
    'note-leading-zero': (at('note', lambda t: t.replace('\n9\n', '\n09\n')), 'INVALID'),
    'note-extension': (at('note', lambda t: t + 'more\n'), 'INVALID'),
    'note-origin': (at('note', lambda t: t.replace('hirz.invalid', 'hirz.example', 1)), 'INVALID'),
    'proofs-swapped': (at('files', lambda f: swap(f, 'custody/proofs/1.tlog-proof', 'custody/proofs/2.tlog-proof')), 'INVALID'),
    'proof-missing': (at('files', lambda f: cut(f, 'custody/proofs/4.tlog-proof')), 'INVALID'),
    'events-swapped': (at('files', lambda f: swap(f, 'custody/events/1.jws', 'custody/events/2.jws')), 'INVALID'),
    'event-line-end': (at('files', lambda f: f.update({'custody/events/4.jws': f['custody/events/4.jws'] + b'\n'})), 'INVALID'),
    'export-missing': (at('files', lambda f: cut(f, 'custody/events/8.jws', 'custody/proofs/8.tlog-proof')), 'INVALID'),
    'folder-index': (at('folder', lambda n: n[:-4] + '0007'), 'INVALID'),
    'folder-day': (at('folder', lambda n: n.replace('20260601', '20260602')), 'INVALID'),
    'folder-zero': (at('folder', lambda n: n[:-4] + '00008'), 'INVALID'),
    'record-other-exhibit': (at('record receipt', lambda p: p.update(ex=['ex-' + '0' * 32])), 'INVALID'),
    'record-no-exhibit': (at('record receipt', lambda p: cut(p, 'ex')), 'INVALID'),
    'record-exhibit-twice': (at('record receipt', lambda p: p.update(ex=p['ex'] * 2)), 'INVALID'),
    'record-no-disclosure': (at('disclosures case', lambda d: d + ['']), 'INVALID'),
    'record-version-2': (at('record case', lambda p: p.update(ver=2)), 'INVALID'),
    'record-extra-member': (at('record case', lambda p: p.update(exp=1)), 'INVALID'),
    'record-iss': (at('record case', lambda p: p.update(iss='hirz.invalid/' + '0' * 32 + '/00000000')), 'INVALID'),
    'record-rid': (at('record case', lambda p: p.update(rid='rc-' + '0' * 32)), 'INVALID'),
    'record-unsorted': (at('record case', lambda p: p['_sd'].reverse()), 'INVALID'),
    'record-digest-twice': (at('record case', lambda p: p['_sd'].__setitem__(1, p['_sd'][0])), 'INVALID'),
    'record-seven': (at('record case', lambda p: p.update(_sd=p['_sd'][1:])), 'INVALID'),
    'record-disclosed-twice': (at('disclosures case', lambda d: d + d[:1]), 'INVALID'),
    'record-not-signed-field': (at('disclosures case', lambda d: d + [b64u(canon([b64u(bytes(16)), 'title', 'x']))]), 'INVALID'),
    'record-other-signer': (at('files', other_signer), 'INVALID'),
    'record-missing': (at('files', lambda f: cut(f, of(f, 'data/records/rc-'))), 'INVALID'),
    'record-unnamed': (at('files', lambda f: f.update({'data/records/rc-%s.1.sd-jwt' % ('0' * 32): f[of(f, 'data/records/rc-')]})), 'INVALID'),
    'records-json': (at('files', lambda f: f.update({'data/records/records.json': f['data/records/records.json'].replace(b'by hand', b'by mail')})), 'INVALID'),
    'opening-size': (at('opening photo.bin', lambda o: o.replace('size 2048', 'size 2049')), 'INVALID'),
    'opening-form': (at('opening photo.bin', lambda o: o.replace('sha256 ', 'sha256 0')[:-1]), 'INVALID'),
    'opening-other': (at('files', lambda f: swap(f, of(f, 'custody/openings/'), of(f, 'custody/openings/', 1))), 'INVALID'),
    'opening-missing': (at('files', lambda f: cut(f, of(f, 'custody/openings/'))), 'INVALID'),
    'content-other': (at('files', lambda f: swap(f, of(f, 'data/exhibits/'), of(f, 'data/exhibits/', 1))), 'INVALID'),
    'content-missing': (at('files', lambda f: cut(f, of(f, 'data/exhibits/'))), 'INVALID'),
    'content-withheld': (at('openings', lambda o: o[:1]), 'VALID-SIGNED'),
    'no-exhibit': (at('openings', lambda o: []), 'INCOMPLETE'),
    'keys-vkey': (at('files', lambda f: f.update({'keys/checkpoint.vkey': b'x\n'})), 'INVALID'),
    'keys-jwks': (at('files', lambda f: f.update({'keys/actors.jwks': f['keys/actors.jwks'] + b'\n'})), 'INVALID'),
    'keys-minisign': (at('files', lambda f: f.update({'keys/minisign.pub': f['keys/minisign.pub'].replace(b'minisign', b'Minisign')})), 'INVALID'),
    'keys-allowed': (at('files', lambda f: f.update({'keys/allowed_signers': b'*' + f['keys/allowed_signers'][4:]})), 'INVALID'),
    'bag-info-order': (at('bag-info', lambda t: '\n'.join(reversed(t.strip().split('\n'))) + '\n'), 'INVALID'),
    'bag-info-oxum': (at('bag-info', lambda t: t.replace('Oxum: ', 'Oxum: 1')), 'INVALID'),
    'bagit-version': (at('files', lambda f: f.update({'bagit.txt': f['bagit.txt'].replace(b'1.0', b'0.97')})), 'INVALID'),
    'manifest-short': (at('manifest-sha256', lambda t: t.split('\n', 1)[1]), 'INVALID'),
    'manifest-unsorted': (at('manifest-sha512', lambda t: '\n'.join(reversed(t.strip().split('\n'))) + '\n'), 'INVALID'),
    'manifest-crlf': (at('manifest-sha256', lambda t: t.replace('\n', '\r\n')), 'INVALID'),
    'tagmanifest-short': (at('tagmanifest-sha256', lambda t: t.split('\n', 1)[1]), 'INVALID'),
    'file-unlisted': (at('signed', lambda f: f.update({'data/records/rc-%s.1.sd-jwt' % ('0' * 32): b'~'})), 'INVALID'),
    'file-missing': (at('signed', lambda f: cut(f, 'VERIFY.txt')), 'INVALID'),
    'minisig-crlf': (at('minisig', lambda t: t.replace(b'\n', b'\r\n')), 'INVALID'),
    'minisig-comment': (at('minisig', lambda t: t.replace(b'signature of a', b'Signature of a')), 'INVALID'),
    'minisig-missing': (at('signed', lambda f: cut(f, 'tagmanifest-sha512.txt.minisig')), 'INVALID'),
    'sshsig-one-line': (at('sshsig', lambda t: t[:30] + t[30:-29].replace(b'\n', b'') + b'\n' + t[-29:]), 'INVALID'),
    'tar-bytes-after': (at('tar', lambda t: t + bytes(512)), 'INVALID'),
    'tar-one-zero-block': (at('tar', lambda t: t[:-512]), 'INVALID'),
    'tar-cut': (at('tar', lambda t: t[:5000]), 'INVALID'),
    'tar-empty': (at('tar', lambda t: b''), 'INVALID'),
}


CP, OTS = 'custody/anchors/3.checkpoint', 'custody/anchors/3.ots'
# The same for the bundle with a time anchor.
STAMPED = {
    'none': (at('stamps', lambda f: f), 'VALID-SIGNED'),
    'file-missing': (at('files', lambda f: cut(f, CP)), 'INVALID'),
    'files-missing': (at('files', lambda f: cut(f, CP, OTS)), 'INVALID'),
    'file-changed': (at('files', lambda f: f.update({OTS: f[OTS][:-1] + b'\x1e'})), 'INVALID'),
    'file-more': (at('files', lambda f: f.update({'custody/anchors/3.blocks': bytes(80)})), 'INVALID'),
    'file-two-tokens': (at('files', lambda f: f.update({'custody/anchors/3.tst': f[OTS]})), 'INVALID'),
    'file-token-kind': (at('files', lambda f: f.update({'custody/anchors/3.tst': f.pop(OTS)})), 'INVALID'),
    'file-other-event': (at('files', lambda f: f.update({'custody/anchors/1.checkpoint': f.pop(CP), 'custody/anchors/1.ots': f.pop(OTS)})), 'INVALID'),
    'file-unknown': (at('files', lambda f: f.update({'custody/anchors/3.later': b'x'})), 'UNSUPPORTED'),
    'other-data': (at('token', lambda t: proof(fixed('other data'))), 'INVALID'),
    'token-cut': (at('token', lambda t: t[:-1]), 'INVALID'),
    'token-more': (at('token', lambda t: t + b'\0'), 'INVALID'),
    'token-operation': (at('token', lambda t: t.replace(b'\xf1\x20', b'\xf5\x20')), 'INVALID'),
    'other-root': (at('stamped', other_root), 'INVALID'),
    'not-proved': (at('files', lambda f: cut(f, 'custody/events/2.leaf', 'custody/proofs/2.tlog-proof')), 'INVALID'),
    'note-of-nobody': (at('stamped', lambda n: n.replace(b'hirz.invalid', b'hirz.example')), 'INVALID'),
    'note-signature': (at('stamped', lambda n: n[:-9] + b'AAAA' + n[-5:]), 'INVALID'),
    'act-note': (at('act', lambda a: 'note'), 'INVALID'),
    'kind-other': (at('kind', lambda k: 'access'), 'INVALID'),
    'hidden': (at('hide', lambda h: ('anchor.token.1',)), 'INVALID'),
    'type-later': (at('fields', lambda f: f.update({'anchor.type': 'sundial'})), 'UNSUPPORTED'),
    'type-wrong': (at('fields', lambda f: f.update({'anchor.type': 'rfc3161'})), 'INVALID'),
    'size-wrong': (at('fields', lambda f: f.update({'anchor.size': 2})), 'INVALID'),
    'piece-more': (at('fields', lambda f: f.update({'anchor.token.2': 'AA'})), 'INVALID'),
    'field-more': (at('fields', lambda f: f.update({'anchor.later': 'x'})), 'VALID-SIGNED'),
}


def tag_file(change):
    """Changes the file of the proposed tag."""
    def do(files):
        name = of(files, 'data/tags/proposed/')
        files[name] = change(files[name])
    return at('tags', do)


def no_proposed(files):
    cut(files, 'data/tags/proposed.json', of(files, 'data/tags/proposed/'))


def renamed(files):
    files['data/tags/proposed/rc-%s.1.sd-jwt' % ('0' * 32)] = files.pop(of(files, 'data/tags/proposed/'))


CONFIRMED, PROPOSED = 'data/tags/confirmed.json', 'data/tags/proposed.json'
# The same for the bundle with tags.
TAGGED = {
    'none': (at('tags', lambda f: f), 'VALID-SIGNED'),
    'no-proposed': (at('tags', no_proposed), 'VALID-SIGNED'),
    'no-list': (at('tags', lambda f: cut(f, PROPOSED)), 'INVALID'),
    'no-confirmed': (at('tags', lambda f: cut(f, CONFIRMED)), 'INVALID'),
    'list-alone': (at('tags', lambda f: cut(f, of(f, 'data/tags/proposed/'))), 'INVALID'),
    'no-note': (at('tags', lambda f: f.update({PROPOSED: f[PROPOSED].replace(b'Nobody has', b'People have')})), 'INVALID'),
    'list-other': (at('tags', lambda f: f.update({PROPOSED: f[PROPOSED].replace(b'alleged 300', b'stated 900')})), 'INVALID'),
    'as-confirmed': (at('tags', lambda f: f.update({CONFIRMED: f[PROPOSED]})), 'INVALID'),
    'confirmed-other': (at('tags', lambda f: f.update({CONFIRMED: f[CONFIRMED].replace(b'confirmed', b'added')})), 'INVALID'),
    'confirmed-more': (at('tags', lambda f: f.update({CONFIRMED: f[CONFIRMED] + b' '})), 'INVALID'),
    'nothing-apart': (at('apart', lambda names: []), 'INVALID'),
    'kind-apart': (at('apart', lambda names: ['kind', 'tag.2']), 'INVALID'),
    'date-apart': (at('apart', lambda names: ['classification.when_from', 'tag.2']), 'INVALID'),
    'twice': (at('apart', lambda names: ['tag.1', 'tag.2']), 'VALID-SIGNED'),
    'other-name': (at('tags', renamed), 'INVALID'),
    'other-field': (tag_file(lambda raw: raw[:-9] + b'AAAAAAAA~'), 'INVALID'),
    'cut': (tag_file(lambda raw: raw[:-1]), 'INVALID'),
    'other-signature': (tag_file(lambda raw: raw.replace(b'~', b'A~', 1)), 'INVALID'),
    'unknown': (at('tags', lambda f: f.update({'data/tags/later.json': b'x'})), 'UNSUPPORTED'),
    'verdict-hidden': (at('disclosures review', lambda texts: []), 'INVALID'),
}


THE_RULES = 'data/rules/%s.rules' % RULES_ID


def said_of_rules(**changes):
    return at('rules said', lambda said: {**said, **{'rules.' + name: value for name, value in changes.items()}})


def other_name(files):
    files['data/rules/%s.rules' % ('cd' * 32)] = files.pop(THE_RULES)


# The same for the bundle with rules.
RULED = {
    'none': (at('tags', lambda f: f), 'VALID-SIGNED'),
    'left-out': (at('tags', lambda f: cut(f, THE_RULES)), 'VALID-SIGNED'),
    'changed': (at('tags', lambda f: f.update({THE_RULES: f[THE_RULES].replace(b'strike', b'strife')})), 'INVALID'),
    'a-note-more': (at('tags', lambda f: f.update({THE_RULES: f[THE_RULES] + b'# the same id\n'})), 'INVALID'),
    'empty': (at('tags', lambda f: f.update({THE_RULES: b''})), 'INVALID'),
    'too-large': (at('tags', lambda f: f.update({THE_RULES: bytes((4 << 20) + 1)})), 'INVALID'),
    'other-name': (at('tags', other_name), 'INVALID'),
    'a-second': (at('tags', lambda f: f.update({'data/rules/%s.rules' % ('cd' * 32): RULES})), 'INVALID'),
    'said-size': (said_of_rules(size=len(RULES) + 1), 'INVALID'),
    'said-size-words': (said_of_rules(size='0%d' % len(RULES)), 'INVALID'),
    'said-hash': (said_of_rules(sha256='cd' * 32), 'INVALID'),
    'said-id': (said_of_rules(id='cd' * 32), 'INVALID'),
    'hash-hidden': (at('rules hidden', lambda names: ('rules.sha256',)), 'INVALID'),
    'all-hidden': (at('rules hidden', lambda names: ('kind', 'rules.id', 'rules.name', 'rules.sha256', 'rules.size', 'rules.version')), 'INVALID'),
    'not-named': (at('rules named', lambda named: 'cd' * 32), 'INVALID'),
    'record-of-another': (at('disclosures rules', lambda texts: texts[:2]), 'INVALID'),
    'later': (at('tags', lambda f: f.update({'data/rules/index.json': b'{}'})), 'UNSUPPORTED'),
    'capitals': (at('tags', lambda f: f.update({THE_RULES.replace(RULES_ID, RULES_ID.upper()): RULES})), 'UNSUPPORTED'),
}
OTHERS = {'restored': build_restored, 'stamped': build_stamped, 'tagged': build_tagged, 'ruled': build_ruled}


def main(args):
    if len(args) not in (1, 2) or (len(args) == 2 and args[1] not in VARIANTS and args[1] not in OTHERS):
        sys.stderr.write('make_bundle.py FILE [%s|%s]\n' % ('|'.join(OTHERS), '|'.join(VARIANTS)))
        return 2
    variant = args[1] if len(args) == 2 else None
    made = OTHERS[variant]() if variant in OTHERS else build(VARIANTS[variant][0]) if variant else build()
    with open(args[0], 'wb') as f:
        f.write(made[0])
    print(made[1])
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
