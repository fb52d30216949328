#!/usr/bin/env python3
"""Turns conformance files into lines of fields; "-" is an empty one. The folder is $HIRZ_SHARED.

usage: vectors.py merkle|trees|reference|notes|syntax|tlog|tessera
       vectors.py table FORMAT.md     the rows of section 8.2
"""

import base64
import glob
import json
import os
import re
import sys

WITNESS_ONLY = ("cosignature-timestamp", "cosignature-missing", "witness-signed")
FORM = ("root-31-bytes", "not-canonical", "leading-zero", "extension-line")


def line(*fields):
    print(" ".join(str(f) if f != "" else "-" for f in fields))


def load(name):
    with open(os.path.join(os.environ["HIRZ_SHARED"], "conformance", name), encoding="utf-8") as f:
        return json.load(f)


def raw(name):
    with open(os.path.join(os.environ["HIRZ_SHARED"], "conformance", name), "rb") as f:
        return f.read()


def files(pattern):
    top = os.path.join(os.environ["HIRZ_SHARED"], "conformance")
    return [os.path.relpath(p, top) for p in sorted(glob.glob(os.path.join(top, pattern), recursive=True)) if os.path.isfile(p)]


def unb64(text):
    return base64.b64decode(text or "").hex()


def merkle():
    for name in files("merkle/inclusion/**/*.json"):
        v = load(name)
        proof = ",".join(unb64(p) or "x" for p in v["proof"] or [])
        line("I", v["leafIdx"], v["treeSize"], unb64(v["leafHash"]), "-", unb64(v["root"]), proof, int(v["wantErr"]), name)
    for name in files("merkle/consistency/**/*.json"):
        v = load(name)
        proof = ",".join(unb64(p) or "x" for p in v["proof"] or [])
        line("C", v["size1"], v["size2"], unb64(v["root1"]), "-", unb64(v["root2"]), proof, int(v["wantErr"]), name)


def trees():
    for t in load("own/merkle/trees.json")["trees"]:
        line("T", t["size"], t["root_hex"], "-")
        for p in t["inclusion"]:
            line("I", p["index"], "-", "".join(p["proof_hex"]))
        for p in t["consistency"]:
            line("C", p["from"], p["from_root_hex"], "".join(p["proof_hex"]))


def reference():
    data = load("merkle/rfc6962-8-leaf-tree.json")
    for i, leaf in enumerate(data["leaf_inputs_hex"]):
        line("L", i, data["leaf_hashes_hex"][i], leaf)
    for size, root in enumerate(data["roots_hex_by_size"]):
        line("T", size, root, "-")
        for p in data["inclusion"]:
            if p["size"] == size:
                line("I", p["index"], "-", "".join(p["proof_hex"]))
        for p in data["consistency"]:
            sizes = sorted(v for v in p.values() if isinstance(v, int))
            if sizes[1] == size:
                line("C", sizes[0], data["roots_hex_by_size"][sizes[0]], "".join(p["proof_hex"]))


def notes():
    data = load("note/signed-notes.json")
    for k in data["good_vkeys"]:
        line("V", "good", 0, k.encode().hex(), "-", "-")
    for k in data["bad_vkeys"]:
        line("V", "bad", 0, k.encode().hex(), "-", "-")
    for n in data["notes"]:
        keys = ([k.encode().hex() for k in n["vkeys"]] + ["-", "-"])[:2]
        line("N", n["expect"].replace(" ", "_"), len(n["verified_names"]), unb64(n["note_b64"]), *keys)


def syntax():
    for t in load("tlog/tlog-proof-syntax.json"):
        line(t["expect"], t["name"].replace(" ", "_"), unb64(t["text_b64"]))


def tlog():
    log = load("own/tlog/log.json")
    line("K", "key", log["log_vkey"].encode().hex(), "-")
    for e in log["entries"]:
        line("E", "entry", e.encode().hex(), "-")
    for name in files("own/tlog/*.tlog-proof"):
        data = raw(name)
        index = int(re.search(rb"^index (\d+)$", data, re.M).group(1))
        base = os.path.basename(name)
        expect = "ok"
        if base.startswith("bad-") and not any(w in base for w in WITNESS_ONLY):
            expect = "format" if any(w in base for w in FORM) else "tampered"
        line("P", expect, data.hex(), log["entries"][index % len(log["entries"])].encode().hex())
    for name in files("own/tlog/checkpoint.*"):
        expect = "format" if any(w in name for w in FORM) else "fork" if name.endswith(".fork") else "ok"
        line("C", expect, raw(name).hex(), "-")


def tessera():
    vkey = [l for l in open(os.path.join(os.environ["HIRZ_SHARED"], "conformance", "INDEX.tsv"), encoding="utf-8") if "tessera-log/checkpoint\t" in l][0]
    line("K", 0, vkey.split("vkey: ")[1].strip().encode().hex(), "-")
    data = whole = raw("tlog/tessera-log/tile/entries/000.p/15")
    while data:
        n = int.from_bytes(data[:2], "big")
        line("E", 0, data[2 : 2 + n].hex(), "-")
        data = data[2 + n :]
    for size in range(1, 16):  # the entries of every smaller log are the first of these
        assert whole.startswith(raw("tlog/tessera-log/tile/entries/000.p/%d" % size))
    assert raw("tlog/tessera-log/checkpoint") == raw("tlog/tessera-log/checkpoint.15")
    for size in range(16):
        tile = raw("tlog/tessera-log/tile/0/000.p/%d" % size).hex() if size else "-"
        line("C", size, raw("tlog/tessera-log/checkpoint.%d" % size).hex(), tile)


def table(path):
    with open(path, encoding="utf-8") as f:
        part = f.read().split("### 8.2")[1].split("### 8.3")[0]
    for row in part.splitlines():
        cells = row.split("|")[1:-1]
        if len(cells) != 4 or "`" not in cells[0]:
            continue
        for act in re.findall(r"`([a-z-]+)`", cells[0]):
            words = [sorted(re.findall(r"[a-z0-9]+", c)) for c in cells[1:]]
            roles = [] if words[0] in (["any"], ["first", "member"]) else words[0]
            line(act, ",".join(roles), ",".join(words[1]), ",".join(w for w in words[2] if w != "x"))


if sys.argv[1] == "table":
    table(sys.argv[2])
else:
    globals()[sys.argv[1]]()
