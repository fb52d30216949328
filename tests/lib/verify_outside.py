"""What the second verifier is told from outside: what was kept of a log from before [F-10.4], and policies. Written from
docs/format.md alone (8.5, 8.6, 8.9, 8.10, 9.20, 10.4, 11.9)."""
import io
import re

from verify import HEX, Refused, b64, checkpoint, misconduct, need, sha, signed_by, tar_files, unb64

NOTE = rb'[^\n]+\n(?:0|[1-9]\d*)\n[^\n]+\n\n(?:\xe2\x80\x94 [^ \n]+ [^ \n]+\n)+'


class Kept:
    """One state of a log. leaves: {index: leaf hash} of a bundle; events: all leaf hashes, of a pack."""

    def __init__(self, note, name, kind='checkpoint'):
        need(re.fullmatch(NOTE, note), 'no checkpoint')
        origin, size, root = note.split(b'\n')[:3]
        self.note, self.name, self.kind = note, name, kind
        self.origin, self.size, self.root = origin.decode(), int(size), unb64(root)
        need(len(self.root) == 32, 'root')
        self.leaves, self.vkey, self.event0 = {}, None, None


def from_bundle(raw, name):
    files = {path: content[0] for path, content in tar_files(io.BytesIO(raw))[2].items()}
    need('custody/checkpoint' in files, 'a bundle without a checkpoint')
    kept = Kept(files['custody/checkpoint'], name)
    for path, content in files.items():
        m = re.fullmatch(r'custody/events/(\d+)\.(jws|leaf)', path)
        if m and (m[2] == 'jws' or re.fullmatch(HEX.encode(), content)):
            kept.leaves[int(m[1])] = sha(b'\0' + content) if m[2] == 'jws' else bytes.fromhex(content.decode())
    return kept


def from_pack(raw, name):
    from verify_pack import parse, root_of  # pylint: disable=import-outside-toplevel,cyclic-import
    _, events, sections = parse(raw)[-1]
    notes = [s for s in sections if s[0] == 'checkpoint']
    need(notes, 'a pack without a checkpoint')
    kept = Kept(notes[-1][2], name, 'pack')
    kept.leaves = {i: sha(b'\0' + e) for i, e in enumerate(events)}
    need((kept.size, kept.root) == (len(events), root_of(kept.leaves.values())), 'a pack whose checkpoint is not of its events')
    return kept


def from_pin(raw, name):
    m = re.fullmatch(rb'hirz-pin/v1\nvkey ([^\n]+)\nevent0 (%s)\n\n(.*)' % HEX.encode(), raw, re.S)
    need(m, 'pin')
    kept = Kept(m[3], name, 'pin')
    kept.vkey, kept.event0 = m[1].decode(), m[2].decode()
    return kept


def wkey(text):
    """(name, key id, public key) of a witness [F-8.12]."""
    m = re.fullmatch(r'([^+\s]{1,127})\+([0-9a-f]{8})\+(\S+)', text)
    need(m, 'witness key')
    blob = unb64(m[3])
    need(len(blob) == 33 and blob[0] == 4 and sha(m[1].encode() + b'\n' + blob)[:4].hex() == m[2], 'witness key')
    return m[1], m[2], blob[1:]


def from_witness(raw, name):
    """The signed state of a witness [F-8.14]."""
    body, gap, line = raw.rpartition(b'sig ')
    m = re.match(rb'hirz-witness/v1\nwitness ([^\n]+)\nkey \d+ \d+ [^\n]+\ngeneration \d+\ntime (\d+)\n', body)
    need(gap and m and line.endswith(b'\n') and signed_by(wkey(m[1].decode())[2], body, unb64(line[:-1])), 'witness state')
    at, found = m.end(), []
    while at < len(body):
        m = re.compile(rb'log ([^\n]+)\nseen (\d+) (\d+)\n').match(body, at)
        need(m, 'witness state')
        at = m.end() + int(m[3])
        if int(m[3]):
            found.append(Kept(body[m.end():at], name, 'witness'))
            found[-1].vkey = m[1].decode()
    need(found, 'a witness that has cosigned nothing yet')
    return found


def from_misconduct(raw, name):
    misconduct(raw)
    m = re.match(rb'hirz-misconduct/v1\nvkey ([^\n]+)\nolder (\d+)\n', raw)
    kept = Kept(raw[m.end():m.end() + int(m[2])], name, 'misconduct')
    kept.vkey = m[1].decode()
    return kept


def read(raw, name):
    """[Kept, ...] of a file, whatever it is; Refused where it holds no checkpoint."""
    if raw[257:262] == b'ustar':
        return [from_bundle(raw, name)]
    for first, of in ((b'hirz-audit-pack/v1\n', from_pack), (b'hirz-pin/v1\n', from_pin), (b'hirz-misconduct/v1\n', from_misconduct)):
        if raw.startswith(first):
            return [of(raw, name)]
    if raw.startswith(b'hirz-witness/v1\n'):
        return from_witness(raw, name)
    if raw.startswith((b'c2sp.org/tlog-proof@v1\n', b'old ')):
        return [Kept(raw.partition(b'\n\n')[2], name)]
    return [Kept(raw, name)]


def parts(kept, log):
    """(the last event that is the same, the first that is another), each None where there is none."""
    same = differs = None
    for index in sorted(kept.leaves):
        mine = log.leaf_at(index)
        if mine is not None and mine != kept.leaves[index]:
            differs = index
            break
        same = index if mine is not None else same
    return same, differs


def told(what, same, differs):
    if differs is None:
        return 'fork: ' + what
    return 'fork: %s; %sevent %d is another one' % (what, '' if same is None else 'event %d is the same, ' % same, differs)


def compare(reader, kept, log, order):
    """True where the log contains what was kept."""
    what = 'two trees of %d events, both signed' % kept.size
    mine = log.root if kept.size == log.size else log.root_at(kept.size) if kept.size < log.size else None
    if kept.size == 0 or mine == kept.root:
        reader.said.append('%s: from %d to %d events' % ('the same' if kept.size == log.size else 'grew', kept.size, log.size))
        return True
    same, differs = parts(kept, log)
    later = reader.logs[order + 1].init.get('pinned') if order + 1 < len(reader.logs) else None
    if mine is not None or (differs is not None and differs < kept.size):
        reader.forks.append(told(what, same, differs))
    elif kept.size > log.size and later == '%d %s' % (kept.size, kept.root.hex()):
        reader.incomplete.append('it goes on from an older copy, as it says itself')
    elif kept.size > log.size:
        reader.forks.append('rollback: %d events were seen, %d are there: event %d is the first that is missing' % (kept.size, log.size, log.size))
    else:
        reader.incomplete.append('that the log only grew cannot be proved from this bundle')
    return False


def judge(reader, kept):
    """One thing that was kept, against the log of its origin. True where the log contains it."""
    order, log = next(((i, x) for i, x in enumerate(reader.logs) if x.origin == kept.origin), (0, None))
    if log is None:
        others = [k for k in reader.against if k.name == kept.name and any(x.origin == k.origin for x in reader.logs)]
        if kept.kind != 'witness' or not others:
            reader.incomplete.append('what was kept is of another log')
        return False
    vkey = log.init['checkpoint']
    if kept.kind == 'pin' and (kept.vkey, kept.event0) != (vkey, log.leaf0.hex()):
        reader.forks.append('fork: the pin names another event 0 or another key')
        return False
    try:
        checkpoint(kept.note, log.origin, vkey)
    except Refused:
        reader.incomplete.append('what was kept is not signed by the key of this log')
        return False
    if kept.kind == 'misconduct':
        (reader.forks if kept.vkey == vkey else reader.incomplete).append('misconduct of ' + kept.vkey)
        return False
    return compare(reader, kept, log, order)


# --- policies (C2SP tlog-policy) -----------------------------------------------------------------------------------
class Policy:
    """Nodes in their order: {name: witness key or (number needed, members)}."""

    def __init__(self, text):
        self.logs, self.nodes, self.quorum, listed = [], {}, None, set()
        need(text.endswith('\n') and not re.search('[\0-\x08\x0b-\x1f\x7f]', text), 'policy: form')
        for words in (line.split() for line in text.split('\n')):
            if not words or words[0].startswith('#'):
                continue
            if words[0] == 'log' and len(words) in (2, 3):
                self.logs.append(words[1])
            elif words[0] == 'witness' and len(words) in (3, 4):
                self.add(words[1], wkey(words[2]))
            elif words[0] == 'group' and len(words) >= 4:
                members = words[3:]
                need(set(members) <= set(self.nodes) - listed and len(set(members)) == len(members), 'policy: group')
                number = {'all': len(members), 'any': 1}.get(words[2]) or int(words[2])
                need(0 < number <= len(members), 'policy: group')
                listed |= set(members)
                self.add(words[1], (number, members))
            else:
                need(words[0] == 'quorum' and len(words) == 2 and self.quorum is None, 'policy: line')
                need(words[1] == 'none' or words[1] in self.nodes, 'policy: quorum')
                self.quorum = words[1]
        need(self.quorum is not None, 'policy: no quorum')

    def add(self, name, value):
        need(name != 'none' and name not in self.nodes, 'policy: name')
        self.nodes[name] = value

    def met(self, note):
        """Do the cosignatures of this checkpoint reach the quorum?"""
        text, _, lines = note.partition(b'\n\n')
        text, reached = text + b'\n', {'none': True}
        for name, node in self.nodes.items():
            if len(node) == 3:
                reached[name] = any(cosigned(line, node, text) for line in lines.split(b'\n'))
            else:
                reached[name] = sum(reached[m] for m in node[1]) >= node[0]
        return reached[self.quorum]


def cosigned(line, key, text):
    """Is it a cosignature/v1 by this witness over this text [F-8.12]?"""
    m = re.fullmatch(rb'\xe2\x80\x94 (\S+) (\S+)', line)
    try:
        data = unb64(m[2]) if m and m[1] == key[0].encode() else b''
    except Refused:
        return False
    if len(data) != 76 or data[:4].hex() != key[1]:
        return False
    when = int.from_bytes(data[4:12], 'big')
    return 0 < when < 1 << 63 and signed_by(key[2], b'cosignature/v1\ntime %d\n%s' % (when, text), data[12:])


def witnessed(reader, states):
    """states: [(size, note), ...] that the log is known to contain; made: index of the last event that made an exhibit."""
    policy, vkey = reader.policy, reader.log.init['checkpoint']
    keys = [unb64(v.split('+', 2)[2]) for v in policy.logs]
    named = not keys or any(k == unb64(vkey.split('+', 2)[2]) and v.split('+')[0] == vkey.split('+')[0] for k, v in zip(keys, policy.logs))
    reached = max([size for size, note in states if policy.met(note)], default=None)
    made = max([e.index for e in reader.all if e.p['act'] in ('acquire', 'derive') and e.p['log'] == reader.log.origin], default=0)
    return named and policy.quorum != 'none' and reached is not None and reached > made


def request(raw):
    """(old size, hashes, checkpoint) of a request to a witness [F-8.13]."""
    m = re.fullmatch(rb'old (0|[1-9]\d*)\n((?:[^\n]{44}\n){0,63})\n(.+)', raw, re.S)
    need(m and int(m[1]) < 1 << 63, 'request: form')
    hashes = [unb64(line) for line in m[2].splitlines()]
    need(all(len(h) == 32 and len(b64(h)) == 44 for h in hashes), 'request: hash')
    return int(m[1]), hashes, m[3]
