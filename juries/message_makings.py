"""What the portal's own texts about juries are made of, from the words of each placeholder, and which of them holds."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from bethune_smartcity.notifications.texts import Context
from calls.message_texts import of_application, of_call

Words = Mapping[str, str]


def of_reminder(*, is_late: bool) -> Callable[[Words], dict[str, Any]]:
    """What a reminder to a juror, before or after the date, is made of."""
    return lambda words: (
        of_call(words)
        | {
            "left_told": words["reste"],
            "count_told": words["fiches"],
            "due": words["date_limite"],
            "is_late": is_late,
        }
    )


def of_nudge(*, is_late: bool) -> Callable[[Words], dict[str, Any]]:
    """What a reminder that agents send a juror by hand, before or after the date, is made of."""
    return lambda words: (
        of_call(words)
        | {
            "left_told": words["reste"],
            "count_told": words["fiches"],
            "due_told": words.get("echeance", ""),
            "due": words.get("date_limite", ""),
            "is_late": is_late,
        }
    )


def is_late(context: Context) -> bool:
    """Whether the date that a reminder tells of is past."""
    return bool(context["is_late"])


def of_panel(words: Words) -> dict[str, Any]:
    panel = SimpleNamespace(call=SimpleNamespace(title=words["appel"]))
    return {"panel": panel, "subject": panel, "due_told": words["echeance"], "url": words["lien"]}


def of_slot(*, is_moved: bool) -> Callable[[Words], dict[str, Any]]:
    """What tells a finalist the first hour of their pitch, or another than was told, is made of."""
    return lambda words: (
        of_application(words)
        | {
            "starts": words["heure"],
            "minutes_told": words["duree"],
            "asked_told": words["demande"],
            "is_moved": is_moved,
        }
    )


def is_moved(context: Context) -> bool:
    """Whether another hour was told before."""
    return bool(context["is_moved"])


def of_outcome(outcome: str, stage: str = "") -> Callable[[Words], dict[str, Any]]:
    """What the portal tells of that outcome is made of."""
    return lambda words: (
        of_application(words)
        | {
            "outcome": outcome,
            "stage": stage,
            "awards_told": words.get("prix", ""),
            "mention_told": words.get("mention", ""),
        }
    )


def ends_as(outcome: str, stage: str = "") -> Callable[[Context], bool]:
    """Whether a decision has that outcome, at that stage when one is named."""
    return lambda context: context["outcome"] == outcome and stage in {"", context["stage"]}


def of_deck(*, is_confirmed: bool) -> Callable[[Words], dict[str, Any]]:
    """What reminds a finalist, who said that they come or nothing yet, is made of."""
    return lambda words: of_application(words) | {"due": words["date_limite"], "is_confirmed": is_confirmed}


def is_confirmed(context: Context) -> bool:
    return bool(context["is_confirmed"])


def of_given(words: Words) -> dict[str, Any]:
    told = {"given_told": words["nouvelles"], "more_told": words["nombre"], "due_told": words["echeance"]}
    return of_call(words) | told


def of_changes(stage: str) -> Callable[[Words], dict[str, Any]]:
    """What tells jurors that a session of that stage changed is made of."""
    return lambda words: of_call(words) | {"stage": stage, "changes_told": words["changements"]}


def of_finale(words: Words) -> dict[str, Any]:
    return of_application(words) | {"changes_told": words["changements"]}


def is_of(stage: str) -> Callable[[Context], bool]:
    return lambda context: bool(context["stage"] == stage)


def of_link(*, is_whole: bool) -> Callable[[Words], dict[str, Any]]:
    """What tells who leads a panel of a link, with one application or with the whole session, is made of."""

    def made(words: Words) -> dict[str, Any]:
        submission = None if is_whole else SimpleNamespace(title=words["candidature"])
        return of_call(words) | {"recusal": SimpleNamespace(juror=words["jure"], submission=submission)}

    return made


def is_about_one(context: Context) -> bool:
    """Whether a link is with one application."""
    return context["recusal"].submission is not None


def of_answer(*, is_link: bool, is_whole: bool = False) -> Callable[[Words], dict[str, Any]]:
    """What tells a juror the answer to the link they declared is made of; of an application where it is named."""
    return lambda words: (
        of_call(words)
        | {
            "is_link": is_link,
            "is_whole": is_whole,
            "title": words.get("candidature", ""),
            "place_told": words["page"],
        }
    )


def answers(*, is_link: bool, is_named: bool) -> Callable[[Context], bool]:
    """Whether a link with one application, named or not, was answered so."""
    return lambda context: (
        not stands_aside(context) and context["is_link"] == is_link and bool(context["title"]) == is_named
    )


def stands_aside(context: Context) -> bool:
    """Whether a juror's standing aside from the whole session was confirmed."""
    return bool(context["is_link"] and context["is_whole"])


def of_end(*, is_replaced: bool) -> Callable[[Words], dict[str, Any]]:
    """What thanks someone whose seat goes to a substitute, or to nobody, is made of."""
    return lambda words: of_call(words) | {"is_replaced": is_replaced}


def is_replaced(context: Context) -> bool:
    return bool(context["is_replaced"])
