"""Forms of one's own account and of the structures one acts for."""

import json
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.text import validate_single_line

from .identity import ELSEWHERE, NOT_COMPANIES, SCHEMES, Scheme, scheme_of
from .models import Membership, Structure, User


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "language")
        help_texts = {"name": _("Shown to the people you work with here.")}


class LogoForm(forms.Form):
    file = forms.FileField(
        label=_("Logo"),
        help_text=_(
            "PNG or JPEG, at least 40 points from top to bottom. "
            "It is shown on white, with the name for who does not see it."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )


class EnrolForm(forms.Form):
    name = forms.CharField(label=_("Name shown"), max_length=120, validators=[validate_single_line])
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("Twelve characters at least."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class StructureForm(forms.ModelForm):
    """The number asked for is the one of the country and kind chosen; static/js/number.js renames it as one chooses."""

    class Meta:
        model = Structure
        fields = ("kind", "name", "country", "registration_number", "city", "website")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.fields["registration_number"]
        number.label, number.help_text = words_of(scheme_of(str(self["country"].value()), str(self["kind"].value())))
        number.widget.attrs["data-schemes"] = json.dumps({place: words_of(scheme) for place, scheme in PLACES.items()})


# The country, with the kind where that matters; elsewhere, nothing.
PLACES = {"": ELSEWHERE, **SCHEMES} | {
    f"{country}:{kind}": scheme for country, scheme in NOT_COMPANIES.items() for kind in ("association", "other")
}


def words_of(scheme: Scheme) -> tuple[str, str]:
    """How the field of the number is called, and the help beside it."""
    if not scheme.example:
        return str(scheme.label), str(_("Leave it empty if you have none: none is needed to apply."))
    sentence = _("For example %(example)s. Leave it empty if you have none: none is needed to apply.")
    return str(scheme.label), str(sentence % {"example": scheme.example})


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices, widget=forms.RadioSelect)


class InviteForm(forms.Form):
    address = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The address they will sign in with."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=Membership.Role.choices, initial=Membership.Role.EDITOR, widget=forms.RadioSelect
    )
