"""What a juror says for themselves: what they would like to read, a remark in the debate, a dissent."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juries.models import Juror, Wish
from pillars.models import Pillar

NO_PREFERENCE = ("", _("no preference"))


class WishesForm(forms.Form):
    """One answer for each pillar, in their order."""

    def __init__(self, *args: Any, pillars: Sequence[Pillar], wishes: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pillars = {f"pillar-{pillar.pk}": pillar for pillar in pillars}
        for name, pillar in self.pillars.items():
            self.fields[name] = forms.ChoiceField(
                label=pillar.name,
                choices=[NO_PREFERENCE, *Wish.Kind.choices],
                initial=wishes.get(pillar.pk, ""),
                required=False,
                widget=forms.Select(attrs={"class": "input"}),
            )

    @property
    def rows(self) -> list[tuple[Pillar, forms.BoundField]]:
        return [(pillar, self[name]) for name, pillar in self.pillars.items()]

    @property
    def wishes(self) -> dict[Pillar, str]:
        """The pillars on which something is said (after validation)."""
        said = {pillar: self.cleaned_data[name] for name, pillar in self.pillars.items()}
        return {pillar: kind for pillar, kind in said.items() if kind}


class RemarkForm(forms.Form):
    """What a member says of an application to the others."""

    text = forms.CharField(
        label=_("Your remark"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Your name stands beside it."),
    )


class DissentForm(forms.Form):
    """A juror's own words; who leads the panel says whose they are."""

    juror = forms.TypedChoiceField(label=_("Juror who dissents"), coerce=int)
    text = forms.CharField(
        label=_("In what, and why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Printed in the minutes as it stands, under the juror’s name. Empty: nothing is recorded."),
    )

    def __init__(self, *args: Any, jurors: Sequence[Juror], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jurors = {juror.pk: juror for juror in jurors}
        self.fields["juror"].choices = [(pk, str(juror)) for pk, juror in self.jurors.items()]
        if len(self.jurors) == 1:
            del self.fields["juror"]

    @property
    def dissenter(self) -> Juror:
        """Whose words they are (after validation)."""
        key = self.cleaned_data.get("juror") or next(iter(self.jurors))
        return self.jurors[key]
