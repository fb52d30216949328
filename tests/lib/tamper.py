#!/usr/bin/python3
"""Changes one bit after the other and asks the programs what they say. HIRZ and HIRZ_VERIFY name them.

tamper.py vault FOLDER FILE COUNT SEED       a bit of FOLDER/v/FILE; a position stands for one kind of page in data.mdb
tamper.py cut FOLDER FILE                    FOLDER/v/FILE cut at and between page ends, emptied and removed
tamper.py bundle FILE FINGERPRINT COUNT SEED a bit of a bundle

FOLDER holds a vault `v`, the user's state folder `state`, and in `files` what the exhibits are.
Refused is a documented code with one message id and within 10 seconds. Harmless is a change after which `hirz verify
--full` ends with 0 and says what it said before and every exhibit comes out as it went in (free space in a page).
Everything else is wrong. Last line: `N tried, N refused, N harmless, N wrong`; exit code 1 when something is wrong.
"""
import collections
import concurrent.futures
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile

PAGE = 4096
CODES = {4, 6, 9, 11}
CRASHED = re.compile(r'(?:Address|Leak|Thread|Memory)Sanitizer|runtime error:|internal error|HZ-E999')
KINDS = {1: 'branch', 2: 'leaf', 4: 'run', 8: 'meta'}


def run(cmd, **kw):
    """Exit code (None: it hung), standard output, both outputs."""
    try:
        r = subprocess.run(cmd, capture_output=True, timeout=10, stdin=subprocess.DEVNULL, check=False, **kw)
    except subprocess.TimeoutExpired:
        return None, '', 'no answer within 10 seconds'
    out, err = r.stdout.decode('utf-8', 'replace'), r.stderr.decode('utf-8', 'replace')
    return r.returncode, out, out + err


def hirz(folder, *args):
    env = dict(os.environ, HOME=folder, XDG_STATE_HOME=os.path.join(folder, 'state'))
    return run([os.environ['HIRZ'], '--vault', os.path.join(folder, 'v'), '--json', '--no-input', *args], env=env)


def refusal(rc, text):
    """Why this is no proper refusal, or None."""
    if rc is None or rc < 0:
        return f'hung or ended by a signal ({rc})'
    if CRASHED.search(text):
        return f'crashed ({rc})'
    if rc not in CODES:
        return f'exit {rc}'
    if len(set(re.findall(r'HZ-E[0-9]{3}', text))) > 1:
        return f'more than one message id ({rc})'
    if 'HZ-E' not in text and '"verdict":"' not in text:
        return f'neither message id nor verdict ({rc})'
    return None


def said(out):
    """What verify found, without what differs from run to run."""
    lines = [json.loads(line) for line in out.splitlines()]
    return [{k: v for k, v in x.items() if k not in ('seconds', 'time', 't')} for x in lines if x['type'] != 'progress']


def comes_out(folder):
    """Why the exhibits do not come out as they went in, or None. An export reads them all at once."""
    got = os.path.join(folder, 'got.tar')
    rc, _, text = hirz(folder, 'export', '--all', '--to', 'comparison', '-o', got)
    if rc != 0:
        return f'the exhibits do not come out: exit {rc}: {text[:200]}'
    with tarfile.open(got) as tar:
        out = {tar.extractfile(m).read() for m in tar if '/data/exhibits/' in m.name}
    given = set()
    for name in os.listdir(os.path.join(folder, 'files')):
        with open(os.path.join(folder, 'files', name), 'rb') as f:
            given.add(f.read())
    return None if out == given else 'other bytes came out than went in'


def try_vault(folder, change, before):
    """One change to a copy: 'refused', 'harmless' or what is wrong."""
    with tempfile.TemporaryDirectory(prefix='hirz-tamper-', dir=os.environ.get('TAMPER_DIR')) as work:
        copy = os.path.join(work, 'x')
        shutil.copytree(folder, copy)
        change(os.path.join(copy, 'v'))
        rc, out, text = hirz(copy, 'verify', '--full')
        if rc != 0:
            return refusal(rc, text) or 'refused'
        if said(out) != before:
            return f'verify ends with 0 but says {out[:300]}'
        return comes_out(copy) or 'harmless'


def flip(path, at, bit):
    with open(path, 'r+b') as f:
        f.seek(at)
        byte = f.read(1)[0]
        f.seek(at)
        f.write(bytes([byte ^ (1 << bit)]))


def page_kinds(data):
    """Positions of each kind of page: the head of a run apart from what it holds."""
    kinds = collections.defaultdict(list)
    at = 0
    while at < len(data):
        number, _, flags, pages = struct.unpack_from('<QHHI', data, at)
        kind = KINDS.get(flags & 15, 'free') if number == at // PAGE else 'free'
        count = pages if kind == 'run' and 0 < pages <= (len(data) - at) // PAGE else 1
        kinds[kind].append((at, 16 if kind == 'run' else PAGE))
        if kind == 'run':
            kinds['content'].append((at + 16, count * PAGE - 16))
        at += count * PAGE
    return kinds


def positions(path, count, rng):
    """(position, kind): the same share for each kind of page, the fields of both metas one by one."""
    with open(path, 'rb') as f:
        data = f.read()
    if os.path.basename(path) != 'data.mdb':
        step = max(1, len(data) // count)
        return [(at, 'byte') for at in range(rng.randrange(step), len(data), step)]
    kinds = page_kinds(data)
    got = [(page + at, 'meta') for page in (0, PAGE) for at in range(0, 160, 4)]
    del kinds['meta']
    share = (count - len(got)) // len(kinds)
    for kind, places in sorted(kinds.items()):
        for _ in range(share):
            start, size = rng.choice(places)
            # The head of a page and its pointers tell more than what lies in the middle.
            size = min(size, 64) if kind in ('branch', 'leaf') and rng.random() < 0.4 else size
            got.append((start + rng.randrange(size), kind))
    return got


def tell(results):
    tally = collections.Counter()
    kinds = collections.defaultdict(collections.Counter)
    for what, kind, result in results:
        word = result if result in ('refused', 'harmless') else 'wrong'
        tally[word] += 1
        kinds[kind][word] += 1
        if word == 'wrong' and tally[word] <= 10:
            print(f'{what}: {result}')
    for kind, counts in sorted(kinds.items()):
        print(f'{kind}: ' + ', '.join(f'{n} {word}' for word, n in sorted(counts.items())))
    print(f'{len(results)} tried, {tally["refused"]} refused, {tally["harmless"]} harmless, {tally["wrong"]} wrong')
    return 1 if tally['wrong'] else 0


def all_of(jobs, work):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, jobs))


def vault_start(folder):
    """What verify says of the vault as it is."""
    with tempfile.TemporaryDirectory(prefix='hirz-tamper-', dir=os.environ.get('TAMPER_DIR')) as work:
        copy = os.path.join(work, 'x')
        shutil.copytree(folder, copy)
        rc, out, text = hirz(copy, 'verify', '--full')
        if rc != 0 or comes_out(copy) is not None:
            sys.exit(f'the vault is not good to begin with: {rc}: {text}')
        return said(out)


def do_vault(folder, name, count, seed):
    before, rng = vault_start(folder), random.Random(int(seed))
    jobs = [(at, kind, rng.randrange(8)) for at, kind in positions(os.path.join(folder, 'v', name), int(count), rng)]

    def work(job):
        at, kind, bit = job
        return f'{name}: bit {bit} of byte {at} ({kind})', kind, try_vault(
            folder, lambda v: flip(os.path.join(v, name), at, bit), before)
    return tell(all_of(jobs, work))


def do_cut(folder, name):
    before = vault_start(folder)
    size = os.path.getsize(os.path.join(folder, 'v', name))
    ends = range(0, size, PAGE * max(1, size // PAGE // 24))
    jobs = sorted({at for end in ends for at in (end, end + 1, end + 2048, end + PAGE - 1)} |
                  {size - 1, size - 512, size - PAGE} | {size + 1, size + PAGE, size + 5000})
    jobs = [None] + [at for at in jobs if 0 <= at != size]

    def change(v, at):
        path = os.path.join(v, name)
        os.unlink(path) if at is None else os.truncate(path, at)

    def work(at):
        kind = 'missing' if at is None else 'shorter' if at < size else 'longer'
        return f'{name} of {size} bytes: {at}', kind, try_vault(folder, lambda v: change(v, at), before)
    return tell(all_of(jobs, work))


def bundle_positions(data, count, rng):
    """Half anywhere, half in what is not content: the heads of members, small files, the end."""
    spans, at = [], 0
    while at + 512 <= len(data) and data[at] != 0:
        size = int(data[at + 124:at + 135], 8)
        spans.append((at, 512, 'head'))
        if size and not re.search(rb'/data/exhibits/', data[at:at + 100]):
            spans.append((at + 512, size, 'file'))
        if size % 512:
            spans.append((at + 512 + size, -size % 512, 'padding'))
        at += 512 + (size + 511) // 512 * 512
    spans.append((at, len(data) - at, 'end'))
    got = [(rng.randrange(len(data)), 'anywhere') for _ in range(count // 2)]
    for _ in range(count - len(got)):
        start, size, kind = rng.choice(spans)
        got.append((start + rng.randrange(size), kind))
    return got


def do_bundle(path, key, count, seed):
    rng = random.Random(int(seed))
    with open(path, 'rb') as f:
        data = f.read()
    jobs = [(at, kind, rng.randrange(8)) for at, kind in bundle_positions(data, int(count), rng)]
    sizes = [0, 1, 511, 512, 1024, len(data) // 2, len(data) // 2 // 512 * 512, len(data) - 1024, len(data) - 512,
             len(data) - 1]
    jobs += [(size, 'cut', None) for size in sizes]
    jobs += [(more, 'longer', None) for more in (b'\0', b'x', bytes(512), bytes(10240), data[:512], data)]

    def work(job):
        at, kind, bit = job
        if bit is not None:
            changed = data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1:]
        else:
            changed = data[:at] if kind == 'cut' else data + at
        with tempfile.NamedTemporaryFile(suffix='.tar', dir=os.environ.get('TAMPER_DIR')) as f:
            f.write(changed)
            f.flush()
            rc, _, text = run([os.environ['HIRZ_VERIFY'], '--json', '--key', key, f.name])
        where = at if isinstance(at, int) else f'{len(at)} bytes more'
        return f'bundle: {kind} {where} bit {bit}', kind, (
            'refused' if rc in (4, 6) and refusal(rc, text) is None else f'exit {rc}: {text[:300]}')
    return tell(all_of(jobs, work))


def main():
    modes = {'vault': (do_vault, 4), 'cut': (do_cut, 2), 'bundle': (do_bundle, 4)}
    if len(sys.argv) < 2 or sys.argv[1] not in modes or len(sys.argv) - 2 != modes[sys.argv[1]][1]:
        print(__doc__, file=sys.stderr)
        return 2
    return modes[sys.argv[1]][0](*sys.argv[2:])


if __name__ == '__main__':
    sys.exit(main())
