"""The second verifier for audit packs, written from docs/format.md alone ([F-9.20], [F-10.20])."""
import os
import re

from verify import ACTS, Bundle, Log, anchor_parts, checkpoint, need, sd_jwt, sha, signed_by

FIRST = b'hirz-audit-pack/v1\n'


def edge_of(edge, leaf):
    """RFC 6962 2.1, from below: complete subtrees along the right edge."""
    edge.append((1, leaf))
    while len(edge) > 1 and edge[-1][0] == edge[-2][0]:
        (n, right), (_, left) = edge.pop(), edge.pop()
        edge.append((2 * n, sha(b'\1' + left + right)))


def root_of(leaves):
    edge = []
    for leaf in leaves:
        edge_of(edge, leaf)
    return edge_root(edge)


def edge_root(edge):
    edge = list(edge)
    if not edge:
        return sha(b'')
    root = edge.pop()[1]
    while edge:
        root = sha(b'\1' + edge.pop()[1] + root)
    return root


def parse(data):
    """[(origin, [event, ...], [(word, events before it, bytes), ...]), ...]; refuses every other form."""
    need(data.startswith(FIRST), 'it does not begin as a pack')
    logs, at = [], len(FIRST)
    while True:
        end = data.find(b'\n', at)
        need(end >= 0, 'it ends too early')
        line, at = data[at:end], end + 1
        if line == b'end':
            need(logs and len(logs[-1][1]) == logs[-1][3] and at == len(data), 'its end')
            return [entry[:3] for entry in logs]
        named = re.fullmatch(rb'log ([^ \n\0]{1,127}) ([1-9]\d{0,19})', line)
        if named:
            need((not logs or len(logs[-1][1]) == logs[-1][3]) and len(logs) < 64, 'a log in the middle of another')
            logs.append((named[1].decode(), [], [], int(named[2])))
            continue
        need(logs, 'something before the first log')
        _, events, sections, count = logs[-1]
        section = re.fullmatch(rb'([a-z-]{1,31}) ([1-9]\d{0,7})', line)
        if section:
            n = int(section[2])
            need(n <= 1 << 20 and at + n <= len(data) and data[at + n - 1:at + n] == b'\n', 'a section')
            sections.append((section[1].decode(), len(events), data[at:at + n]))
            at += n
        else:
            need(line and b' ' not in line and len(line) <= 60000 and len(events) < count, 'an event')
            events.append(line)


class PackLog(Log):
    """A log whose events are all there."""

    def root_at(self, size):
        return self.sizes[size] if size <= self.size else None

    def leaf_at(self, index):
        return self.leaves[index] if index < self.size else None


class Pack(Bundle):
    def verdict(self):
        self.exhibits = 1  # a pack has none, and needs none
        return super().verdict()

    def check(self):
        raw = self.stream.read()
        self.parsed = parse(raw)
        self.all, self.notes, self.parts, ends = [], [], {}, {}
        for order, (origin, events, sections) in enumerate(self.parsed):
            self.notes = [s for s in sections if s[0] == 'checkpoint']
            self.unsupported += ['section of unknown kind: ' + s[0] for s in sections if s[0] not in ('checkpoint', 'record')]
            need(self.notes and self.notes[-1][1] == len(events), 'no checkpoint of all events')
            self.files = {'custody/' + name: (content,) for name, content in
                          (('checkpoint', self.notes[-1][2]), ('events/0.jws', events[0]), ('proofs/0.tlog-proof', b''))}
            log = PackLog(self, 'custody/')
            need(log.origin == origin, 'event 0 is of another log')
            self.grow(log, events)
            self.follow(log, order)
            self.logs.append(log)
            self.log = log
            self.events(log, order, events, ends)
            for _, size, note in self.notes:
                with self.stage('checkpoint of %d events' % size):
                    need(checkpoint(note, origin, log.init['checkpoint']) == (size, log.sizes[size]), 'a checkpoint of other events')
            self.records(log, order, [s for s in sections if s[0] == 'record'])
        self.stamped()
        for step in (self.earlier, self.outside):
            with self.stage(step.__name__):
                step()
        self.said.append('%d logs, %d events' % (len(self.logs), len(self.all)))

    def grow(self, log, events):
        """All leaves, and the root of every size."""
        log.leaves, edge = [sha(b'\0' + e) for e in events], []
        log.sizes = [edge_root(edge)]
        for leaf in log.leaves:
            edge_of(edge, leaf)
            log.sizes.append(edge_root(edge))
        self.leaves = log.leaves

    def states(self):
        return [(size, note) for _, size, note in self.notes]

    def records(self, log, order, sections):
        """The records of events of act anchor: what was stamped, and what it proves [F-10.20]."""
        for _, after, content in sections:
            with self.stage('record of event %d:%d' % (order, after - 1)):
                need([s[1] for s in sections].count(after) == 1 and after - 1 in log.events, 'a record that belongs to no event')
                event = log.events[after - 1].p
                need(event['act'] == 'anchor' and 'rec' in event, 'a record behind an event that has none here')
                kid, p, message, sig, digest, fields = sd_jwt(content[:-1])
                need(digest == event['rec'], 'a record that its event does not name')
                need(kid == log.kid and signed_by(log.pk, message, sig) and p['iss'] == log.origin and 'ex' not in p, 'signature, log or exhibit')
                if fields.get('kind') == 'anchor':
                    self.anchor(order, after - 1, fields)

    def anchor(self, order, index, fields):
        kind = fields.get('anchor.type')
        need(isinstance(kind, str), 'type')
        if kind not in ('rfc3161', 'ots'):
            self.unsupported.append('an anchor of another type')
            return
        said = anchor_parts(fields, kind, fields.get('anchor.size'))
        of = [log for log in self.logs if said[0].split(b'\n')[0].decode() == log.origin]
        need(of, 'what was stamped is of no log in the pack')
        size, root = checkpoint(said[0], of[0].origin, of[0].init['checkpoint'])
        need(0 < size <= (index if of[0] is self.log else of[0].size) and size == fields['anchor.size'], 'what was stamped is later than its event')
        self.parts['%d-%d' % (order, index)] = (kind, said)
        if root != of[0].sizes[size]:
            self.forks.append('fork: another tree of %d events was signed and stamped' % size)
            return
        self.prove(kind, said, size)

    def extract(self, folder):
        """The files of time stamps under the names that they have in a bundle [F-9.12], and the newest checkpoint."""
        os.makedirs(folder, exist_ok=True)
        files = {'checkpoint': self.log.note}
        for name, (kind, said) in self.parts.items():
            ends = ('checkpoint', 'ots' if kind == 'ots' else 'tst', 'chain.pem', 'crls.pem', 'ocsp', 'blocks')
            files.update({'%s.%s' % (name, end): part for end, part in zip(ends, said) if part})
        for name, content in files.items():
            with open(os.path.join(folder, name), 'xb') as f:
                f.write(content)

    def follow(self, log, order):
        if order == 0:
            need(log.first['act'] == 'init', 'the log that it continues is missing')
            return
        old = self.logs[-1]
        need(log.first['act'] == 'restore' and log.first.get('ref') == old.leaf0.hex(), 'it continues another log')
        need(log.init['found'] == '%d %s' % (old.size, old.root.hex()), 'the log before it is not what was found')
        need(log.kid == old.kid and 'custodian' in old.init['roles'], 'restore not by a custodian')

    def events(self, log, order, events, ends):
        aseq, aprev = 0, None
        for index, raw in enumerate(events):
            with self.stage('event %d:%d' % (order, index)):
                log.event(order, index, raw, self.leaves[index])
                e = log.events[index]
                need((e.p['aseq'], e.p['aprev']) == (aseq, aprev), 'chain of its signer')
                if 'ex' in e.p:
                    seq, head = ends.get(e.p['ex'], (0, None))
                    need((e.p['seq'], e.p['prev']) == (seq, head), 'chain of its subject')
                    first = ('acquire', 'derive') if e.p['ex'].startswith('ex-') else ('init', 'key-add')
                    need(seq > 0 or e.p['act'] in first or e.p['act'] not in ACTS, 'first event of a chain')
                    ends[e.p['ex']] = (seq + 1, e.leaf.hex())
                self.all.append(e)
            aseq, aprev = aseq + 1, self.leaves[index].hex()
