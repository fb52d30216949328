#!/usr/bin/python3
"""Sample evidence of our own making, the same bytes on every run.

samples.py FOLDER    writes photo.jpg (a JPEG header with a camera's date, then noise), testimony-ar.txt and
                     testimony-en.txt (invented, about nobody), and clip.mp4 (a film's boxes, then noise).
"""
import os
import random
import struct
import sys

ARABIC = """شهادة مكتوبة للتجربة. كل ما فيها من نسج الخيال، ولا تخص أحدا.

في صباح يوم من أيام الصيف، قرابة الساعة التاسعة، كنت أمام دكان الخبز في القرية. سمعت صوت طائرة في السماء، ثم وقع
قصف جوي على السوق القديم. سقطت قذيفتان، الأولى قرب الساحة والثانية على سطح المدرسة، وكانت المدرسة خالية.
رأيت الدخان يرتفع من جهة السوق، وجاء الجيران يحملون الجرحى إلى المستوصف. لم أر علامة على الطائرة ولا أعرف لمن هي.
بعد ساعة عاد الهدوء، وبقيت جدران ثلاثة بيوت مهدمة.
"""
ENGLISH = """A written testimony for trying things out. All of it is invented and about nobody.

On a summer morning, at about nine o'clock, I stood in front of the bakery of the village. I heard an aircraft, and then
an airstrike hit the old market. Two munitions fell: the first near the square, the second on the roof of the school,
which was empty. Smoke rose over the market and neighbours carried the wounded to the clinic. I saw no marking on the
aircraft and do not know whose it was. After an hour it was quiet; the walls of three houses were down.
"""


def exif(date):
    """A TIFF block with the camera's make and the time it says the picture was taken."""
    make, when = b"hirz sample\0", date.encode() + b"\0"
    head = struct.pack("<2sHI", b"II", 42, 8)
    first_at = 8
    values_at = first_at + 2 + 2 * 12 + 4
    sub_at = values_at + len(make)
    first = struct.pack("<H", 2)
    first += struct.pack("<HHII", 0x010F, 2, len(make), values_at)
    first += struct.pack("<HHII", 0x8769, 4, 1, sub_at) + struct.pack("<I", 0)
    sub = struct.pack("<H", 1) + struct.pack("<HHII", 0x9003, 2, len(when), sub_at + 2 + 12 + 4) + struct.pack("<I", 0)
    return head + first + make + sub + when


def jpeg(rng, size, date="2019:07:22 08:01:02"):
    def part(mark, body):
        return struct.pack(">BBH", 0xFF, mark, len(body) + 2) + body

    data = b"\xff\xd8" + part(0xE1, b"Exif\0\0" + exif(date)) + part(0xDB, b"\0" + bytes([16]) * 64)
    data += part(0xC0, struct.pack(">BHHB", 8, 480, 640, 1) + b"\x01\x11\x00")
    data += part(0xC4, b"\0" + bytes([1] + [0] * 15) + b"\0") + part(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    # In the picture's own bytes an FF is followed by a zero.
    data += rng.randbytes(max(0, size - len(data) - 2)).replace(b"\xff", b"\xfe")
    return data + b"\xff\xd9"


def film(rng, size):
    def box(kind, body):
        return struct.pack(">I4s", len(body) + 8, kind) + body

    header = box(b"ftyp", b"isom\0\0\x02\0isomiso2mp41")
    # Created 2019-07-22 05:01:02 UTC, counted from 1904 as films do; 1,000 units a second, 12 seconds.
    created = 1563771662 + 2082844800
    mvhd = struct.pack(">IIIII", 0, created, created, 1000, 12000) + struct.pack(">IHH", 0x10000, 0x100, 0) + bytes(72)
    mvhd += struct.pack(">I", 2)
    return header + box(b"moov", box(b"mvhd", mvhd)) + box(b"mdat", rng.randbytes(size))


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    rng = random.Random(1)
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name, data in (
        ("clip.mp4", film(rng, 3_000_000)),
        ("photo.jpg", jpeg(rng, 240_000)),
        ("testimony-ar.txt", ARABIC.encode()),
        ("testimony-en.txt", ENGLISH.encode()),
    ):
        path = os.path.join(folder, name)
        with open(path, "wb") as f:
            f.write(data)
        os.utime(path, (1563771662, 1563771662))
    return 0


if __name__ == "__main__":
    sys.exit(main())
