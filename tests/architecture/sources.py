"""The product's own files, as the structural tests read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The apps in the order of the sentence: each may name those before it, never those after.
CHAIN = (
    "core",
    "lifecycle",
    "files",
    "jobs",
    "notifications",
    "accounts",
    "pillars",
    "calls",
    "juries",
    "projects",
    "portal",
)
DOMAIN_APPS = ("pillars", "calls", "juries", "projects")


def folder_of(app: str) -> Path:
    """Return the folder of an app of the chain."""
    return ROOT / app if app in DOMAIN_APPS else ROOT / "bethune_smartcity" / app


def apps_right_of(app: str) -> tuple[str, ...]:
    """Return the apps that an app may not name."""
    return CHAIN[CHAIN.index(app) + 1 :]


def modules_of(app: str) -> list[Path]:
    """Return an app's Python files, migrations left out (they are history)."""
    return [path for path in sorted(folder_of(app).rglob("*.py")) if "migrations" not in path.parts]


def all_modules() -> list[Path]:
    """Return every Python file of the product, tests and migrations left out."""
    folders = [ROOT / "bethune_smartcity", *(folder_of(app) for app in DOMAIN_APPS)]
    return [path for folder in folders for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


def all_templates() -> list[Path]:
    """Return every template of the product."""
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


@cache
def text_of(path: Path) -> str:
    """Return a file's text."""
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """Return a Python file's syntax tree."""
    return ast.parse(text_of(path), filename=str(path))


def docstrings_of(tree: ast.Module) -> set[ast.Constant]:
    """Return the nodes that are documentation: they may name anything."""
    found = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            found.add(first.value)
    return found


def strings_in(path: Path) -> Iterator[tuple[int, str]]:
    """Give each text of a Python file with its line, documentation left out."""
    tree = tree_of(path)
    documentation = docstrings_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documentation:
            yield node.lineno, node.value


def place(path: Path, line: int) -> str:
    """Return where something was found, as editors open it."""
    return f"{path.relative_to(ROOT)}:{line}"
