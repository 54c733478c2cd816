"""Forms with which a structure applies: starting, describing, declaring, withdrawing."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.core.text import validate_single_line
from calls.models import Call, Submission
from pillars.models import Pillar


class Soft:
    """A field that is needed before handing in, and may stay empty while a draft is written."""

    def validate(self, value: Any) -> None:
        """Accept an empty value: completeness is asked when the application is handed in."""


class Line(forms.CharField):
    """One line of text, counted as it is written: no browser cuts what is pasted into it."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs | {"data-letters-max": self.max_length}


class SoftLine(Soft, Line):
    """The same, needed before handing in only."""


class PillarChoice(Soft, forms.ModelChoiceField):
    """One pillar among those of a call, as bricks."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Pillar.objects.none(), empty_label=None, **kwargs)


class OtherPillars(forms.CheckboxSelectMultiple):
    """Pillars beside the `main` one, by its key: that one is left out, and a script follows it as it changes."""

    main = ""

    def __init__(self) -> None:
        super().__init__(attrs={"data-apart": "pillar"})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"hidden": bool(self.main) and str(value) == self.main}


class ApplyForm(forms.Form):
    """Who applies, under which name, on which pillar."""

    use_required_attribute = False
    structure = forms.ModelChoiceField(
        Structure.objects.none(), label=_("Which structure applies?"), empty_label=None, widget=forms.RadioSelect
    )
    title = Line(
        label=_("Name of the project"),
        help_text=_("You can change it until you submit."),
        max_length=120,
        validators=[validate_single_line],
    )
    pillar = PillarChoice(label=_("Main pillar"), help_text=_("The one your project serves first."))

    def __init__(self, *args: Any, call: Call, structures: QuerySet[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pillar"].queryset = call.pillars.all()
        self.fields["structure"].queryset = structures
        if not structures:
            del self.fields["structure"]


class DescribeForm(forms.Form):
    """The project in its shortest form: what lists and juries show first."""

    use_required_attribute = False
    title = Line(label=_("Name of the project"), max_length=120, validators=[validate_single_line])
    one_line = SoftLine(
        label=_("The project in one line"),
        help_text=_("What it does and for whom, 200 characters at most."),
        max_length=200,
        validators=[validate_single_line],
    )
    pillar = PillarChoice(label=_("Main pillar"), help_text=_("The one your project serves first."))
    other_pillars = forms.ModelMultipleChoiceField(
        Pillar.objects.none(),
        label=_("Other pillars it serves"),
        required=False,
        widget=OtherPillars,
    )

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pillars = submission.call.pillars.all()
        for name in ("pillar", "other_pillars"):
            self.fields[name].queryset = pillars
        main = self["pillar"].value()
        self.fields["other_pillars"].widget.main = str(getattr(main, "pk", main) or "")

    def twice(self) -> str:
        """The sentence that says that the main pillar is not kept among the others; empty when it is not among them."""
        pillar = self.cleaned_data["pillar"]
        if pillar is None or pillar not in self.cleaned_data["other_pillars"]:
            return ""
        return _("“%(pillar)s” is your main pillar: it is not kept among the others.") % {"pillar": pillar}


class Declaration(forms.BooleanField):
    """What one ticks before handing in."""

    default_error_messages: ClassVar[dict[str, Any]] = {"required": _("Tick this declaration to submit.")}


class DeclareForm(forms.Form):
    """What whoever hands in declares."""

    use_required_attribute = False
    mandate = Declaration(label=_("I am entitled to apply in the name of this structure."))
    truth = Declaration(label=_("What we write is accurate, and we have the right to share it."))
    rules = Declaration(label=_("We have read the rules of the call and accept them."))


class WithdrawForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It helps us to do better next time."),
    )


class RenewForm(forms.Form):
    """The call in which an application is taken up."""

    use_required_attribute = False
    call = forms.ModelChoiceField(
        Call.objects.none(), label=_("In which call?"), empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, calls: QuerySet[Call], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["call"].queryset = calls
