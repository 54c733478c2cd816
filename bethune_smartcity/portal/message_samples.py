"""Every message of the portal with invented data, so that agents read what leaves before it does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import wording
from bethune_smartcity.core.models import City
from bethune_smartcity.notifications.kinds import Kind
from bethune_smartcity.notifications.layout import Link
from bethune_smartcity.notifications.mails import Body, body_of
from bethune_smartcity.notifications.rendering import default_words, sample_words, template_words, typeset
from bethune_smartcity.notifications.texts import Words
from projects.notices import PAYMENT_WAITS

# An invented afternoon.
AFTERNOON = datetime(2027, 9, 16, 12, 20, tzinfo=UTC)
# What a kind says in several ways beside the one of `_facts`, by its name.
OTHERWISE: Mapping[str, dict[str, Any]] = {
    "juries.finalist": {"word": SimpleNamespace(is_coming=False, word=_("We cannot be there that day."))},
    "notifications.confirm": {"waits": False},
}
ACCOUNT = "account"
# The mails of the library of accounts that leave, by the names of its templates.
OF_ACCOUNTS = ("login_code", "email_confirmation_signup", "password_reset_key", "account_already_exists")


@dataclass(frozen=True)
class Sample:
    """What one message says, with invented data."""

    label: Any
    words: Words

    @property
    def laid_out(self) -> Body:
        """The same as a mail programme shows it."""
        return body_of(self.words.body)


def samples_of(kind: Kind, language: str) -> Iterator[Sample]:
    """Each way in which the portal tells a message of `kind`, in its own words, in that language.

    None of a kind whose words are written by hand each time.
    """
    if kind.name == ACCOUNT:
        yield from _of_accounts(kind, language)
    for text in kind.texts:
        yield Sample(text.label, sample_words(text, language, default_words(kind, text, language)))
    if not kind.texts and kind.template:
        with override(language):
            facts = _facts() | (_of_payment() if kind.name == PAYMENT_WAITS else {})
            told = [facts, facts | OTHERWISE[kind.name]] if kind.name in OTHERWISE else [facts]
            drawn = [template_words(kind, facts) for facts in told]
        for words in drawn:
            yield Sample(kind.label, Words(*typeset(words, language)))


def _of_accounts(kind: Kind, language: str) -> Iterator[Sample]:
    """The codes and links by which one signs in, as the library and the enrolment of agents tell them."""
    with override(language):
        facts = _facts()
        facts |= {"email": facts["user"].email, "password_reset_url": facts["url"], "site_url": Link(settings.SITE_URL)}
        pairs = [(f"account/email/{name}_subject.txt", f"account/email/{name}_message.txt") for name in OF_ACCOUNTS]
        pairs.append(("accounts/emails/enrolment.subject.txt", "accounts/emails/enrolment.txt"))
        told = [[str(render_to_string(template, facts)) for template in pair] for pair in pairs]
    for words in told:
        yield Sample(kind.label, Words(*typeset(Words(*words), language)))


def _of_payment() -> dict[str, Any]:
    """A payment is planned for a day."""
    return {"due": wording.day(AFTERNOON.date(), weekday=True)}


def _facts() -> dict[str, Any]:
    """What messages are made of, invented, in the language in force."""
    return {**_people(), **_jury(), **_project(), **_letters()}


def _people() -> dict[str, Any]:
    address, due = Link(f"{settings.SITE_URL}/exemple/"), wording.deadline(AFTERNOON)
    call = SimpleNamespace(title=gettext("Getting about tomorrow"))
    person = SimpleNamespace(name="Camille Martin", email="camille.martin@ville.example")
    subject = SimpleNamespace(
        title=gettext("A shuttle to the station & back"),
        number="MOB-0042",
        is_draft=True,
        user="Camille Martin",
        invited_by="Camille Martin",
        structure=SimpleNamespace(name="Navette & Cie"),
        get_role_display=gettext("editor"),
        label=gettext("First half"),
        alt=gettext("Probes at the edge of the basin"),
        report=gettext("One figure is still missing."),
    )
    city = City(name="Exempleville", service=gettext("Digital affairs"), contact_email="numerique@ville.example")
    until = wording.instant(AFTERNOON)
    dates = {"due": due, "until": until, "closes": due, "expires": until, "day": wording.day(AFTERNOON.date())}
    reason = gettext("One figure is still missing.")
    links = {"url": address, "stop_url": address, "confirm_url": address, "manage_url": address}
    return {"call": call, "user": person, "subject": subject, "city": city, "reason": reason, **dates, **links}


def _jury() -> dict[str, Any]:
    return {
        "panel": SimpleNamespace(call=SimpleNamespace(title=gettext("Getting about tomorrow"))),
        "word": SimpleNamespace(is_coming=True, word=gettext("We look forward to it.")),
        "title": gettext("A shuttle to the station & back"),
        "stage": gettext("Finale"),
        "code": "ABCD-EFGH",
    }


def _project() -> dict[str, Any]:
    project = SimpleNamespace(name=gettext("Shuttle to the station"))
    return {
        "project": project,
        "amount": wording.amount(Decimal(4000)),
        "asked": SimpleNamespace(organisation=gettext("A neighbouring city"), project=project),
    }


def _letters() -> dict[str, Any]:
    address = Link(f"{settings.SITE_URL}/exemple/")
    lines = [(gettext("The coming calls for projects"), address)]
    return {
        "topics": [gettext("The coming calls for projects")],
        "waits": True,
        "count": 1,
        "standfirst": gettext("Moving about without a car of one’s own."),
        "sections": _Sections([(gettext("Mobility"), lines)]),
    }


class _Section(tuple[Any, ...]):
    """A section as the letter of the week (a pair) and the day's mail (a title and lines) both read it."""

    __slots__ = ()

    @property
    def title(self) -> Any:
        return self[0]

    @property
    def lines(self) -> Any:
        return self[1]


class _Sections(list[Any]):
    def __init__(self, pairs: list[tuple[str, list[tuple[str, str]]]]) -> None:
        super().__init__(_Section(pair) for pair in pairs)
