"""Bulk messages: those of a call, one to write, to read as its readers will, to confirm, and to cancel."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import can
from bethune_smartcity.core.context import own_name
from bethune_smartcity.core.views import ActionView, GuardedForm, GuardedPage
from bethune_smartcity.notifications.layout import Link
from bethune_smartcity.notifications.mails import Body, body_of
from bethune_smartcity.notifications.operations import path_of
from bethune_smartcity.notifications.rendering import sample_words
from bethune_smartcity.notifications.texts import Words
from calls.audiences import Reader, audience_of, part_label
from calls.forms.letters import BETWEEN, CODES, ConfirmLetterForm, LetterForm
from calls.models import Call, Letter
from calls.models.letter import FIRST
from calls.operations import letters
from calls.queries.letters import (
    Tally,
    address_of,
    by_language,
    choices_for,
    counts_of,
    people_of,
    readers_of,
    tally_of,
    visible_letters,
    words_for,
    words_of_people,
)
from calls.workflow import LetterState

from .frame import PER_PAGE, board_url
from .messages import OnMessages

WRITE, SEND = "calls.write_letters", "calls.send_letter"
L = LetterState
TONES = {L.DRAFT: "draft", L.PLANNED: "info", L.HELD: "warn", L.LEAVING: "info", L.LEFT: "ok", L.CANCELLED: "stop"}


class OnLetters(OnMessages):
    """A page about the bulk messages of a call: for who writes to nobody there, it does not exist."""

    def fetch(self) -> Call:
        call = super().fetch()
        if not can(self.request.user, WRITE, call):
            raise Http404
        return call

    def crumbs(self) -> list[tuple[str, str]]:
        *trail, here = super().crumbs()
        return [*trail, (_("Messages"), board_url(self.object, "messages")), here]


@dataclass(frozen=True)
class Row:
    """A bulk message in a list."""

    letter: Letter
    told: str
    tone: str
    url: str
    people: str


class Letters(OnLetters, GuardedPage):
    """The bulk messages of a call to those this agent writes to, last edited first."""

    permission = WRITE
    template_name = "calls/agent/letters.html"
    page_name = gettext_lazy("Bulk messages")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Paginator(visible_letters(self.request.user).filter(call=self.object), PER_PAGE)
        page = found.get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, rows=self.rows(list(page)), **kwargs)

    def rows(self, found: list[Letter]) -> list[Row]:
        """Each message with to how many: as of now, or as it was written. One statement."""
        coming = counts_of([each for each in found if each.state in {L.DRAFT, L.PLANNED, L.HELD}], clock.now())
        return [
            Row(
                letter=each,
                told=part_label(each),
                tone=TONES[L(each.state)],
                url=address_of(each),
                people=words_of_people(coming.get(each.pk, each.written)),
            )
            for each in found
        ]


class Writing(GuardedForm):
    """A form in which a bulk message is written."""

    form_class = LetterForm
    template_name = "calls/agent/letter_form.html"
    call: Call

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"choices": choices_for(self.request.user, self.call, can)}

    def placeholders(self) -> list[dict[str, Any]]:
        """What may stand in the text: whomever it is for, then for each of those it may be for."""
        theirs = [audience for audience, _parts in choices_for(self.request.user, self.call, can)]
        shared = set.intersection(*({each.name for each in audience.placeholders} for audience in theirs))
        ours = [each for each in theirs[0].placeholders if each.name in shared]
        own = [(one.label, [each for each in one.placeholders if each.name not in shared]) for one in theirs]
        return [{"label": label, "tokens": tokens} for label, tokens in [(_("In every message"), ours), *own] if tokens]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(placeholders=self.placeholders(), **kwargs)


class WriteLetter(OnLetters, Writing):
    """A new one."""

    permission = WRITE
    page_name = gettext_lazy("Write to many people")
    letter: Letter

    @property
    def call(self) -> Call:  # type: ignore[override]
        return self.object

    def act(self, form: LetterForm) -> None:
        audience, part = form.chosen()
        self.letter = letters.write_letter(self.object, audience, part, form.words(), by=self.request.user)

    def get_success_url(self) -> str:
        return address_of(self.letter)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.page_name, back_url=board_url(self.object, "letters"), **kwargs)


class OnLetter:
    """A view of one bulk message: for who does not write to its people, it does not exist."""

    request: HttpRequest
    kwargs: dict[str, Any]
    object: Letter
    page_name: Any = ""

    def fetch(self) -> Letter:
        return get_object_or_404(visible_letters(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def moment(self) -> datetime:
        return clock.now()

    def crumbs(self) -> list[tuple[str, str]]:
        call, letter = self.object.call, self.object
        trail = [
            (_("My calls"), reverse("calls:boards")),
            (call.title, board_url(call)),
            (_("Bulk messages"), board_url(call, "letters")),
        ]
        return (
            [*trail, (letter.title, address_of(letter)), (str(self.page_name), "")]
            if self.page_name
            else [
                *trail,
                (letter.title, ""),
            ]
        )

    def get_success_url(self) -> str:
        return address_of(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"letter": self.object, "call": self.object.call, "crumbs": self.crumbs()}
        return super().get_context_data(**context, **kwargs)  # type: ignore[misc]


@dataclass(frozen=True)
class Reading:
    """What one reader gets in a language: `is_own` when the message is written in it, `count` how many read it."""

    code: str
    name: str
    lang: str
    count: int
    is_own: bool
    subject: str
    body: Body


class ShowLetter(OnLetter, GuardedPage):
    """A message: whom it is for, as one of them reads it in each language, and what became of it."""

    permission = SEND
    template_name = "calls/agent/letter.html"

    @cached_property
    def page(self) -> Any:
        return Paginator(people_of(self.object, self.moment), PER_PAGE).get_page(self.request.GET.get("page"))

    @cached_property
    def readers(self) -> list[Reader]:
        return readers_of(self.object, list(self.page), self.moment)

    def reader(self) -> Reader | None:
        """The one the message is shown to: whoever was chosen in the list, or the first; None for want of anyone."""
        chosen = self.request.GET.get("reader", "")
        found = [each for each in self.readers if str(each.user.pk) == chosen] or self.readers
        return found[0] if found else None

    def readings(self, reader: Reader | None) -> list[Reading]:
        """One for each language of the portal, the reader's own first."""
        counts = by_language(self.object, self.moment)
        own = reader.user.language if reader else FIRST
        codes = sorted(CODES, key=lambda code: code != own)
        return [self.reading(reader, code, counts.get(code, 0)) for code in codes]

    def reading(self, reader: Reader | None, code: str, count: int) -> Reading:
        language = code if code in self.object.texts else FIRST
        words = self.as_read(reader, code) if reader else self.invented(language)
        return Reading(code, own_name(code), language, count, language == code, words.subject, body_of(words.body))

    def as_read(self, reader: Reader, code: str) -> Words:
        """What `reader` would get if they read that language."""
        user = User(pk=reader.user.pk, name=str(reader.user), email=reader.user.email, language=code)
        told = replace(reader, user=user)
        return words_for(self.object, told, Link(settings.SITE_URL + path_of(reader.page, reader.keys, code)))

    def invented(self, language: str) -> Words:
        """With invented data."""
        return sample_words(audience_of(self.object).text, language, self.object.words[language])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter, reader = self.object, self.reader()
        tally = tally_of(letter)
        return super().get_context_data(
            told=part_label(letter),
            tone=TONES[L(letter.state)],
            count=self.page.paginator.count,
            page=self.page,
            readers=self.readers,
            reader=reader,
            readings=self.readings(reader),
            caution=audience_of(letter).caution(letter.call, letter.part, self.moment) if self.is_coming else "",
            tally=tally,
            is_coming=self.is_coming,
            may_cancel=self.may_cancel(tally),
            **kwargs,
        )

    @property
    def is_coming(self) -> bool:
        return self.object.state in {L.DRAFT, L.PLANNED, L.HELD}

    def may_cancel(self, tally: Tally) -> bool:
        state = self.object.state
        return state in {L.PLANNED, L.HELD, L.LEAVING} or (state == L.LEFT and tally.waiting > 0)


class EditLetter(OnLetter, Writing):
    """A message that is not confirmed, to change."""

    permission = SEND
    page_name = gettext_lazy("Change the message")

    @property
    def call(self) -> Call:  # type: ignore[override]
        return self.object.call

    def get_initial(self) -> dict[str, Any]:
        letter = self.object
        texts = {f"{name}_{code}": text[name] for code, text in letter.texts.items() for name in ("subject", "body")}
        return texts | {"audience": f"{letter.audience}{BETWEEN}{letter.part}"}

    def act(self, form: LetterForm) -> None:
        audience, part = form.chosen()
        letters.rewrite_letter(self.object, audience, part, form.words(), by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.page_name, back_url=address_of(self.object), **kwargs)


class ConfirmLetter(OnLetter, ActionView):
    """The second deliberate step: to how many, retyped, and when."""

    permission = SEND
    form_class = ConfirmLetterForm
    title = page_name = gettext_lazy("Send the message")
    button = gettext_lazy("Confirm the message")
    tone = "danger"
    done_message = gettext_lazy("The message is confirmed.")

    def get_initial(self) -> dict[str, Any]:
        return {"when": ConfirmLetterForm.NOW, "seen": letters.stamp_of(self.object)}

    def act(self, form: ConfirmLetterForm) -> None:
        data = form.cleaned_data
        letters.confirm(
            self.object, number=data["number"], due_at=data["due_at"], seen=data["seen"], by=self.request.user
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        n = people_of(self.object, self.moment).count()
        words = {"subject": self.object.title, "people": words_of_people(n), "audience": part_label(self.object)}
        told = _("“%(subject)s” goes to %(people)s (%(audience)s). What has left is not taken back.") % words
        self.consequence = (
            told + " " + audience_of(self.object).caution(self.object.call, self.object.part, self.moment)
        )
        return super().get_context_data(**kwargs)


class ReopenLetter(OnLetter, ActionView):
    """Take a confirmed message back, to change it."""

    permission = SEND
    form_class = Form
    title = page_name = gettext_lazy("Take back to change")
    consequence = gettext_lazy(
        "The message becomes a draft again and leaves to nobody. Once changed, it has to be confirmed again, with its "
        "number of people and its instant."
    )
    done_message = gettext_lazy("The message is a draft again: it leaves only once you confirm it.")

    def act(self, form: Any) -> None:
        letters.reopen(self.object, by=self.request.user)

    def get_success_url(self) -> str:
        return address_of(self.object, "edit-letter")

    def get_back_url(self) -> str:
        return address_of(self.object)


class CancelLetter(OnLetter, ActionView):
    """Take back what has not left."""

    permission = SEND
    form_class = Form
    title = page_name = gettext_lazy("Cancel the message")
    consequence = gettext_lazy(
        "What has not left yet never will. What has left stays with those who got it. This cannot be undone."
    )
    tone = "danger"

    def act(self, form: Any) -> None:
        done = letters.cancel(self.object, by=self.request.user)
        messages.success(self.request, told_of(done))


def told_of(done: letters.TakenBack) -> str:
    """What a cancelled message came to, in words."""
    if not done.left:
        return _("The message is cancelled: nobody got it.")
    left = ngettext("%(n)s message had left", "%(n)s messages had left", done.left) % {"n": wording.number(done.left)}
    kept = ngettext("%(n)s was taken back", "%(n)s were taken back", done.kept) % {"n": wording.number(done.kept)}
    return _("The message is cancelled: %(left)s, %(kept)s.") % {"left": left, "kept": kept}


class DiscardLetter(OnLetter, ActionView):
    """Throw a draft away."""

    permission = SEND
    form_class = Form
    title = page_name = gettext_lazy("Throw the draft away")
    consequence = gettext_lazy("Nobody got it and nobody will.")
    done_message = gettext_lazy("The draft is thrown away.")

    def act(self, form: Any) -> None:
        letters.discard_letter(self.object, by=self.request.user)

    def get_success_url(self) -> str:
        return board_url(self.object.call, "letters")

    def get_back_url(self) -> str:
        return address_of(self.object)
