#!/usr/bin/python3
"""Hostile archives out of a good bundle, each shown to hirz-verify (HIRZ_VERIFY).

bad_tar.py bundle FILE FINGERPRINT    the bundle with one thing wrong, in more than sixty ways
bad_tar.py folder DIR                 every file below DIR as if it were a bundle

Good is a refusal (exit 4, or 6 where a file is unknown) within 20 seconds of processor time and 64 MiB of data, without a crash, and
without any file made where it ran; who waits for ever is ended after ten minutes of the clock. One TAP line for each archive.
"""
import gzip
import io
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import unicodedata
import zipfile

BLOCK = 512
CRASHED = re.compile(rb"(?:Address|Leak|Thread|Memory)Sanitizer|runtime error:|internal error|HZ-E999")
SANITIZED = False
count = bad = 0


def checksum(h):
    h[148:156] = b" " * 8
    h[148:156] = b"%06o\0 " % (sum(h) & 0o777777)
    # Ours ends the other way round: six digits, NUL, blank.
    h[154:156] = b"\0 "
    return h


def member(name, data=b"", kind=b"0", size=None, link=b"", mtime=0, prefix=b"", mode=b"000644 \0", **more):
    """A member in the form of our own, but for what is asked."""
    h = bytearray(BLOCK)
    h[0:len(name[:100])] = name[:100]
    h[100:108] = mode
    h[108:116] = h[116:124] = b"000000 \0"
    n = len(data) if size is None else size
    h[124:136] = n if isinstance(n, bytes) else b"%011o " % n
    h[136:148] = mtime if isinstance(mtime, bytes) else b"%011o " % mtime
    h[156:157] = kind
    h[157:157 + len(link)] = link
    h[257:265] = b"ustar\00000"
    h[329:337] = h[337:345] = b"000000 \0"
    h[345:345 + len(prefix)] = prefix
    for at, value in more.get("at", {}).items():
        h[at:at + len(value)] = value
    checksum(h)
    if "wrong_sum" in more:
        h[148:156] = b"000001\0 "
    return bytes(h) + data + bytes(-len(data) % BLOCK)


def read(data):
    """(name, whole member) of each member of a good bundle."""
    out, at = [], 0
    while data[at:at + BLOCK] != bytes(BLOCK):
        size = int(data[at + 124:at + 135], 8)
        prefix = data[at + 345:at + 500].rstrip(b"\0")
        name = (prefix + b"/" if prefix else b"") + data[at:at + 100].rstrip(b"\0")
        whole = BLOCK + (size + 511) // 512 * 512
        out.append((name, data[at:at + whole]))
        at += whole
    return out


def pax(records, mtime, name=b"PaxHeader/x", kind=b"x"):
    body = b""
    for key, value in records:
        rest = b" " + key + b"=" + value + b"\n"
        n = len(rest) + len(str(len(rest) + 2))
        body += str(n).encode() + rest
    return member(name, body, kind, mtime=mtime)


def cases(data):
    members = read(data)
    top = members[0][0].split(b"/")[0]
    mtime = int(data[136:147], 8)
    whole = b"".join(m for _, m in members)
    end = bytes(2 * BLOCK)
    first, last = members[0], members[-1]

    def put(name, *extra, where="sorted"):
        """The bundle with members put in where a sorted name belongs, at the start or at the end."""
        body = b"".join(extra)
        if where == "start":
            return body + whole + end
        if where == "end":
            return whole + body + end
        return b"".join(m for n, m in members if n <= name) + body + b"".join(m for n, m in members if n > name) + end

    def named(name, **kw):
        return put(name, member(name, b"x", mtime=mtime, **kw))

    t = top + b"/"
    names = {
        "parent": t + b"../x", "parent deep": t + b"data/../../x", "parent alone": b"..", "absolute": b"/etc/x", "home": b"~/x",
        "drive": b"c:\\x", "drive below": t + b"c:x", "backslash": t + b"data\\x", "dot": t + b"./x", "empty part": t + b"data//x",
        "ends with a slash": t + b"data/", "only the folder": top, "no name": b"", "newline": t + b"a\nb", "escape codes": t + b"\x1b[2J",
        "tab": t + b"a\tb", "blank": t + b"a b", "an option": b"-rf", "hidden bidi": t + "a\u202egpj.exe".encode(),
        "NFC": t + unicodedata.normalize("NFC", "é").encode(), "NFD": t + unicodedata.normalize("NFD", "é").encode(),
        "Arabic": t + "شهادة".encode(), "not UTF-8": t + b"\xff\xfe", "another folder": b"hirz-20200101-0001/x", "no folder": b"x",
        "a device's name": t + b"con", "upper case of ours": t + b"BAGIT.TXT", "our file as a folder": t + b"bagit.txt/x",
        "upper case exhibit": re.sub(rb"/ex-", b"/EX-", next(n for n, _ in members if b"/data/exhibits/" in n)),
    }
    for why, name in names.items():
        yield f"name: {why}", named(name)
    yield "name: of 100 bytes and no NUL", named(t + b"x" * (100 - len(t)))
    yield "name: NUL inside", put(t + b"a", member(t + b"a\0b", b"x", mtime=mtime))
    yield "name: a prefix where none is needed", put(t + b"zz", member(b"zz", b"x", mtime=mtime, prefix=top))
    yield "name: 255 bytes", put(t + b"z", member(b"z" * 100, b"x", mtime=mtime, prefix=t + b"y" * 130))
    kinds = {b"1": "hard link", b"2": "symbolic link", b"3": "character device", b"4": "block device", b"5": "folder", b"6": "pipe",
             b"7": "contiguous file", b"S": "GNU sparse", b"M": "continued", b"V": "volume label", b"D": "GNU folder", b"N": "old long name",
             b"X": "Solaris attributes", b"A": "Solaris ACL", b"\0": "old regular file", b"9": "unknown kind"}
    for kind, why in kinds.items():
        link = b"../../../etc/passwd" if kind in b"12" else b""
        yield f"kind: {why}", put(t + b"zz", member(t + b"zz", b"" if kind in b"123456" else b"x", kind, link=link, mtime=mtime))
    yield "kind: symbolic link out, then a file through it", put(t + b"zz", member(t + b"zz", kind=b"2", link=b"/tmp", mtime=mtime),
                                                                  member(t + b"zz/x", b"x", mtime=mtime))
    yield "kind: hard link over one of ours", put(t + b"zz", member(first[0], kind=b"1", link=b"/etc/passwd", mtime=mtime))
    yield "GNU: long name of 64 kB", put(t + b"zz", member(b"././@LongLink", b"y" * 65536 + b"\0", b"L"), member(t + b"zz", b"x", mtime=mtime))
    yield "GNU: long name that is a way out", put(t + b"zz", member(b"././@LongLink", b"../x\0", b"L"), member(t + b"zz", b"x", mtime=mtime))
    yield "GNU: long link", put(t + b"zz", member(b"././@LongLink", b"/etc/passwd\0", b"K"), member(t + b"zz", kind=b"2", mtime=mtime))
    for key, value in ((b"path", b"../x"), (b"path", t + b"zzz"), (b"linkpath", b"/etc/passwd"), (b"size", b"0"), (b"size", b"99999999999999"),
                       (b"size", b"-1"), (b"mtime", b"-1"), (b"mtime", b"1.5"), (b"uid", b"0"), (b"uname", b"root"), (b"charset", b"BINARY"),
                       (b"GNU.sparse.major", b"1"), (b"GNU.sparse.realsize", b"1099511627776"), (b"SCHILY.xattr.user.x", b"y"),
                       (b"LIBARCHIVE.xattr.x", b"eQ"), (b"comment", b"x" * 70000)):
        yield f"pax: {key.decode()}={value[:20].decode()}", put(t + b"zz", pax(((key, value),), mtime), member(t + b"zz", b"x", mtime=mtime))
    yield "pax: for all that follows", pax(((b"path", b"../x"),), mtime, kind=b"g") + whole + end
    yield "pax: nothing after it", put(t + b"zz", pax(((b"path", b"x"),), mtime), where="end")
    yield "pax: two in a row", put(t + b"zz", pax(((b"mtime", b"1"),), mtime) * 2, member(t + b"zz", b"x", mtime=mtime))
    yield "pax: record that is longer than it says", put(t + b"zz", member(b"PaxHeader/x", b"99 path=x\n", b"x", mtime=mtime), member(t + b"zz", b"x", mtime=mtime))
    for why, size in (("negative", b"\xff" * 12), ("2^63", b"\x80\0\0\0\x80" + bytes(7)), ("all sevens", b"777777777777"), ("no digits", b"            "),
                      ("minus", b"-0000000001 "), ("more than there is", b"00000100000 "), ("octal in other form", b"          1 ")):
        yield f"size: {why}", put(t + b"zz", member(t + b"zz", b"x", size=size, mtime=mtime))
    yield "mode: setuid", put(t + b"zz", member(t + b"zz", b"x", mtime=mtime, mode=b"004755 \0"))
    yield "owner: named", put(t + b"zz", member(t + b"zz", b"x", mtime=mtime, at={265: b"root"}))
    yield "owner: number", put(t + b"zz", member(t + b"zz", b"x", mtime=mtime, at={108: b"001750 "}))
    yield "time: before 1970", put(t + b"zz", member(t + b"zz", b"x", mtime=b"\xff" * 12))
    yield "time: another", put(t + b"zz", member(t + b"zz", b"x", mtime=mtime + 1))
    yield "header: wrong sum", put(t + b"zz", member(t + b"zz", b"x", mtime=mtime, wrong_sum=True))
    yield "header: GNU magic", put(t + b"zz", member(t + b"zz", b"x", mtime=mtime, at={257: b"ustar  \0"}))
    yield "header: no magic", put(t + b"zz", member(t + b"zz", b"x", mtime=mtime, at={257: bytes(8)}))
    yield "header: bytes behind it", put(t + b"zz", member(t + b"zz", b"x", mtime=mtime, at={505: b"hidden"}))
    yield "twice: the first at the end", put(b"", first[1], where="end")
    yield "twice: the last beside itself", whole + last[1] + end
    yield "twice: an exhibit with other bytes", put(next(n for n, _ in members if b"/data/exhibits/" in n),
                                                    member(next(n for n, _ in members if b"/data/exhibits/" in n), b"other", mtime=mtime))
    yield "order: the last first", last[1] + b"".join(m for _, m in members[:-1]) + end
    yield "left out: the first", b"".join(m for _, m in members[1:]) + end
    yield "end: none", whole
    yield "end: one zero block", whole + bytes(BLOCK)
    yield "end: three", whole + bytes(3 * BLOCK)
    yield "end: a record of 10,240 bytes", whole + end + bytes(-(len(whole) + 1024) % 10240 or 10240)
    yield "end: a byte more", whole + end + b"\n"
    yield "end: a second archive", data + data
    yield "end: a zip behind it", data + b"PK\5\6" + bytes(18)
    yield "start: a zero block", bytes(BLOCK) + data
    yield "start: a script", b"#!/bin/sh\nexit 0\n" + data
    yield "padding: not zeros", re.sub(rb"\0(?=" + re.escape(members[1][0]) + rb")", b"!", data, count=1)
    yield "packed: gzip", gzip.compress(data)
    yield "packed: gzip of a gigabyte of zeros in a megabyte", gzip.compress(bytes(1 << 26), 9) * 16
    z = io.BytesIO()
    with zipfile.ZipFile(z, "w") as f:
        f.writestr((top + b"/bagit.txt").decode(), "x")
        f.writestr("../x", "x")
    yield "packed: zip", z.getvalue()
    yield "many: 50 archives in one another", nested(data, t, mtime)
    yield "many: 200,000 empty files", (b"".join(member(t + b"data/exhibits/%08d" % i, mtime=mtime) for i in range(200000)) + end)
    yield "nothing", b""
    yield "zeros", bytes(1 << 20)


def nested(data, top, mtime):
    for i in range(50):
        data = member(top + b"x%02d.tar" % i, data, mtime=mtime) + bytes(1024)
    return data


def limits():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))  # however busy the machine is
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_DATA, (64 << 20, 64 << 20))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def show(name, path, key):
    """One archive before hirz-verify, in an empty folder of its own."""
    global count, bad
    why = None
    with tempfile.TemporaryDirectory(prefix="hirz-bad-") as place:
        words = [os.environ["HIRZ_VERIFY"], "--json", *(["--key", key] if key else []), path]
        # Standard output is a pipe: no file may grow at all.
        process = subprocess.Popen(words, cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   preexec_fn=limits)
        signal.setitimer(signal.ITIMER_REAL, 600)
        try:
            out = process.stdout.read()
            process.wait()
        except TimeoutError:
            process.kill()
            process.wait()
            out, why = b"", "no answer within ten minutes"
        signal.setitimer(signal.ITIMER_REAL, 0)
        if why is None and CRASHED.search(out):
            why = "crashed"
        if why is None and process.returncode not in (4, 6):
            why = f"exit {process.returncode}"
        if why is None and os.listdir(place):
            why = f"made {os.listdir(place)}"
    count += 1
    print(f"{'not ok' if why else 'ok'} {count} - {name}")
    if why:
        bad += 1
        print(f"# {why}: {out[-400:]!r}")


def on_alarm(*_):
    raise TimeoutError


def main():
    global SANITIZED, count, bad
    signal.signal(signal.SIGALRM, on_alarm)
    with open(os.environ["HIRZ_VERIFY"], "rb") as f:
        SANITIZED = b"__asan_init" in f.read()
    if sys.argv[1] == "bundle":
        with open(sys.argv[2], "rb") as f:
            data = f.read()
        # Control: our headers are those of hirz, so what is refused below is refused for what is said.
        mtime = int(data[136:147], 8)
        same = [member(n, m[BLOCK:BLOCK + int(m[124:135], 8)], mtime=mtime) == m for n, m in read(data) if len(n) <= 100]
        count += 1
        bad += not all(same) or len(same) < 10
        print(f"{'ok' if all(same) and len(same) >= 10 else 'not ok'} {count} - control: {len(same)} members made again are the same")
        with tempfile.NamedTemporaryFile(suffix=".tar", dir=os.environ.get("BAD_TAR_DIR")) as f:
            for name, changed in cases(data):
                f.seek(0)
                f.truncate()
                f.write(changed)
                f.flush()
                show(name, f.name, sys.argv[3])
    else:
        for where, _, names in sorted(os.walk(sys.argv[2])):
            for name in sorted(names):
                show(name, os.path.join(where, name), None)
    print(f"1..{count}")
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("bundle", "folder"):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main())
