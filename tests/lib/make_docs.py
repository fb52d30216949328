#!/usr/bin/python3
"""Small documents for tests, made from nothing.

make_docs.py FOLDER   writes docx, odt, pdf, html, zip and texts into it.
"""
import os
import sys
import zipfile


def put_zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in members:
            z.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text)


def put_pdf(path, lines, title):
    """One page in Helvetica; offsets counted as the format wants them."""
    stream = "BT /F1 12 Tf 72 720 Td 14 TL\n" + "".join(f"({line}) Tj T*\n" for line in lines) + "ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) /Producer (by hand) /CreationDate (D:20240229100000Z) >>",
    ]
    out = "%PDF-1.4\n"
    places = []
    for i, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{i} 0 obj\n{text}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{p:010} 00000 n \n" for p in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF\n"
    with open(path, "w", encoding="latin-1") as f:
        f.write(out)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    put_zip(
        f"{folder}/a.docx",
        [
            ("[Content_Types].xml", "<Types/>"),
            (
                "word/document.xml",
                f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>قال الشا</w:t></w:r><w:r><w:t>هد</w:t></w:r></w:p>'
                "<w:p><w:r><w:t>second</w:t></w:r></w:p></w:body></w:document>",
            ),
        ],
    )
    put_zip(
        f"{folder}/b.odt",
        [
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            (
                "content.xml",
                f'<o:document-content xmlns:o="{office}" xmlns:t="{text}"><o:body><o:text>'
                "<t:h>عنوان</t:h><t:p>one</t:p></o:text></o:body></o:document-content>",
            ),
        ],
    )
    put_pdf(f"{folder}/c.pdf", ["first line", "second line"], "a title")
    with open(f"{folder}/d.html", "wb") as f:
        f.write("<html><head><meta charset=windows-1256><title>صفحة</title></head><body><p>مرحبا".encode("cp1256"))
    put_zip(f"{folder}/e.zip", [("one.txt", "1"), ("two/اثنان.txt", "22")])
    with open(f"{folder}/f.txt", "wb") as f:
        f.write("شهادة مكتوبة بترميز قديم\r\nوسطر ثان\r\n".encode("cp1256"))
    with open(f"{folder}/g.txt", "w", encoding="utf-8") as f:
        f.write("نص بترميز حديث\n")


main(sys.argv[1])
