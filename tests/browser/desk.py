"""An application written in a real browser: the demonstration served, its writers, and what they wait for."""

import re
from contextlib import contextmanager

import pytest

from .demo import chromium_path, sign_in
from .stage import stage

MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(
        chromium_path() is None, reason="no chromium on this machine (on Debian: apt-get install chromium)"
    ),
]
SAVED = re.compile(r"Enregistré à \d")


class Desk:
    """The demonstration served, and a browser signed in as someone of it."""

    def __init__(self, folder, address, chromium):
        self.folder, self.address, self.chromium = folder, address, chromium
        self.keys = stage(folder, "where")
        self.states = {}

    def page(self, person="fondatrice", **where):
        """A new page of that person, who signs in once, in a browser that is `where`."""
        if person not in self.states:
            first = self.chromium.new_context(locale="fr-FR")
            sign_in(first.new_page(), self.address, f"{person}@demo.example")
            self.states[person] = first.storage_state()
            first.close()
        context = self.chromium.new_context(locale="fr-FR", storage_state=self.states[person], **where)
        context.set_default_timeout(30_000)
        return context.new_page()

    def writes(self, person="fondatrice", key="draft", order=3):
        page = self.page(person)
        page.goto(f"{self.address}/candidatures/{self.keys[key]}/{order}/", wait_until="networkidle")
        return page


@contextmanager
def asked_before_leaving(page):
    """Inside, the page asks before it is left, and is kept."""
    asked = []

    def keep(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", keep)
    yield
    for _ in range(50):
        page.wait_for_timeout(100)
        if asked:
            break
    page.remove_listener("dialog", keep)
    assert asked == ["beforeunload"]


def box_of(page, control):
    return page.locator("[data-field]").filter(has=control)


def leave(page):
    page.locator(".sections a").first.click(no_wait_after=True)
