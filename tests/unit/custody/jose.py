#!/usr/bin/python3
"""Checks events and records of tests/vectors with python3-jwcrypto, and the digests of records with hashlib."""

import base64
import hashlib
import json
import os
import sys

from jwcrypto import jwk, jws


def load(name):
    with open(os.path.join(sys.argv[1], name), encoding="ascii") as f:
        return json.load(f)


def check(text, key):
    token = jws.JWS()
    token.deserialize(text)
    token.verify(key, alg="EdDSA")
    header = json.loads(token.objects["protected"])
    assert header["kid"] == key.thumbprint(), "kid"
    return token.payload.decode(), header


def key_of(data):
    x = base64.urlsafe_b64encode(bytes.fromhex(data["public"])).rstrip(b"=").decode()
    return jwk.JWK(kty="OKP", crv="Ed25519", x=x)


def main():
    events = load("event/events.json")
    key = key_of(events)
    for e in events["good"]:
        payload, header = check(e["event"], key)
        assert payload == e["payload"] and header["typ"] == "hirz-event+jws", e["name"]
        assert hashlib.sha256(b"\0" + e["event"].encode()).hexdigest() == e["leaf"], e["name"]
    for e in events["bad"]:
        if e["expect"] == "signature":
            try:
                check(e["event"], key)
            except (jws.InvalidJWSSignature, AssertionError):
                continue
            raise AssertionError(e["name"])
    records = load("record/records.json")
    for r in records["good"]:
        jwt, *found = r["file"].split("~")[:-1]
        payload, header = check(jwt, key_of(records))
        assert payload == r["payload"] and header["typ"] == "hirz-record+sd-jwt", r["name"]
        listed = json.loads(payload)["_sd"]
        fields = []
        for d in found:
            digest = base64.urlsafe_b64encode(hashlib.sha256(d.encode()).digest()).rstrip(b"=").decode()
            assert listed.count(digest) == 1, r["name"]
            fields.append(json.loads(base64.urlsafe_b64decode(d + "=" * (-len(d) % 4)))[1:])
        assert fields == r["fields"] and len(listed) % 8 == 0, r["name"]
    return 0


sys.exit(main())
