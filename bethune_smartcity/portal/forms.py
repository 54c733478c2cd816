"""Forms of the portal's own pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.demo import MOMENTS


class MomentForm(forms.Form):
    """Where to move the demonstration's clock."""

    moment = forms.ChoiceField(label=_("Moment"), choices=list(MOMENTS.items()), widget=forms.RadioSelect)
    next = forms.CharField(required=False, widget=forms.HiddenInput)
