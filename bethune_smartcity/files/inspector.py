"""Say whether a document opens. A program of its own: what a hostile document does to it stays here.

`python -I inspector.py DOCUMENT TYPE` writes a word and a type: `opens` and the document's own, which for an archive is
told from its members, or what is wrong with it: `locked` (by a password), `macros`, `swells`, `other` (an archive of
something else). Any other end means that it does not open, or not within the bounds. It imports nothing of the portal.
Sources: pypdfium2, what a common browser opens a PDF with, so that what people can read is taken; Pillow; pi-heif.
"""

import resource
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

# Seconds of processor, and octets of memory: what an honest document of the largest size takes, many times over.
PROCESSOR, MEMORY = 10, 1_500_000_000
LIMITS = {
    resource.RLIMIT_AS: MEMORY,
    resource.RLIMIT_CPU: PROCESSOR,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/heic": "HEIF"}

# What an archive may unfold into: members, octets, and how many times its own size once it is no longer small.
MOST_MEMBERS, MOST_OCTETS, MOST_TIMES, SMALL = 5000, 400_000_000, 100, 10_000_000
LARGEST_LIST = 2_000_000
CONTENTS, MANIFEST, MIMETYPE = "[Content_Types].xml", "META-INF/manifest.xml", "mimetype"
OPEN_XML = "application/vnd.openxmlformats-officedocument."
MAIN = {
    f"{OPEN_XML}{kind}.main+xml": OPEN_XML + kind
    for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
}
OPEN_DOCUMENTS = {f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation")}
PROGRAMS = ("macro", "vbaproject", "vbadata", "activex")
SCRIPTS = ("basic/", "scripts/")


class Wrong(Exception):
    """What is wrong with a document, in a word."""


def look_at_pdf(document: Path) -> None:
    """Open it, and its first and last page; those between are not looked at."""
    import pypdfium2  # noqa: PLC0415  only a PDF needs it

    try:
        pdf = pypdfium2.PdfDocument(document)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise Wrong("locked") from None
        raise
    for number in (0, len(pdf) - 1):
        pdf[number].close()


def look_at_picture(document: Path, form: str) -> None:
    """Read every point. Pillow itself refuses more than 179 million of them."""
    from PIL import Image  # noqa: PLC0415  only a picture needs it

    if form == "HEIF":
        import pi_heif  # noqa: PLC0415  only such a picture needs it

        pi_heif.register_heif_opener()
    with Image.open(document, formats=[form]) as picture:
        picture.verify()
    with Image.open(document, formats=[form]) as picture:
        # A JPEG is read to its end, and kept at an eighth of its width.
        picture.draft(None, (picture.width // 8, picture.height // 8))
        picture.load()


def look_at_archive(document: Path) -> str:
    """Unfold every member. Returns the type of the office document that they are."""
    with zipfile.ZipFile(document) as archive:
        members = archive.infolist()
        kind = kind_of(archive, {member.filename for member in members})
        check_members(members)
        for member in members:
            with archive.open(member) as content:
                while content.read(1 << 20):
                    pass
    return kind


def kind_of(archive: zipfile.ZipFile, names: set[str]) -> str:
    if CONTENTS in names:
        return open_xml(archive, names)
    if MIMETYPE in names and "content.xml" in names:
        return open_document(archive, names)
    raise Wrong("other")


def open_xml(archive: zipfile.ZipFile, names: set[str]) -> str:
    """The type of Word's, Excel's or PowerPoint's document, which lists the types of its parts."""
    parts = list(ElementTree.fromstring(listed(archive, CONTENTS)))  # noqa: S314  bounds are those of this process
    types = {part.get("ContentType", "").lower() for part in parts}
    if any(program in each for each in types for program in PROGRAMS) or any("vbaproject" in n.lower() for n in names):
        raise Wrong("macros")
    kinds = [
        MAIN[part.get("ContentType", "")]
        for part in parts
        if part.get("ContentType") in MAIN and part.get("PartName", "").lstrip("/") in names
    ]
    if len(kinds) != 1:
        raise Wrong("other")
    return kinds[0]


def open_document(archive: zipfile.ZipFile, names: set[str]) -> str:
    """The type of LibreOffice's document, which says it in a member of its own."""
    kind = listed(archive, MIMETYPE).decode("ascii").strip()
    if kind not in OPEN_DOCUMENTS:
        raise Wrong("other")
    if any(name.lower().startswith(SCRIPTS) for name in names):
        raise Wrong("macros")
    if MANIFEST in names and b"encryption-data" in listed(archive, MANIFEST):
        raise Wrong("locked")
    return kind


def listed(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LARGEST_LIST:
        raise Wrong("swells")
    return archive.read(name)


def check_members(members: list[zipfile.ZipInfo]) -> None:
    """Raise for what unfolds into too much, is written twice, or would be put elsewhere."""
    total, packed = sum(member.file_size for member in members), sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or total > MOST_OCTETS or total > max(SMALL, packed * MOST_TIMES):
        raise Wrong("swells")
    if any(member.flag_bits & 1 for member in members):
        raise Wrong("locked")
    names = [member.filename for member in members]
    strange = any("\\" in name or name.startswith("/") or ".." in name.split("/") for name in names)
    methods = {member.compress_type for member in members}
    if strange or len(set(names)) < len(names) or not methods <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ValueError("an archive that no office tool writes")


def look(document: Path, content_type: str) -> str:
    """The type of a document that opens."""
    if content_type == "application/zip":
        return look_at_archive(document)
    if content_type == "application/pdf":
        look_at_pdf(document)
    else:
        look_at_picture(document, FORMATS[content_type])
    return content_type


def main(document: Path, content_type: str) -> str:
    try:
        return f"opens {look(document, content_type)}"
    except Wrong as wrong:
        return f"{wrong} {content_type}"


if __name__ == "__main__":
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    sys.stdout.write(main(Path(sys.argv[1]), sys.argv[2]))
