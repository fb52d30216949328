#!/usr/bin/python3
"""hirz-verify's verifier and the second verifier, written by another hand from docs/format.md, give one verdict.

agree.py HELPER LIB VECTOR.tar [MUTANTS]      HELPER is the program many; LIB holds verify.py and make_bundle.py
"""
import random
import struct
import subprocess
import sys

sys.dont_write_bytecode = True
try:
    import nacl  # noqa: F401  pylint: disable=unused-import
except ImportError:
    print('1..0 # SKIP python3-nacl is not installed')
    sys.exit(0)
sys.path.insert(0, sys.argv[2])
import make_bundle  # noqa: E402
import verify  # noqa: E402

COUNT = [0]
HELPER = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # pylint: disable=consider-using-with


def ok(good, what, *notes):
    COUNT[0] += 1
    print('%s %d - %s' % ('ok' if good else 'not ok', COUNT[0], what))
    for note in [] if good else notes:
        print('# %s' % (note,))


def ours(data, key):
    """(verdict, words found) of the program."""
    key = (key or '').encode()
    HELPER.stdin.write(struct.pack('>I', len(key)) + key + struct.pack('>I', len(data)) + data)
    HELPER.stdin.flush()
    words = HELPER.stdout.readline().decode().split()
    return words[0] if words else 'nothing', words[1:]


def both(data, key, what, want=None):
    one, words = ours(data, key)
    two, state = verify.verify_bytes(data, key)
    good = one == two and want in (None, one)
    ok(good, '%s: %s' % (what, one), 'wanted %s, ours %s, second %s' % (want, one, two), words, *state.failed[:4],
       *state.unsupported[:4], *state.incomplete[:4])


def parts(data):
    """The members of a tar, each with its header and padding."""
    out, at = [], 0
    while any(data[at:at + 512]):
        size = int(data[at + 124:at + 135], 8)
        end = at + 512 + (size + 511) // 512 * 512
        out.append(data[at:end])
        at = end
    return out


def mutants(data, rng, count):
    """Changed bundles: bits, bytes, members and pieces."""
    members = parts(data)
    heads = [n for n in range(0, len(data), 512)]
    for number in range(count):
        kind = number % 10
        changed = bytearray(data)
        if kind < 4:
            at = rng.randrange(len(data) * 8)
            changed[at // 8] ^= 1 << at % 8
        elif kind == 4:
            changed[rng.choice(heads) + rng.randrange(512) if number % 2 else rng.randrange(len(data))] = rng.randrange(256)
        elif kind == 5:
            at = rng.randrange(len(data))
            changed[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 512, 1024))))
        elif kind == 6:
            at = rng.randrange(len(data))
            del changed[at:at + rng.choice((1, 100, 512, 1024))]
        elif kind == 7:
            changed = changed[:rng.randrange(len(data))]
        else:
            names = list(range(len(members)))
            if kind == 8:
                names.insert(rng.randrange(len(names)), rng.choice(names))
            else:
                a, b = rng.sample(names, 2)
                names[a], names[b] = names[b], names[a]
                del names[rng.randrange(len(names)):][:rng.randrange(2)]
            changed = b''.join(members[n] for n in names) + bytes(1024)
        yield bytes(changed)


def resigned(rng, count, build=make_bundle.build):
    """Bundles whose files were changed before manifests and signatures were made: only what lies behind them can find it."""
    def change(files):
        name = rng.choice(sorted(files))
        content = bytearray(files[name])
        what = rng.randrange(7)
        if what == 0:
            del files[name]
            return
        if what == 1:
            files[rng.choice(sorted(files))] = bytes(content)
            return
        if what == 2:
            content += bytes([rng.choice(b'\n~= a0')])
        elif what == 3 and content:
            del content[rng.randrange(len(content))]
        elif content:
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        files[name] = bytes(content)
    for _ in range(count):
        yield build(make_bundle.at('files', change))


def value_of(rng, old, others):
    """Something else in the place of a JSON value, often nearly right."""
    pool = [None, 0, 1, 7, (1 << 53) - 1, 1 << 53, True, '', 'x', 'ex-' + '0' * 32, 'mb-' + '0' * 32, '0' * 64, 'A' * 64, [], {}, ['x'],
            {'a': 1}, '2026-06-01T08:00:00Z', '2026-06-01T08:00:60Z', 'init', 'clock', 'note', 1.5, -1, *others]
    if isinstance(old, int) and rng.random() < .5:
        return old + rng.choice((-1, 1, 2))
    if isinstance(old, str) and old and rng.random() < .5:
        at = rng.randrange(len(old))
        return old[:at] + rng.choice('0aA \n"\\\u0080\u0661') + old[at + rng.randrange(2):]
    return rng.choice(pool)


def edit(rng, value):
    """A value of the generator with one thing changed, before it is signed."""
    if isinstance(value, dict):
        inner = [v for v in value.values() if isinstance(v, dict) and v]
        if inner and rng.random() < .4:
            edit(rng, rng.choice(inner))
            return value
        name = rng.choice(sorted(value))
        what = rng.randrange(4)
        if what == 0:
            del value[name]
        elif what == 1:
            value[rng.choice(('also', 'com', 'hdr', 'heads', 'keyring', 'obj', 'rec', 'ref', 'src', 'to', 'why', 'x', 'ex', 'prev', 'zz'))] = value_of(
                rng, None, value.values())
        else:
            value[name] = value_of(rng, value[name], value.values())
        return value
    if isinstance(value, (str, bytes)) and value:
        at = rng.randrange(len(value))
        new = rng.choice(('', '0', '9', 'a', ' ', '\n', '~', '=', '\u0661'))
        return value[:at] + (new.encode() if isinstance(value, bytes) else new) + value[at + rng.randrange(2):]
    if isinstance(value, list) and value:
        return rng.choice((value[::-1], value[1:], value + value[:1], value + ['']))
    return value


def edited(rng, count):
    """Bundles signed rightly everywhere, with one wrong thing in what was signed: the strict readers are held against each other."""
    places = ['event %d' % n for n in range(9)] * 3 + ['init'] * 4 + ['record exhibit', 'record receipt', 'record case', 'record export'] * 3 + [
        'payload 1', 'payload 6', 'disclosures exhibit', 'disclosures case', 'disclosures receipt', 'opening photo.bin', 'note', 'note lines', 'heads',
        'bag-info', 'minisig', 'sshsig', 'manifest-sha256', 'tagmanifest-sha256', 'folder']
    made = 0
    while made < count:
        place, done = rng.choice(places), []

        def hook(what, value, place=place, done=done):
            if what != place or done:
                return value
            done.append(1)
            return edit(rng, value)
        try:
            yield make_bundle.build(hook)
            made += 1
        except (KeyError, ValueError, TypeError, AttributeError, IndexError):
            pass  # the generator cannot go on with this


def compare(cases, what):
    differ, seen, total = [], {}, 0
    for number, (data, key) in enumerate(cases):
        one, words = ours(data, key)
        two, state = verify.verify_bytes(data, key)
        seen[one] = seen.get(one, 0) + 1
        total += 1
        if one != two:
            differ.append('%d: ours %s %s, second %s %s' % (number, one, words, two, (state.failed + state.unsupported + state.incomplete)[:3]))
    ok(not differ and total > 0, '%d %s: one verdict %s' % (total, what, sorted(seen.items())), *differ[:20])


def main():
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
    with open(sys.argv[3], 'rb') as f:
        data = f.read()
    _, fingerprint = make_bundle.build()
    both(data, fingerprint, 'the stored bundle', 'VALID-SIGNED')
    both(data, None, 'without a key', 'INCOMPLETE')
    both(data, '0' * 32, 'with another fingerprint', 'INVALID')
    for name, (hook, want) in make_bundle.VARIANTS.items():
        both(*make_bundle.build(hook), name, want)
    new, mine, old = make_bundle.build_restored()
    both(new, mine, 'a continued log', 'VALID-SIGNED')
    both(new, old, 'a continued log with the fingerprint of the closed one', 'VALID-SIGNED')
    for name, hook in (('state found', make_bundle.at('init', lambda i: {**i, 'found': i['found'].replace('2 ', '3 ')})),
                       ('no state found', make_bundle.at('init', lambda i: {**i, 'found': ''})),
                       ('names another', make_bundle.at('ref', lambda r: '0' * 64)),
                       ('without the closed one', make_bundle.at('files', lambda files: [
                           files.pop(f) for f in list(files) if f.startswith('custody/logs/')] and None))):
        both(make_bundle.build_restored(hook)[0], None, 'a continued log, ' + name, 'INVALID')
    for name, (hook, want) in make_bundle.STAMPED.items():
        both(*make_bundle.build_stamped(hook)[:2], 'a time anchor, ' + name, want)
    for name, (lines, want) in make_bundle.RENEWED.items():
        both(*make_bundle.build_renewed(lines)[:2], 'a renewal ' + name, want)
    for name, (hook, want) in make_bundle.TAGGED.items():
        both(*make_bundle.build_tagged(hook)[:2], 'tags, ' + name, want)
    for name, (hook, want) in make_bundle.RULED.items():
        both(*make_bundle.build_ruled(hook), 'rules, ' + name, want)
    rng = random.Random(20260601)
    compare(((m, fingerprint) for m in mutants(data, rng, count)), 'mutants')
    compare(((m, mine) for m in mutants(new, rng, count // 4)), 'mutants of a continued log')
    stamped = make_bundle.build_stamped()
    compare(((m, stamped[1]) for m in mutants(stamped[0], rng, count // 4)), 'mutants of a bundle with a time anchor')
    compare((b[:2] for b in resigned(rng, count // 4, make_bundle.build_stamped)), 'bundles with an anchor changed before they were signed')
    tagged = make_bundle.build_tagged()
    compare(((m, tagged[1]) for m in mutants(tagged[0], rng, count // 4)), 'mutants of a bundle with tags')
    compare((b[:2] for b in resigned(rng, count // 4, make_bundle.build_tagged)), 'bundles with tags changed before they were signed')
    ruled = make_bundle.build_ruled()
    compare(((m, ruled[1]) for m in mutants(ruled[0], rng, count // 8)), 'mutants of a bundle with rules')
    compare((b[:2] for b in resigned(rng, count // 8, make_bundle.build_ruled)), 'bundles with rules changed before they were signed')
    compare(resigned(rng, count // 2), 'bundles changed before they were signed')
    compare(edited(rng, count), 'bundles with one wrong thing signed')
    HELPER.stdin.close()
    ok(HELPER.wait() == 0, 'the helper ends well')
    print('1..%d' % COUNT[0])


main()
