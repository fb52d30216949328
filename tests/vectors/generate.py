#!/usr/bin/python3
"""Makes the test vectors of events, records, checkpoints and proofs from docs/format.md alone (sections 5.2, 5.3, 7, 8).

usage: generate.py              writes them beside this file
       generate.py --check      says which files differ (exit 1)
       generate.py --seeds DIR  writes small files for fuzzing into DIR/<target>/

An independent implementation: it shares no code with the programs that the vectors test. Everything is fixed by SHA-256
of labels, so that a second run gives the same bytes. Needs python3-cryptography.
"""

import base64
import hashlib
import json
import os
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
VAULT = hashlib.sha256(b"vault").hexdigest()[:32]
LOG = "hirz.invalid/%s/%s" % (VAULT, "0a1b2c3d")
EX = "ex-" + hashlib.sha256(b"exhibit").hexdigest()[:32]
MEMBER = "mb-" + hashlib.sha256(b"member").hexdigest()[:32]
RECORD = "rc-" + hashlib.sha256(b"record").hexdigest()[:32]
EVENT_TYP = "hirz-event+jws"
RECORD_TYP = "hirz-record+sd-jwt"


def h(label):
    return hashlib.sha256(label.encode()).hexdigest()


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64(data):
    return base64.b64encode(data).decode()


def canonical(value):
    """Canonical JSON [F-5.2]; Python's own escapes are the ones wanted, but for DEL and beyond, which stay."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Key:
    def __init__(self, label):
        self.seed = hashlib.sha256(label.encode()).digest()
        self.key = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        thumb = '{"crv":"Ed25519","kty":"OKP","x":"%s"}' % b64u(self.public)
        self.kid = b64u(hashlib.sha256(thumb.encode()).digest())

    def sign(self, data):
        return self.key.sign(data)


ACTOR = Key("actor")
OTHER = Key("other actor")
CHECKPOINT = Key("checkpoint key")
WITNESS = Key("witness key")


def jws(key, payload, typ=EVENT_TYP, header=None):
    if header is None:
        header = '{"alg":"EdDSA","kid":"%s","typ":"%s"}' % (key.kid, typ)
    head = b64u(header.encode()) + "." + b64u(payload if isinstance(payload, bytes) else payload.encode())
    return head + "." + b64u(key.sign(head.encode()))


def leaf(data):
    return hashlib.sha256(b"\0" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node(root(leaves[:k]), root(leaves[k:]))


def path(leaves, index):
    if len(leaves) == 1:
        return []
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    if index < k:
        return path(leaves[:k], index) + [root(leaves[k:])]
    return path(leaves[k:], index - k) + [root(leaves[:k])]


def key_id(name, public, kind=1):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def vkey(name, public, kind=1):
    return "%s+%s+%s" % (name, key_id(name, public, kind).hex(), b64(bytes([kind]) + public))


def sig_line(name, key, text, kind=1):
    return "\u2014 %s %s\n" % (name, b64(key_id(name, key.public, kind) + key.sign(text.encode())))


def note(text, *signers):
    return text + "\n" + "".join(sig_line(name, key, text) for name, key in signers)


def checkpoint_text(origin, size, top):
    return "%s\n%s\n%s\n" % (origin, size, b64(top))


# --- events ------------------------------------------------------------------------------------------------


def init_object(**more):
    obj = {
        "bundle": b64u(Key("bundle key").public),
        "checkpoint": vkey(LOG, CHECKPOINT.public),
        "event": b64u(ACTOR.public),
        "member": MEMBER,
        "roles": ["analyst", "auditor", "custodian", "documenter", "legal"],
        "rules": [],
        "suite": "hirz-suite/1",
        "vault": VAULT,
        "x25519": b64u(hashlib.sha256(b"x25519 key").digest()),
    }
    obj.update(more)
    return obj


def filled(act, members):
    """A payload of this act with these members of 8.2."""
    p = {"act": act, "aprev": h("aprev"), "aseq": 7, "log": LOG, "t": "2026-02-03T04:05:06Z", "v": 1}
    for m in members:
        if m == "ex":
            member = act in ("init", "restore") or act.startswith(("key-", "role-"))
            p.update(ex=MEMBER if member else EX, seq=3, prev=h("prev"))
        elif m == "obj":
            p["obj"] = {"root": h("root"), "size": 9007199254740991}
        elif m == "init":
            p["init"] = init_object()
        elif m == "also":
            p["also"] = [h("also 1"), h("also 2")]
        else:
            p[m] = h(m)
    return p


# As in the table of section 8.2: required, then allowed.
ACTS = {
    "acquire": ("ex obj hdr com rec", ""),
    "receipt": ("ex rec", ""),
    "record": ("rec", "ex"),
    "access": ("ex rec", ""),
    "export": ("rec heads", ""),
    "note": ("rec", "ex ref"),
    "key-add": ("ex keyring", "rec"),
    "key-revoke": ("ex keyring", "rec"),
    "role-grant": ("ex rec", ""),
    "role-revoke": ("ex rec", ""),
    "verify": ("rec", "ex"),
    "clock": ("", ""),
    "rewrap": ("ex hdr", ""),
    "derive": ("ex obj hdr com src rec", ""),
    "classify-suggest": ("ex rec", ""),
    "review": ("ex rec", ""),
    "redact": ("ex rec", ""),
    "consent-set": ("ex rec", ""),
    "consent-withdraw": ("ex rec", ""),
    "export-request": ("rec", "ref"),
    "export-approve": ("rec", "ref"),
    "refused": ("", "ex rec"),
    "transfer-out": ("ex", "rec also to why"),
    "transfer-in": ("ex", "rec also to why"),
    "hold": ("ex", "rec also to why"),
    "release": ("ex", "rec also to why"),
    "merge": ("ex", "rec also to why"),
    "destroy": ("ex rec", "ref why"),
    "destroy-header": ("ex rec", "ref why"),
    "anchor": ("", "rec"),
    "panic": ("", "rec"),
}


def event_zero(**more):
    p = filled("init", ["ex", "init", "keyring"])
    p.update(aseq=0, aprev=None, seq=0, prev=None)
    p.update(more)
    return p


def restored(**more):
    p = filled("restore", ["ex", "init", "keyring", "ref"])
    found = "12 " + h("found")
    p.update(aseq=0, aprev=None, init=init_object(found=found, pinned=""))
    p.update(more)
    return p


def good_payloads():
    yield "init", event_zero()
    yield "restore", restored()
    pinned = init_object(found="12 " + h("found"), pinned="18446744073709551615 " + h("pinned"))
    yield "restore with a record and a pin", restored(rec=h("rec"), init=pinned)
    for act, (required, allowed) in ACTS.items():
        yield act, filled(act, required.split())
        if allowed:
            yield act + " with all it may have", filled(act, required.split() + allowed.split())
    first = filled("acquire", ACTS["acquire"][0].split())
    first.update(aseq=0, aprev=None, seq=0, prev=None)
    yield "first of both chains", first
    with_x = filled("clock", [])
    with_x["x"] = {"a": [1, "\u062d\u0631\u0632"], "b": {"c": None}, "d": "\"\\\b\t\n\f\r\u0001\u007f"}
    yield "x of any content", with_x
    yield "act of a later version", filled("invented-2", ["ex", "rec", "ref", "com"])
    many = filled("merge", ["ex"])
    many["also"] = [h("also %d" % i) for i in range(16)]
    yield "also 16 times", many


def bad_payloads():
    """name, payload text, what a reader says: format or version."""
    base = filled("acquire", ACTS["acquire"][0].split())

    def changed(name, change, verdict="format", of=None):
        p = json.loads(json.dumps(of or base))
        change(p)
        return name, canonical(p), verdict

    def put(**members):
        return lambda p: p.update(members)

    def drop(*names):
        return lambda p: [p.pop(n) for n in names]

    for m in ("act", "aprev", "aseq", "log", "t", "v", "ex", "seq", "prev", "obj", "hdr", "com", "rec"):
        yield changed("without " + m, drop(m))
    yield changed("without ex, seq and prev", drop("ex", "seq", "prev"))
    for m in ("ref", "heads", "keyring", "src", "to", "why"):
        yield changed("acquire with " + m, put(**{m: h(m)}))
    yield changed("acquire with also", put(also=[h("also")]))
    yield changed("acquire with init", put(init=init_object()))
    yield changed("unknown member", put(zz=1))
    yield changed("unknown member in a later act", put(act="invented-2", zz=1))
    yield changed("version 2", put(v=2), "version")
    yield changed("version 2 and unknown members", put(v=2, zz=1), "version")
    yield changed("version is a text", put(v="1"))
    yield changed("act with a capital", put(act="Acquire"))
    yield changed("act of 32 characters", put(act="a" * 32))
    yield changed("act empty", put(act=""))
    yield changed("act is a number", put(act=1))
    yield changed("hash in capitals", put(com=h("com").upper()))
    yield changed("hash of 63 digits", put(com=h("com")[:63]))
    yield changed("hash of 66 digits", put(com=h("com") + "00"))
    yield changed("hash is null", put(com=None))
    yield changed("aseq 0 with aprev", put(aseq=0))
    yield changed("aseq 1 without aprev", put(aprev=None))
    yield changed("seq 0 with prev", put(seq=0))
    yield changed("seq 1 without prev", put(prev=None))
    yield changed("seq is a text", put(seq="3"))
    yield changed("member id in acquire", put(ex=MEMBER))
    yield changed("exhibit id in role-grant", put(ex=EX), of=filled("role-grant", ["ex", "rec"]))
    yield changed("record id as ex", put(ex=RECORD, act="invented-2"))
    yield changed("id too short", put(ex=EX[:-1]))
    yield changed("id too long", put(ex=EX + "0"))
    yield changed("id with capitals", put(ex=EX[:-1] + "A"))
    yield changed("log of another kind", put(log="example.org/log"))
    yield changed("log without log id", put(log=LOG[:-9]))
    yield changed("log with a zero byte", put(log=LOG[:-1] + "\0"))
    yield changed("time without Z", put(t="2026-02-03T04:05:06"))
    yield changed("time of 25 o'clock", put(t="2026-02-03T25:05:06Z"))
    yield changed("the 30th of February", put(t="2026-02-30T04:05:06Z"))
    yield changed("time with fractions", put(t="2026-02-03T04:05:06.5Z"))
    yield changed("obj without size", put(obj={"root": h("root")}))
    yield changed("obj with more", put(obj={"root": h("root"), "size": 1, "sha512": "00"}))
    yield changed("obj is an array", put(obj=[h("root"), 1]))
    yield changed("x is a text", put(x="a"))
    yield changed("x of depth 4", put(x={"a": {"b": {}}}))
    merge = filled("merge", ["ex"])
    yield changed("also empty", put(also=[]), of=merge)
    yield changed("also 17 times", put(also=[h(str(i)) for i in range(17)]), of=merge)
    yield changed("also of numbers", put(also=[1]), of=merge)
    zero = event_zero()

    def in_init(**members):
        return lambda p: p["init"].update(members)

    yield changed("init without checkpoint", lambda p: p["init"].pop("checkpoint"), of=zero)
    yield changed("init with more", in_init(more=1), of=zero)
    yield changed("init is a text", put(init="x"), of=zero)
    yield changed("init with found alone", in_init(found=""), of=zero)
    yield changed("init with found and pinned", in_init(found="", pinned=""), of=zero)
    yield changed("restore without found and pinned", lambda p: [p["init"].pop(n) for n in ("found", "pinned")], of=restored())
    yield changed("restore found without a size", in_init(found=h("found")), of=restored())
    yield changed("restore found 012", in_init(found="012 " + h("found")), of=restored())
    yield changed("restore found with half a root", in_init(found="12 " + h("found")[:32]), of=restored())
    yield changed("restore without ref", drop("ref"), of=restored())
    yield changed("init of another suite", in_init(suite="hirz-suite/2"), "version", of=zero)
    yield changed("init with a rule", in_init(rules=["two-persons"]), "version", of=zero)
    yield changed("init with rules that are no array", in_init(rules=None), of=zero)
    yield changed("init with unsorted roles", in_init(roles=["legal", "analyst"]), of=zero)
    yield changed("init with a role twice", in_init(roles=["legal", "legal"]), of=zero)
    yield changed("init with an unknown role", in_init(roles=["judge"]), of=zero)
    yield changed("init of another event key", in_init(event=b64u(OTHER.public)), of=zero)
    yield changed("init with a short key", in_init(x25519=b64u(b"\0" * 31)), of=zero)
    yield changed("init with a padded key", in_init(x25519=b64(b"\0" * 32)), of=zero)
    yield changed("init of another member", in_init(member="mb-" + "0" * 32), of=zero)
    yield changed("init of another vault", in_init(vault="0" * 32), of=zero)
    yield changed("init with a vkey of another name", in_init(checkpoint=vkey("x", CHECKPOINT.public)), of=zero)
    yield changed("init with a broken vkey", in_init(checkpoint=vkey(LOG, CHECKPOINT.public)[:-1]), of=zero)
    yield changed("init is not the first of the exhibit's chain", put(seq=1, prev=h("prev")), of=zero)
    yield changed("init is not the first of its signer", put(aseq=1, aprev=h("aprev")), of=zero)
    text = canonical(base)
    yield "white space", text.replace(",", ", ", 1), "format"
    yield "line end", text + "\n", "format"
    yield "unsorted", "{" + text[text.index(",") + 1 : -1] + ',"act":"acquire"}', "format"
    yield "member twice", text[:-1] + ',"v":1}', "format"
    yield "number with a fraction", text.replace('"seq":3', '"seq":3.0'), "format"
    yield "number with an exponent", text.replace('"seq":3', '"seq":3e0'), "format"
    yield "number below zero", text.replace('"seq":3', '"seq":-3'), "format"
    yield "number of 2^53", text.replace('"seq":3', '"seq":9007199254740992'), "format"
    yield "number with a leading zero", text.replace('"seq":3', '"seq":03'), "format"
    yield "needless escape", text.replace('"acquire"', '"\\u0061cquire"'), "format"
    yield "not an object", "[]", "format"
    yield "nothing", "", "format"
    yield "cut", text[:-1], "format"


def bad_envelopes():
    payload = canonical(filled("clock", []))
    good = jws(ACTOR, payload)
    kid = ACTOR.kid
    yield "jwk in the header", jws(ACTOR, payload, header='{"alg":"EdDSA","jwk":{},"kid":"%s","typ":"%s"}' % (kid, EVENT_TYP))
    yield "header in another order", jws(ACTOR, payload, header='{"kid":"%s","alg":"EdDSA","typ":"%s"}' % (kid, EVENT_TYP))
    yield "header with white space", jws(ACTOR, payload, header='{"alg": "EdDSA","kid":"%s","typ":"%s"}' % (kid, EVENT_TYP))
    yield "alg none", jws(ACTOR, payload, header='{"alg":"none","kid":"%s","typ":"%s"}' % (kid, EVENT_TYP))
    yield "alg HS256", jws(ACTOR, payload, header='{"alg":"HS256","kid":"%s","typ":"%s"}' % (kid, EVENT_TYP))
    yield "type of a record", jws(ACTOR, payload, RECORD_TYP)
    yield "kid of 42 characters", jws(ACTOR, payload, header='{"alg":"EdDSA","kid":"%s","typ":"%s"}' % (kid[:-1], EVENT_TYP))
    odd = kid[:-1] + chr(ord(kid[-1]) + 1)
    yield "kid that is not canonical", jws(ACTOR, payload, header='{"alg":"EdDSA","kid":"%s","typ":"%s"}' % (odd, EVENT_TYP))
    yield "line end", good + "\n"
    yield "padding", good + "=="
    yield "two parts", good[: good.rindex(".")]
    yield "four parts", good + ".AA"
    yield "empty payload", good.split(".")[0] + ".." + good.split(".")[2]
    yield "signature cut", good[:-1]
    yield "signature that is not canonical", good[:-1] + chr(ord(good[-1]) + 1)
    yield "plus in base64url", good.replace(good[100], "+", 1)
    yield "nothing", ""
    yield "dots", ".."


def events():
    good = []
    for name, payload in good_payloads():
        text = canonical(payload)
        data = jws(ACTOR, text)
        good.append({"name": name, "payload": text, "event": data, "leaf": leaf(data.encode()).hex()})
    bad = [{"name": n, "event": jws(ACTOR, p), "expect": v} for n, p, v in bad_payloads()]
    bad += [{"name": n, "event": e, "expect": "format"} for n, e in bad_envelopes()]
    data = jws(ACTOR, canonical(filled("clock", [])))
    parts = data.split(".")
    changed = canonical(filled("clock", [])).replace("04:05:06", "04:05:07")
    flipped = parts[2][:40] + ("A" if parts[2][40] != "A" else "B") + parts[2][41:]
    by_other = jws(OTHER, canonical(filled("clock", [])), header='{"alg":"EdDSA","kid":"%s","typ":"%s"}' % (ACTOR.kid, EVENT_TYP))
    bad += [
        {"name": "time changed", "event": ".".join([parts[0], b64u(changed.encode()), parts[2]]), "expect": "signature"},
        {"name": "signature changed", "event": ".".join([parts[0], parts[1], flipped]), "expect": "signature"},
        {"name": "kid of the actor, key of another", "event": by_other, "expect": "signature"},
        {"name": "signed by another", "event": jws(OTHER, canonical(filled("clock", []))), "expect": "signature"},
    ]
    return {"seed": ACTOR.seed.hex(), "public": ACTOR.public.hex(), "kid": ACTOR.kid, "good": good, "bad": bad}


# --- records -----------------------------------------------------------------------------------------------


class Noise:
    """The stream of random bytes: SHA-256 of a label and a counter, one after the other."""

    def __init__(self, label):
        self.label = label
        self.block = 0
        self.left = b""

    def take(self, n):
        while len(self.left) < n:
            self.left += hashlib.sha256(("%s %d" % (self.label, self.block)).encode()).digest()
            self.block += 1
        out, self.left = self.left[:n], self.left[n:]
        return out


def disclosure(salt, name, value):
    return b64u(canonical([b64u(salt), name, value]).encode())


def digest(text):
    return b64u(hashlib.sha256(text.encode()).digest())


def payload_of(digests, ex=(EX,), rid=RECORD, ver=1, prev=None, iss=LOG):
    p = {"_sd": sorted(digests), "_sd_alg": "sha-256", "iss": iss, "prev": prev, "rid": rid, "ver": ver}
    if ex:
        p["ex"] = list(ex)
    return p


def drafted(label, fields):
    """Disclosures and digests; first all salts, in the order of the fields, then the decoys."""
    noise = Noise(label)
    salts = [noise.take(16) for _ in fields]
    found = [disclosure(s, n, v) for s, (n, v) in zip(salts, fields)]
    digests = [digest(d) for d in found]
    decoys = []
    while (len(digests) + len(decoys)) % 8:
        decoys.append(b64u(hashlib.sha256(noise.take(32)).digest()))
    return found, digests + decoys


def records():
    sets = [
        ("an exhibit", "record one", [
            ["kind", "exhibit"], ["exhibit.number", "DM3-000117"], ["exhibit.name", "\u0634\u0647\u0627\u062f\u0629 \u0661.txt"],
            ["content.size", 1234567], ["content.media_type", "text/plain; charset=utf-8"], ["content.type_by", "hirz"],
            ["receipt.consent", "given"], ["receipt.source", "A \"quoted\" \\ name\n\u0001\u007f"]], {}),
        ("nine fields, seven decoys", "record two", [["f.%d" % i, "v%d" % i] for i in range(9)], {}),
        ("no field at all", "record three", [], {"ex": ()}),
        ("second version of a case", "record four", [["kind", "case"], ["case.code", "C-1"], ["case.title", ""], ["n", 9007199254740991], ["zero", 0]],
            {"ex": (), "ver": 2, "prev": h("the first version")}),
        ("two exhibits", "record five", [["kind", "exhibit"]], {"ex": (EX, "ex-" + "f" * 32)}),
    ]
    good = []
    for name, label, fields, more in sets:
        found, digests = drafted(label, fields)
        p = payload_of(digests, **more)
        text = canonical(p)
        jwt = jws(ACTOR, text, RECORD_TYP)
        good.append({
            "name": name, "noise": label, "fields": fields, "ex": p.get("ex", []), "rid": p["rid"], "ver": p["ver"],
            "prev": p["prev"], "iss": p["iss"], "payload": text, "disclosures": found, "jwt": jwt,
            "file": jwt + "~" + "".join(d + "~" for d in found), "rec": hashlib.sha256(jwt.encode()).hexdigest()})
    return {"seed": ACTOR.seed.hex(), "public": ACTOR.public.hex(), "good": good, "bad": list(bad_records())}


def bad_records():
    fields = [["kind", "exhibit"], ["a", "1"], ["b", 2]]
    found, digests = drafted("bad records", fields)
    noise = Noise("more bad records")
    fill = [b64u(hashlib.sha256(noise.take(32)).digest()) for _ in range(16)]

    def item(name, payload, disclosures, expect="format"):
        text = payload if isinstance(payload, str) else canonical(payload)
        return {"name": name, "payload": text, "disclosures": "~".join(disclosures), "expect": expect}

    def with_text(name, text, expect="format"):
        """A disclosure of this content whose digest is listed."""
        d = b64u(text.encode()) if isinstance(text, str) else b64u(text)
        return item(name, payload_of([digest(d)] + fill[:7]), [d], expect)

    p = payload_of(digests)
    yield item("a good one", p, found, "ok")
    yield item("one field withheld", p, found[1:], "ok")
    yield item("all fields withheld", p, [], "ok")
    yield item("another order", p, found[::-1], "ok")
    stranger = disclosure(b"\0" * 16, "c", "x")
    yield item("a disclosure that is not listed", p, found + [stranger], "tampered")
    yield item("a disclosure with another value", p, [disclosure(b"\0" * 16, "a", "2")], "tampered")
    yield item("a disclosure twice", p, found + found[:1])
    yield item("an empty disclosure", p, [found[0], "", found[1]])
    yield item("an empty disclosure first", p, ["", found[0]])
    yield item("an empty disclosure last", p, [found[0], ""])
    s = b64u(b"\1" * 16)
    twice = [disclosure(b"\1" * 16, "a", "1"), disclosure(b"\2" * 16, "a", "2")]
    yield item("a name twice", payload_of([digest(d) for d in twice] + fill[:6]), twice)
    yield with_text("two elements", '["%s","a"]' % s)
    yield with_text("four elements", '["%s","a","b","c"]' % s)
    yield with_text("an object", '{"a":"b"}')
    yield with_text("white space", '["%s", "a","b"]' % s)
    yield with_text("salt of 15 bytes", '["%s","a","b"]' % b64u(b"\1" * 15))
    yield with_text("salt of 17 bytes", '["%s","a","b"]' % b64u(b"\1" * 17))
    yield with_text("salt that is not canonical", '["%s","a","b"]' % (s[:-1] + "R"))
    yield with_text("salt is a number", '[1,"a","b"]')
    for bad in ("_sd", "", "...", "a.", ".a", "a..b", "A", "a b", "a-b", "\u062d", "a" * 101, "a\0"):
        yield with_text("name %s" % (json.dumps(bad) if len(bad) < 20 else "of 101 characters"), canonical([s, bad, "v"]))
    yield with_text("name of 100 characters", canonical([s, "a" * 100, "v"]), "ok")
    yield with_text("name _sd.a", canonical([s, "_sd.a", "v"]), "ok")
    yield with_text("name is a number", '["%s",1,"b"]' % s)
    for bad in ("null", "true", "[]", "{}", "-1", "1.5", "9007199254740992", '"\\u0000"', '"\\ud800"'):
        yield with_text("value " + bad, '["%s","a",%s]' % (s, bad))
    yield with_text("value of 16384 bytes", canonical([s, "a", "v" * 16384]), "ok")
    yield with_text("value of 16385 bytes", canonical([s, "a", "v" * 16385]), "limit")
    yield with_text("bytes that are not UTF-8", b'["' + s.encode() + b'","a","\xff"]')
    yield item("padding in a disclosure", payload_of([digest(found[0] + "=")] + fill[:7]), [found[0] + "="])
    yield item("unsorted digests", canonical(p).replace(canonical(p["_sd"]), canonical(p["_sd"][::-1])), [])
    yield item("a digest twice", payload_of(fill[:7] + fill[:1]), [])
    yield item("seven digests", payload_of(fill[:7]), [])
    yield item("nine digests", payload_of(fill[:9]), [])
    yield item("no digests", payload_of([]), [], "ok")
    many = [b64u(hashlib.sha256(b"%d" % i).digest()) for i in range(520)]
    yield item("512 digests", payload_of(many[:512]), [], "ok")
    yield item("520 digests", payload_of(many), [])
    yield item("a digest of 42 characters", payload_of([fill[0][:-1]] + fill[1:8]), [])
    yield item("a digest that is not canonical", payload_of([fill[0][:-1] + chr(ord(fill[0][-1]) + 1)] + fill[1:8]), [])
    yield item("a digest that is a number", canonical(payload_of(fill[:8])).replace('"' + sorted(fill[:8])[0] + '"', "1"), [])

    def changed(name, change, expect="format"):
        q = json.loads(json.dumps(p))
        change(q)
        return item(name, q, [], expect)

    for m in ("_sd", "_sd_alg", "iss", "prev", "rid", "ver"):
        yield changed("without " + m, lambda q, m=m: q.pop(m))
    yield changed("without ex", lambda q: q.pop("ex"), "ok")
    yield changed("unknown member", lambda q: q.update(cnf={}))
    yield changed("_sd_alg sha-512", lambda q: q.update(_sd_alg="sha-512"))
    yield changed("_sd is an object", lambda q: q.update(_sd={}))
    yield changed("ex empty", lambda q: q.update(ex=[]))
    yield changed("ex twice the same", lambda q: q.update(ex=[EX, EX]))
    yield changed("ex is a text", lambda q: q.update(ex=EX))
    yield changed("ex of a member", lambda q: q.update(ex=[MEMBER]))
    yield changed("64 exhibits", lambda q: q.update(ex=["ex-%032x" % i for i in range(64)]), "ok")
    yield changed("65 exhibits", lambda q: q.update(ex=["ex-%032x" % i for i in range(65)]))
    yield changed("iss of another kind", lambda q: q.update(iss="https://example.org"))
    yield changed("rid of an exhibit", lambda q: q.update(rid=EX))
    yield changed("rid in capitals", lambda q: q.update(rid="rc-" + "A" * 32))
    yield changed("version 0", lambda q: q.update(ver=0, prev=h("x")))
    yield changed("version 1 with prev", lambda q: q.update(prev=h("x")))
    yield changed("version 2 without prev", lambda q: q.update(ver=2))
    yield changed("version 2", lambda q: q.update(ver=2, prev=h("x")), "ok")
    yield changed("version 2^32", lambda q: q.update(ver=2**32, prev=h("x")))
    yield changed("prev too short", lambda q: q.update(ver=2, prev="00"))
    yield changed("prev is a number", lambda q: q.update(ver=2, prev=0))
    yield item("not an object", "[]", [])
    yield item("white space in the payload", canonical(p).replace(",", ", ", 1), [])
    yield item("nothing", "", [])


# --- checkpoints -------------------------------------------------------------------------------------------


def checkpoints():
    good = []
    for size in (0, 1, 256, 2**64 - 1):
        top = hashlib.sha256(b"root %d" % size).digest()
        text = checkpoint_text(LOG, size, top)
        good.append({"origin": LOG, "size": str(size), "root": top.hex(), "note": note(text, (LOG, CHECKPOINT))})
    text = checkpoint_text(LOG, 5, hashlib.sha256(b"root 5").digest())
    signed = note(text, (LOG, CHECKPOINT))
    cosigned = signed + "\u2014 witness.example/one %s\n" % b64(key_id("witness.example/one", WITNESS.public, 4) + b"\0" * 72)
    accepted = [
        {"name": "a witness of an unknown kind after it", "note": cosigned},
        {"name": "a witness before it", "note": text + "\n" + cosigned[len(signed):] + signed[len(text) + 1 :]},
        {"name": "its own line twice", "note": signed + signed[len(text) + 1 :]},
        {"name": "another key of the same name", "note": note(text, (LOG, OTHER), (LOG, CHECKPOINT))},
        {"name": "100 lines", "note": signed + cosigned[len(signed):] * 99},
    ]

    def bad(name, changed, expect="format"):
        return {"name": name, "note": changed, "expect": expect}

    def resigned(name, changed):
        return bad(name, note(changed, (LOG, CHECKPOINT)))

    t = text.split("\n")
    rejected = [
        resigned("size with a leading zero", "\n".join([t[0], "05", t[2], ""])),
        resigned("size with a sign", "\n".join([t[0], "+5", t[2], ""])),
        resigned("size of 2^64", "\n".join([t[0], str(2**64), t[2], ""])),
        resigned("size empty", "\n".join([t[0], "", t[2], ""])),
        resigned("root of 31 bytes", "\n".join([t[0], t[1], b64(b"\0" * 31), ""])),
        resigned("root of 33 bytes", "\n".join([t[0], t[1], b64(b"\0" * 33), ""])),
        resigned("root without padding", "\n".join([t[0], t[1], t[2].rstrip("="), ""])),
        resigned("root that is not canonical", "\n".join([t[0], t[1], t[2][:-2] + chr(ord(t[2][-2]) + 1) + "=", ""])),
        resigned("extension line", text + "more\n"),
        resigned("two lines", "\n".join(t[:2]) + "\n"),
        resigned("empty origin", "\n".join(["", t[1], t[2], ""])),
        resigned("origin with a space", "\n".join([LOG + " x", t[1], t[2], ""])),
        resigned("origin of 128 bytes", "\n".join(["o" * 128, t[1], t[2], ""])),
        bad("no signature", text + "\n"),
        bad("no empty line", text),
        bad("no line end", signed[:-1]),
        bad("carriage returns", signed.replace("\n", "\r\n")),
        bad("a line of something else after it", signed + "hello\n"),
        bad("hyphen for the dash", signed.replace("\u2014", "-")),
        bad("two spaces", signed.replace("\u2014 ", "\u2014  ")),
        bad("signature cut in a group", signed[:-4] + "\n"),
        bad("signature three bytes short", signed[:-5] + "\n", "tampered"),
        bad("signature of four bytes", text + "\n\u2014 %s %s\n" % (LOG, b64(key_id(LOG, CHECKPOINT.public)))),
        bad("101 lines", signed + cosigned[len(signed):] * 100),
        bad("nothing", ""),
        bad("other origin, old signature", signed.replace("0a1b2c3d\n", "0a1b2c3e\n", 1), "tampered"),
        bad("other size, old signature", signed.replace("\n5\n", "\n6\n", 1), "tampered"),
        bad("signed by another key only", note(text, (LOG, OTHER)), "tampered"),
        bad("signed under another name only", note(text, ("other", CHECKPOINT)), "tampered"),
        bad("witness only", text + "\n" + cosigned[len(signed):], "tampered"),
        bad("right key id, wrong signature", text + "\n\u2014 %s %s\n" % (LOG, b64(key_id(LOG, CHECKPOINT.public) + b"\0" * 64)), "tampered"),
        bad("right key id, signature of 63 bytes", text + "\n\u2014 %s %s\n" % (LOG, b64(key_id(LOG, CHECKPOINT.public) + b"\0" * 63)), "tampered"),
        bad("a good line after a bad one", text + "\n\u2014 %s %s\n" % (LOG, b64(key_id(LOG, CHECKPOINT.public) + b"\0" * 64)) + signed[len(text) + 1 :],
            "tampered"),
    ]
    v = vkey(LOG, CHECKPOINT.public)
    name, number, key = v.split("+", 2)
    bad_vkeys = [
        "", "+", "++", name, name + "+" + number, name + "+" + number + "+", v[:-1], v + "=", v + "\n", " " + v,
        "+" + number + "+" + key, name + "+" + number.upper().replace("0", "1") + "+" + key, name + "+" + number[:-1] + "+" + key,
        name + "x+" + number + "+" + key, name + "+" + ("%08x" % (int(number, 16) ^ 1)) + "+" + key,
        vkey("a b", CHECKPOINT.public), vkey("a\u00a0b", CHECKPOINT.public), vkey("a\u2003b", CHECKPOINT.public),
        vkey("", CHECKPOINT.public), vkey(LOG, CHECKPOINT.public, 4), vkey("n" * 128, CHECKPOINT.public),
        vkey(LOG, CHECKPOINT.public[:31]), vkey(LOG, CHECKPOINT.public + b"\0"),
    ]
    good_vkeys = [[LOG, CHECKPOINT.public.hex(), v], ["n" * 127, WITNESS.public.hex(), vkey("n" * 127, WITNESS.public)],
                  ["\u062d\u0631\u0632", OTHER.public.hex(), vkey("\u062d\u0631\u0632", OTHER.public)]]
    return {"seed": CHECKPOINT.seed.hex(), "public": CHECKPOINT.public.hex(), "vkey": v, "good": good, "accepted": accepted,
            "bad": rejected, "vkeys": good_vkeys, "bad_vkeys": bad_vkeys}


# --- proofs ------------------------------------------------------------------------------------------------


def proofs():
    good = []
    for size in (1, 2, 3, 7, 8, 255, 256, 257, 300):
        leaves = [leaf(b"leaf %d" % i) for i in range(size)]
        signed = note(checkpoint_text(LOG, size, root(leaves)), (LOG, CHECKPOINT))
        for index in sorted({0, size // 2, size - 1}):
            lines = "".join(b64(p) + "\n" for p in path(leaves, index))
            text = "c2sp.org/tlog-proof@v1\nindex %d\n%s\n%s" % (index, lines, signed)
            good.append({"size": size, "index": index, "proof": text})
    text = next(g["proof"] for g in good if g["size"] == 7 and g["index"] == 3)
    lines = text.split("\n")

    def bad(name, changed, expect="format"):
        return {"name": name, "proof": changed, "expect": expect}

    hash_line = lines[2]
    rejected = [
        bad("wrong header", text.replace("@v1", "@v2", 1)),
        bad("header with a space", text.replace("@v1", "@v1 ", 1)),
        bad("carriage returns", text.replace("\n", "\r\n")),
        bad("extra line", text.replace("index", "extra AAAA\nindex", 1)),
        bad("no index", text.replace("index 3\n", "", 1)),
        bad("index with a leading zero", text.replace("index 3", "index 03", 1)),
        bad("index below zero", text.replace("index 3", "index -3", 1)),
        bad("index of 2^64", text.replace("index 3", "index %d" % 2**64, 1)),
        bad("index empty", text.replace("index 3", "index ", 1)),
        bad("hash of 31 bytes", text.replace(hash_line, b64(b"\0" * 31), 1)),
        bad("hash without padding", text.replace(hash_line, hash_line.rstrip("="), 1)),
        bad("hash that is not canonical", text.replace(hash_line, hash_line[:-2] + chr(ord(hash_line[-2]) + 1) + "=", 1)),
        bad("65 hashes", text.replace(hash_line, "\n".join([hash_line] * 63), 1)),
        bad("no empty line", text.split("\n\n")[0] + "\n"),
        bad("no checkpoint", text.split("\n\n")[0] + "\n\n"),
        bad("nothing", ""),
        bad("hash changed", text.replace(hash_line, b64(hashlib.sha256(b"x").digest()), 1), "tampered"),
        bad("hash missing", text.replace(hash_line + "\n", "", 1), "tampered"),
        bad("hash more", text.replace(hash_line, hash_line + "\n" + hash_line, 1), "tampered"),
        bad("another index", text.replace("index 3", "index 4", 1), "tampered"),
        bad("index beyond the tree", text.replace("index 3", "index 7", 1), "tampered"),
        bad("64 hashes", text.replace(hash_line, "\n".join([hash_line] * 62), 1), "tampered"),
    ]
    return {"vkey": vkey(LOG, CHECKPOINT.public), "origin": LOG, "public": CHECKPOINT.public.hex(), "seed": CHECKPOINT.seed.hex(),
            "leaf_data": "leaf <index>, ASCII", "bad_leaf": 3, "good": good, "bad": rejected}


# --- audit packs ([F-9.20], [F-10.20]) ------------------------------------------------------------------------


def numbered(payloads, log=LOG, key=ACTOR, ends=None):
    """Events of one log, in their chains: aseq, aprev, seq and prev are set here. ends: of the subjects, kept."""
    out, ends = [], {} if ends is None else ends
    for i, payload in enumerate(payloads):
        p = dict(payload, log=log, aseq=i, aprev=leaf(out[-1].encode()).hex() if out else None)
        if "ex" in p:
            p["seq"], p["prev"] = ends.get(p["ex"], (0, None))
        out.append(jws(key, canonical(p)))
        if "ex" in p:
            ends[p["ex"]] = (p["seq"] + 1, leaf(out[-1].encode()).hex())
    return out


def signed(events, log=LOG, key=CHECKPOINT):
    return note(checkpoint_text(log, len(events), root([leaf(e.encode()) for e in events])), (log, key))


def section(word, text):
    return "%s %d\n%s" % (word, len(text.encode()), text)


def pack(*logs):
    """logs: (origin, events, {number of events: sections behind them})."""
    out = "hirz-audit-pack/v1\n"
    for origin, events, sections in logs:
        out += "log %s %d\n" % (origin, len(events))
        for i, e in enumerate(events, 1):
            out += e + "\n" + sections.get(i, "")
    return out + "end\n"


def a_history():
    clock = filled("clock", [])
    clock["x"] = {"clock": {"boot": "0123456789abcdef", "sync": "yes", "up": 3600000, "wall": 1770091506000}}
    return [event_zero(), filled("acquire", ACTS["acquire"][0].split()), filled("access", ["ex", "rec"]), clock,
            filled("note", ["rec"]), filled("receipt", ["ex", "rec"])]


def packs():
    history, ends = a_history(), {}
    events = numbered(history, ends=ends)
    n = len(events)
    last = {n: section("checkpoint", signed(events))}
    good = pack((LOG, events, last))
    second = LOG[:-8] + "5e6f7a8b"
    found = "%d %s" % (n, root([leaf(e.encode()) for e in events]).hex())
    begin = restored(ref=leaf(events[0].encode()).hex(),
                     init=init_object(found=found, pinned="", checkpoint=vkey(second, CHECKPOINT.public)))
    after = numbered([begin, filled("access", ["ex", "rec"])], second, ends=dict(ends))
    more = (second, after, {2: section("checkpoint", signed(after, second))})
    twice = numbered(history + [filled("access", ["ex", "rec"])])
    again = numbered(history[:-1] + [filled("receipt", ["ex", "rec"])], ends={EX: (7, h("prev"))})
    shown = {3: section("checkpoint", signed(events[:3])), n: section("checkpoint", signed(events))}
    cut = events[:-1]
    swapped = events[:2] + [events[3], events[2]] + events[4:]
    other = numbered([event_zero(), filled("access", ["ex", "rec"])])
    later = numbered(history + [filled("invented-2", ["ex"])])

    def case(name, text, verdict):
        return {"name": name, "pack": text, "verdict": verdict}

    return {"fingerprint": leaf(events[0].encode()).hex()[:32], "cases": [
        case("one log", good, "VALID-SIGNED"),
        case("checkpoints on the way", pack((LOG, events, shown)), "VALID-SIGNED"),
        case("two logs", pack((LOG, events, last), more), "VALID-SIGNED"),
        case("one event more", pack((LOG, twice, {n + 1: section("checkpoint", signed(twice))})), "VALID-SIGNED"),
        case("cut, and signed so by the holder of the checkpoint key",
             pack((LOG, cut, {n - 1: section("checkpoint", signed(cut))})), "VALID-SIGNED"),
        case("an act of a later version", pack((LOG, later, {n + 1: section("checkpoint", signed(later))})), "UNSUPPORTED"),
        case("a section of a later version", pack((LOG, events, {2: section("later", "x\n"), **last})), "UNSUPPORTED"),
        case("no checkpoint", pack((LOG, events, {})), "INVALID"),
        case("no checkpoint of all events", pack((LOG, events, {3: shown[3]})), "INVALID"),
        case("a checkpoint in the wrong place", pack((LOG, events, {2: shown[3], **last})), "INVALID"),
        case("a checkpoint by another key", pack((LOG, events, {n: section("checkpoint", signed(events, key=OTHER))})), "INVALID"),
        case("events swapped and signed", pack((LOG, swapped, {n: section("checkpoint", signed(swapped))})), "INVALID"),
        case("an event left out and signed", pack((LOG, events[:2] + events[3:], {n - 1: section("checkpoint", signed(events[:2] + events[3:]))})), "INVALID"),
        case("a chain that begins later", pack((LOG, again, {n: section("checkpoint", signed(again))})), "INVALID"),
        case("a chain that begins with access", pack((LOG, other, {2: section("checkpoint", signed(other))})), "INVALID"),
        case("the second log alone", pack(more), "INVALID"),
        case("the logs in another order", pack(more, (LOG, events, last)), "INVALID"),
        case("the first log twice", pack((LOG, events, last), (LOG, events, last)), "INVALID"),
        case("another origin in the line", good.replace("log " + LOG, "log " + second, 1), "INVALID"),
        case("a count too large", good.replace(" %d\n" % n, " %d\n" % (n + 1), 1), "INVALID"),
        case("no end", good[:-4], "INVALID"),
        case("bytes behind the end", good + "\n", "INVALID"),
        case("carriage returns", good.replace("\n", "\r\n"), "INVALID"),
    ]}


# --- tags [F-7.8], [F-7.9], [F-11.21]

ROLES = ("none", "alleged-perpetrator", "victim-or-target", "location-or-control", "source")
CERTAIN = ("", "stated", "alleged", "likely", "denied")
BANDS = ("", "weak", "medium", "strong")
AXES = ("", "type", "party", "place", "date")
VERDICTS = ("", "confirmed", "rejected", "added")


class Kept:
    """A tag of a text: (axis, value, role) and what runs and people said of it."""

    def __init__(self, key):
        self.key, self.certainty, self.score, self.band, self.rules, self.record, self.given, self.said = key, 1, 0, 0, 0, 0, False, []

    def stands(self):
        yes = [d for d in self.said if d[0] != 2]
        no = [d for d in self.said if d[0] == 2 and d[2] == self.rules]
        old = [d for d in self.said if d[0] == 2 and d[2] != self.rules]
        if yes and no:
            state = "proposed"
        elif no:
            state = "rejected"
        elif len(yes) >= (2 if self.key[0] == 2 else 1):
            state = "added" if any(d[0] == 3 for d in yes) else "confirmed"
        else:
            state = "proposed" if yes or self.given else "superseded"
        return {"state": state, "disputed": bool(yes and no), "before": bool(old) and state == "proposed"}

    def row(self):
        out = bytes([self.key[0]]) + len(self.key[1]).to_bytes(4, "big") + self.key[1].encode() + bytes([self.key[2], self.certainty])
        out += self.score.to_bytes(2, "big") + bytes([self.band, 4 if self.given else 0]) + self.rules.to_bytes(4, "big") + self.record.to_bytes(8, "big")
        out += bytes([len(self.said)])
        for what, who, rules, record in self.said:
            out += bytes([what]) + who + rules.to_bytes(4, "big") + record.to_bytes(8, "big")
        return out


def replayed(axis, steps):
    """Steps: [rules] a run that gives the tag, [-rules] one that does not, [verdict, person] a decision."""
    key, tag, rules, record = (AXES.index(axis), "x", 0), None, 0, 0
    for n, step in enumerate(steps, 1):
        if isinstance(step[0], int):
            rules, record = abs(step[0]), n
            if tag:
                tag.given = False
            if step[0] > 0:
                tag = tag or Kept(key)
                tag.given = True
                if not any(d[0] != 2 for d in tag.said):
                    tag.certainty, tag.score, tag.band, tag.rules, tag.record = 2, 100 * rules, 2, rules, n
        else:
            tag = tag or Kept(key)
            who = hashlib.sha256(step[1].encode()).digest()[:16]
            tag.said = [d for d in tag.said if d[1] != who] + [(VERDICTS.index(step[0]), who, tag.rules, n)]
    row = b"\1" + record.to_bytes(8, "big") + rules.to_bytes(4, "big") + bytes(4) + len(steps).to_bytes(8, "big") + (1).to_bytes(4, "big") + tag.row()
    return {"axis": axis, "steps": [[str(x) for x in s] for s in steps], **tag.stands(), "row": row.hex()}


def tags():
    a, b = "confirmed", "rejected"
    cases = [[[1]], [[1], [-1]], [[1], [-2]], [[1], [a, "L"]], [[1], [a, "L"], [-2]], [[1], [a, "L"], [2]], [[1], [b, "L"]], [[1], [b, "L"], [1]],
             [[1], [b, "L"], [2]], [[1], [b, "L"], [-2]], [[1], [b, "L"], [2], [1]], [[1], [b, "L"], [2], [a, "L"], [1]], [[1], [a, "L"], [a, "L"]],
             [[1], [a, "L"], [a, "O"]], [[1], [a, "L"], [b, "O"]], [[1], [a, "L"], [b, "O"], [2]], [[1], [a, "L"], [b, "O"], [a, "O"]], [[1], [b, "L"], [a, "O"]],
             [["added", "L"]], [["added", "L"], [a, "O"]], [["added", "L"], [-1]], [["added", "L"], [1]], [["added", "L"], [b, "L"]], [["added", "L"], [b, "L"], [1]],
             [[1], [a, "L"], [b, "L"], [2]]]
    span = "12-24=type/unlawful_attack.air:2"
    fields = [("type unlawful_attack.air none stated 700 strong - 0 " + span, "ok"), ("party p alleged-perpetrator denied 1000 weak ae 4294967295", "ok"),
              ("date 2017-04-04 none likely 0 medium a 0 1-2=d 1-9=d", "ok"), ("place SY02 none stated 1 weak e 0", "ok"),
              ("type x none stated 1001 weak - 0", "format"), ("type x none stated 01 weak - 0", "format"), ("type x none stated 1 weak ea 0", "format"),
              ("type x none stated 1 weak - 0 ", "format"), ("type x none stated 1 weak  - 0", "format"), ("type x none stated 1 weak - 0 2-2=r", "format"),
              ("type x none stated 1 weak - 0 5-6=r 4-9=r", "format"), ("type x y none stated 1 weak - 0", "format"), ("type x nobody stated 1 weak - 0", "format"),
              ("kind x none stated 1 weak - 0", "format"), ("type x none maybe 1 weak - 0", "format"), ("type x none stated 1 some - 0", "format"),
              ("type x none stated 1 weak - 0 1-2=a\"b", "format"), ("type " + "v" * 63 + " none stated 1 weak - 0", "ok"),
              ("type " + "v" * 64 + " none stated 1 weak - 0", "format"), ("type x none stated 1 weak - 0" + " 1-2=r" * 64, "ok"), ("type x none stated 1 weak - 0" + " 1-2=r" * 65, "format")]
    return {"fields": [{"text": t, "expect": e} for t, e in fields],
            "standings": [replayed(axis, steps) for axis in ("type", "party") for steps in cases]}


FILES = {"tag/tags.json": tags, "pack/packs.json": packs, "event/events.json": events, "record/records.json": records, "checkpoint/checkpoints.json": checkpoints, "proof/proofs.json": proofs}


def text_of(make):
    return json.dumps(make(), indent=1, ensure_ascii=True) + "\n"


def seeds(folder):
    e, r, c, p = events(), records(), checkpoints(), proofs()
    sets = {
        "event": [x["event"] for x in e["good"][:6] + e["good"][-4:]] + [x["event"] for x in e["bad"] if x["name"] in ("line end", "jwk in the header")],
        "record": [x["payload"] + "\n" + "~".join(x["disclosures"]) for x in r["good"]] + [x["file"] for x in r["good"][:2]] +
                  [x["payload"] + "\n" + x["disclosures"] for x in r["bad"] if x["name"] in ("a name twice", "another order", "four elements")] +
                  [base64.urlsafe_b64decode(d + "==").decode() for d in r["good"][0]["disclosures"][:4]],
        "note": [x["note"] for x in c["good"] + c["accepted"][:4]] + [x["note"] for x in c["bad"] if x["name"] in ("extension line", "two lines")],
        "tlog_proof": [x["proof"] for x in p["good"][:8]] + [x["proof"] for x in p["bad"] if x["name"] in ("extra line", "hash of 31 bytes")],
        "vkey": [v[2] for v in c["vkeys"]] + [v for v in c["bad_vkeys"] if 0 < len(v) < 200][:9],
    }
    sets["pack"] = [x["pack"] for x in packs()["cases"]]
    for target, items in sets.items():
        os.makedirs(os.path.join(folder, target), exist_ok=True)
        for i, item in enumerate(items):
            with open(os.path.join(folder, target, "%02d" % i), "wb") as f:
                f.write(item.encode("utf-8", "surrogatepass"))


def main():
    sys.modules.setdefault("generate", sys.modules[__name__])
    from generate_outside import FILES as OUTSIDE  # pylint: disable=import-outside-toplevel
    FILES.update(OUTSIDE)
    if sys.argv[1:2] == ["--seeds"]:
        seeds(sys.argv[2])
        return 0
    bad = 0
    for name, make in FILES.items():
        full = os.path.join(HERE, name)
        text = text_of(make)
        if sys.argv[1:] == ["--check"]:
            with open(full, encoding="ascii") as f:
                if f.read() != text:
                    print("%s is not what generate.py makes" % name)
                    bad = 1
        else:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="ascii") as f:
                f.write(text)
    return bad


if __name__ == "__main__":
    sys.exit(main())
