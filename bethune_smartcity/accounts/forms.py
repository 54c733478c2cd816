"""Forms of one's own account and of the structures one acts for."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.text import validate_single_line

from .models import Membership, Structure, User


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "language")
        help_texts = {"name": _("Shown to the people you work with here.")}


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
    class Meta:
        model = Structure
        fields = ("kind", "name", "country", "registration_number", "city", "website")
        help_texts = {
            "registration_number": _(
                "France: SIRET. Germany: Handelsregister. Belgium: BCE/KBO. United Kingdom: company number. "
                "United States: EIN. Leave empty if you have none yet."
            ),
        }


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
