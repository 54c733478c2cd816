"""Photographs come out as points alone, in a few widths; what is no photograph, or too much of one, stays out."""

import zlib
from io import BytesIO
from struct import pack

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.files.pictures import pictures_of
from tests.factories.projects import picture

SECRET = "50.53N 2.64E, camera of the founder"


def chunk(kind, data):
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


def bomb(width, height):
    """A PNG of a few bytes that says it is that large."""
    return png(width, height, 8, 2, bytes(100))


def png(width, height, depth, colours, points):
    header = chunk(b"IHDR", pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(points)) + chunk(b"IEND", b"")


def vast(side):
    """A whole PNG of that many points each way, all of them black."""
    return png(side, side, 1, 0, bytes((side // 8 + 1) * side))


def opened(one):
    one.upload.seek(0)
    return Image.open(BytesIO(one.upload.read()))


@pytest.mark.parametrize(("came", "widths"), [((2400, 1200), [480, 960, 1600]), ((700, 500), [480, 700, 700])])
def test_no_picture_is_made_wider_than_it_came(came, widths):
    made = pictures_of(picture(*came))
    assert [one.width for one in made] == widths
    for one in made:
        assert opened(one).size == (one.width, one.height)
        assert opened(one).format == "JPEG"


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = SECRET, 6
    sent = picture(800, 600, exif=exif)
    assert SECRET.encode() in sent.read()
    sent.seek(0)
    for one in pictures_of(sent):
        assert one.height > one.width
        assert not opened(one).getexif()
        one.upload.seek(0)
        assert SECRET.encode() not in one.upload.read()


def test_what_is_hidden_behind_a_picture_does_not_come_along():
    both = SimpleUploadedFile("photo.jpg", picture().read() + b"<script>alert(1)</script>", "image/jpeg")
    assert all(b"<script>" not in one.upload.read() for one in pictures_of(both))


def test_a_picture_with_holes_stands_on_white():
    kept = BytesIO()
    Image.new("RGBA", (500, 500), (0, 0, 0, 0)).save(kept, "PNG")
    made = pictures_of(SimpleUploadedFile("trou.png", kept.getvalue(), "image/png"))
    assert min(opened(made[0]).getpixel((10, 10))) > 250


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_a_picture"),
        ("photo.png", b"GIF89a" + b"\x00" * 50, "not_a_picture"),
        ("photo.jpg", b"<!doctype html><script>alert(1)</script>", "not_a_picture"),
        ("photo.jpg", b"", "not_a_picture"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 200, "unreadable"),
        ("photo.png", vast(9_000), "too_many_points"),
        ("photo.png", bomb(9_000, 9_000), "unreadable"),
        ("photo.png", bomb(100_000, 100_000), "unreadable"),
    ],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused(name, content, code):
    with pytest.raises(Invalid) as refused:
        pictures_of(SimpleUploadedFile(name, content, "image/jpeg"))
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_half_a_picture_and_a_tiny_one_are_refused():
    whole = picture(1200, 900, kind="PNG").read()
    with pytest.raises(Invalid):
        pictures_of(SimpleUploadedFile("photo.png", whole[: len(whole) // 2], "image/png"))
    with pytest.raises(Invalid) as refused:
        pictures_of(picture(200, 200))
    assert refused.value.code == "too_small"
