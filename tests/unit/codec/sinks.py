#!/usr/bin/python3
"""What the sinks give, read by other programs' eyes: an HTML parser finds no element and no attribute of the payload's
making and gets the text back; a reader of tables gets every cell back and no cell, in whatever way it is cut up, begins a
formula; a name stays one name. sinks.py TOOL, TOOL being sink_tool. TAP."""
import csv
import html.parser
import io
import itertools
import random
import re
import subprocess
import sys
import unicodedata

count = 0
bad = 0


def ok(good, name, why=""):
    global count, bad
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good:
        bad += 1
        print(f"# {why}")


def through(kind, payloads):
    lines = "".join(f"{kind} {p.hex()}\n" for p in payloads)
    done = subprocess.run([sys.argv[1]], input=lines.encode(), capture_output=True, check=True)
    return [bytes.fromhex(line) for line in done.stdout.decode().split("\n")[:-1]]


def unescape(text):
    """The bytes that the visible form stands for."""
    out = bytearray()
    at = 0
    for m in re.finditer(r"\\(?:\\|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))", text):
        out += text[at:m.start()].encode()
        if m[1]:
            out.append(int(m[1], 16))
        else:
            out += (chr(int(m[2] or m[3], 16)) if m[2] or m[3] else "\\").encode()
        at = m.end()
    return bytes(out + text[at:].encode())


BLANKS = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


def uncell(text):
    """A cell's text without the apostrophes put in, as codec/sink.h says."""
    out, start, i = "", True, 0
    while i < len(text):
        if start and text[i] == "'" and i + 1 < len(text) and text[i + 1] in SIGNS + "'":
            i += 1
        c = text[i]
        out += c
        start = c in ",;|\"" or (start and c in BLANKS)
        i += 1
    return out


def payloads():
    inside = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "<svg/onload=alert(1)>",
              "&lt;b&gt;", "&#x3c;script&#x3e;", "&amp", "<!--", "-->", "<![CDATA[", "]]>", "<?php ?>", "</bdi>", "</title>",
              "</textarea>", "</style>", "{{7*7}}", "expression(1)", "<a href=//x>", "<base href=//x>", "<form action=x>",
              "<meta http-equiv=refresh>", "\u202e<b>", "\u2066x", "x\u2069y", "\u200f\u200e", "\ufeff", "شهادة من حلب"]
    around = ["{}", "\"{}", "'{}", "`{}", ">{}<", "\" {} x=\"", "' {} x='", "{}\0", "\n{}\t", "\"/>{}", "\\\"{}", "{}\\"]
    for a, i in itertools.product(around, inside):
        yield a.format(i).encode()
    for a, i in itertools.product(inside[:4], (b"\xff", b"\xc0\xbc", b"\xed\xa0\x80", b"\xf4\x90\x80\x80")):
        yield a.encode() + i + a.encode()
    yield b""


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.attrs = [], "", []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attrs += attrs

    def handle_endtag(self, tag):
        self.tags.append("/" + tag)

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.tags.append("!" + data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def read_html(text):
    r = Reader()
    r.feed(text)
    r.close()
    return r


def in_html():
    given = list(payloads())
    wrong = []
    for p, got in zip(given, through("text", given)):
        r = read_html(f"<p>{got.decode()}</p>")
        if r.tags != ["p", "bdi", "/bdi", "/p"] or r.attrs or unescape(r.text) != p:
            wrong.append(p)
    ok(not wrong, f"HTML text: {len(given)} payloads, no element but ours, and the text comes back", wrong[:3])
    wrong = []
    for p, got in zip(given, through("attr", given)):
        r = read_html(f"<p title={got.decode()} id=\"k\">x</p>")
        if r.tags != ["p", "/p"] or [a for a, _ in r.attrs] != ["title", "id"] or unescape(r.attrs[0][1]) != p:
            wrong.append(p)
    ok(not wrong, f"HTML attribute: {len(given)} payloads, no attribute but ours, and the text comes back", wrong[:3])
    ok(len(given) >= 300, "as many payloads as asked for", len(given))


def table_payloads():
    heads = list(SIGNS) + ["'", "''", "'="]
    before = ["", " ", "\u3000", "\t", "\r", "\n", "\r\n", ",", ";", "|", "\"", "\",", "\";", "\" ,\u00a0", "x\";", "x,\"", "x\t", "x\n"]
    after = ["1+1", "cmd|'/c calc'!A0", "SUM(A1:A9)", "\"", ""]
    for b, h, a in itertools.product(before, heads, after):
        yield (b + h + a).encode()
    yield from payloads()
    rng = random.Random(7)
    alphabet = list(SIGNS + "',;|\"\t\r\n \u3000\\x\u202eح") + ["\\x09"]
    for _ in range(4000):
        yield "".join(rng.choices(alphabet, k=rng.randrange(12))).encode() + rng.choice((b"", b"", b"\xff"))


def in_tables():
    given = list(table_payloads())
    cells = [c.decode() for c in through("csv", given)]
    table = "".join(f"{c},\"k\"\r\n" for c in cells)
    rows = list(csv.reader(io.StringIO(table, newline=""), strict=True))
    ok(len(rows) == len(given) and all(len(r) == 2 and r[1] == "k" for r in rows), "each row is one row of two cells")
    wrong = [g for g, r in zip(given, rows) if unescape(uncell(r[0])) != g]
    ok(not wrong, f"{len(given)} cells come back byte for byte", wrong[:3])
    # Any program's way of cutting: at each separator, with or without regard for quotes, blanks and quotes taken away.
    wrong = []
    for g, c, r in zip(given, cells, rows):
        pieces = {r[0]} | {p for s in ",;|\t\n\"" for text in (c, r[0]) for p in text.split(s)} | set(re.split(r"[,;|\t\n\"]", c))
        if any(p.strip(BLANKS + "\" \t\r\n")[:1] in tuple(SIGNS) for p in pieces):
            wrong.append(g)
    ok(not wrong, "nothing that could be taken for a cell begins a formula", wrong[:3])
    ok(not [c for c in cells if re.search("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", c)], "no control or direction sign is left in a cell")
    ok(any(p[0] in SIGNS for p in ["=1"]) and uncell("'=1") == "=1" and unescape(uncell("''x")) == b"'x", "the reader itself works")


def in_names():
    given = list(payloads()) + [b"../" * 40, b"a/../b", b"con", b"LPT1.txt", "é" .encode() * 200, unicodedata.normalize("NFD", "é").encode(),
                                bytes(range(256)), b"x" * 5000 + b".jpeg", b" ", b"-", b"~root", b"..\\..", b"c:\\x"]
    wrong = []
    for g, got in zip(given, through("name", given)):
        text = got.decode()
        if (not 1 <= len(got) <= 120 or re.search(r'[/\\<>:"|?*\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]', text) or
                text[0] in ".-~ " or text[-1] in ". " or re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d) *(\..*)?", text)):
            wrong.append((g, text))
    ok(not wrong, f"{len(given)} names are one visible name each", wrong[:3])


def on_terminals():
    """T65: whatever is in it, nothing of it reaches the terminal as it is."""
    codes = [0x1b, 0x9b, 0x9d, 0x90, 0x7f, 0x08, 0x0d, 0x0a, 0x07, 0x0e, 0x84, 0x85, 0x200b, 0x200d, 0x2028, 0x2060, 0xfeff, 0xfff9, 0xe0041,
             0x061c, 0x200e, 0x200f, *range(0x202a, 0x202f), *range(0x2066, 0x206a)]
    tails = ["[31m", "]8;;http://x\x07y", "]52;c;eA==\x07", "P1;1|x", "c", "[2J[H", "صورة", ""]
    given = [("a" + chr(c) + t + "z").encode() for c in codes for t in tails] + [b"\xed\xa0\x80", b"\xc1\x9b", b"\x9b31m", b"\xf8\x88"]
    wrong = []
    for g, got in zip(given, through("tty", given)):
        text = got.decode()
        if any(ord(c) < 0x20 or unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text) or unescape(text) != g:
            wrong.append(g)
    ok(not wrong and len(given) >= 200, f"terminal: {len(given)} names, no sign that steers is left, and they come back", wrong[:3])


in_html()
in_tables()
in_names()
on_terminals()
print(f"1..{count}")
sys.exit(1 if bad else 0)
