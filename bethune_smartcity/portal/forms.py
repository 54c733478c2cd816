"""Forms of the portal's own pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bethune_smartcity.core.context import own_name
from bethune_smartcity.core.demo import MOMENTS
from bethune_smartcity.core.instants import InstantField
from bethune_smartcity.core.language import in_each
from bethune_smartcity.core.text import validate_single_line
from pillars.models import Pillar

from .models import Article
from .search import KINDS


class MomentForm(forms.Form):
    """Where to move the demonstration's clock."""

    moment = forms.ChoiceField(label=_("Moment"), choices=list(MOMENTS.items()), widget=forms.RadioSelect)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class NewsFilter(forms.Form):
    """What the news can be narrowed to."""

    theme = forms.ChoiceField(label=_("Theme"), required=False)

    def __init__(self, *args: Any, pillars: Iterable[Pillar], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [("", _("All themes")), *((pillar.slug, pillar.name) for pillar in pillars)]


class PictureForm(forms.ModelForm):
    """A picture for an article, and what it shows in each language."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "PNG or JPEG, at least 480 points wide. Only the picture is kept: where and when it was taken is not."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    field_order = ("file",)

    class Meta:
        model = Article
        fields = (*in_each("alt"), "credit")
        help_texts = {"credit": _("Who made it. Show nobody who has not agreed to it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _label in settings.LANGUAGES:
            field = self.fields[f"alt_{code}"]
            field.label = f"{capfirst(Article._meta.get_field('alt').verbose_name)} ({own_name(code)})"
            field.required = True
            field.widget.attrs["lang"] = code


class PublishForm(forms.Form):
    """When everyone may read an article."""

    at = InstantField(
        label=pgettext_lazy("article", "Public from"),
        help_text=_("Paris time, for example 2027-01-12 at 09:00. Left empty: at once."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class SearchForm(forms.Form):
    """What to search the public pages for, and the kind of pages to keep to."""

    q = forms.CharField(
        label=_("Words to search for"), required=False, max_length=100, validators=[validate_single_line]
    )
    kind = forms.ChoiceField(
        required=False, choices=[("", _("All")), *((kind.key, kind.label) for kind in KINDS)], widget=forms.HiddenInput
    )
