"""Declarations of links, before applications open and at any time after."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.models import Submission
from juries.models import Recusal

NO_LINK = "none"
CATEGORY = Recusal.Category
LINKS = [(value, label) for value, label in CATEGORY.choices if value != CATEGORY.UNSURE]
ANSWERS = [
    ("", _("Not said yet")),
    (NO_LINK, _("No link")),
    (CATEGORY.UNSURE, _("Unsure: I ask the chair")),
    (_("A link"), LINKS),
]


class LinksForm(forms.Form):
    """One answer for each application; what is left aside stays to be declared.

    `hints`: by the key of an application, sentences on what may link the juror to it.
    """

    def __init__(
        self, *args: Any, submissions: Iterable[Submission], hints: Mapping[Any, list[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hints = {self.name_of(pk): sentences for pk, sentences in hints.items()}
        self.submissions = {self.name_of(submission.pk): submission for submission in submissions}
        for name, submission in self.submissions.items():
            self.fields[name] = forms.ChoiceField(
                label=f"{submission.number} {submission.title}",
                help_text=submission.structure.name,
                choices=ANSWERS,
                required=False,
                widget=forms.Select(attrs={"class": "input"} | self.described(name)),
            )
        self.fields["rest"] = forms.BooleanField(
            label=_("I have no link with any application left as “Not said yet”."), required=False
        )

    @staticmethod
    def name_of(submission: Any) -> str:
        """The field of the application of that key."""
        return f"link-{submission}"

    def described(self, name: str) -> dict[str, str]:
        """What ties a field to its hints, for who listens to the page."""
        return {"aria-describedby": f"hints-{name}"} if name in self.hints else {}

    @property
    def rows(self) -> list[tuple[forms.BoundField, list[str]]]:
        """The fields of the applications, in order, each with its hints."""
        return [(self[name], self.hints.get(name, [])) for name in self.submissions]

    @property
    def without_link(self) -> list[Submission]:
        """The applications declared free of any link."""
        free = {NO_LINK, ""} if self.cleaned_data["rest"] else {NO_LINK}
        return [submission for name, submission in self.submissions.items() if self.cleaned_data[name] in free]

    @property
    def with_link(self) -> list[tuple[Submission, str]]:
        """The applications with a link or a doubt, and its category."""
        return [
            (submission, self.cleaned_data[name])
            for name, submission in self.submissions.items()
            if self.cleaned_data[name] not in {NO_LINK, ""}
        ]


class LaterLinkForm(forms.Form):
    """A link with one application that comes to light once links were declared."""

    submission = forms.ChoiceField(label=_("Application"), widget=forms.Select(attrs={"class": "input"}))
    category = forms.ChoiceField(label=_("What links you to it"), choices=CATEGORY.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, submissions: Iterable[Submission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submissions = {str(submission.pk): submission for submission in submissions}
        named = [(key, f"{one.number} {one.title} ({one.structure.name})") for key, one in self.submissions.items()]
        field: Any = self.fields["submission"]
        field.choices = [("", _("Choose one")), *named]

    def clean_submission(self) -> Submission:
        return self.submissions[self.cleaned_data["submission"]]


class RecusalForm(forms.Form):
    """What kind of link it is."""

    category = forms.ChoiceField(label=_("What links you to it"), choices=CATEGORY.choices, widget=forms.RadioSelect)


class AnswerForm(forms.Form):
    """Whether a link exists with one application, before it opens."""

    answer = forms.ChoiceField(
        label=_("Is there a link between you and this application?"),
        choices=[(NO_LINK, _("No link")), *CATEGORY.choices],
        widget=forms.RadioSelect,
    )


class SessionRecusalForm(forms.Form):
    """What kind of link makes a juror leave the whole session."""

    category = forms.ChoiceField(label=_("What makes you stand aside"), choices=LINKS, widget=forms.RadioSelect)
