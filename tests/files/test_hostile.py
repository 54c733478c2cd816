"""What people send: refused early, with a sentence that says why, or kept and never shown inline."""

import base64
import io
import json
import struct
import zipfile
import zlib

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from django.urls import reverse
from PIL import Image
from pypdf import PdfWriter

from bethune_smartcity.files import inspection, kinds
from bethune_smartcity.files.models import StoredFile
from calls.models import Question
from calls.operations import submissions
from tests.factories.accounts import owner_of
from tests.factories.calls import PDF, CallFactory, draft, questions_of
from tests.files import office

pytestmark = pytest.mark.django_db

WRONG_KIND, DAMAGED, TOO_LARGE = "Envoyez un document PDF", "ne s’ouvre pas", "trop lourd"
LOCKED, MACROS, SWELLS = "protégé par un mot de passe", "contient des macros", "se déplie en plus"
# More than a document may have, and no more than a request may announce.
LARGE = 22_000_000
GIGABYTE = 10**9


def zip_bomb():
    """A small archive that would fill a disk."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(20_000_000))
    return held.getvalue()


def picture_bomb():
    """A small picture that says it has ten thousand million points."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def picture(kind):
    held = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(held, kind)
    return held.getvalue()


def cut(content, share):
    return content[: round(len(content) * share)]


def noise(kind):
    """A picture that does not compress to nothing: cut, it lacks something."""
    held = io.BytesIO()
    Image.effect_noise((300, 200), 80).convert("RGB").save(held, kind)
    return held.getvalue()


def locked(password):
    """A document that asks for a password before it is read, or only before it is changed when there is none."""
    held, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(72, 72)
    writer.encrypt(password, "of its owner")
    writer.write(held)
    return held.getvalue()


def numberless(objects):
    """A document whose objects nothing numbers: all of them are read before it is known to be none."""
    return b"%PDF-1.7\n" + b"1 0 obj\n<<>>\nendobj\n" * objects


# Sixteen points each way, all white: nothing here writes such a picture.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAXxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9j"
    "AAAAAERAAAEAAQAAAAABoAABAAAAAAAAACIAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/Glw"
    "cnAAAADcaXBjbwAAAHVodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQApQgEBA3AA"
    "AAMAkAAAAwAAAwAeoCCBBZbqrprm4CGgwIAAAAyAAAADAIRiAAEABkQBwXPBiQAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABA"
    "AAAAQAAAAChjbGFwAAAAEAAAAAEAAAAQAAAAAf///9AAAAAC////0AAAAAIAAAAQcGl4aQAAAAADCAgIAAAAGGlwbWEAAAAAAAAAAQABBYEC"
    "AwWEAAAAKm1kYXQAAAAeKAGvBBISTOD4BE5fbugwVQEgrOi0dKHIlxCTu2rA"
)
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HOSTILE = {
    "a page that says it is a document": ("plan.pdf", HTML, WRONG_KIND),
    "a page": ("plan.html", HTML, WRONG_KIND),
    "a drawing with a script": ("plan.svg", SVG, WRONG_KIND),
    "a drawing that says it is a picture": ("plan.png", SVG, WRONG_KIND),
    "a programme": ("plan.pdf", b"MZ" + bytes(200), WRONG_KIND),
    "an archive that swells": ("plan.zip", zip_bomb(), WRONG_KIND),
    "an archive that says it is a document": ("plan.pdf", zip_bomb(), WRONG_KIND),
    "half a document": ("plan.pdf", b"%PDF-1.4 but not really", DAMAGED),
    "a picture that swells": ("plan.png", picture_bomb(), DAMAGED),
    "half a picture": ("plan.jpg", picture("JPEG")[:60], DAMAGED),
    "a tenth of a picture": ("plan.jpg", cut(noise("JPEG"), 0.1), DAMAGED),
    "a picture without its end": ("plan.png", cut(noise("PNG"), 0.9), DAMAGED),
    "a document of endless objects": ("plan.pdf", numberless(100_000), DAMAGED),
    "a document without its end": ("plan.pdf", cut(PDF, 0.4), DAMAGED),
    "a document behind a password": ("plan.pdf", locked("of its reader"), LOCKED),
    "half a photograph of a telephone": ("plan.heic", cut(HEIC, 0.5), DAMAGED),
    "half a picture of the web": ("plan.webp", cut(noise("WEBP"), 0.5), DAMAGED),
    "nothing": ("plan.pdf", b"", ""),
    **{case: ("plan.docx", content, MACROS) for case, content in office.MACROS.items()},
    **{case: ("plan.docx", content, SWELLS) for case, content in office.SWELLING.items()},
    **{case: ("plan.docx", content, LOCKED) for case, content in office.LOCKED.items()},
    **{case: ("plan.docx", content, WRONG_KIND) for case, content in office.OTHER.items()},
    **{case: ("plan.docx", content, DAMAGED) for case, content in office.DAMAGED.items()},
}
CLEAN = {
    "application/pdf": PDF,
    "image/png": picture("PNG"),
    "image/jpeg": picture("JPEG"),
    "image/webp": picture("WEBP"),
    "image/heic": HEIC,
    **office.CLEAN,
}
# What people can open, however it was written, and so what passes.
ODD = {
    "its marks of the end cut off": PDF[: PDF.index(b"startxref")],
    "its table of contents at fault": PDF.replace(b"0000000052", b"0000000053"),
    "something behind its end": PDF + b"\r\n" * 2000,
    "to be read but not changed": locked(""),
}
NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\Users\\anna\\plan.pdf": "plan",
    "/etc/cron.d/plan.pdf": "plan",
    "plan\u202efdp.exe": "planfdp",
    'plan".pdf': "plan",
    "plan.pdf.exe": "plan.pdf",
    "....": "document",
    "é" * 300 + ".pdf": "é" * 110,
}


class Desk:
    """A draft that asks for a document, and its owner in a browser."""

    def __init__(self):
        call = CallFactory()
        Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Plan", required=False)
        self.draft = draft(call)
        (self.question,) = [question for question in questions_of(call) if question.kind == "file"]
        self.field = self.question.field_name
        self.client = Client(headers={"accept-language": "fr"})
        self.client.force_login(owner_of(self.draft.structure))

    def doors(self):
        """The addresses a document is sent to: the page of its section, and the one that keeps it alone."""
        pk = self.draft.pk
        return [reverse("calls:section", kwargs={"pk": pk, "order": 1}), reverse("calls:autosave", kwargs={"pk": pk})]

    def send(self, door, name, content):
        upload = SimpleUploadedFile("x", content)
        upload._name = name  # as a hand-made request names it
        return self.client.post(door, {"field": self.field, self.field: upload})


@pytest.fixture
def desk():
    return Desk()


def said(answer):
    return json.loads(answer.content)["message"] if "json" in answer["Content-Type"] else answer.content.decode()


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_at_every_door_with_the_reason(desk, case):
    name, content, reason = HOSTILE[case]
    for door in desk.doors():
        answer = desk.send(door, name, content)
        if reason:
            assert answer.status_code == 422
            assert reason in said(answer)
    assert not desk.draft.attachments.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("kind", CLEAN)
def test_a_clean_file_of_each_kind_passes(desk, kind):
    check_leaves(desk, kind, "plan.exe", "plan")


@pytest.mark.parametrize("name", NAMES)
def test_a_clean_file_passes_whatever_its_name_and_leaves_under_a_plain_one(desk, name):
    for kind in ("application/pdf", "image/png"):
        check_leaves(desk, kind, name, NAMES[name])


def check_leaves(desk, kind, name, kept_as):
    """A file of that kind and name is taken, and leaves the portal under a plain name, never to be shown in it."""
    door = desk.doors()[1]
    assert desk.send(door, name, CLEAN[kind]).status_code == 200
    stored = desk.draft.attachments.get().file
    assert stored.content_type == kind
    assert stored.name == kept_as + kinds.ACCEPTED[kind]
    assert not set(stored.name) & set('/\\\r\n"\u202e')
    assert "/../" not in stored.blob.path
    answer = desk.client.get(reverse("files:download", kwargs={"pk": stored.pk}))
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == CLEAN[kind]


@pytest.mark.parametrize("kind", ODD)
def test_what_a_browser_opens_passes(desk, kind):
    assert desk.send(desk.doors()[1], "plan.pdf", ODD[kind]).status_code == 200


def test_a_document_that_takes_too_long_is_refused(desk, monkeypatch):
    monkeypatch.setattr(inspection, "PATIENCE", 0.001)
    answer = desk.send(desk.doors()[1], "plan.pdf", PDF)
    assert answer.status_code == 422
    assert DAMAGED in said(answer)


class Endless:
    """The body of a form that sends one file of a gigabyte, made as it is read."""

    def __init__(self, fields, field, size):
        head = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        start = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="plan.pdf"\r\n\r\n'
        self.head, self.tail, self.size = (head + start).encode(), f"\r\n--{BOUNDARY}--\r\n".encode(), size
        self.at = 0

    def __len__(self):
        return len(self.head) + self.size + len(self.tail)

    def read(self, asked=None):
        left = len(self) - self.at
        asked = left if asked is None or asked < 0 else min(asked, left)
        piece = self.head[self.at : self.at + asked]
        zeros = min(asked - len(piece), max(len(self.head) + self.size - self.at - len(piece), 0))
        piece += bytes(zeros)
        if len(piece) < asked:
            begun = max(self.at + len(piece) - len(self.head) - self.size, 0)
            piece += self.tail[begun : begun + asked - len(piece)]
        self.at += asked
        return piece

    readline = read


def send(desk, door, size, body=None, **told):
    """Send a document of so many octets. Returns the answer."""
    body = body or Endless({"field": desk.field}, desk.field, size)
    told = {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": MULTIPART_CONTENT, "wsgi.input": body, **told}
    return desk.client.generic("POST", door, **told)


def written(monkeypatch):
    """How many octets of documents go to the disk, piece by piece."""
    kept, receive = [], TemporaryFileUploadHandler.receive_data_chunk

    def keep(self, data, start):
        kept.append(len(data))
        return receive(self, data, start)

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", keep)
    return kept


def test_a_large_document_is_refused_with_a_sentence_and_does_not_fill_the_disk(desk, monkeypatch):
    kept = written(monkeypatch)
    answer = send(desk, desk.doors()[1], LARGE)
    assert answer.status_code == 422
    assert TOO_LARGE in said(answer)
    assert settings.UPLOAD_MAX_BYTES < sum(kept) < settings.UPLOAD_MAX_BYTES + 1_000_000
    assert not StoredFile.objects.exists()


def test_without_the_limit_at_the_door_all_of_it_is_written(desk, monkeypatch, settings):
    settings.UPLOAD_MAX_BYTES = 1_000_000
    settings.FILE_UPLOAD_HANDLERS = settings.FILE_UPLOAD_HANDLERS[1:]
    kept = written(monkeypatch)
    assert send(desk, desk.doors()[1], 5_000_000).status_code == 422
    assert sum(kept) == 5_000_000


# --- Announced too large ---


class Unread(Endless):
    """A body whose reading fails the test."""

    def read(self, asked=None):
        pytest.fail("what is refused for its size is not read")

    readline = read


def unread(desk, size=GIGABYTE):
    return Unread({"field": desk.field}, desk.field, size)


def test_a_gigabyte_is_refused_before_it_is_read_with_the_sentence_of_its_field(desk):
    answer = send(desk, desk.doors()[1], GIGABYTE, unread(desk), HTTP_ACCEPT="application/json")
    assert answer.status_code == 422
    assert TOO_LARGE in said(answer)
    assert json.loads(answer.content)["errors"] == [said(answer)]


def test_a_page_is_answered_by_a_page_that_says_why(desk):
    answer = send(desk, desk.doors()[0], GIGABYTE, unread(desk), HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer.templates[0].name) == (413, "refused.html")
    assert "<h1>" in answer.text
    assert answer["Content-Language"] == "fr"


def test_nobody_needs_to_be_known_for_it(desk):
    desk.client.logout()
    for door in (*desk.doors(), "/", "/admin/", "/nulle-part/"):
        assert send(desk, door, GIGABYTE, unread(desk)).status_code in {404, 413, 422}


def test_what_a_form_takes_is_read_with_some_room_for_its_words(desk):
    alone = settings.UPLOAD_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    section, field = desk.doors()
    assert send(desk, field, 0, unread(desk, alone), HTTP_ACCEPT="application/json").status_code == 422
    assert send(desk, field, alone - 1000).status_code == 422
    # A section sends all its documents at once where no script sends each alone.
    with pytest.raises(pytest.fail.Exception):
        send(desk, section, 0, unread(desk, 3 * settings.UPLOAD_MAX_BYTES))


@pytest.mark.parametrize("announced", ["", "many", "-1", "9" * 400])
def test_an_odd_announcement_breaks_nothing(desk, announced):
    answer = desk.client.generic("POST", desk.doors()[1], CONTENT_LENGTH=announced, CONTENT_TYPE=MULTIPART_CONTENT)
    assert answer.status_code < 500


# --- Cut on its way ---


FORMS = {
    "application/x-www-form-urlencoded": b"go=check",
    MULTIPART_CONTENT: (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="go"\r\n\r\ncheck\r\n--{BOUNDARY}--\r\n'.encode()
    ),
}


@pytest.mark.parametrize("kind", FORMS)
def test_half_a_form_empties_no_answer_and_a_whole_one_is_read(desk, kind):
    door = reverse("calls:section", kwargs={"pk": desk.draft.pk, "order": 1})
    long = next(question for question in questions_of(desk.draft.call) if question.kind == "long")
    submissions.save_answers(desk.draft, {long: "A text"}, by=owner_of(desk.draft.structure))
    for cut in (1, len(FORMS[kind]) // 2, len(FORMS[kind]) - 1):
        told = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(FORMS[kind]))}
        answer = desk.client.generic("POST", door, **told, **{"wsgi.input": io.BytesIO(FORMS[kind][:cut])})
        assert answer.status_code == 400
        assert "pas arrivé en entier" in answer.text
        assert desk.draft.answers.get().value == "A text"
    assert desk.client.generic("POST", door, FORMS[kind], content_type=kind).status_code == 302
    assert desk.draft.answers.get().value == ""
