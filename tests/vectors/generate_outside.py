"""What goes with a log from outside: audit packs with what was kept, policies and anchors; witness keys, cosignatures, requests and
what a witness answers; OpenTimestamps proofs. From docs/format.md alone (8.8 to 8.11, 9.20, 10.4, 10.20, 11.9); used by generate.py."""
import base64
import hashlib
import struct

from generate import (ACTOR, CHECKPOINT, EX, LOG, MEMBER, OTHER, WITNESS, ACTS, Key, a_history, b64, b64u, canonical, checkpoint_text,
                      digest, disclosure, event_zero, filled, h, init_object, jws, key_id, leaf, node, note, numbered, pack, path, restored, root,
                      section, signed, vkey)

SECOND = Key("second witness")
NAMES = {"one": ("witness.example/one", WITNESS), "two": ("witness.example/two", SECOND)}


def wkey(name, key):
    return vkey(name, key.public, 4)


def cosign(text, name, key, when):
    """The signature line of a cosignature/v1 [F-8.12]."""
    sig = key.sign(b"cosignature/v1\ntime %d\n" % when + text.encode())
    return "\u2014 %s %s\n" % (name, b64(key_id(name, key.public, 4) + struct.pack(">Q", when) + sig))


def cosigned(events, *names, log=LOG):
    text = checkpoint_text(log, len(events), root([leaf(e.encode()) for e in events]))
    return note(text, (log, CHECKPOINT)) + "".join(cosign(text, *NAMES[n], 1770091600 + i) for i, n in enumerate(names))


def policy(quorum="both"):
    return ("# two offices\nlog %s\nwitness one %s\nwitness two %s\ngroup both all one two\nquorum %s\n"
            % (vkey(LOG, CHECKPOINT.public), wkey(*NAMES["one"]), wkey(*NAMES["two"]), quorum))


# --- anchors -------------------------------------------------------------------------------------------------------
def number(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def attestation(tag, content):
    return b"\0" + bytes.fromhex(tag) + number(len(content)) + content


PROMISE = attestation("83dfe30d2ef90c8e", number(16) + b"https://example/")
HEAD = b"\0OpenTimestamps\0\0Proof\0" + bytes.fromhex("bf89e2e884e89294") + b"\1"
LEFT = hashlib.sha256(b"left").digest()


def block(height=482232):
    return attestation("0588960d73d71901", number(height))


def ots(about, steps=None):
    return HEAD + b"\x08" + about + (b"\xff" + PROMISE + b"\xf1\x20" + LEFT + b"\x08" + block() if steps is None else steps)


def header_of(about):
    """A block's header whose Merkle root is the one that ots(about) leads to."""
    return bytes(36) + hashlib.sha256(LEFT + about).digest() + bytes(12)


def record_of(fields, label="anchor", iss=LOG, key=ACTOR, rid=None):
    """(hash of the JWT, the record with all its disclosures)."""
    shown = [disclosure(hashlib.sha256((label + name).encode()).digest()[:16], name, value) for name, value in fields]
    digests = [digest(d) for d in shown]
    digests += [b64u(hashlib.sha256(("%s %d" % (label, i)).encode()).digest()) for i in range(-len(shown) % 8)]
    rid = rid or "rc-" + h(label)[:32]
    jwt = jws(key, canonical({"_sd": sorted(digests), "_sd_alg": "sha-256", "iss": iss, "prev": None, "rid": rid, "ver": 1}), "hirz-record+sd-jwt")
    return hashlib.sha256(jwt.encode()).hexdigest(), "~".join([jwt] + shown + [""])


def pieces(part, data):
    return [("anchor.%s.%d" % (part, i // 12288 + 1), b64u(data[i:i + 12288])) for i in range(0, len(data), 12288)]


def anchor_fields(stamped, token, size, kind="ots", more=()):
    return [("kind", "anchor"), ("anchor.type", kind), ("anchor.size", size)] + pieces("checkpoint", stamped.encode()) + pieces("token", token) + list(more)


def act_anchor(rec):
    return dict(filled("anchor", ["rec"]), rec=rec)


def anchored(fields, rest=(), at=4, before=None, **more):
    """A pack of the history with an anchor behind its first events, and the number of them all."""
    rec, text = record_of(fields, **more)
    history = a_history()
    events = numbered((before or history)[:at] + [act_anchor(rec)] + history[at:] + list(rest))
    return events, {at + 1: section("record", text + "\n")}


# --- audit packs with something beside them ------------------------------------------------------------------------
def packs_outside():
    history = a_history()
    events = numbered(history)
    n = len(events)
    other = numbered(history[:4] + [filled("access", ["ex", "rec"]), filled("note", ["rec"]), filled("note", ["rec"])])
    parted = numbered(history[:4] + [filled("receipt", ["ex", "rec"]), filled("note", ["rec"])])
    good = pack((LOG, events, {n: section("checkpoint", signed(events))}))
    longer = pack((LOG, other, {len(other): section("checkpoint", signed(other))}))
    same_size = pack((LOG, parted, {n: section("checkpoint", signed(parted))}))
    shown = {3: section("checkpoint", cosigned(events[:3], "one")), 5: section("checkpoint", cosigned(events[:5], "one", "two")),
             n: section("checkpoint", signed(events))}
    after_all = {n: section("checkpoint", cosigned(events, "two", "one"))}
    first = signed(events[:3])
    pin = "hirz-pin/v1\nvkey %s\nevent0 %s\n\n%s" % (vkey(LOG, CHECKPOINT.public), leaf(events[0].encode()).hex(), first)
    early = [leaf(e.encode()) for e in events[:3]]
    fingerprint = leaf(events[0].encode()).hex()[:32]
    second = LOG[:-8] + "5e6f7a8b"
    more = numbered(history + [filled("note", ["rec"])])

    def tail(pinned):
        found = "%d %s" % (n, root([leaf(e.encode()) for e in events]).hex())
        ends = {MEMBER: (1, leaf(events[0].encode()).hex())}
        begin = restored(ref=leaf(events[0].encode()).hex(), init=init_object(found=found, pinned=pinned, checkpoint=vkey(second, CHECKPOINT.public)))
        after = numbered([begin], second, ends=ends)
        return pack((LOG, events, {n: section("checkpoint", signed(events))}), (second, after, {1: section("checkpoint", signed(after, second))}))

    cases = []

    def case(name, text, verdict, status, differs=None, **given):
        cases.append(dict(given, name=name, pack=text, verdict=verdict, exit=status, **({} if differs is None else {"differs": differs})))

    def against(name, kept, verdict="VALID-SIGNED", status=0, differs=None, text=good, **given):
        case("against " + name, text, verdict, status, differs, against=[kept] if isinstance(kept, str) else kept, **given)

    against("the same checkpoint", signed(events))
    against("an earlier checkpoint", first)
    against("checkpoints of every size", [signed(events[:i]) for i in range(1, n + 1)])
    against("a pin", pin)
    against("a pin of another event 0", pin.replace(leaf(events[0].encode()).hex(), h("other")), "INVALID", 11)
    against("a proof", "c2sp.org/tlog-proof@v1\nindex 1\n%s\n%s" % ("".join(b64(p) + "\n" for p in path(early, 1)), first))
    against("a request", "old 0\n\n" + first)
    against("the same pack", good)
    against("an earlier pack", pack((LOG, events[:5], {5: section("checkpoint", signed(events[:5]))})))
    against("a checkpoint of another history", signed(other[:5]), "INVALID", 11)
    against("a pack of another history, longer", longer, "INVALID", 11, 4)
    against("a pack of another history, as long", same_size, "INVALID", 11, 4)
    against("a pack of another history, shorter", good, "INVALID", 11, 4, longer)
    against("a later checkpoint", signed(more), "INVALID", 11, n)
    against("a later pack", pack((LOG, more, {n + 1: section("checkpoint", signed(more))})), "INVALID", 11, n)
    against("a checkpoint of another log", signed(events, LOG[:-8] + "5e6f7a8b"), "INCOMPLETE", 3)
    against("a checkpoint by another key", signed(events, key=OTHER), "INCOMPLETE", 3)
    against("a good and a bad one", [first, longer], "INVALID", 11, 4)
    against("a fork where something else is wrong too", longer, "INVALID", 4, 4, pack((LOG, events, {2: shown[3], n: section("checkpoint", signed(events))})))
    against("a pack that is no pack", good.replace("checkpoint ", "checkpoint 0", 1), "", 2)
    against("a pack whose checkpoint is of other events", pack((LOG, events, {n: section("checkpoint", signed(other))})), "", 2)
    against("a state that is gone and was declared", signed(more), "INCOMPLETE", 3,
            text=tail("%d %s" % (n + 1, root([leaf(e.encode()) for e in more]).hex())))
    against("a state that is gone and was not declared", signed(more), "INVALID", 11, n, tail(""))
    case("a policy, met on the way by all", pack((LOG, events, shown)), "VALID-WITNESSED", 0, policy=policy())
    case("a policy, met at the end by all", pack((LOG, events, after_all)), "VALID-WITNESSED", 0, policy=policy())
    case("a policy that one of them meets", pack((LOG, events, shown)), "VALID-WITNESSED", 0, policy=policy("one"))
    case("a policy without a quorum", pack((LOG, events, after_all)), "VALID-SIGNED", 0, policy=policy("none"))
    case("a policy that nobody meets", good, "VALID-SIGNED", 0, policy=policy())
    case("a policy, met before the exhibit", pack((LOG, events, {1: section("checkpoint", cosigned(events[:1], "one", "two")),
                                                                n: section("checkpoint", signed(events))})), "VALID-SIGNED", 0, policy=policy())
    case("a policy for another log", pack((LOG, events, after_all)), "VALID-SIGNED", 0, policy=policy().replace(
        vkey(LOG, CHECKPOINT.public), vkey(second, CHECKPOINT.public)))
    case("a policy, met by a checkpoint that was kept", good, "VALID-WITNESSED", 0, policy=policy(), against=[cosigned(events[:5], "one", "two")])
    case("a policy that is none", good, "", 2, policy="witness one\n")
    stamp_cases(case, events, other)
    return {"fingerprint": fingerprint, "cases": cases}


def stamp_cases(case, events, other):
    stamped = signed(events[:3])
    about = hashlib.sha256(stamped.encode()).digest()
    good = anchor_fields(stamped, ots(about), 3)
    header = header_of(about).hex()

    def made(fields, **more):
        chain, sections = anchored(fields, **more)
        return chain, sections, {len(chain): section("checkpoint", signed(chain))}

    def anchor(name, fields, verdict="VALID-SIGNED", status=0, change=None, given=None, **more):
        chain, sections, last = made(fields, **more)
        if change:
            sections = change(dict(sections))
        case("anchor: " + name, pack((LOG, chain, {**last, **sections})), verdict, status, **(given or {}))

    def forked(name, size, was, verdict, status):
        """A stamp over a history that is not this one's."""
        text = signed(was[:size])
        anchor(name, anchor_fields(text, ots(hashlib.sha256(text.encode()).digest()), size), verdict, status)

    anchor("good", good)
    anchor("good, with its block", good, given={"block": header})
    anchor("its record is not there, as in packs of before", good, change=lambda s: {})
    anchor("a field of a later version", good + [("anchor.later", "x")])
    anchor("a type of a later version", anchor_fields(stamped, ots(about), 3, "sundial"), "UNSUPPORTED", 6)
    anchor("about other data", anchor_fields(stamped, ots(bytes(32)), 3), "INVALID", 4)
    anchor("a proof that is cut", anchor_fields(stamped, ots(about)[:-1], 3), "INVALID", 4)
    anchor("bytes behind the proof", anchor_fields(stamped, ots(about) + b"\0", 3), "INVALID", 4)
    anchor("another size", anchor_fields(stamped, ots(about), 2), "INVALID", 4)
    anchor("a token of another kind", anchor_fields(stamped, ots(about), 3, "rfc3161"), "INVALID", 4)
    anchor("no token", anchor_fields(stamped, b"", 3), "INVALID", 4)
    forked("of another history", 6, other, "INVALID", 4)
    later = numbered(a_history()[:3] + [filled("access", ["ex", "rec"])])
    forked("of another history, from before", 4, later, "INVALID", 11)
    forked("of the history, at its own place", 4, events, "VALID-SIGNED", 0)
    anchor("signed by another key", good, "INVALID", 4, key=OTHER)
    anchor("a record of another log", good, "INVALID", 4, iss=LOG[:-8] + "5e6f7a8b")
    anchor("two records", good, "INVALID", 4, change=lambda s: {5: s[5] + s[5]})
    anchor("a record behind another event", good, "INVALID", 4, change=lambda s: {4: s[5]})
    anchor("a record behind the checkpoint of another event", good, "INVALID", 4, change=lambda s: {6: s[5]})
    anchor("another record", good, "INVALID", 4, change=lambda s: {5: section("record", record_of(good, "other")[1] + "\n")})
    anchor("a disclosure too few", good, "INVALID", 4, change=lambda s: {5: section("record", record_of(good)[1].rsplit("~", 2)[0] + "~\n")})
    anchor("a field changed", good, "INVALID", 4, change=lambda s: {5: s[5].replace("~Wy", "~Wz", 1)})
    unsigned = note(checkpoint_text(LOG, 3, root([leaf(e.encode()) for e in events[:3]])), (LOG, OTHER))
    anchor("over a checkpoint by another key", anchor_fields(unsigned, ots(hashlib.sha256(unsigned.encode()).digest()), 3), "INVALID", 4)
    anchor("a renewal beside it", [("kind", "anchor-renewal"), ("renewal.1", "0a1b2c3d 4 %s %s" % (h("a"), h("b") + h("c")))])
    both = anchor_fields(cosigned(events[:3], "one"), ots(hashlib.sha256(cosigned(events[:3], "one").encode()).digest()), 3)
    anchor("over a checkpoint with a cosignature", both)


# --- witnesses -----------------------------------------------------------------------------------------------------
def consistency(m, leaves):
    """RFC 6962 2.1.2."""
    def sub(m, d, whole):
        if m == len(d):
            return [] if whole else [root(d)]
        k = 1
        while k * 2 < len(d):
            k *= 2
        if m <= k:
            return sub(m, d[:k], whole) + [root(d[k:])]
        return sub(m - k, d[k:], False) + [root(d[:k])]
    return sub(m, leaves, True)


def witnesses():
    leaves = [leaf(b"leaf %d" % i) for i in range(20)]
    forked = leaves[:5] + [leaf(b"other %d" % i) for i in range(15)]
    name, key = NAMES["one"]

    def cp(size, of=None, by=CHECKPOINT, log=LOG):
        return note(checkpoint_text(log, size, root((of or leaves)[:size])), (log, by))

    def body(old, size, of=None, proof=None, **more):
        proof = (consistency(old, (of or leaves)[:size]) if 0 < old < size else []) if proof is None else proof
        return "old %d\n%s\n%s" % (old, "".join(b64(p) + "\n" for p in proof), cp(size, of, **more))

    def ask(what, seen, request, status):
        state = {"size": seen, "root": root(leaves[:seen]).hex()}
        return {"name": what, "state": state, "request": request, "status": status}

    text = checkpoint_text(LOG, 7, root(leaves[:7]))
    line = cosign(text, name, key, 1770091600)
    requests = [
        ask("the first", 0, body(0, 7), 200), ask("one more", 7, body(7, 8), 200), ask("a perfect tree", 8, body(8, 16), 200),
        ask("the same again", 7, body(7, 7), 200), ask("the whole of a larger", 3, body(3, 20), 200),
        ask("old is behind", 7, body(5, 8), 409), ask("old is ahead", 5, body(7, 8), 409), ask("smaller", 8, body(5, 7), 409),
        ask("a fork of the same size", 7, body(7, 7, forked), 422), ask("a fork of the same size, asked from before", 7, body(5, 7, forked), 409),
        ask("a fork that grew", 7, body(7, 9, forked), 422), ask("a proof too short", 7, body(7, 9, proof=consistency(7, leaves[:9])[:-1]), 422),
        ask("a proof too long", 7, body(7, 9, proof=consistency(7, leaves[:9]) + [bytes(32)]), 422),
        ask("a proof where none can be", 0, body(0, 7, proof=[bytes(32)]), 422), ask("old over the size", 7, body(9, 8), 400),
        ask("another log", 7, body(7, 8, log=LOG[:-1] + "e"), 404), ask("signed by another key", 7, body(7, 8, by=OTHER), 403),
    ]
    wrong = [{"name": what, "request": changed} for what, changed in (
        ("no old line", body(0, 7).split("\n", 1)[1]), ("old with a leading zero", body(7, 8).replace("old 7", "old 07")),
        ("old with a sign", body(7, 8).replace("old 7", "old +7")), ("old of 2^64", body(7, 8).replace("old 7", "old %d" % 2**64)),
        ("a hash of 31 bytes", "old 7\n%s\n\n%s" % (b64(bytes(31)), cp(8))), ("64 hashes", body(7, 8, proof=[bytes(32)] * 64)),
        ("no empty line", body(0, 7).replace("\n\n", "\n", 1)), ("no checkpoint", "old 0\n\n"), ("carriage returns", body(7, 8).replace("\n", "\r\n")),
        ("nothing", ""))]
    raw = base64.b64decode(line.split(" ")[2])
    bad_lines = [{"name": what, "note": note(text, (LOG, CHECKPOINT)) + changed} for what, changed in (
        ("another time", "\u2014 %s %s\n" % (name, b64(raw[:11] + bytes([raw[11] ^ 1]) + raw[12:]))),
        ("time 0", cosign(text, name, key, 0)), ("time of 2^63", cosign(text, name, key, 2**63)),
        ("another name", cosign(text, "witness.example/two", key, 1770091600)), ("another key", cosign(text, name, SECOND, 1770091600)),
        ("another state", cosign(checkpoint_text(LOG, 8, root(leaves[:8])), name, key, 1770091600)),
        ("a plain signature of the witness", "\u2014 %s %s\n" % (name, b64(key_id(name, key.public, 4) + key.sign(text.encode())))),
        ("no cosignature", ""))]
    policies = [{"name": what, "policy": p, "cosigned": list(by), "met": met} for what, p, by, met in (
        ("both of two", policy(), ("one", "two"), True), ("one of two where both are wanted", policy(), ("one",), False),
        ("one of one", policy("two"), ("two",), True), ("the other of one", policy("two"), ("one",), False),
        ("any", policy().replace(" all ", " any "), ("two",), True), ("a number", policy().replace(" all ", " 2 "), ("one",), False),
        ("a group in a group", policy("deep").replace("quorum", "group deep any both\nquorum"), ("one", "two"), True),
        ("nobody is asked", policy("none"), (), True), ("tabs and comments", policy().replace("group both", "# x\n\ngroup\tboth"), ("one", "two"), True))]
    bad_policies = [{"name": what, "policy": p} for what, p in (
        ("no quorum", policy().split("quorum")[0]), ("two quorums", policy() + "quorum one\n"), ("an unknown quorum", policy("three")),
        ("an unknown member", policy().replace("all one two", "all one three")), ("a member twice", policy().replace("all one two", "all one one")),
        ("more than there are", policy().replace(" all ", " 3 ")), ("none of them", policy().replace(" all ", " 0 ")),
        ("a name twice", policy().replace("witness two", "witness one")), ("a key of another type", policy().replace(wkey(*NAMES["two"]), vkey("two", SECOND.public))),
        ("no line end", policy()[:-1]), ("an unknown word", policy() + "later x\n"), ("a control character", policy().replace("two offices", "two\roffices")))]
    good_note = note(text, (LOG, CHECKPOINT)) + line + cosign(text, *NAMES["two"], 1770091601)
    return {"log": vkey(LOG, CHECKPOINT.public), "log_public": CHECKPOINT.public.hex(), "leaf_data": "leaf <index>, ASCII",
            "witness": {"name": name, "seed": key.seed.hex(), "public": key.public.hex(), "key": wkey(name, key)},
            "cosigned": {"text": text, "time": 1770091600, "line": line, "note": good_note}, "bad_cosigned": bad_lines,
            "requests": requests, "bad_requests": wrong, "policies": [dict(p, note=note(text, (LOG, CHECKPOINT)) + "".join(
                cosign(text, *NAMES[w], 1770091600) for w in p["cosigned"])) for p in policies], "bad_policies": bad_policies}


# --- OpenTimestamps ------------------------------------------------------------------------------------------------
def anchors():
    about = hashlib.sha256(b"a checkpoint").digest()
    fill = b"\xf0\x01x\x08"

    def good(name, proof, *found):
        return {"name": name, "proof": proof.hex(), "found": [list(f) for f in found]}

    message = hashlib.sha256(LEFT + about).digest()
    promise, bitcoin = ["pending", None, about.hex()], ["bitcoin", 482232, message.hex()]
    sha1 = hashlib.sha1(about).digest()
    stamped = signed(numbered(a_history())[:3])
    fields = anchor_fields(stamped, ots(hashlib.sha256(stamped.encode()).digest()), 3)
    return {
        "about": about.hex(), "header": header_of(about).hex(), "record_fields": fields,
        "good": [
            good("a promise and a block", ots(about), promise, bitcoin), good("a promise alone", ots(about, PROMISE), promise),
            good("a block alone", ots(about, b"\xf1\x20" + LEFT + b"\x08" + block()), bitcoin),
            good("reversed and in hex", ots(about, b"\xf2\xf3\x08" + block(7)), ["bitcoin", 7, hashlib.sha256(about[::-1].hex().encode()).hexdigest()]),
            good("SHA-1 on the way", ots(about, b"\x02\x08" + block(1)), ["bitcoin", 1, hashlib.sha256(sha1).hexdigest()]),
            good("an unknown attestation", ots(about, attestation("0102030405060708", b"anything")), ["unknown", None, about.hex()]),
            good("Litecoin", ots(about, attestation("06869a0d73d71b45", number(9))), ["litecoin", 9, about.hex()]),
            good("64 attestations", ots(about, (b"\xff" + PROMISE) * 63 + PROMISE), *[promise] * 64),
            good("a message that grows and is hashed", ots(about, fill * 60 + block(3)), ["bitcoin", 3, grown(about, 60)]),
        ],
        "bad": [{"name": name, "proof": proof.hex()} for name, proof in (
            ("about other data", ots(bytes(32))), ("another magic", b"\1" + ots(about)[1:]), ("version 2", ots(about).replace(HEAD, HEAD[:-1] + b"\2")),
            ("SHA-1 of the file", HEAD + b"\x02" + about[:20] + PROMISE), ("cut", ots(about)[:-1]), ("bytes behind", ots(about) + b"\0"), ("nothing", b""),
            ("an unknown operation", ots(about, b"\x09" + PROMISE)), ("a node without an end", ots(about, b"\xff" + PROMISE)),
            ("nothing added", ots(about, b"\xf0\x00" + PROMISE)), ("4,097 bytes added", ots(about, b"\xf0" + number(4097) + bytes(4097) + PROMISE)),
            ("a message over 4,096 bytes", ots(about, b"\xf0" + number(4096) + bytes(4096) + PROMISE)),
            ("a block over a message of 33 bytes", ots(about, b"\xf0\x01x" + block())), ("bytes behind a height", ots(about, attestation("0588960d73d71901", number(1) + b"\0"))),
            ("65 attestations", ots(about, (b"\xff" + PROMISE) * 64 + PROMISE)), ("257 operations on one way", ots(about, b"\xf2" * 257 + PROMISE)),
            ("an address with a space", ots(about, attestation("83dfe30d2ef90c8e", number(5) + b"a b c"))),
        )]}


def grown(message, times):
    for _ in range(times):
        message = hashlib.sha256(message + b"x").digest()
    return message.hex()


FILES = {"pack/outside.json": packs_outside, "witness/witness.json": witnesses, "anchor/anchors.json": anchors}
