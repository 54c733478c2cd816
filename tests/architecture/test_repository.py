"""What may not be committed: registry addresses, machine paths, marks of unfinished work, endless modules."""

import re
import subprocess

import pytest

from tests.conftest import LONGEST as BEGUN_FIRST
from tests.conftest import ONCE

from .sources import ROOT, all_modules, text_of

REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js", "npmmirror" + ".com")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
LONGEST = 400


@pytest.fixture(scope="module")
def committed():
    """The text files git keeps, with their content."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing is committed")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return {path: text for path in paths if (text := readable(path)) is not None}


def readable(path):
    """Return a file's text, or None when it holds something else."""
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return None


def test_no_file_names_a_registry(committed):
    assert not [str(path) for path, text in committed.items() if any(host in text for host in REGISTRIES)]


def test_no_file_names_a_place_on_a_machine(committed):
    place = re.compile("file" + r":///(?!files|data|tmp/build)|/ho" + r"me/\w+/|/Us" + r"ers/\w+/")
    assert not [str(path) for path, text in committed.items() if place.search(text) and path.suffix != ".po"]


def test_nothing_is_left_unfinished(committed):
    assert not [str(path) for path, text in committed.items() if UNFINISHED.search(text)]


def test_modules_stay_short():
    lengths = {str(path): text_of(path).count("\n") for path in all_modules()}
    assert not {path: length for path, length in lengths.items() if length > LONGEST}


def test_modules_of_tests_that_are_named_exist():
    tests = {str(path.relative_to(ROOT / "tests")) for path in (ROOT / "tests").rglob("test_*.py")}
    assert not [name for name in (*ONCE, *BEGUN_FIRST) if not any(path.startswith(name) for path in tests)]
