"""Where agents read every message of the portal with invented data: an upper app has the page and names it."""

from django.urls import reverse

_pages: list[str] = []


def register_specimens(page: str) -> None:
    """Let the page of that name be where samples of all messages are read; the last named stands."""
    _pages[:] = [page]


def specimens_url() -> str:
    """The address of that page; empty where no app has one."""
    return reverse(_pages[0]) if _pages else ""
