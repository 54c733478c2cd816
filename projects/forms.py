"""The shape of what people type about a project. What may be done when is the operations' business."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core.instants import DayField
from bethune_smartcity.core.language import in_each
from bethune_smartcity.core.languages import InEachLanguage
from bethune_smartcity.core.text import validate_plain, validate_single_line
from pillars.models import Pillar
from projects.models import Milestone, Payment, Photo, Project, ReplicationRequest, Update
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


class UpdateForm(InEachLanguage):
    told = ("title", "body")

    class Meta:
        model = Update
        fields = in_each("title", "body")
        labels = {"body": _("Your news")}
        help_texts = {"body": _("Everyone can read it in the showcase. Markdown: titles, lists, links, bold.")}
        widgets = {"body": forms.Textarea(attrs={"rows": 8, "maxlength": 10000})}


class MilestoneForm(InEachLanguage):
    told, first = ("title",), settings.LANGUAGE_CODE

    class Meta:
        model = Milestone
        fields = (*in_each("title"), "due_on")
        labels = {"title": _("Next small step"), "due_on": _("To be reached by")}
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        field_classes = {"due_on": DayField}


class PaymentForm(forms.ModelForm):
    class Meta:
        model = Payment
        fields = ("label", "amount", "milestone", "due_on")
        labels = {"label": _("What it pays for"), "milestone": _("Once this step is accepted")}
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        field_classes = {"due_on": DayField}

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["milestone"].queryset = project.milestones.all()
        self.fields["milestone"].empty_label = _("No condition")


def _story(*beside: str) -> tuple[str, ...]:
    """The columns of what the showcase tells of a project, in the order they are asked; `beside` follow its name."""
    names, lines, places, stories = (in_each(name) for name in ("name", "one_line", "place", "story"))
    return (*names, *beside, *lines, "pillar", *places, "latitude", "longitude", *stories, "is_public")


class StoryForm(InEachLanguage):
    told, first = ("name", "one_line", "place", "story"), settings.LANGUAGE_CODE

    class Meta:
        model = Project
        fields = _story()
        help_texts = {
            "latitude": _("In degrees, such as 50.53030: both numbers put the project on the map, none leaves it out.")
        }
        widgets = {"story": forms.Textarea(attrs={"rows": 12, "maxlength": 20000})}

    def clean_latitude(self) -> Any:
        return _within(self.cleaned_data["latitude"], 90)

    def clean_longitude(self) -> Any:
        return _within(self.cleaned_data["longitude"], 180)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if {"latitude", "longitude"} <= set(given) and (given["latitude"] is None) != (given["longitude"] is None):
            self.add_error("longitude", _("Give both numbers, or none."))
        return given


class OpeningForm(StoryForm):
    mentor = forms.EmailField(
        label=_("Mentor’s e-mail address"), required=False, help_text=_("Someone who has an account here.")
    )

    class Meta(StoryForm.Meta):
        fields = _story("slug")
        help_texts = StoryForm.Meta.help_texts | {
            "slug": _("The end of the page’s address: letters, digits and hyphens.")
        }

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


def _within(degrees: Any, most: int) -> Any:
    """`degrees` of a place on Earth, None for none."""
    if degrees is not None and abs(degrees) > most:
        raise forms.ValidationError(_("Give a number between −%(n)d and %(n)d.") % {"n": most})
    return degrees


class PhotoForm(InEachLanguage):
    """A photograph and what it shows."""

    told = ("alt",)

    class Meta:
        model = Photo
        fields = (*in_each("alt"), "credit")
        help_texts = {"credit": _("Who took it. Show nobody who has not agreed to it.")}

    file = forms.FileField(
        label=_("Photograph"),
        help_text=_(
            "PNG or JPEG, at least 480 points wide. Only the picture is kept: where and when it was taken is not."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    field_order = ("file",)


class ReplicationForm(forms.ModelForm):
    """What another city says of itself when it asks how to do the same."""

    consent = forms.BooleanField(
        label=_("I agree that the city keeps these details to answer me."),
        help_text=_("Two years after the request is closed at most. We give them to nobody else."),
        error_messages={"required": _("Tick the box so that we may keep your details and answer you.")},
    )
    # People do not see it; programs that fill every field do.
    website = forms.CharField(required=False, max_length=200, widget=forms.TextInput(attrs={"tabindex": "-1"}))

    class Meta:
        model = ReplicationRequest
        fields = ("project", "organisation", "country", "population", "contact_name", "email", "message")
        widgets = {
            "organisation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "message": forms.Textarea(attrs={"rows": 6, "maxlength": 3000}),
        }
        help_texts = {"message": _("What you would like to do, and what you need to know first.")}
        error_messages: ClassVar[dict[str, Any]] = {
            "organisation": {"required": _("Give the name of your city or organisation.")},
            "contact_name": {"required": _("Give your name.")},
            "email": {"required": _("Give the e-mail address at which we may answer you.")},
        }

    def __init__(self, *args: Any, projects: Any = None, **kwargs: Any) -> None:
        """`projects`: those to choose among; none where the project is known."""
        super().__init__(*args, **kwargs)
        self.fields["contact_name"].required = self.fields["email"].required = True
        self.fields["population"].widget.attrs["data-short"] = ""
        if projects is None:
            del self.fields["project"]
        else:
            self.fields["project"].queryset = projects
            self.fields["project"].empty_label = _("The programme as a whole")
            self.fields["project"].label = _("What interests you")

    def seen(self) -> list[forms.BoundField]:
        """The fields people see."""
        return [bound for bound in self if bound.name != "website"]


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("Your answer"),
        help_text=_("It is mailed in your words; the address of the project’s replication file follows by itself."),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=10000,
        validators=[validate_plain],
    )
