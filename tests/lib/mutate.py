#!/usr/bin/python3
"""mutate.py INSPECT COUNT SEED FILE...: damaged files against hirz-inspect.

COUNT times a file is taken, damaged at random (bits, numbers, cuts, copies of pieces), and hirz-inspect is asked for its
type, its claims and its text, over a socket and with a descriptor, as docs/format.md 11.6 says. It has to live, to answer
within 2 seconds, and to answer by the grammar. What breaks it is kept in the folder that MUTANTS_KEPT names. One line at
the end; exit 0 when nothing broke, 1 when something did, 2 without files.
"""
import os
import random
import re
import socket
import struct
import subprocess
import sys

HEAD = 65536
TIME = re.compile(rb"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?")
EXTREMES = (0, 1, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff)


class Broke(Exception):
    pass


class Inspector:
    def __init__(self, program):
        self.program, self.process, self.socket, self.starts = program, None, None, 0

    def start(self):
        ours, theirs = socket.socketpair()
        self.process = subprocess.Popen([self.program], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL,
                                        env={"LC_ALL": "C"})
        theirs.close()
        self.socket, self.starts = ours, self.starts + 1
        ours.settimeout(2)
        kind, level, rest = self.message()
        if kind != 0 or rest:
            raise Broke("no greeting")
        return level

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.socket.close()
            self.process = None

    def exactly(self, n):
        data = b""
        while len(data) < n:
            try:
                part = self.socket.recv(n - len(data))
            except socket.timeout:
                raise Broke("2 seconds are over") from None
            if not part:
                raise Broke(f"it ended: {self.process.wait()}")
            data += part
        return data

    def message(self):
        n = struct.unpack(">I", self.exactly(4))[0]
        if not 3 <= n <= 3 + 1 + 4 + 65536:
            raise Broke(f"an answer of {n} bytes")
        data = self.exactly(n)
        if data[0] != 2 or data[2] > 2:
            raise Broke("not an answer")
        return data[1], data[2], data[3:]

    def ask(self, fd, head, size):
        if self.process is None or self.starts and self.served >= 500:
            self.stop()
            self.start()
            self.served = 0
        self.served += 1
        body = struct.pack(">BBBQ", 2, 7, 1, size) + head
        message = struct.pack(">I", len(body)) + body
        sent = socket.send_fds(self.socket, [message], [fd])
        self.socket.sendall(message[sent:])
        self.type()
        claims = self.claims()
        self.text()
        return claims

    def type(self):
        kind, _, rest = self.message()
        if kind != 1:
            raise Broke(f"kind {kind}, not a type")
        name, rest = lp(rest, 127)
        charset, rest = lp(rest, 31)
        if rest or not re.fullmatch(rb"([a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*)?", name) or \
                not re.fullmatch(rb"[a-z0-9_.:+-]*", charset):
            raise Broke(f"not a type: {name!r} {charset!r}")

    def claims(self):
        kind, _, rest = self.message()
        if kind != 2 or rest[0] > 64:
            raise Broke("not claims")
        count, rest, before = rest[0], rest[1:], 0
        for _ in range(count):
            key = rest[0]
            value, rest = lp(rest[1:], 256)
            text = value.decode()
            if key <= before or not value or text != text.strip(" ") or re.search("[\0-\x1f\x7f-\x9f\u2028\u2029]", text):
                raise Broke(f"claim {key}: {value!r}")
            if re.match(rb"\d{4}-", value) and key not in (16, 17, 18, 19, 20, 21, 25) and not TIME.fullmatch(value):
                raise Broke(f"claim {key}: {value!r}")
            before = key
        if rest:
            raise Broke("bytes behind the claims")
        return count

    def text(self):
        total = 0
        while True:
            kind, _, rest = self.message()
            if kind != 3 or rest[0] > 3:
                raise Broke("not text")
            data, behind = lp(rest[1:], 65536)
            total += len(data)
            if behind or (rest[0] == 0) > bool(data) or total > 16 << 20:
                raise Broke("text against the rules")
            if re.search("[\0-\x08\x0b\x0d-\x1f\x7f-\x9f]", data.decode()):
                raise Broke("controls in the text")
            if rest[0] != 0:
                return


def lp(data, most):
    n = struct.unpack(">I", data[:4])[0]
    if n > most or len(data) < 4 + n:
        raise Broke("a length")
    return data[4:4 + n], data[4 + n:]


def damage(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        # Most of what is read lies at the beginning.
        span = rng.choice((64, 1024, 16384, len(data), len(data)))
        at = rng.randrange(min(span, len(data))) if data else 0
        what = rng.randrange(7)
        if what == 0 and data:
            data[at] ^= 1 << rng.randrange(8)
        elif what == 1 and data:
            data[at] = rng.choice((0, 1, 0x7f, 0x80, 0xff))
        elif what == 2:
            n = rng.choice((2, 4, 8))
            v = rng.choice(EXTREMES) & (256 ** min(n, 4) - 1)
            data[at:at + n] = v.to_bytes(n, rng.choice(("big", "little")))
        elif what == 3:
            del data[at:]
        elif what == 4:
            del data[at:at + rng.choice((1, 2, 4, 100, 5000))]
        elif what == 5:
            piece = data[at:at + rng.choice((4, 12, 100, 3000))]
            to = rng.randrange(len(data) + 1)
            data[to:to] = piece
        else:
            data[at:at + rng.choice((1, 4, 64))] = rng.randbytes(rng.choice((1, 4, 64)))
    return bytes(data)


def main():
    program, count, seed, files = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    if not files:
        print("no files", file=sys.stderr)
        return 2
    rng, inspector, broken, claims = random.Random(seed), Inspector(program), 0, 0
    contents = [open(f, "rb").read() for f in files]
    fd = os.memfd_create("mutant", os.MFD_CLOEXEC)
    for i in range(count):
        which = rng.randrange(len(files))
        data = damage(rng, contents[which])
        os.ftruncate(fd, 0)
        os.pwrite(fd, data, 0)
        try:
            claims += inspector.ask(fd, data[:HEAD], len(data))
        except (Broke, ValueError, IndexError, OSError, struct.error) as e:
            broken += 1
            print(f"# {files[which]}, mutant {i} of seed {seed}: {e!r}")
            kept = os.environ.get("MUTANTS_KEPT")
            if kept:
                with open(os.path.join(kept, f"mutant-{seed}-{i}"), "wb") as f:
                    f.write(data)
            inspector.stop()
    inspector.stop()
    print(f"{count} mutants of {len(files)} files, seed {seed}: {claims} claims, {inspector.starts} processes, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
