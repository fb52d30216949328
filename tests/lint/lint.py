#!/usr/bin/python3
"""The house rules that a compiler does not know.

lint.py CHECK ROOT      reads the names of the files to look at from standard input, NUL between them, relative
                        to ROOT, and prints one line `path:line: what` for each finding.
Exit: 0 nothing found, 1 something found, 2 could not be checked.
"""
import fnmatch
import os
import re
import subprocess
import sys

# Headers of libc and of the kernel that every room may include. What is named in src/LAYERS belongs to one room all
# the same; a header in neither list is an outside library without a room.
LIBC = set("""
aio.h arpa/inet.h assert.h ctype.h dirent.h dlfcn.h endian.h byteswap.h errno.h execinfo.h fcntl.h fenv.h float.h
fnmatch.h ftw.h getopt.h glob.h grp.h inttypes.h langinfo.h libgen.h limits.h locale.h malloc.h math.h mntent.h netdb.h
netinet/in.h poll.h pthread.h pwd.h regex.h sched.h semaphore.h signal.h spawn.h stdalign.h stdarg.h stdatomic.h
stdbool.h stddef.h stdint.h stdio.h stdio_ext.h stdlib.h stdnoreturn.h string.h strings.h syslog.h termios.h
threads.h time.h uchar.h unistd.h utime.h wchar.h wctype.h
""".split())
LIBC_DIRS = ("sys/", "linux/", "asm/")

# Rooms whose work is to speak to people and to end the program.
DOORS = {"door", "cli", "verify", "inspect"}

BANNED = {
    name: why
    for names, why in (
        ("strcpy strcat stpcpy sprintf vsprintf gets", "has no bound"),
        ("strtok asctime ctime localtime gmtime readdir_r tmpnam strerror getpwnam getpwuid", "keeps hidden state"),
        ("tempnam mktemp", "races with other programs"),
        ("system popen", "starts a shell"),
        ("alloca strdupa strndupa", "grows the stack"),
        ("scanf fscanf sscanf vscanf vfscanf vsscanf atoi atol atoll atof", "cannot report a bad number"),
        ("rand srand random srandom rand_r drand48", "is not random"),
        ("setjmp longjmp sigsetjmp siglongjmp", "skips the clean-up"),
        ("signal", "is not defined well enough: use sigaction"),
    )
    for name in names.split()
}
PRINTING = {
    name: "a room without a door does not print or end the program"
    for name in "printf fprintf vprintf vfprintf dprintf vdprintf puts fputs putchar putc fputc perror psignal exit "
    "quick_exit err errx warn warnx syslog".split()
}
MDB_FLAGS = {
    name: "weakens what a commit promises"
    for name in "MDB_NOSYNC MDB_NOMETASYNC MDB_WRITEMAP MDB_NOLOCK MDB_MAPASYNC MDB_DUPSORT MDB_NORDAHEAD MDB_NOMEMINIT".split()
}

DIRECTIONAL = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}

# Written with brackets so that this file does not name what it looks for.
WORDS = [
    (r"(?<![\w.~-])/(?:[h]ome|[U]sers)/[a-z]\w*", "path of somebody's machine"),
    (r"(?<![\w.~-])/(?:[w]ork|[f]arm)/\w", "path of one machine"),
    (r"/[t]mp/(?:[h]z|[b]ash_jobs)\b", "path of one machine"),
    (r"(?<![\w.~$}-])/[r]oot/\w", "path of one machine"),
    (r"\b(?:[d]eb|[s]ecurity|[s]napshot|[f]tp)\.[d]ebian\.org\b", "package host"),
    (r"\b[a]rchive\.[u]buntu\.com\b|\b[f]iles\.[p]ythonhosted\b|\b[p]ypi\.org\b", "package host"),
    (r"\b[r]egistry\.[n]pmjs|\b[c]rates\.io\b|\b[p]roxy\.[g]olang\b|\b[r]ubygems\.org\b", "package host"),
]
STUBS = (r"\b(?:[T]ODO|[F]IXME|[X]XX)\b|\b[n]ot [i]mplemented\b|\b[p]laceholder\b", "unfinished work")
STUB_PLACES = ("src/", "include/", "tests/", "fuzz/", "scripts/", "bench/")


def read_text(path):
    """The file as text, or None where it is not text."""
    with open(path, "rb") as f:
        data = f.read()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<string>"(?:\\.|[^"\\\n])*")|(?P<char>'(?:\\.|[^'\\\n])*')""", re.S
)


def code_of(text):
    """The C text with comments and the insides of literals blanked, lines kept; and each line's comments."""
    comments = {}

    def blank(match):
        whole = match.group(0)
        if match.group("comment") is not None:
            first = text.count("\n", 0, match.start()) + 1
            for i, part in enumerate(whole.split("\n")):
                comments[first + i] = comments.get(first + i, "") + " " + part
            return re.sub(r"[^\n]", " ", whole)
        return whole[0] + " " * (len(whole) - 2) + whole[-1]

    return TOKEN.sub(blank, text), comments


def read_layers(root):
    rooms, owners = {}, {}
    with open(os.path.join(root, "src/LAYERS"), encoding="utf-8") as f:
        for line in f:
            part = line.split("#")[0].split()
            if not part:
                continue
            rooms[part[0]] = int(part[1])
            for header in part[2:]:
                owners.setdefault(header, []).append(part[0])
    return rooms, owners


def owners_of(header, owners):
    for name, homes in owners.items():
        if header == name or (name.endswith("/") and header.startswith(name)):
            return homes
    return None


def check_include(room, kind, target, rooms, owners):
    """Why this include is not allowed, or None."""
    if kind == '"':
        other, slash, _ = target.partition("/")
        if not slash:
            return f'"{target}" is not written as room/file.h'
        if other == "hirz":
            return None if rooms[room] >= 5 else "the public headers are for the top floor"
        if other not in rooms:
            return f'"{target}": no such room in src/LAYERS'
        if other == room:
            return None
        if room == "inspect":
            return None if other in ("base", "codec", "sandbox") else f"inspect may not include {other}"
        if rooms[other] >= rooms[room]:
            return f"{room} (floor {rooms[room]}) may not include {other} (floor {rooms[other]})"
        return None
    homes = owners_of(target, owners)
    if homes is not None:
        return None if room in homes else f"<{target}> belongs to {' and '.join(homes)}"
    if target in LIBC or target.startswith(LIBC_DIRS):
        return None
    return f"<{target}> is neither of libc nor given to a room in src/LAYERS"


def layers(root, files):
    rooms, owners = read_layers(root)
    include = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:(["<])([^">]*)[">]|(\S+))', re.M)
    for path in files:
        part = path.split("/")
        if part[0] != "src" or not path.endswith((".c", ".h")):
            continue
        if len(part) != 3 or part[1] not in rooms:
            yield path, 1, "is in no room of src/LAYERS"
            continue
        text = read_text(os.path.join(root, path)) or ""
        # Comments go, strings stay: the names of quoted includes look like strings.
        text = TOKEN.sub(lambda m: m.group(0) if m.group("comment") is None
                         else re.sub(r"[^\n]", " ", m.group(0)), text)
        for match in include.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            if match.group(3):
                yield path, line, "include of a macro"
                continue
            why = check_include(part[1], match.group(1), match.group(2), rooms, owners)
            if why:
                yield path, line, why


def allowed(comments, line, name):
    """A comment on the line or on the one above that says: lint: allow NAME (reason)."""
    for at in (line, line - 1):
        if re.search(r"lint: allow " + re.escape(name) + r" \(\S[^)]*\)", comments.get(at, "")):
            return True
    return False


def banned(root, files):
    word = re.compile(r"\b([A-Za-z_]\w*)\b")
    for path in files:
        part = path.split("/")
        if part[0] not in ("src", "include", "fuzz") or not path.endswith((".c", ".h")):
            continue
        calls = dict(BANNED)
        if part[0] == "src" and part[1] not in DOORS:
            calls.update(PRINTING)
        code, comments = code_of(read_text(os.path.join(root, path)) or "")
        for number, line in enumerate(code.split("\n"), 1):
            if line.lstrip().startswith("#include"):
                continue
            for match in word.finditer(line):
                name = match.group(1)
                before, after = line[: match.start()].rstrip(), line[match.end():].lstrip()
                # A member called `exit` or `signal` is not the function.
                call = after.startswith("(") and not before.endswith((".", "->"))
                why = MDB_FLAGS.get(name) or (calls.get(name) if call else None)
                if why and not allowed(comments, number, name):
                    yield path, number, f"{name}: {why}"


def bidi(root, files):
    here = os.path.join(root, "tests/lint/bidi.allow")
    patterns = []
    if os.path.exists(here):
        with open(here, encoding="utf-8") as f:
            patterns = [line.split()[0] for line in f if line.strip() and not line.startswith("#")]
    for path in files:
        if any(fnmatch.fnmatchcase(path, p) for p in patterns):
            continue
        for char in path:
            if ord(char) in DIRECTIONAL:
                yield path, 1, f"directional character U+{ord(char):04X} in the name"
        text = read_text(os.path.join(root, path))
        for number, line in enumerate((text or "").split("\n"), 1):
            for char in line:
                if ord(char) in DIRECTIONAL:
                    yield path, number, f"directional character U+{ord(char):04X}"


def size(root, files):
    code = [f for f in files if f.endswith((".c", ".h")) and f.split("/")[0] in ("src", "include", "fuzz")]
    for path in code:
        with open(os.path.join(root, path), "rb") as f:
            lines = f.read().count(b"\n")
        if lines > 800:
            yield path, 1, f"{lines} lines (800 at most)"
    sources = [f for f in code if f.endswith(".c")]
    for at in range(0, len(sources), 100):
        out = subprocess.run(["pmccabe", *sources[at:at + 100]], cwd=root, check=True, capture_output=True, text=True)
        for line in out.stdout.splitlines():
            field = line.split("\t")
            complexity, length, place = int(field[0]), int(field[4]), field[5]
            path, number, name = re.match(r"(.*)\((\d+)\): (.*)", place).groups()
            if complexity > 20:
                yield path, number, f"{name}: complexity {complexity} (20 at most)"
            if length > 100:
                yield path, number, f"{name}: {length} lines (100 at most)"


def format_ids(root, files):
    page = "docs/format.md"
    with open(os.path.join(root, page), encoding="utf-8") as f:
        text = f.read()
    # A section is known by its heading, a paragraph by the id that it begins with.
    paragraphs = re.findall(r"^[ \t]*(?:[-*][ \t]+)?\[F-(\d+(?:\.\d+)*)\]", text, re.M)
    known = set(re.findall(r"^#+[ \t]+(\d+(?:\.\d+)*)\.?(?=\s|$)", text, re.M)) | set(paragraphs)
    for twice in sorted({p for p in paragraphs if paragraphs.count(p) > 1}):
        yield page, 1, f"two paragraphs begin with [F-{twice}]"
    for path in files:
        if path.split("/")[0] not in ("src", "include", "fuzz", "tests", "docs") or path.startswith("tests/lint/"):
            continue
        text = read_text(os.path.join(root, path))
        for number, line in enumerate((text or "").split("\n"), 1):
            for cited in re.findall(r"\[([^][]*\bF-[^][]*)\]", line):
                for one in re.split(r"[,;]\s*", cited):
                    match = re.fullmatch(r"(?:F-)?(\d+(?:\.\d+)*)", one.strip())
                    if one.strip() == "F-n.n":  # the form itself, where it is explained
                        continue
                    if not match:
                        yield path, number, f"[{cited}] is not a citation of the form [F-n.n]"
                    elif match.group(1) not in known:
                        yield path, number, f"{page} has no section {match.group(1)}"


def words(root, files):
    for path in files:
        text = read_text(os.path.join(root, path))
        if text is None:
            continue
        rules = list(WORDS)
        if path.startswith(STUB_PLACES):
            rules.append(STUBS)
        for number, line in enumerate(text.split("\n"), 1):
            for pattern, why in rules:
                match = re.search(pattern, line)
                if match:
                    yield path, number, f"{match.group(0)}: {why}"


# The only files that write bytes to a descriptor: the doors' own output, commands and files whose content is the
# bytes, and the copy in memory that hirz-inspect is given.
SINK_FILES = {"src/base/fd.c", "src/bundle/out.c", "src/store/copy.c", "src/door/out.c", "src/door/passphrase.c",
              "src/cli/cmd_open.c", "src/cli/cmd_object.c", "src/cli/newfile.c", "src/inspect/main.c",
              "src/cli/head.c", "src/ingest/media.c"}
WRITES = "hz_fd_write_all printf fprintf vprintf vfprintf dprintf vdprintf puts fputs putchar putc fputc fwrite perror " \
    "psignal write writev pwrite err errx warn warnx syslog".split()
# The program's own tables of commands and options, not anybody's evidence.
OWN_TEXTS = {"src/door/help.c"}
# What makes outside text visible; translated texts; and these, looked at one by one: they choose among our own texts, or
# give what a hz_show_ function gave.
SHOWN = re.compile(r"(?:hz_show_\w+|_|C_|NN_|%s)\s*\(" % "|".join("""
hz_state_text hz_consent_text hz_verdict_word hz_door_why kind_word level_shown reason_text label reason act_text path_text
revoked_text state_text
""".split()))
CONSTANT = re.compile(r"(?:[A-Z][A-Z0-9_]+|\w*prog\.(?:name|version))$")


def call_args(code, at):
    """The arguments of the call whose bracket opens at `at`, as (start, text), split at the commas of this level."""
    depth, begin, out = 0, at + 1, []
    for i in range(at, len(code)):
        if code[i] in "([{":
            depth += 1
        elif code[i] in ")]}":
            depth -= 1
            if depth == 0:
                out.append((begin, code[begin:i]))
                return out
        elif code[i] == "," and depth == 1:
            out.append((begin, code[begin:i]))
            begin = i + 1
    return out


def split_choice(text):
    """a ? b : c gives b and c, of this level and whatever they hold; anything else itself."""
    depth = 0
    marks = {}
    for i, c in enumerate(text):
        depth += (c in "([{") - (c in ")]}")
        if depth == 0 and c in "?:":
            marks.setdefault(c, i)
    if "?" in marks and ":" in marks:
        return split_choice(text[marks["?"] + 1:marks[":"]]) + split_choice(text[marks[":"] + 1:])
    return [text.strip()]


def made_visible(text):
    return all(part.startswith('"') or SHOWN.match(part) or CONSTANT.match(part) for part in split_choice(text))


def conversions(literal):
    """The letters of a format's conversions; a star takes an argument of its own."""
    out = []
    for match in re.finditer(r"%(?:[-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?(?:hh|h|ll|l|j|z|t)?([A-Za-z%])", literal):
        if match.group(3) == "%":
            continue
        out += ["*"] * ((match.group(1) == "*") + (match.group(2) == "*")) + [match.group(3)]
    return out


PLAIN_CALLS = {"hz_out_puts": (1,), "hz_out_cell": (1,), "hz_out_field": (1, 3)}


def shown_call(source, code, match):
    """Why this call of an output function is not allowed, or None."""
    args = call_args(code, match.end() - 1)
    if match.group(1) in PLAIN_CALLS:
        for at in PLAIN_CALLS[match.group(1)]:
            if len(args) <= at or not made_visible(args[at][1]):
                return f"`{' '.join(args[at][1].split())}` is neither ours nor made visible"
        return None
    if len(args) < 2 or '"' not in args[1][1]:
        return "its format is no literal"
    start, text = args[1]
    literal = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', source[start:start + len(text)])[:1])
    if text.lstrip().startswith("NN_"):
        literal = re.findall(r'"((?:\\.|[^"\\])*)"', source[start:start + len(text)])[1]
    elif text.lstrip().startswith('"'):
        literal = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', source[start:start + len(text)]))
    for letter, (_, arg) in zip(conversions(literal), args[2:]):
        if letter == "s" and not made_visible(arg):
            return f"`{' '.join(arg.split())}` is neither ours nor made visible"
    return None


def sinks(root, files):
    word = re.compile(r"(?<![\w.>])(" + "|".join(WRITES) + r")\s*\(")
    shown = re.compile(r"\b(hz_out_printf|hz_out_puts|hz_out_cell|hz_out_field|hz_door_note)\s*\(")
    for path in files:
        if not path.startswith("src/") or not path.endswith(".c"):
            continue
        source = read_text(os.path.join(root, path)) or ""
        code, comments = code_of(source)
        found = []
        for match in word.finditer(code):
            if path not in SINK_FILES:
                found.append((match, "bytes go out through the functions of the door"))
        for match in shown.finditer(code):
            if code[code.rfind("\n", 0, match.start()) + 1:match.start()] != "" and path not in OWN_TEXTS:  # else: defined
                found.append((match, shown_call(source, code, match)))
        for match, why in found:
            number = code.count("\n", 0, match.start()) + 1
            if why and not allowed(comments, number, match.group(1)):
                yield path, number, f"{match.group(1)}: {why}"


CHECKS = {
    "layers": layers, "banned": banned, "bidi": bidi, "size": size, "format-ids": format_ids, "words": words,
    "sinks": sinks,
}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in CHECKS:
        print(__doc__, file=sys.stderr)
        return 2
    root = sys.argv[2]
    names = [n.decode("utf-8", "surrogateescape") for n in sys.stdin.buffer.read().split(b"\0") if n]
    files = sorted(n for n in names if os.path.isfile(os.path.join(root, n)))
    found = 0
    try:
        for path, line, what in CHECKS[sys.argv[1]](root, files):
            print(f"{path}:{line}: {what}".encode("utf-8", "backslashreplace").decode("utf-8"))
            found += 1
    except (OSError, ValueError, subprocess.CalledProcessError) as e:
        print(f"{sys.argv[1]}: cannot be checked: {e}")
        return 2
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
