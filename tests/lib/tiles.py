#!/usr/bin/python3
"""tiles.py DIR VKEY_FILE [EARLIER_CHECKPOINT]: a small client of the tlog-tiles layout, written from its specification.

Checks the checkpoint's signature, takes every hash of a leaf from the level-0 tiles, makes the tree from them, compares
it with the checkpoint and every higher tile with it; with an earlier checkpoint, that the tree contains it. Exit 0 or 1.
"""
import base64
import hashlib
import os
import sys

from nacl.bindings import crypto_sign_open


def sha(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return sha(b'\1' + left + right)


def root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node(root(hashes[:k]), root(hashes[k:]))


def read(path, pk, origin):
    with open(path, 'rb') as f:
        note = f.read()
    text, _, sigs = note.partition(b'\n\n')
    lines = text.split(b'\n')
    assert len(lines) == 3 and lines[0].decode() == origin, 'origin'
    blobs = [base64.b64decode(s.split(b' ')[2]) for s in sigs.splitlines() if s.split(b' ')[1].decode() == origin]
    assert len(blobs) == 1 and crypto_sign_open(blobs[0][4:] + text + b'\n', pk), 'signature'
    return int(lines[1]), base64.b64decode(lines[2])


def tile(folder, level, number, width):
    parts, n = ['%03d' % (number % 1000)], number // 1000
    while n:
        parts.insert(0, 'x%03d' % (n % 1000))
        n //= 1000
    path = os.path.join(folder, 'tile', str(level), *parts)
    with open(path if width == 256 else path + '.p/%d' % width, 'rb') as f:
        data = f.read()
    assert len(data) == 32 * width, 'tile %d/%d: size' % (level, number)
    return [data[i:i + 32] for i in range(0, len(data), 32)]


def main(folder, vkey, earlier=None):
    with open(vkey, encoding='utf-8') as f:
        origin, _, key = f.read().strip().split('+', 2)
    pk = base64.b64decode(key)[1:]
    size, top = read(os.path.join(folder, 'checkpoint'), pk, origin)
    level, hashes = 0, []
    below = None
    while level == 0 or len(below) >= 256:
        count = size >> (8 * level)
        hashes = [h for i in range((count + 255) // 256) for h in tile(folder, level, i, min(256, count - 256 * i))]
        if level:
            assert hashes == [root(below[i:i + 256]) for i in range(0, len(below) - 255, 256)], 'level %d' % level
        else:
            assert root(hashes) == top, 'root'
            leaves = hashes
        below, level = hashes, level + 1
    if earlier:
        was, old = read(earlier, pk, origin)
        assert 0 < was <= size and root(leaves[:was]) == old, 'the tree does not contain what was published before'
    print('%d leaves' % size)


if __name__ == '__main__':
    try:
        main(*sys.argv[1:])
    except (AssertionError, OSError, ValueError) as e:
        sys.exit('tiles: %s' % e)
