"""The words of a call's messages, and of the programme's: which there are, and each to write, with its preview."""

from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import can
from bethune_smartcity.core.views import ActionView, GuardedForm, GuardedPage
from bethune_smartcity.notifications.kinds import Kind, worded_kinds
from bethune_smartcity.notifications.mails import body_of
from bethune_smartcity.notifications.rendering import default_words, sample_words
from bethune_smartcity.notifications.specimens import specimens_url
from bethune_smartcity.notifications.texts import Text, Words
from calls.forms.messages import MessageTextForm
from calls.models import Call, MessageText
from calls.operations import message_texts
from calls.queries.message_texts import changes_of, own_text, text_url, texts_by_moment

from .frame import OnCall, board_url

SEE, CONFIGURE, SCREEN = "calls.see_call_board", "calls.configure_call", "calls.screen_call"
PROGRAMME = message_texts.PROGRAMME
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def language_names() -> list[tuple[str, str]]:
    """Each language of the portal as its readers call it."""
    return [(code, str(get_language_info(code)["name_local"]).capitalize()) for code in LANGUAGES]


class OnMessages(OnCall):
    """A page among those of a call's messages; its tabs are those this agent may open."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rights = {"may_screen": can(user, SCREEN, self.object), "may_configure": can(user, CONFIGURE, self.object)}
        told = {"place": self.object.title, "own_words": _("the call’s own text")}
        return super().get_context_data(**rights, **told, **kwargs)


class OnProgramme:
    """A page among those of the messages that are of no call."""

    permission = PROGRAMME
    page_name: Any = ""

    def crumbs(self) -> list[tuple[str, str]]:
        here = (_("Messages about the programme"), reverse("calls:programme-messages") if self.page_name else "")
        return [here, (str(self.page_name), "")] if self.page_name else [here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = {"place": _("The programme as a whole"), "own_words": _("the city’s own text"), "may_configure": True}
        return super().get_context_data(crumbs=self.crumbs(), **told, **kwargs)  # type: ignore[misc]


class Listed:
    """Every text agents may word, by moment, and in which languages they did."""

    object: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moments = [(moment.label, [self.row(worded) for worded in texts]) for moment, texts in self.texts()]
        told = {"languages": language_names(), "specimens": specimens_url(), "moments": moments}
        return super().get_context_data(**told, **kwargs)  # type: ignore[misc]

    def texts(self) -> Any:
        return texts_by_moment(self.object)

    def row(self, worded: Any) -> dict[str, Any]:
        """A line of the table: what the text says, to whom, and a way to it in each language."""
        cells = [
            {"code": code, "name": name, "own": worded.own[code], "url": text_url(self.object, worded.text.key, code)}
            for code, name in language_names()
        ]
        return {"text": worded.text, "kind": worded.kind, "cells": cells}


class Messages(OnMessages, Listed, GuardedPage):
    """The texts of a call's messages."""

    permission = SEE
    template_name = "calls/agent/messages.html"
    page_name = gettext_lazy("Messages")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        may_write = can(user, "calls.write_letters", self.object)
        return super().get_context_data(may_write=may_write, may_word_programme=can(user, PROGRAMME), **kwargs)


class ProgrammeMessages(OnProgramme, Listed, GuardedPage):
    """The texts of the messages that are of no call."""

    template_name = "calls/agent/programme_messages.html"


class OneText:
    """A page about one text in one language; one that no message has is 404."""

    kind: Kind
    text: Text
    kwargs: dict[str, Any]
    object: Call | None
    of_call = True

    def fetch(self) -> Any:
        found = worded_kinds(of_call=self.of_call).get(self.kwargs["text"])
        if found is None or self.kwargs["language"] not in LANGUAGES:
            raise Http404
        self.kind, self.text = found
        return super().fetch()  # type: ignore[misc]

    @property
    def language(self) -> str:
        return self.kwargs["language"]

    @cached_property
    def own(self) -> MessageText | None:
        return own_text(self.object, self.text, self.language)

    @cached_property
    def default(self) -> Words:
        return default_words(self.kind, self.text, self.language)

    def get_success_url(self) -> str:
        return text_url(self.object, self.text.key, self.language)


class OnText(OneText, OnMessages):
    """A page about one text of a call's messages."""

    def crumbs(self) -> list[tuple[str, str]]:
        trail = super().crumbs()[:-1]
        here = [(self.object.title, board_url(self.object)), (_("Messages"), board_url(self.object, "messages"))]
        return [*trail, *here, (str(self.text.label), "")]


class OnProgrammeText(OneText, OnProgramme):
    """A page about one text of the messages that are of no call."""

    of_call = False

    @property
    def page_name(self) -> Any:  # type: ignore[override]
        return self.text.label


class Wording(GuardedForm):
    """One text to write, the portal's own beside it, and what its readers would get of what stands in the form."""

    form_class = MessageTextForm
    template_name = "calls/agent/message_text.html"
    done_message = gettext_lazy("The text is saved. The messages written from now on are told in it.")

    def get_initial(self) -> dict[str, Any]:
        words = self.own.words if self.own else self.default
        return {"subject": words.subject, "body": words.body, "seen": message_texts.stamp_of(self.own)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"text": self.text, "language": self.language}

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.request.POST.get("act") == "preview":
            return self.render_to_response(self.previewed(self.get_form()))
        return super().post(*args, **kwargs)

    def previewed(self, sent: MessageTextForm) -> dict[str, Any]:
        """The page with what was typed, and why it cannot be saved yet beside what a reader would get."""
        problems = [sentence for sentences in sent.errors.values() for sentence in sentences]
        typed = {name: sent[name].value() for name in sent.fields}
        form = MessageTextForm(initial=typed, text=self.text, language=self.language)
        return self.get_context_data(form=form, problems=problems)

    def act(self, form: MessageTextForm) -> None:
        seen, user = form.cleaned_data["seen"], self.request.user
        message_texts.word(self.object, self.text.key, self.language, form.words(), seen=seen, by=user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        preview = sample_words(self.text, self.language, context["form"].typed())
        return context | {
            "kind": self.kind,
            "text": self.text,
            "language": self.language,
            "language_name": dict(language_names())[self.language],
            "languages": [(code, name, text_url(self.object, self.text.key, code)) for code, name in language_names()],
            "own": self.own,
            "default": self.default,
            "preview": {"subject": preview.subject, "body": body_of(preview.body)},
            "placeholders": [(each, self.text.samples(self.language)[each.name]) for each in self.text.placeholders],
            "restore_url": text_url(self.object, self.text.key, self.language, "message-text-restore"),
            "changes": changes_of(self.object, self.text, self.language)[:5],
        }


class WriteText(OnText, Wording):
    permission = SEE


class WriteProgrammeText(OnProgrammeText, Wording):
    pass


class Restoring(ActionView):
    """Go back to the portal's own words."""

    form_class = Form
    title = gettext_lazy("Go back to the portal’s own words")
    consequence = gettext_lazy(
        "The messages written from now on are told in the portal’s own words. Yours stay in the journal."
    )
    done_message = gettext_lazy("The portal’s own words are told again.")

    def act(self, form: Any) -> None:
        message_texts.restore(self.object, self.text.key, self.language, by=self.request.user)


class RestoreText(OnText, Restoring):
    permission = CONFIGURE


class RestoreProgrammeText(OnProgrammeText, Restoring):
    pass
