"""The second verifier for audit packs, written from docs/format.md alone ([F-9.20], [F-10.20])."""
import re

from verify import ACTS, Bundle, Log, checkpoint, need, sha

FIRST = b'hirz-audit-pack/v1\n'


def root_of(leaves):
    """RFC 6962 2.1, from below: complete subtrees along the right edge."""
    edge = []
    for leaf in leaves:
        edge.append((1, leaf))
        while len(edge) > 1 and edge[-1][0] == edge[-2][0]:
            (n, right), (_, left) = edge.pop(), edge.pop()
            edge.append((2 * n, sha(b'\1' + left + right)))
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


class Pack(Bundle):
    def verdict(self):
        self.exhibits = 1  # a pack has none, and needs none
        return super().verdict()

    def check(self):
        raw = self.stream.read()
        self.parsed = parse(raw)
        self.all, ends = [], {}
        for order, (origin, events, sections) in enumerate(self.parsed):
            notes = [s for s in sections if s[0] == 'checkpoint']
            self.unsupported += ['section of unknown kind: ' + s[0] for s in sections if s[0] != 'checkpoint']
            need(notes and notes[-1][1] == len(events), 'no checkpoint of all events')
            self.files = {'custody/' + name: (content,) for name, content in
                          (('checkpoint', notes[-1][2]), ('events/0.jws', events[0]), ('proofs/0.tlog-proof', b''))}
            log = Log(self, 'custody/')
            need(log.origin == origin, 'event 0 is of another log')
            self.follow(log, order)
            self.logs.append(log)
            self.log = log
            self.events(log, order, events, ends)
            for _, size, note in notes:
                need(checkpoint(note, origin, log.init['checkpoint']) == (size, root_of(self.leaves[:size])), 'a checkpoint of other events')
        with self.stage('outside'):
            self.outside()
        self.said.append('%d logs, %d events' % (len(self.logs), len(self.all)))

    def follow(self, log, order):
        if order == 0:
            need(log.first['act'] == 'init', 'the log that it continues is missing')
            return
        old = self.logs[-1]
        need(log.first['act'] == 'restore' and log.first.get('ref') == old.leaf0.hex(), 'it continues another log')
        need(log.init['found'] == '%d %s' % (old.size, old.root.hex()), 'the log before it is not what was found')
        need(log.kid == old.kid and 'custodian' in old.init['roles'], 'restore not by a custodian')

    def events(self, log, order, events, ends):
        self.leaves = [sha(b'\0' + e) for e in events]
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
