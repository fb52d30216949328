#!/usr/bin/python3
"""check_one.py EVENT PROOF [OPENING FILE]: one exhibit by hand, from docs/format.md 6.6, 8.4 and 8.6 alone.

EVENT is an event as it stands in a bundle, PROOF its inclusion proof (from the bundle or `hirz log --proof N`), OPENING
and FILE what the event's commitment opens to. Prints index, size, leaf hash and root; exit code 1 with the reason.
The checkpoint's signature and the event's are left to others.
"""
import base64
import hashlib
import json
import sys


def h(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def walk(leaf, index, size, path):
    """The root that the path leads to from a leaf, as RFC 9162 2.1.3.2 says."""
    at, last, root = index, size - 1, leaf
    for p in path:
        if last == 0:
            sys.exit('the path is too long')
        if at & 1 or at == last:
            root = h(b'\1', p, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = h(b'\1', root, p)
        at, last = at >> 1, last >> 1
    if last:
        sys.exit('the path is too short')
    return root


def main():
    event = open(sys.argv[1], 'rb').read()
    lines = open(sys.argv[2], encoding='utf-8').read().split('\n')
    gap = lines.index('')
    index, size = int(lines[1].removeprefix('index ')), int(lines[gap + 2])
    leaf = h(b'\0', event)
    root = walk(leaf, index, size, [base64.b64decode(x, validate=True) for x in lines[2:gap]])
    if lines[0] != 'c2sp.org/tlog-proof@v1' or index >= size or base64.b64decode(lines[gap + 3]) != root:
        sys.exit('the event is not in the tree')
    if len(sys.argv) > 3:
        body = event.split(b'.')[1]
        said = json.loads(base64.urlsafe_b64decode(body + b'=' * (-len(body) % 4)))
        opening, data = open(sys.argv[3], 'rb').read(), open(sys.argv[4], 'rb').read()
        salt = opening.split(b'\n')[1]
        want = b'hirz-commitment/v1\n%s\nsha256 %s\nsize %d\n' % (salt, hashlib.sha256(data).hexdigest().encode(), len(data))
        if opening != want or said['com'] != h(opening).hex():
            sys.exit('the commitment does not open to this file')
    print(index, size, leaf.hex(), root.hex())


main()
