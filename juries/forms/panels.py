"""What organisers of a panel type."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core.instants import DayField, InstantField
from bethune_smartcity.core.text import validate_single_line
from bethune_smartcity.core.wall_clock import InstantInput
from calls.models import Call
from juries.models import Expertise, Juror, Panel
from juries.scoring.second import LEADING, MORE
from pillars.models import Pillar

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SettingsForm(forms.ModelForm):
    class Meta:
        model = Panel
        fields = ("readings", "places", "due_at", "quorum", "basis")
        field_classes = dict.fromkeys(("due_at", "deck_due_at"), InstantField)
        widgets = {"due_at": InstantInput}
        help_texts = {"due_at": _("Paris time.")}


PLACE = _("The minutes print it. Write “online” where the jury, or part of it, meets at a distance.")


class FirstStageForm(SettingsForm):
    """The settings of a reading, with where its jury meets."""

    class Meta(SettingsForm.Meta):
        fields = (*SettingsForm.Meta.fields, "place")
        labels = {"place": _("Place of the meeting")}
        help_texts = {**SettingsForm.Meta.help_texts, "place": PLACE}


class PanelForm(SettingsForm):
    class Meta(SettingsForm.Meta):
        fields = ("stage", *SettingsForm.Meta.fields)


class FinaleForm(SettingsForm):
    """The settings of a finale, with what its public programme tells."""

    class Meta(SettingsForm.Meta):
        fields = (*SettingsForm.Meta.fields, "deck_due_at", "occasion", "held_from", "held_until", "place", "access")
        widgets = {
            "due_at": InstantInput,
            "deck_due_at": InstantInput,
            "held_from": DAY,
            "held_until": DAY,
            "access": forms.Textarea(attrs={"rows": 6}),
        }
        field_classes = {
            "due_at": InstantField,
            "deck_due_at": InstantField,
            "held_from": DayField,
            "held_until": DayField,
        }


def pillars_of(call: Call, known: Collection[int] = ()) -> list[Pillar]:
    """The pillars of `call`, or all where it names none, and those of the keys `known`, in their order."""
    every, own = list(Pillar.objects.all()), set(call.pillars.values_list("pk", flat=True))
    return [pillar for pillar in every if not own or pillar.pk in own or pillar.pk in known]


class PillarsField(forms.MultipleChoiceField):
    """Some of the pillars, by their keys. (A model field would ask the database about any number it is sent.)"""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> list[Pillar]:
        return list(Pillar.objects.filter(pk__in=super().clean(value)))


OF_A_SEAT = ("capacity", "has_voice", "is_chair", "is_secretary", "half_time", "is_substitute")


class SeatForm(forms.Form):
    """A person's seat: who, in what capacity, with what knowledge of the pillars."""

    email = forms.EmailField(label=_("E-mail address of the person’s account"))
    capacity = forms.CharField(label=_("In the capacity of"), required=False, max_length=120)
    has_voice = forms.BooleanField(label=_("Marks and votes"), required=False, initial=True)
    is_chair = forms.BooleanField(label=_("Chair"), required=False)
    is_secretary = forms.BooleanField(label=_("Secretary, acts for the chair"), required=False)
    half_time = forms.BooleanField(label=_("Half share of the readings"), required=False)
    is_substitute = forms.BooleanField(
        label=_("Substitute"), required=False, help_text=_("Reads nothing and has no vote until called up.")
    )
    primary = PillarsField(label=_("At home in"))
    secondary = PillarsField(label=_("Acquainted with"))

    def __init__(self, *args: Any, call: Call, juror: Juror | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.juror = juror
        known = {row.pillar_id for row in juror.expertise.all()} if juror else ()
        choices = [(str(pillar.pk), str(pillar)) for pillar in pillars_of(call, known)]
        for name in ("primary", "secondary"):
            self.fields[name].choices = choices
        if juror is not None:
            del self.fields["email"]

    def clean_email(self) -> User:
        user = User.objects.filter(email=self.cleaned_data["email"].lower(), is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("No account has this address: the person signs up first."))
        return user

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        both = set(data.get("primary", ())) & set(data.get("secondary", ()))
        if both:
            names = ", ".join(str(pillar) for pillar in both)
            self.add_error("secondary", _("Choose one level for %(names)s.") % {"names": names})
        return data

    @property
    def person(self) -> User:
        return self.juror.user if self.juror else self.cleaned_data["email"]

    @property
    def given(self) -> dict[str, Any]:
        """What the seat operation takes, from a valid form."""
        return {name: self.cleaned_data[name] for name in OF_A_SEAT} | {"expertise": self.levels}

    @property
    def levels(self) -> dict[Pillar, str]:
        """The pillars known, each with how well."""
        found = dict.fromkeys(self.cleaned_data["secondary"], Expertise.Level.SECONDARY.value)
        return found | dict.fromkeys(self.cleaned_data["primary"], Expertise.Level.PRIMARY.value)

    @staticmethod
    def initial_of(juror: Juror) -> dict[str, Any]:
        """The seat as it is."""
        known = list(juror.expertise.all())
        return {name: getattr(juror, name) for name in OF_A_SEAT} | {
            level: [row.pillar_id for row in known if row.level == level] for level in ("primary", "secondary")
        }


class InviteForm(SeatForm):
    """Whom to send a link, and the seat it gives: a juror's, never one that leads."""

    language = forms.ChoiceField(label=_("Language of the message"), choices=User._meta.get_field("language").choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        del self.fields["is_chair"], self.fields["is_secretary"]
        self.order_fields(["email", "language"])

    def clean_email(self) -> str:  # type: ignore[override]
        return str(self.cleaned_data["email"])

    @property
    def given(self) -> dict[str, Any]:
        """What the invitation takes, from a valid form."""
        names = ("language", "capacity", "has_voice", "half_time", "is_substitute")
        return {name: self.cleaned_data[name] for name in names} | {"expertise": self.levels}


class CallUpForm(forms.Form):
    """Whom a substitute stands in for."""

    instead_of = forms.ModelChoiceField(
        Juror.objects.none(),
        label=_("In place of"),
        required=False,
        empty_label=_("someone who declined to sit"),
        help_text=_("This member leaves the panel for good; the sheets they handed in still count."),
    )

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instead_of"].queryset = members


class NameForm(forms.Form):
    """How someone is called."""

    name = forms.CharField(
        label=_("First and family name"),
        max_length=120,
        help_text=_("The jury and the minutes call you by it."),
        error_messages={"required": _("Write your first and family name.")},
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class AnswerForm(NameForm):
    """What someone invited answers, with their name where no account says it."""

    answer = forms.ChoiceField(choices=[("accept", ""), ("decline", "")], widget=forms.HiddenInput)
    word = forms.CharField(
        label=_("A word for the city"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, is_unnamed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_unnamed:
            del self.fields["name"]
        elif self.data.get("answer") == "decline":
            self.fields["name"].required = False


class PlanForm(forms.Form):
    """The seed that chooses between plans of equal worth."""

    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        widget=forms.NumberInput(attrs={"data-short": ""}),
        help_text=_("The same seed and the same jury give the same plan."),
    )


class CopyCriteriaForm(forms.Form):
    """Which stage of which call to take the criteria from."""

    source = forms.ChoiceField(label=_("Criteria to copy"))

    def __init__(self, *args: Any, stages: Sequence[tuple[Call, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stages = {f"{call.pk}-{stage}": (call, stage) for call, stage, _n in stages}
        self.fields["source"].choices = [
            (
                f"{call.pk}-{stage}",
                ngettext("%(call)s, %(stage)s: %(n)d criterion", "%(call)s, %(stage)s: %(n)d criteria", n)
                % {"call": call.short_title, "stage": Panel.Stage(stage).label.lower(), "n": n},
            )
            for call, stage, n in stages
        ]

    @property
    def chosen(self) -> tuple[Call, str]:
        """The call and its stage (after validation)."""
        return self.stages[self.cleaned_data["source"]]


class ReadingForm(forms.Form):
    """One juror, one application: give the reading or take it away."""

    juror = forms.IntegerField(min_value=1)
    submission = forms.UUIDField()
    give = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")
    page = forms.IntegerField(min_value=1, max_value=999_999, required=False)


class TouchedForm(forms.Form):
    """The reading that was just changed, in the address of the board."""

    reading = forms.UUIDField()
    juror = forms.IntegerField(min_value=1)


class SecondReadingForm(forms.Form):
    """How many lead, how many readers more, from which seed, until when."""

    leading = forms.IntegerField(
        label=_("Applications that lead"),
        min_value=1,
        max_value=500,
        initial=LEADING,
        help_text=_("Those that tie with the last one are read again too."),
    )
    readings = forms.IntegerField(label=_("More readings of each"), min_value=1, max_value=500, initial=MORE)
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        help_text=_("The same seed and the same jury give the same plan."),
    )
    due_at = InstantField(label=_("Sheets due at"), required=False, help_text=_("Paris time. Empty: the date stays."))
