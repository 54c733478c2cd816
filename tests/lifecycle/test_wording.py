"""Every act that is written in the journal has words for its readers, and says whom or what it is about."""

import ast

import pytest
from django.contrib import admin
from django.utils import translation

from bethune_smartcity.accounts import operations
from bethune_smartcity.lifecycle.journal import lines_told
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.lifecycle.wording import VERBS, act_label
from bethune_smartcity.notifications.models import Message
from calls.models import Submission
from juries.operations import panels
from juries.operations.session import mark_present
from tests.architecture.sources import all_modules, place, tree_of
from tests.architecture.test_access import workflows
from tests.factories.accounts import StructureFactory, UserFactory, owner_of
from tests.factories.juries import opened, prepared, ready, seat

LANGUAGES = ("fr", "en", "de", "nl")


def takers_of_verbs():
    """The functions of the product that are given an act to write down: name, and the place of the act."""
    found = {"record": 1}
    for path in all_modules():
        for node in ast.walk(tree_of(path)):
            names = [arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)] if is_function(node) else []
            if "verb" in names and node.name != "act_label":
                found[node.name] = names.index("verb")
    return found


def is_function(node):
    return isinstance(node, ast.FunctionDef)


def verbs_recorded():
    """Give each act that code writes outright, with where it does."""
    takers = takers_of_verbs()
    for path in all_modules():
        for node in ast.walk(tree_of(path)):
            at = takers.get(getattr(node.func, "id", "")) if isinstance(node, ast.Call) else None
            if at is None:
                continue
            given = [key.value for key in node.keywords if key.arg == "verb"] or node.args[at : at + 1]
            for text in (each for value in given for each in ast.walk(value)):
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.value, place(path, node.lineno)


def test_every_recorded_act_has_its_words():
    found = list(verbs_recorded())
    assert {"arrive", "allot", "propose_ranking", "close_early", "reactivate", "found"} <= {verb for verb, _ in found}
    assert not [f"{where} {verb}" for verb, where in found if verb not in VERBS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_is_told_in_each_language(language):
    acts = [act for _name, workflow in workflows() for act in workflow.transitions]
    words = {name: VERBS[name] for name in VERBS} | {f"{act.name} ({act.label})": act.told for act in acts}
    with translation.override("en"):
        english = {name: str(told) for name, told in words.items()}
    with translation.override(language):
        told = {name: str(word) for name, word in words.items()}
    assert all(told.values())
    assert language == "en" or not [name for name, word in told.items() if word == english[name]]


def test_words_of_acts_are_those_of_workflows_first():
    with translation.override("en"):
        assert str(act_label(Submission, "admit")) == "declares admissible"
        assert str(act_label(Message, "resend")) == "sends again"
        assert act_label(None, "unheard_of") == "unheard_of"


def told(verb, viewer=None):
    """What the journal says to `viewer` of the last act of that name, in English."""
    line = JournalEntry.objects.filter(verb=verb).order_by("-pk")[0]
    with translation.override("en"):
        (words,) = lines_told([line], lambda line: admin.site.get_model_admin(line.subject_type.model_class()), viewer)
    return words.act


@pytest.mark.django_db
class TestComplement:
    def test_a_juror_who_arrives_is_named(self):
        jury = opened("finale", jurors=2, applications=1)
        mark_present(jury.jurors[1], True, by=jury.agent)
        assert told("arrive") == f"arrives: {jury.jurors[1].user}"

    def test_a_seat_says_whose(self):
        jury = prepared(jurors=1, applications=1)
        assert told("seat") == f"seats a juror: {jury.jurors[0].user}"

    def test_a_member_says_who_and_as_what(self):
        structure, person = StructureFactory(), UserFactory()
        operations.add_member(structure, person, "editor", by=owner_of(structure))
        assert told("add_member") == f"adds a member: {person}, editor"

    def test_what_a_juror_declares_no_link_with_is_named(self):
        jury = prepared(jurors=2, applications=2)
        ready(jury.jurors[1], jury.submissions)
        first, second = map(str, jury.submissions)
        assert told("declare_no_link") == f"declares having no link: {first}, {second}"
        own = seat(jury.panel, jury.agent, user=jury.agent)
        panels.accept_charter(own, by=jury.agent)
        panels.declare_recusal(own, jury.submissions[0], "family", by=jury.agent)
        assert told("declare_no_link", jury.agent) == f"declares having no link: {second}"

    def test_the_first_of_many_are_named(self):
        jury = prepared(jurors=1, applications=8)
        ready(jury.jurors[0], jury.submissions)
        names = sorted(map(str, jury.submissions))[:5]
        assert told("declare_no_link") == f"declares having no link: {', '.join(names)}, and 3 more"

    def test_what_is_gone_is_left_out(self):
        jury = opened("finale", jurors=2, applications=1)
        mark_present(jury.jurors[1], True, by=jury.agent)
        JournalEntry.objects.filter(verb="arrive").update(data={"juror": 0})
        assert told("arrive") == "arrives"

    def test_many_lines_cost_one_statement_a_kind(self, django_assert_num_queries):
        prepared(jurors=3, applications=1)
        lines = list(JournalEntry.objects.filter(verb="seat").select_related("subject_type"))
        with django_assert_num_queries(1):
            said = lines_told(lines, lambda line: admin.site.get_model_admin(line.subject_type.model_class()), None)
        assert len({each.act for each in said}) == 3
