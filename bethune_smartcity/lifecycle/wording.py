"""The journal in words: what was done, and about whom or what when the line says so."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Choices, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from .models import JournalEntry

# Acts that are no transition of a workflow: those have a label of their own.
VERBS: dict[str, Any] = {
    "accept_charter": pgettext_lazy("journal", "accepts the charter"),
    "add_member": pgettext_lazy("journal", "adds a member"),
    "add_reminder": pgettext_lazy("journal", "adds a reminder"),
    "allot": pgettext_lazy("journal", "proposes the prizes"),
    "announce": pgettext_lazy("journal", "makes public"),
    "answer": pgettext_lazy("journal", "answers"),
    "appoint_mentor": pgettext_lazy("journal", "appoints a mentor"),
    "archive": pgettext_lazy("journal", "archives"),
    "arrive": pgettext_lazy("journal", "arrives"),
    "ask": pgettext_lazy("journal", "asks a question"),
    "ask_for_correction": pgettext_lazy("journal", "asks for a correction"),
    "assign": pgettext_lazy("journal", "assigns a reading"),
    "begin_second_reading": pgettext_lazy("journal", "opens the second reading"),
    "cancel": pgettext_lazy("journal", "cancels"),
    "cancel_reminder": pgettext_lazy("journal", "calls a sending off"),
    "cast_many": pgettext_lazy("journal", "gives ballots taken on paper"),
    "change_form": pgettext_lazy("journal", "changes the form of an open call"),
    "change_role": pgettext_lazy("journal", "changes a role"),
    "close_early": pgettext_lazy("journal", "closes early"),
    "close_vote": pgettext_lazy("journal", "closes the vote"),
    "complete_enrolment": pgettext_lazy("journal", "completes the enrolment"),
    "configure": pgettext_lazy("journal", "configures"),
    "confirm_recusal": pgettext_lazy("journal", "confirms a recusal"),
    "count": pgettext_lazy("journal", "counts the vote"),
    "create": pgettext_lazy("journal", "creates"),
    "date_payment": pgettext_lazy("journal", "plans the payment for another day"),
    "deactivate": pgettext_lazy("journal", "deactivates"),
    "declare_no_link": pgettext_lazy("journal", "declares having no link"),
    "declare_recusal": pgettext_lazy("journal", "declares a recusal"),
    "delete": pgettext_lazy("journal", "deletes"),
    "describe": pgettext_lazy("journal", "rewrites the description"),
    "disclose": pgettext_lazy("journal", "discloses the vote"),
    "dismiss_agent": pgettext_lazy("journal", "ends the agent’s role"),
    "dismiss_doubt": pgettext_lazy("journal", "sets a doubt aside"),
    "draw_slots": pgettext_lazy("journal", "draws the running order"),
    "give_back": pgettext_lazy("journal", "gives back what was withheld while the account was closed"),
    "withhold": pgettext_lazy("journal", "does not send what its recipient may no longer read"),
    "drop_reminder": pgettext_lazy("journal", "lets go a reminder that came too late"),
    "edit": pgettext_lazy("journal", "edits"),
    "edit_calendar": pgettext_lazy("journal", "edits the calendar"),
    "call_up": pgettext_lazy("journal", "calls up a substitute"),
    "copy_criteria": pgettext_lazy("journal", "copies the criteria of another call"),
    "copy_form": pgettext_lazy("journal", "copies the form of another call"),
    "reserve": pgettext_lazy("journal", "puts on the reserve list"),
    "edit_form": pgettext_lazy("journal", "edits the form"),
    "edit_message": pgettext_lazy("journal", "words a message"),
    "edit_rules": pgettext_lazy("journal", "edits the rules"),
    "enrol_agent": pgettext_lazy("journal", "enrols an agent"),
    "export": pgettext_lazy("journal", "exports a list"),
    "extend": pgettext_lazy("journal", "gives more time"),
    "forget": pgettext_lazy("journal", "erases personal data"),
    "found": pgettext_lazy("journal", "founds"),
    "freeze": pgettext_lazy("journal", "freezes the standing"),
    "grant_right": pgettext_lazy("journal", "gives a right"),
    "hasten_reminder": pgettext_lazy("journal", "sends at once"),
    "hold_reminder": pgettext_lazy("journal", "holds a sending back"),
    "illustrate": pgettext_lazy("journal", "puts a picture"),
    "import_readings": pgettext_lazy("journal", "brings in readings"),
    "invite": pgettext_lazy("journal", "invites"),
    "issue_codes": pgettext_lazy("journal", "issues codes"),
    "join": pgettext_lazy("journal", "joins"),
    "keep_called_off": pgettext_lazy("journal", "keeps a sending called off at the date that moved"),
    "keep_held": pgettext_lazy("journal", "keeps a sending held back at the date that moved"),
    "leave": pgettext_lazy("journal", "leaves"),
    "move_on": pgettext_lazy("journal", "moves on to the next pitch"),
    "meet_at": pgettext_lazy("journal", "writes where the jury meets"),
    "move_deadline": pgettext_lazy("journal", "moves a date"),
    "render": pgettext_lazy("journal", "gives it in other languages"),
    "name_owner": pgettext_lazy("journal", "names an owner"),
    "nudge": pgettext_lazy("journal", "reminds a juror"),
    "open": pgettext_lazy("journal", "opens"),
    "open_seals": pgettext_lazy("journal", "opens the applications"),
    "open_vote": pgettext_lazy("journal", "opens the vote"),
    "plan": pgettext_lazy("journal", "plans"),
    "post_update": pgettext_lazy("journal", "tells news"),
    "propose": pgettext_lazy("journal", "proposes"),
    "propose_ranking": pgettext_lazy("journal", "proposes after the standing"),
    "publish_decisions_at": pgettext_lazy("journal", "moves the publication of decisions"),
    "publish_now": pgettext_lazy("journal", "publishes now"),
    "publish_text": pgettext_lazy("journal", "publishes the text"),
    "purge": pgettext_lazy("journal", "purges the voters’ keys"),
    "put_logo": pgettext_lazy("journal", "puts a logo"),
    "put_motion": pgettext_lazy("journal", "puts a motion to the vote"),
    "reactivate": pgettext_lazy("journal", "reactivates"),
    "receive": pgettext_lazy("journal", "receives a request"),
    "record_dissent": pgettext_lazy("journal", "records a dissent"),
    "release_reminder": pgettext_lazy("journal", "lets a sending go"),
    "remove_logo": pgettext_lazy("journal", "takes the logo away"),
    "remove_member": pgettext_lazy("journal", "removes a member"),
    "remove_reminder": pgettext_lazy("journal", "takes a reminder out"),
    "remove_picture": pgettext_lazy("journal", "takes the picture away"),
    "resend": pgettext_lazy("journal", "sends again"),
    "restore_message": pgettext_lazy("journal", "goes back to the portal’s own words for a message"),
    "restore_text": pgettext_lazy("journal", "goes back to the portal’s own words"),
    "revoke_right": pgettext_lazy("journal", "takes a right back"),
    "seat": pgettext_lazy("journal", "seats a juror"),
    "reword": pgettext_lazy("journal", "rewrites the texts"),
    "send_correction": pgettext_lazy("journal", "sends the correction"),
    "send_deck": pgettext_lazy("journal", "sends the deck of a pitch"),
    "send_enrolment": pgettext_lazy("journal", "sends an enrolment link"),
    "set_results_at": pgettext_lazy("journal", "sets the publication of the results"),
    "settle_tie": pgettext_lazy("journal", "settles a tie"),
    "start": pgettext_lazy("journal", "starts a draft"),
    "state_wishes": pgettext_lazy("journal", "says what they would like to read"),
    "take_back": pgettext_lazy("journal", "takes back what had not left"),
    "take_back_apart": pgettext_lazy("journal", "no longer tells two structures apart"),
    "take_back_dissent": pgettext_lazy("journal", "takes a dissent back"),
    "tell_apart": pgettext_lazy("journal", "tells two structures apart"),
    "unassign": pgettext_lazy("journal", "takes a reading away"),
    "unseat": pgettext_lazy("journal", "takes a juror off"),
    "void_ballots": pgettext_lazy("journal", "voids ballots"),
    "write_file": pgettext_lazy("journal", "writes the replication file"),
    "write_own_name": pgettext_lazy("journal", "writes how they are called"),
}


def act_label(model: Any, verb: str) -> Any:
    """What was done, as people read it: the transition's words, else the verb's."""
    workflow = getattr(model, "workflow", None)
    if workflow is not None and verb in workflow.by_name:
        return workflow[verb].told
    return VERBS.get(verb, verb)


def state_label(model: Any, state: str) -> Any:
    """A state as people read it; empty for what has no column of states."""
    if not state or not hasattr(model, "workflow"):
        return ""
    return dict(model._meta.get_field("state").flatchoices).get(state, state)


Names = Callable[[set[str], Any], dict[str, Any]]
_names: dict[str, Names] = {}
# How many of the things of one line are named.
MOST_NAMED = 5


def register_names(key: str, names: Names) -> None:
    """Let `names(values, viewer)` give the words for the values, as texts, that lines hold under `key`: one, or a list
    of them; those that `viewer` may know.
    """
    _names[key] = names


Labels = Callable[[set[str]], dict[str, Any]]
_labels: dict[Any, Labels] = {}


def register_labels(model: Any, labels: Labels) -> None:
    """Let `labels(names)` give the words for fields of `model` that are no columns of its own."""
    _labels[model] = labels


def names_among(rows: QuerySet[Any], known_to: Callable[[Any], Q] = lambda _viewer: Q()) -> Names:
    """The words for keys of `rows`: how each row calls itself; `known_to` is the condition on what a person may know.
    One statement.
    """
    return lambda keys, viewer: {str(row.pk): row for row in rows.filter(known_to(viewer), pk__in=keys)}


def names_of_choices(choices: type[Choices]) -> Names:
    """The words for values of a fixed list."""
    return lambda _values, _viewer: dict(choices.choices)


class Complements:
    """Whom and what some lines are about, as `viewer` may know it. As many statements as there are kinds of things,
    whatever the lines.
    """

    def __init__(self, lines: Iterable[JournalEntry], viewer: Any) -> None:
        lines = list(lines)
        self.fields = {name for line in lines for name in line.data.get("fields", ())}
        self.labels: dict[Any, dict[str, Any]] = {}
        asked: dict[str, set[Any]] = defaultdict(set)
        for line in lines:
            for key in _names.keys() & line.data.keys():
                asked[key].update(_values(line, key))
        self.known = {key: _names[key](values, viewer) for key, values in asked.items()}

    def of(self, line: JournalEntry, model: Any) -> str:
        """The complement of one of the lines, about a row of `model`; empty when its data names nothing."""
        named = [word for key in _names if key in line.data for word in self._words(line, key)]
        fields = [self._label(model, name) for name in line.data.get("fields", ())]
        return ", ".join(str(word) for word in [*named, *fields] if word)

    def _label(self, model: Any, name: str) -> Any:
        """What a field of a row of `model` is called."""
        if model not in self.labels:
            self.labels[model] = _labels[model](self.fields) if self.fields and model in _labels else {}
        return self.labels[model].get(name) or field_name(model, name)

    def _words(self, line: JournalEntry, key: str) -> list[str]:
        """The words for what a line holds under `key`: the first of a long list, and how many more."""
        known = self.known.get(key, {})
        found = sorted(str(known[value]) for value in _values(line, key) if value in known)
        more = len(found) - MOST_NAMED
        if more < 1:
            return found
        return [*found[:MOST_NAMED], ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}]


def _values(line: JournalEntry, key: str) -> list[str]:
    """What a line holds under `key`, one or several."""
    held = line.data[key]
    return [str(value) for value in (held if isinstance(held, list) else [held])]


def field_name(model: Any, name: str) -> Any:
    """A column as people read it; empty for what is no column."""
    try:
        return model._meta.get_field(name).verbose_name
    except FieldDoesNotExist:
        return ""


def act_told(act: Any, complement: str) -> str:
    """What was done, with its complement."""
    return _("%(act)s: %(thing)s") % {"act": act, "thing": complement} if complement else str(act)
