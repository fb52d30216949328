#!/usr/bin/env python3
"""metadata.py EXPECTED CLAIMS PAGE: what hirz-inspect says of each sample against what exiftool says.

EXPECTED is exiftool's JSON (-n -G1), CLAIMS lines of claims_of, PAGE docs/reference/metadata.md. Every difference
has a row in the page's table of differences, every field that is not read a row in the table of those; a row that
explains nothing is an error too. Prints TAP."""
import json
import re
import sys

TEXT, NUMBER, DAY, ZONE, ABSOLUTE, CLOCK = "text", "number", "day", "zone", "absolute", "clock"
FIELDS = {
    "File:MIMEType": ("type", TEXT),
    "File:ImageWidth": ("width", NUMBER),
    "File:ImageHeight": ("height", NUMBER),
    "Track1:ImageWidth": ("width", NUMBER),
    "Track1:ImageHeight": ("height", NUMBER),
    "Track2:ImageWidth": ("width", NUMBER),
    "Track2:ImageHeight": ("height", NUMBER),
    "IFD0:Make": ("exif.make", TEXT),
    "IFD0:Model": ("exif.model", TEXT),
    "IFD0:Software": ("exif.software", TEXT),
    "IFD0:Artist": ("exif.artist", TEXT),
    "IFD0:Copyright": ("exif.copyright", TEXT),
    "IFD0:Orientation": ("orientation", NUMBER),
    "ExifIFD:DateTimeOriginal": ("exif.time_taken", DAY),
    "ExifIFD:CreateDate": ("exif.time_digitized", DAY),
    "IFD0:ModifyDate": ("exif.time_modified", DAY),
    "ExifIFD:OffsetTimeOriginal": ("exif.time_taken", ZONE),
    "GPS:GPSLatitude": ("gps.latitude", ABSOLUTE),
    "GPS:GPSLongitude": ("gps.longitude", ABSOLUTE),
    "GPS:GPSAltitude": ("gps.altitude", ABSOLUTE),
    "GPS:GPSDateStamp": ("gps.time", DAY),
    "GPS:GPSTimeStamp": ("gps.time", CLOCK),
    "Composite:GPSLatitude": ("gps.latitude video.latitude", NUMBER),
    "Composite:GPSLongitude": ("gps.longitude video.longitude", NUMBER),
    "Composite:GPSAltitude": ("gps.altitude video.altitude", NUMBER),
    "XMP-tiff:Make": ("xmp.make", TEXT),
    "XMP-tiff:Model": ("xmp.model", TEXT),
    "XMP-exif:DateTimeOriginal": ("xmp.time_taken", DAY),
    "XMP-xmp:CreateDate": ("xmp.time_created", DAY),
    "XMP-xmp:ModifyDate": ("xmp.time_modified", DAY),
    "QuickTime:CreateDate": ("video.time_created", DAY),
    "QuickTime:ModifyDate": ("video.time_modified", DAY),
    "QuickTime:Duration": ("duration", NUMBER),
    "QuickTime:MajorBrand": ("brand", TEXT),
    "Keys:Make": ("video.make", TEXT),
    "Keys:Model": ("video.model", TEXT),
    "Keys:Software": ("video.software", TEXT),
}
# About the file, not in it.
OUTSIDE = {"SourceFile", "System:FileName", "System:FileSize"}
# What the list of expected fields does not hold for any file, so that nothing can be compared.
UNEXPECTED = {"exif.serial", "exif.lens", "xmp.tool", "video.time_taken", "c2pa.label", "c2pa.sha256", "c2pa.size"}


def parts(time):
    m = re.fullmatch(r"(\d{4}(?:[-:]\d\d(?:[-:]\d\d)?)?)(?:[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?", str(time))
    return None if m is None else (m[1].replace(":", "-"), m[2] or "", m[3] or "", m[4] or "")


def same_text(want, have):
    clean = [" ".join(str(t).replace("\ufffd", "?").split()) for t in (want, have)]
    return clean[0] == clean[1]


def same_day(want, have, key):
    w, h = parts(want), parts(have)
    if w is None or h is None:
        return False
    # exiftool gives a day alone where the camera gave one, keeps fractions of XMP apart from EXIF, and shows the
    # times of a movie header, which are UTC, without a zone.
    if w[0] != h[0] or (w[1] and w[1] != h[1]) or (w[2] and float(w[2]) != float(h[2] or 0)):
        return False
    return not key.startswith("xmp.") or w[3] == h[3]


def same(kind, want, have, key):
    if kind == TEXT:
        return same_text(want, have)
    if kind == DAY:
        return same_day(want, have, key)
    if kind == ZONE:
        return (parts(have) or ("",) * 4)[3] == want
    if kind == CLOCK:
        _, clock, fraction, zone = parts(have) or ("",) * 4
        m = re.fullmatch(r"(\d\d:\d\d:\d\d)(\.\d+)?", str(want))
        return m is not None and m[1] == clock and float(m[2] or 0) == float(fraction or 0) and zone == "Z"
    want, have = float(want), float(have)
    if kind == ABSOLUTE:
        have = abs(have)
    return abs(want - have) <= 1e-6


def tables(page):
    """Rows of the two tables by their headings: {(sample, field)}, {field}."""
    differences, unread, into = set(), set(), None
    for line in open(page, encoding="utf-8"):
        cells = [c.strip().strip("`") for c in line.strip().strip("|").split("|")]
        if line.startswith("| sample | field |"):
            into = differences
        elif line.startswith("| field not read |"):
            into = unread
        elif not line.startswith("|"):
            into = None
        elif into is not None and not set(cells[0]) <= {"-"}:
            into.add((cells[0], cells[1]) if into is differences else cells[0])
            if len(cells[-1]) < 10:
                sys.exit(f"{page}: a row without a reason: {line}")
    return differences, unread


def differ(expected, claims, unread, used):
    """The (field, what) that differ for one sample."""
    found, seen = [], set()
    for field, want in expected.items():
        if field in OUTSIDE:
            continue
        if field in unread:
            used.add(field)
            continue
        if field not in FIELDS:
            found.append((field, f"nobody knows it: {want!r}"))
            continue
        names, kind = FIELDS[field]
        key = next((k for k in names.split() if k in claims), None)
        seen.update(names.split())
        if key is None:
            found.append((field, f"expected {want!r}, not said"))
        elif not same(kind, want, claims[key], key):
            found.append((field, f"expected {want!r}, not {claims[key]!r}"))
    for key, value in claims.items():
        if key not in seen and key not in UNEXPECTED:
            found.append((key, f"said {value!r}, not expected"))
    return found


def main():
    expected = {e["SourceFile"]: e for e in json.load(open(sys.argv[1], encoding="utf-8"))}
    differences, unread = tables(sys.argv[3])
    used, explained, number, failed = set(), set(), 0, 0

    def report(ok, name, notes=()):
        nonlocal number, failed
        number += 1
        failed += not ok
        print(f"{'ok' if ok else 'not ok'} {number} - {name}")
        for note in notes:
            print(f"# {note}")

    for line in open(sys.argv[2], encoding="utf-8"):
        got = json.loads(line)
        name = next((n for n in expected if got["file"].endswith("/" + n)), None)
        if name is None:
            continue
        claims = dict(got["claims"], type=got["type"])
        notes = []
        for field, what in differ(expected.pop(name), claims, unread, used):
            if (name, field) in differences:
                explained.add((name, field))
            else:
                notes.append(f"{field}: {what}")
        if got["claims_reason"] != "known":
            notes.append(f"no answer: {got['claims_reason']}")
        report(not notes, name, notes)
    report(not expected, "every expected sample was looked at", sorted(expected))
    stale = sorted(" ".join(d) for d in differences - explained) + sorted(unread - used)
    report(not stale, "every row of the page explains something", stale)
    report(number > 40, "there were samples")
    print(f"1..{number}")
    return 1 if failed else 0


sys.exit(main())
