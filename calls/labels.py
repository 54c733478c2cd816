"""What the journal's verbs say to people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from .workflow import SUBMISSION

ACTS = {
    "start": _("Start"),
    "edit": _("Change"),
    "ask_for_correction": _("Ask for a correction"),
    "send_correction": _("Send the correction"),
}


def label_of_act(verb: str) -> Any:
    """The words for a verb of an application's journal; the verb itself when it has none."""
    known = {name: act.label for name, act in SUBMISSION.by_name.items()} | ACTS
    return known.get(verb, verb)
