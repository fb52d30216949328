#!/usr/bin/env python3
"""Turns age conformance files into lines: name, expectation, key, SHA-256 of the payload, file key, file.

usage: testkit.py testkit|cli   (the folder is $HIRZ_SHARED)
key is "i:<identity>" or "p:<passphrase>"; "-" is an empty field; payloads, keys and files are hex. Armored files
and those for hybrid identities alone are counted in a last line: "skipped <armored> <hybrid>".
"""

import os
import sys
import zlib

ROOT = os.path.join(os.environ["HIRZ_SHARED"], "conformance")


def testkit():
    folder = os.path.join(ROOT, "age/testkit")
    armored = hybrid = 0
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            head, _, body = f.read().partition(b"\n\n")
        fields = [tuple(x.split(": ", 1)) for x in head.decode().split("\n")]
        known = dict(fields)
        ids = [v for k, v in fields if k == "identity" and v.startswith("AGE-SECRET-KEY-1")]
        if "armored" in known:
            armored += 1
            continue
        if not ids and "passphrase" not in known and "identity" in known:
            hybrid += 1
            continue
        if known.get("compressed") == "zlib":
            body = zlib.decompress(body)
        if ids:
            key = "i:" + ids[0]
        elif "passphrase" in known:
            key = "p:" + known["passphrase"]
        else:
            key = "i:AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"
        expect = known["expect"].replace(" ", "-")
        print(name, expect, key, known.get("payload", "-"), known.get("file key", "-"), body.hex() or "-")
    print("skipped", armored, hybrid)


def cli():
    folder = os.path.join(ROOT, "own/age-cli")
    ids = []
    for name in ("id1.txt", "id2.txt"):
        with open(os.path.join(folder, name), encoding="ascii") as f:
            ids += [x.strip() for x in f if x.startswith("AGE-SECRET-KEY-1")]
    sums = {}
    with open(os.path.join(folder, "plain.sha256"), encoding="ascii") as f:
        for text in f:
            digest, name = text.split()
            sums[name] = digest
    cases = [(name + ".age", name, [ids[0]]) for name in sorted(sums)] + [("two.age", "msg.txt", ids)]
    for name, plain, keys in cases:
        with open(os.path.join(folder, name), "rb") as f:
            body = f.read()
        for key in keys:
            print(name, "success", "i:" + key, sums[plain], "-", body.hex())
    print("skipped", 0, 0)


{"testkit": testkit, "cli": cli}[sys.argv[1]]()
