"""Take the pictures of docs/screenshots/ from a fresh demonstration: `make screenshots`."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from PIL import Image

from tests import lent
from tests.browser.demo import browser, demo_server, sign_in
from tests.once import ROOT, environment

FOLDER = ROOT / "docs" / "screenshots"
WIDTHS = {1280: 800, 390: 844}
TALLEST = 2600
# The juries of 2017, in the order the demonstration makes them.
READING, FINALE = 1, 2


@dataclass(frozen=True)
class Shot:
    """One page to show.

    `follow` holds beginnings of addresses: from `path`, the first link to each is followed in turn.
    """

    name: str
    path: str
    person: str = ""
    follow: tuple[str, ...] = ()


SHOTS = (
    Shot("home", "/"),
    Shot("pillar", "/piliers/", follow=("/piliers/",)),
    Shot("call", "/appels/mobilite/"),
    Shot("results", "/appels/smart-city-2017/resultats/"),
    Shot("projects", "/projets/"),
    Shot("project", "/projets/", follow=("/projets/",)),
    Shot("news", "/actualites/"),
    Shot("search", "/recherche/?q=mobilite"),
    Shot("finale", "/appels/smart-city-2017/finale/"),
    Shot("open-data", "/donnees/"),
    Shot("my-space", "/espace/", "fondatrice"),
    Shot("draft", "/espace/", "fondatrice", follow=("/candidatures/",)),
    Shot("sheet", f"/jury/{FINALE}/", "jure1", follow=(f"/jury/{FINALE}/fiche/",)),
    Shot("chair", f"/jury/{FINALE}/presidence/", "presidence"),
    Shot("standing", f"/jury/{READING}/classement/", "presidence"),
    Shot("explanation", f"/jury/{READING}/classement/", "presidence", follow=(f"/jury/{READING}/classement/",)),
    Shot("meeting", f"/jury/{READING}/reunion/", "presidence"),
    Shot("organise", f"/gestion/jury/{READING}/", "presidence"),
    Shot("board", "/gestion/appels/smart-city-2017/", "agent"),
    Shot("admin", "/admin/", "agent"),
)


# The links of a drawing keep their address elsewhere.
PATHS = "links => links.map(link => new URL(link.getAttribute('href'), location.href).pathname)"


def follow(page: Any, beginning: str) -> None:
    """Go where the main part of the page first links to, below a beginning of address.

    Raises:
        LookupError: nothing links there.
    """
    here = page.evaluate("location.pathname")
    links = page.eval_on_selector_all("main a[href]", PATHS)
    target = next((path for path in links if path.startswith(beginning) and path not in (beginning, here)), None)
    if target is None:
        raise LookupError(f"{here} has no link to {beginning}…")
    page.goto(urljoin(page.url, target))


def picture(page: Any) -> Image.Image:
    """Return what the page shows, from its top, in 256 colours: small, and true to flat drawings."""
    page.eval_on_selector_all("img[loading=lazy]", "pictures => pictures.forEach((one) => (one.loading = 'eager'))")
    page.wait_for_load_state("networkidle")
    page.evaluate("() => Promise.all([...document.images].map((one) => one.decode().catch(() => null)))")
    whole = Image.open(BytesIO(page.screenshot(full_page=True, animations="disabled")))
    top = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
    return top.convert("RGB").quantize(256, dither=Image.Dither.NONE)


def take(page: Any, address: str, shots: list[Shot]) -> Iterator[str]:
    """Take the pictures of one person's pages at every width; gives what could not be taken."""
    for shot in shots:
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            answer = page.goto(address + shot.path)
            try:
                if answer.status != 200:
                    raise LookupError(f"{shot.path} answered {answer.status}")
                for beginning in shot.follow:
                    follow(page, beginning)
            except LookupError as error:
                yield f"{shot.name}: {error}"
                break
            picture(page).save(FOLDER / f"{shot.name}-{width}.png", optimize=True)


DRAWING = "import django; django.setup(); from juries.tasks import draw_documents; draw_documents()"


def draw_documents(folder: Path) -> None:
    """Draw the pages that jurors read beside their marks, as a worker would."""
    subprocess.run([sys.executable, "-c", DRAWING], cwd=ROOT, env=environment(folder), check=True)


def main() -> int:
    """Take every picture; returns 1 when one could not be taken, after saying which."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_server(Path(folder) / "portal", Path(folder)) as address,
        browser() as chromium,
    ):
        draw_documents(Path(folder) / "portal")
        for person, shots in groupby(SHOTS, key=lambda shot: shot.person):
            context = chromium.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce")
            page = context.new_page()
            if person:
                sign_in(page, address, f"{person}@demo.example")
            faults += take(page, address, list(shots))
            context.close()
    lent.forget_all()
    sys.stdout.write("".join(f"Not taken: {fault}\n" for fault in faults))
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
