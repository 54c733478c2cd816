"""What a chair fills in."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.instants import InstantField
from calls.models import Prize, Submission
from juries.forms.panels import MOMENT
from juries.models import Juror, Motion, Proposal
from juries.operations.deliberation import Allotment


class AmountField(forms.DecimalField):
    """An amount in euros, written back without the cents it does not have: 8000, 7999.50."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=10, decimal_places=2, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}".removesuffix(".00") if isinstance(value, Decimal) else value


class LockForm(forms.Form):
    """Asks what to do with missing sheets and with links nobody answered: nothing to ask when there are none."""

    without = forms.BooleanField(
        label=_("Lock without the sheets that are missing: they do not count, and the minutes say how many."),
        error_messages={"required": _("Wait for the missing sheets, or say that the marks are locked without them.")},
    )

    unanswered = forms.BooleanField(
        label=_("Lock with these links unanswered: the sheets they shut do not count."),
        error_messages={"required": _("Answer these links first, or say that the marks are locked without an answer.")},
    )

    def __init__(self, *args: Any, missing: int, unanswered: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not missing:
            del self.fields["without"]
        if not unanswered:
            del self.fields["unanswered"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea, max_length=2000)


class ProclaimForm(forms.Form):
    publish_at = InstantField(
        label=_("Public from"),
        required=False,
        widget=MOMENT,
        help_text=_("Paris time. Empty: at once."),
    )


class PresenceForm(forms.Form):
    """Who is in the room."""

    present = forms.MultipleChoiceField(label=_("Present"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, jurors: Sequence[Juror], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jurors = list(jurors)
        self.fields["present"].choices = [(str(juror.pk), self._named(juror)) for juror in jurors]
        self.fields["present"].initial = [str(juror.pk) for juror in jurors if juror.is_present]

    @staticmethod
    def _named(juror: Juror) -> str:
        return f"{juror} ({juror.capacity})" if juror.capacity else str(juror)

    def changes(self) -> list[tuple[Juror, bool]]:
        """The jurors whose presence is no longer what was written, with what it is now."""
        there = set(self.cleaned_data["present"])
        now = [(juror, str(juror.pk) in there) for juror in self.jurors]
        return [(juror, present) for juror, present in now if present != juror.is_present]


class OrderForm(forms.Form):
    """The draw of the running order."""

    seed = forms.IntegerField(
        label=_("Seed of the draw"),
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("Any whole number, such as one drawn in public: with it anyone finds the same order."),
    )
    starts_at = InstantField(label=_("First pitch at"), widget=MOMENT, help_text=_("Paris time."))
    minutes = forms.IntegerField(
        label=_("Minutes for each"),
        min_value=1,
        max_value=240,
        initial=20,
        help_text=_("Questions and change included."),
    )


class MoveOnForm(forms.Form):
    """The pitch in progress as whoever moves on sees it: none before the first."""

    after = forms.IntegerField(required=False, widget=forms.HiddenInput)


class MotionForm(forms.Form):
    text = forms.CharField(
        label=_("Motion"),
        max_length=250,
        help_text=_("One sentence, such as: first prize to the project of the old dock."),
    )
    votes_for = forms.IntegerField(label=_("For"), min_value=0, max_value=999)
    votes_against = forms.IntegerField(label=_("Against"), min_value=0, max_value=999)
    abstentions = forms.IntegerField(label=_("Abstentions"), min_value=0, max_value=999, initial=0)
    casting = forms.ChoiceField(
        label=_("Casting vote of the chair"),
        required=False,
        choices=[("", "–"), *Motion.Casting.choices],
        help_text=_("Only where votes are equal; without it such a motion is not carried."),
    )


class ProposalForm(forms.Form):
    """What becomes of one application of a reading."""

    verdict = forms.ChoiceField(label=_("Proposal"), choices=Proposal.Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Needed when the proposal departs from the ranking; the minutes print it."),
    )


class PrizeForm(forms.Form):
    """One prize of the palmarès: to whom, how much, with what support, and why."""

    submission = forms.ChoiceField(label=_("Laureate"), required=False)
    amount = AmountField(label=_("Amount awarded, in euros"), required=False)
    support = forms.CharField(label=_("Support awarded"), required=False, max_length=250)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when this departs from the ranking or from what was announced. It is published."),
    )

    def __init__(self, *args: Any, prize: Prize, candidates: Sequence[Submission], **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"prize{prize.pk}", **kwargs)
        self.prize = prize
        self.by_key = {str(one.pk): one for one in candidates}
        nobody = ("", _("Not awarded"))
        self.fields["submission"].choices = [nobody, *((key, one.title) for key, one in self.by_key.items())]

    def allotment(self) -> Allotment:
        """What is proposed for the prize (after validation)."""
        data = self.cleaned_data
        return Allotment(
            prize=self.prize,
            submission=self.by_key.get(data["submission"]),
            amount=data["amount"] if data["submission"] else None,
            support=data["support"] if data["submission"] else "",
            reason=data["reason"],
        )


class MentionsForm(forms.Form):
    """The jury's words for each finalist to whom it gives a special mention; empty for the others."""

    def __init__(self, *args: Any, candidates: Sequence[Submission], **kwargs: Any) -> None:
        super().__init__(*args, prefix="mention", **kwargs)
        self.by_key = {str(one.pk): one for one in candidates}
        for key, one in self.by_key.items():
            words = forms.Textarea(attrs={"rows": 2})
            self.fields[key] = forms.CharField(label=one.title, required=False, max_length=500, widget=words)

    def given(self) -> dict[Submission, str]:
        """The words of each mention proposed (after validation)."""
        return {self.by_key[key]: words for key, words in self.cleaned_data.items() if words}


class SettleForm(ReasonForm):
    """The recorded choice among finalists tied in the public vote."""

    submission = forms.ChoiceField(label=_("Who wins the public prize"), widget=forms.RadioSelect)

    field_order = ("submission", "reason")

    def __init__(self, *args: Any, leading: Sequence[Submission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(one.pk): one for one in leading}
        self.fields["submission"].choices = [(key, one.title) for key, one in self.by_key.items()]

    def chosen(self) -> Submission:
        return self.by_key[self.cleaned_data["submission"]]
