#!/usr/bin/env python3
"""Turns conformance vectors (JSON) into lines of hex fields; "-" is an empty field.

usage: vectors.py ed25519|x25519|chacha20|xchacha20|hkdf|hmac|cctv   (the folder is $HIRZ_SHARED)
"""

import json
import os
import sys

NAMES = {
    "ed25519": "wycheproof/ed25519_test.json",
    "x25519": "wycheproof/x25519_test.json",
    "chacha20": "wycheproof/chacha20_poly1305_test.json",
    "xchacha20": "wycheproof/xchacha20_poly1305_test.json",
    "hkdf": "wycheproof/hkdf_sha256_test.json",
    "hmac": "wycheproof/hmac_sha256_test.json",
    "cctv": "ed25519-cctv/ed25519vectors.json",
}
ACCEPTED_FLAGS = {"low_order_component_A", "low_order_component_R"}


def line(*fields):
    print(" ".join(str(f) if f != "" else "-" for f in fields))


def wycheproof(kind, data):
    for group in data["testGroups"]:
        for t in group["tests"]:
            verdict = t["result"]
            if kind == "ed25519":
                line(t["tcId"], verdict, group["publicKey"]["pk"], t["msg"], t["sig"])
            elif kind == "x25519":
                line(t["tcId"], verdict, t["private"], t["public"], t["shared"])
            elif kind in ("chacha20", "xchacha20"):
                line(t["tcId"], verdict, t["key"], t["iv"], t["aad"], t["msg"], t["ct"] + t["tag"])
            elif kind == "hkdf":
                line(t["tcId"], verdict, t["ikm"], t["salt"], t["info"], t["size"], t["okm"])
            elif kind == "hmac":
                line(t["tcId"], verdict, t["key"], t["msg"], t["tag"])


def main():
    kind = sys.argv[1]
    with open(os.path.join(os.environ["HIRZ_SHARED"], "conformance", NAMES[kind]), encoding="utf-8") as f:
        data = json.load(f)
    if kind != "cctv":
        wycheproof(kind, data)
        return
    for t in data:
        good = set(t["flags"] or []) <= ACCEPTED_FLAGS
        line(t["number"], "valid" if good else "invalid", t["key"], t["msg"].encode().hex(), t["sig"])


main()
