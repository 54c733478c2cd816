"""Photographs made fit to be shown: drawn again from their points alone, in a few widths.

What comes out holds no more than can be seen: no place, no hour, no name of a camera, no second file behind the first.
"""

from dataclasses import dataclass
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from .kinds import true_type
from .uploads import UNREADABLE, check_upload, refuse, vouch

WIDTHS = (480, 960, 1600)
NARROWEST = WIDTHS[0]
# Points, not bytes: a few kilobytes can unfold into gigabytes.
MOST_POINTS = 50_000_000
QUALITY = 72
# The box a logo is drawn into: twice what a page shows, for fine screens; a mark that is smaller stays as it is.
LOGO_BOX, LOWEST_LOGO = (640, 160), 40
PICTURES = ("image/jpeg", "image/png")


@dataclass(frozen=True)
class Picture:
    """A photograph at one width, ready to be stored."""

    upload: SimpleUploadedFile
    width: int
    height: int


def pictures_of(upload: UploadedFile) -> list[Picture]:
    """The photograph `upload` in each of `WIDTHS`, none wider than it came. Raises Invalid (field `file`)."""
    drawn = _redrawn(upload)
    if drawn.width < NARROWEST:
        refuse("too_small", _("This picture is too small: it needs %(n)d points across.") % {"n": NARROWEST})
    return [_at(drawn, min(width, drawn.width), upload.name or "") for width in WIDTHS]


def logo_of(upload: UploadedFile) -> Picture:
    """The mark of a body, on white and small enough for a line of them. Raises Invalid (field `file`)."""
    drawn = _redrawn(upload)
    drawn.thumbnail(LOGO_BOX, Image.Resampling.LANCZOS)
    if drawn.height < LOWEST_LOGO:
        refuse("too_small", _("This logo is too small: it needs %(n)d points from top to bottom.") % {"n": LOWEST_LOGO})
    out = BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return Picture(_made("logo.png", out, "image/png"), *drawn.size)


def _redrawn(upload: UploadedFile) -> Image.Image:
    """The points of the picture, upright and on white."""
    if true_type(upload) not in PICTURES:
        refuse("not_a_picture", _("Send a PNG or JPEG picture."))
    check_upload(upload)
    upload.seek(0)
    try:
        picture = Image.open(upload)
    except Exception:  # any fault of a hostile file is the same answer
        refuse("unreadable", UNREADABLE)
    if picture.width * picture.height > MOST_POINTS:
        refuse("too_many_points", _("This picture is too large: %(n)d million points at most.") % {"n": 50})
    try:
        return _on_white(ImageOps.exif_transpose(picture))
    except Exception:
        refuse("unreadable", UNREADABLE)


def _on_white(picture: Image.Image) -> Image.Image:
    seen = picture.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _at(drawn: Image.Image, width: int, name: str) -> Picture:
    height = max(1, round(drawn.height * width / drawn.width))
    out = BytesIO()
    drawn.resize((width, height), Image.Resampling.LANCZOS).save(out, "JPEG", quality=QUALITY, progressive=True)
    stem = name.rsplit(".", 1)[0] or "photo"
    return Picture(_made(f"{stem}-{width}.jpg", out, "image/jpeg"), width, height)


def _made(name: str, content: BytesIO, content_type: str) -> SimpleUploadedFile:
    """What was drawn here: nothing of it is left to be looked at."""
    upload = SimpleUploadedFile(name, content.getvalue(), content_type)
    vouch(upload, content_type)
    upload.made_here = True  # type: ignore[attr-defined]
    return upload
