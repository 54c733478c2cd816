"""Every act that is written in the journal has words for its readers."""

import ast

from django.utils import translation

from bethune_smartcity.lifecycle.wording import VERBS, act_label
from bethune_smartcity.notifications.models import Message
from calls.models import Submission
from tests.architecture.sources import all_modules, place, tree_of


def verbs_recorded():
    """Give each act that code writes outright, with where it does."""
    for path in all_modules():
        for node in ast.walk(tree_of(path)):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"record", "_set_role"}
            if called and len(node.args) > 1:
                for text in ast.walk(node.args[1]):
                    if isinstance(text, ast.Constant) and isinstance(text.value, str):
                        yield text.value, place(path, node.lineno)


def test_every_recorded_act_has_its_words():
    assert not [where for verb, where in verbs_recorded() if verb not in VERBS]


def test_words_of_acts_are_those_of_workflows_first():
    with translation.override("en"):
        assert str(act_label(Submission, "admit")) == "Declare admissible"
        assert str(act_label(Message, "resend")) == "sends again"
        assert act_label(None, "unheard_of") == "unheard_of"
