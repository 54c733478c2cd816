"""Pictures drawn for the demonstration in a pillar's colours: no photograph of anyone's is taken."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from bethune_smartcity.core.card_art import inks_of, pattern_of

WIDTH, HEIGHT = 1600, 900


def drawn_picture(hook: str, *, at_dusk: bool = False) -> SimpleUploadedFile:
    """A picture of a pillar's pattern, 16:9; a second one of the same pillar is drawn `at_dusk`, its colours exchanged."""
    ink, mist = inks_of(hook)
    if at_dusk:
        ink, mist = mist, ink
    square = Image.new("RGB", (WIDTH, WIDTH), ink)
    pattern_of(hook)(ImageDraw.Draw(square), WIDTH, ink, mist)
    kept = BytesIO()
    square.crop((0, 200, WIDTH, 200 + HEIGHT)).save(kept, "PNG")
    return SimpleUploadedFile(f"demo-{hook}.png", kept.getvalue(), "image/png")
