#!/usr/bin/python3
"""What a program did with its vault's files, out of a record of its system calls.

opens.py LOG VAULT

LOG is what strace -f -y wrote (openat, close, dup, mmap, fsync, fdatasync, execve, clone). Held to account: the process with the keys
opens data.mdb and lock.mdb through LMDB, or before and after LMDB to walk over data.mdb; never while LMDB has them (closing such a
descriptor would drop LMDB's locks); it maps data.mdb for reading only, syncs what it wrote, and maps no library that
parses strangers' files. hirz-inspect, its child, opens neither file.
Prints what it counted, and `wrong: ...` for each breach. Exit: 0 none, 1 some, 2 the record cannot be read.
"""
import collections
import re
import sys

CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += +(-?\d+)(?:<([^>]*)>)?")
UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
PARSERS = re.compile(r"/(?:libmagic|libexpat|libexif|libcsv|libjansson|magic\.mgc)")


def plain(line):
    """strace writes bytes beyond ASCII in octal."""
    if "\\" not in line:
        return line
    data = re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8) & 255]), line.encode())
    return data.decode("utf-8", "replace")


def lines(path):
    """Whole calls: where two threads' lines cross, strace cuts them in two."""
    waiting = {}
    with open(path, encoding="utf-8", errors="replace") as f:
        for line in f:
            line = plain(line.rstrip("\n"))
            m = UNFINISHED.match(line)
            if m:
                waiting[m[1]] = line[:-len(" <unfinished ...>")]
                continue
            m = RESUMED.match(line)
            if m and m[1] in waiting:
                line = waiting.pop(m[1]) + m[2]
            yield line


class Files:
    """The descriptors of one process (threads share them)."""

    def __init__(self):
        self.lmdb = {}  # number: data or lock
        self.inspects = False


def main():
    log, vault = sys.argv[1], sys.argv[2].rstrip("/")
    names = {vault + "/data.mdb": "data", vault + "/lock.mdb": "lock"}
    table, count, wrong = {}, collections.Counter(), []
    for line in lines(log):
        m = CALL.match(line)
        if not m:
            continue
        pid, call, args, result, path = m[1], m[2], m[3], int(m[4]), m[5]
        files = table.setdefault(pid, Files())
        if call in ("clone", "clone3", "vfork", "fork") and result > 0:
            thread = "CLONE_FILES" in args or "CLONE_THREAD" in args
            child = files if thread else Files()
            known = table.get(str(result))
            if known is not None and not thread:
                child = known
            table[str(result)] = child
            continue
        if call == "execve" and result == 0:
            files.inspects = "hirz-inspect" in args.split(",")[0]
            files.lmdb = {}
            count["inspectors"] += files.inspects
        if call in ("openat", "open") and result >= 0 and path:
            if PARSERS.search(path):
                count["parsers"] += 1
                if not files.inspects:
                    wrong.append(f"the process with the keys opened {path}")
            kind = names.get(path)
            if kind is None:
                continue
            if files.inspects:
                wrong.append(f"hirz-inspect opened {path}")
            elif "O_NOFOLLOW" in args:
                count["walked"] += 1
                if kind == "lock":
                    wrong.append("lock.mdb was opened beside LMDB")
                if files.lmdb:
                    wrong.append("data.mdb was opened beside LMDB while LMDB had it")
                if "O_RDWR" in args or "O_WRONLY" in args:
                    wrong.append("data.mdb was opened for writing beside LMDB")
            else:
                files.lmdb[result] = kind
                count["lmdb"] += 1
                if sorted(files.lmdb.values()).count(kind) > (2 if kind == "data" else 1):
                    wrong.append(f"{path} was opened once more than LMDB does")
        elif call == "close" and result == 0:
            files.lmdb.pop(int(re.match(r"\d+", args)[0]), None)
        elif call in ("dup", "dup2", "dup3", "fcntl") and re.search("(?:data|lock)\\.mdb>", args) and "F_DUPFD" in args + call:
            wrong.append(f"{call} of a descriptor of LMDB's")
        elif call == "mmap" and any(f"<{name}>" in args for name in names):
            count["maps"] += 1
            if f"<{vault}/data.mdb>" in args and "PROT_WRITE" in args:
                wrong.append("data.mdb was mapped for writing")
        elif call in ("fsync", "fdatasync") and f"<{vault}/data.mdb>" in args:
            count["syncs"] += 1
    print(" ".join(f"{k}={count[k]}" for k in ("walked", "lmdb", "maps", "syncs", "inspectors", "parsers")))
    for what in wrong[:20]:
        print("wrong: " + what)
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    try:
        sys.exit(main())
    except OSError as e:
        print(e, file=sys.stderr)
        sys.exit(2)
