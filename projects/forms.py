"""The shape of what people type about a project. What may be done when is the operations' business."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core.text import validate_plain, validate_single_line
from pillars.models import Pillar
from projects.models import Milestone, Payment, Project, Update
from projects.workflow import ProjectState


class ShowcaseFilter(forms.Form):
    """What the showcase can be narrowed to."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_single_line])
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("All stages")), *ProjectState.choices])
    pillar = forms.ChoiceField(label=_("Pillar"), required=False)

    def __init__(self, *args: Any, pillars: Iterable[Pillar], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pillar"].choices = [("", _("All pillars")), *((pillar.slug, pillar.name) for pillar in pillars)]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, validators=[validate_plain]
    )


class ReportForm(forms.Form):
    report = forms.CharField(
        label=_("What was done"),
        help_text=_("A few sentences: what was done, what was learnt, what comes next."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=5000,
        validators=[validate_plain],
    )


class UpdateForm(forms.ModelForm):
    class Meta:
        model = Update
        fields = ("title", "body")
        labels = {"body": _("Your news")}
        help_texts = {"body": _("Everyone can read it in the showcase. Markdown: titles, lists, links, bold.")}
        widgets = {"body": forms.Textarea(attrs={"rows": 8, "maxlength": 10000})}


class MilestoneForm(forms.ModelForm):
    class Meta:
        model = Milestone
        fields = ("title", "due_on")
        labels = {"title": _("Next small step"), "due_on": _("To be reached by")}
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class PaymentForm(forms.ModelForm):
    class Meta:
        model = Payment
        fields = ("label", "amount", "milestone")
        labels = {"label": _("What it pays for"), "milestone": _("Once this step is accepted")}

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["milestone"].queryset = project.milestones.all()
        self.fields["milestone"].empty_label = _("No condition")


class StoryForm(forms.ModelForm):
    class Meta:
        model = Project
        fields = ("name", "one_line", "pillar", "place", "story", "is_public")
        widgets = {"story": forms.Textarea(attrs={"rows": 12, "maxlength": 20000})}


class OpeningForm(StoryForm):
    mentor = forms.EmailField(
        label=_("Mentor's e-mail address"), required=False, help_text=_("Someone who has an account here.")
    )

    class Meta(StoryForm.Meta):
        fields = ("name", "slug", "one_line", "pillar", "place", "story", "is_public")
        help_texts = {"slug": _("The end of the page's address: letters, digits and hyphens.")}

    def clean_mentor(self) -> User | None:
        return _account(self.cleaned_data["mentor"])


class MentorForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), help_text=_("Someone who has an account here."))

    def clean_email(self) -> User | None:
        return _account(self.cleaned_data["email"])


def _account(address: str) -> User | None:
    """The active account of an address, None for an empty one."""
    if not address:
        return None
    person = User.objects.filter(email=address.lower(), is_active=True).first()
    if person is None:
        raise forms.ValidationError(_("Nobody has an account with this address yet."))
    return person
