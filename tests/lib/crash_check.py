#!/usr/bin/python3
"""crash_check.py STATE ACKED: is all there that was promised before the power went?

STATE holds the vault `v` and the user's state folder `state`; ACKED the JSON lines that the programs had written. Each
exhibit that they named as sealed must be listed with its size and hash and pass `hirz verify --full`; the log must be
as long as the longest head printed. Before `init` had said that there is a vault, "no vault" is the one other answer.
One state in eight also takes one more file. HIRZ names the program, CRASH_ONE_MORE the file. Exit code 0 or 1.
"""
import json
import os
import subprocess
import sys
import zlib


def hirz(state, *args):
    env = dict(os.environ, HOME=os.path.join(state, 'home'), XDG_STATE_HOME=os.path.join(state, 'state'))
    r = subprocess.run([os.environ['HIRZ'], '--vault', os.path.join(state, 'v'), '--json', '--no-input', *args], env=env,
                       capture_output=True, text=True, timeout=60, check=False)
    lines = [json.loads(line) for line in r.stdout.splitlines()]
    return r.returncode, lines, (r.stdout + r.stderr).strip().replace('\n', ' | ')[-600:]


def wrong(what):
    print(what)
    sys.exit(1)


def main():
    state = sys.argv[1]
    with open(sys.argv[2], 'rb') as f:
        told = f.read()
    acks = [json.loads(line) for line in told.splitlines()]
    there = any(a['type'] == 'vault' for a in acks)
    sealed = {a['id']: (a['sha256'], a['size']) for a in acks if a['type'] == 'item' and a['result'] == 'sealed'}
    head = max((a['log_head']['size'] for a in acks if a['type'] == 'summary'), default=0)
    rc, lines, said = hirz(state, 'verify', '--full')
    if rc == 6 and not there and 'HZ-E041' in said:
        return
    if rc not in (0, 3):
        wrong(f'verify: exit {rc}: {said}')
    with open(os.path.join(state, 'v', 'data.mdb'), 'rb') as f:
        lot = zlib.crc32(f.read())
    rc, lines, said = hirz(state, 'list', '--limit', '1000')
    if rc != 0:
        wrong(f'list: exit {rc}: {said}')
    found = {e['id']: (e['sha256'], e['size']) for e in lines if e['type'] == 'exhibit'}
    for number, what in sealed.items():
        if found.get(number) != what:
            wrong(f'{number} was acknowledged and is {found.get(number)}')
    if head and lot % 2 == 0:
        rc, lines, said = hirz(state, 'log')
        events = sum(e['type'] == 'event' for e in lines)
        if rc != 0 or events < head:
            wrong(f'log: exit {rc}, {events} events, a head of {head} was printed: {said}')
    if os.environ.get('CRASH_ONE_MORE') and lot % 8 == 0:
        rc, lines, said = hirz(state, 'add', os.environ['CRASH_ONE_MORE'])
        if rc != 0:
            wrong(f'one more: exit {rc}: {said}')
        rc, lines, said = hirz(state, 'verify', '--full')
        if rc not in (0, 3):
            wrong(f'verify after one more: exit {rc}: {said}')


main()
