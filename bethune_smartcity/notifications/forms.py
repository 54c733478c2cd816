"""What one fills in to follow something, on pages shared by everyone."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .groups import Group
from .kinds import Kind, kinds
from .topics import Wish, is_key, offered, topic_named


class Parts(forms.CheckboxSelectMultiple):
    """The parts of a topic, as the chips that other pages offer to tick.

    A part whose name has a `hook` and a `pictogram` is drawn with them.
    """

    template_name = "notifications/parts.html"


class FollowForm(forms.Form):
    """What to be told of, and for whom has no account the address to write to.

    A thing followed for itself (a call) comes with its page's form; the other topics are ticked, all of each or some
    of its parts.
    """

    topic = forms.MultipleChoiceField(
        label=_("What would you like to hear about?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose what you would like to hear about."),
            "invalid_choice": _("Choose what you would like to hear about."),
        },
    )
    about = forms.MultipleChoiceField(
        required=False,
        widget=Parts,
        error_messages={"invalid_choice": _("Choose what you would like to hear about.")},
    )
    address = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("Such as name@city.example."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Give the e-mail address at which to tell you.")},
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, asked: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.one = one_in(asked)
        if self.one:
            self._keep(self.one)
        else:
            self._offer(asked)
        if by.is_authenticated:
            self.fields["address"].required = False

    def _keep(self, wish: Wish) -> None:
        for name, value in zip(("topic", "about"), wish, strict=True):
            self.fields[name].choices = [(str(value), str(value))]
            self.fields[name].widget = forms.MultipleHiddenInput()
            self.initial[name] = [str(value)]

    def _offer(self, asked: Any) -> None:
        topics = offered()
        self.fields["topic"].choices = [(topic.name, topic.label) for topic in topics]
        self.fields["about"].label = str(topics[0].parts) if topics else ""
        self.fields["about"].help_text = _("None ticked: all of them.")
        parts = {key: name for topic in topics for key, name in topic.names(None).items()}
        self.fields["about"].choices = [(str(key), name) for key, name in parts.items()]
        self.initial |= {"topic": asked.getlist("topic") or [topic.name for topic in topics[:1]]}
        self.initial |= {"about": asked.getlist("about")}

    def wishes(self) -> list[Wish]:
        """What is asked for (after validation)."""
        abouts = [int(about) for about in self.cleaned_data["about"]] or [0]
        return [(topic, about) for topic in self.cleaned_data["topic"] for about in abouts]


def one_in(asked: Any) -> Wish | None:
    """The one thing that a form was opened for, if it is of those followed one at a time."""
    topic, about = topic_named(asked.get("topic", "")), asked.get("about", "")
    return (topic.name, int(about)) if topic and not topic.is_offered and is_key(about) else None


class PreferencesForm(forms.Form):
    """By which channel the messages of each of `groups` come, and each kind in it where there are several.

    `chosen` are the channels chosen before, by group; `own`, those chosen for a kind alone.
    """

    def __init__(
        self,
        *args: Any,
        groups: Sequence[Group],
        chosen: Mapping[str, str],
        own: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        for group in groups:
            self.fields[group.name] = forms.ChoiceField(
                label=group.label,
                help_text=group.told,
                choices=group.choices(),
                initial=chosen.get(group.name, group.default),
                widget=forms.RadioSelect,
            )

            for kind in self.apart(group):
                self.fields[kind.name] = forms.ChoiceField(
                    label=kind.label,
                    required=False,
                    choices=[("", _("As above")), *group.choices()],
                    initial=(own or {}).get(kind.name, ""),
                )

    @staticmethod
    def apart(group: Group) -> list[Kind]:
        """The kinds of `group` one may choose about apart: none where it has but one."""
        found = [kind for kind in kinds() if kind.group == group.name]
        return found if len(found) > 1 else []

    def parts(self) -> list[tuple[forms.BoundField, list[forms.BoundField], bool]]:
        """Each group with its kinds, and whether one of them goes its own way."""
        found = [(self[group.name], [self[kind.name] for kind in self.apart(group)]) for group in self.groups]
        return [(whole, parts, any(part.value() for part in parts)) for whole, parts in found]

    def channels(self) -> dict[str, str]:
        """The channel of each group (after validation)."""
        return {group.name: self.cleaned_data[group.name] for group in self.groups}

    def own_channels(self) -> dict[str, str]:
        """The channel of each kind, empty for one that goes as its group (after validation)."""
        return {kind.name: self.cleaned_data[kind.name] for group in self.groups for kind in self.apart(group)}
