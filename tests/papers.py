"""Documents as tests read them: their text, and what makes them readable to all."""

from io import BytesIO

from pypdf import PdfReader


def opened(pdf):
    """The document of an answer, or of its bytes."""
    return PdfReader(BytesIO(getattr(pdf, "content", pdf)))


FOOT = 60
"""In points: what a page says stands above it (its margin is 2.3 cm), the foot of the page below."""


def placed(pdf):
    """(page, text, points from the left, points from the foot) of each run of letters, in the order of reading."""
    runs = []
    for page in opened(pdf).pages:

        def keep(text, cm, tm, _font, _size, page=page):
            left, up = (cm[n] * tm[4] + cm[n + 2] * tm[5] + cm[n + 4] for n in (0, 1))
            runs.append((page, text, left, up))

        page.extract_text(visitor_text=keep)
    return runs


def text_of(pdf):
    """All that a document says, page after page, without what stands at the foot of each."""
    return "".join(text for _page, text, _left, up in placed(pdf) if up >= FOOT or not text.strip())


def squeezed(text):
    """`text` without the spaces and line ends that setting it moves."""
    return "".join(text.split())


def holds(pdf, *texts):
    """Which of `texts` a document lacks, wherever its lines end."""
    said = squeezed(text_of(pdf))
    return [text for text in texts if squeezed(str(text)) not in said]


def faults(pdf, *, language):
    """What stands between a document and those who do not see it."""
    document = opened(pdf)
    root = document.trailer["/Root"]
    checks = {
        "language": str(root.get("/Lang", "")).split("-")[0] == language,
        "title": bool(document.metadata.title) and root["/ViewerPreferences"]["/DisplayDocTitle"],
        "tags": root.get("/MarkInfo", {}).get("/Marked") is not None and "/StructTreeRoot" in root,
        "headings": bool(document.outline),
        "standards": all(mark in document.xmp_metadata.stream.get_data() for mark in (b"pdfuaid:part", b"pdfaid:part")),
        "embedded fonts": all(is_embedded(font) for font in fonts_of(document)),
    }
    return [name for name, is_well in checks.items() if not is_well]


def fonts_of(document):
    """Every typeface the pages of a document use."""
    found = [page["/Resources"].get("/Font", {}) for page in document.pages]
    return [font.get_object() for fonts in found for font in fonts.values()]


def is_embedded(font):
    below = font.get("/DescendantFonts", [font])[0].get_object()
    described = below["/FontDescriptor"].get_object()
    return any(f"/FontFile{n}" in described for n in ("", "2", "3"))
