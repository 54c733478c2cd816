"""Office documents, as small as their tools could write them, honest and hostile."""

import io
import zipfile

OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
MAIN = {
    "wordprocessingml.document": "word/document.xml",
    "spreadsheetml.sheet": "xl/workbook.xml",
    "presentationml.presentation": "ppt/presentation.xml",
}
MANIFEST = "META-INF/manifest.xml"


def archive(members, **options):
    """The archive of `members`, (name, content) pairs."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, content in members:
            made.writestr(name, content)
    return held.getvalue()


def open_xml(kind, *more, types="", main=None):
    """A document of Word, Excel or PowerPoint, with `more` members, and their `types`."""
    part = MAIN.get(kind, "word/document.xml")
    listed = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{main or OPEN_XML + kind + ".main+xml"}"/>{types}</Types>'
    )
    return archive([("[Content_Types].xml", listed), (part, "<document/>"), *more])


def open_document(kind, *more, manifest="<manifest/>"):
    """A document of LibreOffice, with `more` members."""
    kept = [("mimetype", OPEN_DOCUMENT + kind), ("content.xml", "<content/>"), (MANIFEST, manifest)]
    return archive([*kept, *more])


def docx(*more, **options):
    return open_xml("wordprocessingml.document", *more, **options)


VBA = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
DOCM = "application/vnd.ms-word.document.macroEnabled.main+xml"
CLEAN = {
    **{OPEN_XML + kind: open_xml(kind) for kind in MAIN},
    **{OPEN_DOCUMENT + kind: open_document(kind) for kind in ("text", "spreadsheet", "presentation")},
}
MACROS = {
    "a macro": docx(("word/vbaProject.bin", b"macro"), types=VBA),
    "a macro by another name": docx(("word/picture.bin", b"macro"), types=VBA),
    "a macro that no list names": docx(("word/VBAPROJECT.BIN", b"macro")),
    "a document for macros by the ending of one without": docx(main=DOCM),
    "a macro of long ago": open_xml(
        "spreadsheetml.sheet",
        ("xl/macrosheets/sheet1.xml", "<xm/>"),
        types='<Override PartName="/xl/macrosheets/sheet1.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>',
    ),
    "a module of LibreOffice": open_document("text", ("Basic/Standard/Module1.xml", "<module/>")),
    "a script of LibreOffice": open_document("spreadsheet", ("Scripts/python/run.py", "import os")),
}
SWELLING = {
    "an office document that swells": docx(("word/media/zeros", bytes(20_000_000))),
    "an office document of too many parts": docx(*((f"word/{n}.xml", "") for n in range(5001))),
    "an office document whose list swells": archive([("[Content_Types].xml", bytes(2_100_000))]),
}
LOCKED = {
    "a document of LibreOffice behind a password": open_document(
        "text", manifest="<manifest><file-entry><encryption-data/></file-entry></manifest>"
    ),
    "a document of Word behind a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + bytes(1000)
    + "EncryptedPackage".encode("utf-16-le"),
}
OTHER = {
    "a document of Word before 2007": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
    "an archive of a page": archive([("index.html", "<script>alert(1)</script>")]),
    "a book": archive([("mimetype", "application/epub+zip"), ("content.xml", "<p/>")]),
    "a drawing of LibreOffice": open_document("graphics"),
    "a programme in an archive": archive([("META-INF/MANIFEST.MF", "Main-Class: A"), ("A.class", b"\xca\xfe\xba\xbe")]),
    "a list of parts without any": archive([("[Content_Types].xml", "<Types/>")]),
}


def spoilt(content):
    """A member that is not what its archive counted."""
    at = content.index(b"word/document.xml") + len("word/document.xml")
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


DAMAGED = {
    "an office document that would be put elsewhere": docx(("../../etc/cron.d/run", "run")),
    "half an office document": docx()[:200],
    "an office document that was changed on its way": spoilt(docx()),
    "an office document with a list that is none": archive([("[Content_Types].xml", "not a list")]),
}
