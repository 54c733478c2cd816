"""What a voter fills in: a choice, and an address or a printed code."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from calls.models import Submission
from juries.models import BallotLink, PublicVote

HANDLE_SALT = "juries.ballot"
SHOWN_SALT = "juries.ballot-shown"
# Nobody reads the finalists, chooses and types an address in less.
HASTE = timedelta(seconds=2)


class ChoiceForm(forms.Form):
    """One of the finalists, in the order they are shown."""

    choice = forms.ChoiceField(
        label=_("Your choice"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a finalist."), "invalid_choice": _("Choose one of the finalists.")},
    )

    asked_for: tuple[str, ...] = ()
    """What is asked for by `clean`, one way or the other: never called optional."""

    def __init__(self, *args: Any, candidates: Sequence[Submission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = list(candidates)
        for name in self.asked_for:
            self.fields[name].needed = True
        self.fields["choice"].choices = [(str(one.pk), one.title) for one in candidates]

    def chosen(self) -> Submission:
        """The finalist that was chosen (after validation)."""
        return next(one for one in self.candidates if str(one.pk) == self.cleaned_data["choice"])


class BallotForm(ChoiceForm):
    """A choice with the way to vote: an address to which a link is sent, or the code of a slip."""

    asked_for = ("address", "code")

    address = forms.CharField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        help_text=_("Such as name@city.example. You get a link and a code; your address is not kept."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    code = forms.CharField(
        label=_("Or the code of your slip"),
        required=False,
        max_length=40,
        help_text=_("Twelve letters and figures, such as 7K2M-9QXF-3HTB: handed out in the room."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown_at = instant_behind(str(self.data.get("shown", ""))) or clock.now()

    @property
    def shown(self) -> str:
        """What the page keeps of the instant at which the form was first shown."""
        return stamp(self.shown_at)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("address")) == bool(data.get("code")):
            self.add_error("address", _("Give either your address or the code of your slip."))
        if not self.errors and clock.now() - self.shown_at < HASTE:
            self.add_error(None, _("That was very quick: look at your choice once more, then continue."))
        return data


class ConfirmForm(ChoiceForm):
    """The choice again, hidden, with the code of the slip or the six digits of the message."""

    asked_for = ("code",)

    slip = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    handle = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("The six digits of the message"),
        required=False,
        max_length=12,
        help_text=_("Such as 402 817. The message also holds a link that leads to the ballot."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "data-short": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("slip") and not data.get("code"):
            self.add_error("code", _("Copy the six digits of the message."))
        return data


def handle_of(link: BallotLink | None) -> str:
    """What the page keeps of a message that was asked for: nothing that votes. One that leads nowhere for None."""
    return signing.dumps(link.pk if link else 0, salt=HANDLE_SALT)


def link_behind(vote: PublicVote, handle: str) -> BallotLink | None:
    """The link's row behind a handle, or None when it leads nowhere."""
    try:
        pk = signing.loads(handle, salt=HANDLE_SALT)
    except signing.BadSignature:
        return None
    return BallotLink.objects.filter(pk=pk, vote=vote).select_related("vote__call").first()


def stamp(moment: datetime) -> str:
    """An aware instant as a page carries it, signed."""
    return signing.dumps(moment.timestamp(), salt=SHOWN_SALT)


def instant_behind(stamped: str) -> datetime | None:
    """The aware instant behind a stamp of ours, or None for another text, or an instant still to come."""
    try:
        moment = datetime.fromtimestamp(signing.loads(stamped, salt=SHOWN_SALT), UTC)
    except signing.BadSignature:
        return None
    return moment if moment <= clock.now() else None
