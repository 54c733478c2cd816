"""Take the pictures of docs/screenshots/ from a fresh demonstration: `make screenshots`.

`SHOTS_ONLY`, a pattern of names, takes some of them.
"""

import os
import re
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
# Beyond that a picture shows nothing more of how a page is made, and weighs.
TALLEST = 9000
# The juries of 2017 and of the open call, in the order the demonstration makes them.
READING, FINALE, OPEN_READING = 1, 2, 3
ONLY = re.compile(os.environ.get("SHOTS_ONLY", ""))


@dataclass(frozen=True)
class Shot:
    """One page to show.

    `follow` holds beginnings of addresses: from `path`, the first link to each is followed in turn. `screen`: what one
    sees of it without moving, for a page whose bars stay on the screen; `narrow_at`, then, is where a telephone is
    scrolled to.
    """

    name: str
    path: str
    person: str = ""
    follow: tuple[str, ...] = ()
    screen: bool = False
    narrow_at: str = ""


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


# Once the open call is brought to its reading (tests/open_reading.py).
DURING_THE_READING = (
    Shot(
        "sheet-open",
        f"/jury/{OPEN_READING}/",
        "jure1",
        follow=(f"/jury/{OPEN_READING}/fiche/",),
        screen=True,
        narrow_at="#marking",
    ),
    Shot("chair-open", f"/jury/{OPEN_READING}/presidence/", "presidence"),
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


# A picture that waits to be scrolled to is asked for in passing; then the page is seen from its top again.
SCROLLED = """async () => {
    document.querySelectorAll('img[loading=lazy]').forEach((one) => (one.loading = 'eager'));
    for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
        scrollTo(0, top);
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 50)));
    }
    scrollTo(0, 0);
    await Promise.all([...document.images].map((one) => one.decode().catch(() => null)));
}"""
# Pictures that take room and show nothing.
BLANK = "pictures => pictures.filter((one) => one.checkVisibility() && !one.naturalWidth).map((one) => one.src)"


def picture(page: Any, *, whole_page: bool = True) -> Image.Image:
    """Return what the page shows, whole or as it is on the screen: small, in the 256 colours nearest to its own.

    Raises:
        LookupError: a picture of the page did not come.
    """
    if whole_page:
        page.evaluate(SCROLLED)
    page.wait_for_load_state("networkidle")
    if blank := page.eval_on_selector_all("main img", BLANK):
        raise LookupError(f"{page.url} shows nothing for {', '.join(blank)}")
    whole = Image.open(BytesIO(page.screenshot(full_page=whole_page, animations="disabled")))
    top = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
    return top.convert("RGB").quantize(256, kmeans=4, dither=Image.Dither.NONE)


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
                if shot.narrow_at and width == min(WIDTHS):
                    page.eval_on_selector(shot.narrow_at, "found => found.scrollIntoView()")
                taken = picture(page, whole_page=not shot.screen)
            except LookupError as error:
                yield f"{shot.name}: {error}"
                break
            taken.save(FOLDER / f"{shot.name}-{width}.png", optimize=True)


# The pages that jurors read beside their marks, as a worker would draw them.
DRAWING = "from juries.tasks import draw_documents; draw_documents()"
OPENING = "from tests.open_reading import build; build()"


def within(folder: Path, code: str) -> None:
    """Run `code` in the portal that lives in `folder`."""
    act = f"import django; django.setup(); {code}"
    subprocess.run([sys.executable, "-c", act], cwd=ROOT, env=environment(folder), check=True)


def wanted(shots: tuple[Shot, ...]) -> list[Shot]:
    return [shot for shot in shots if ONLY.search(shot.name)]


def take_each(chromium: Any, address: str, shots: list[Shot]) -> Iterator[str]:
    """Take pictures, each as the person who sees the page; gives what could not be taken."""
    for person, theirs in groupby(shots, key=lambda shot: shot.person):
        context = chromium.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce")
        page = context.new_page()
        if person:
            sign_in(page, address, f"{person}@demo.example")
        yield from take(page, address, list(theirs))
        context.close()


def main() -> int:
    """Take every picture; returns 1 when one could not be taken, after saying which."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_server(Path(folder) / "portal", Path(folder)) as address,
        browser() as chromium,
    ):
        within(Path(folder) / "portal", DRAWING)
        faults += take_each(chromium, address, wanted(SHOTS))
        if during := wanted(DURING_THE_READING):
            within(Path(folder) / "portal", OPENING)
            faults += take_each(chromium, address, during)
    lent.forget_all()
    sys.stdout.write("".join(f"Not taken: {fault}\n" for fault in faults))
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
