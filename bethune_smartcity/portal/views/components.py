"""The components of the pages, each with what it takes and how it looks: for those who make or change pages."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.template import engines
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.components import colours
from bethune_smartcity.core.components.samples import SAMPLES, in_folder, inputs
from bethune_smartcity.core.templatetags import ui
from bethune_smartcity.core.views import GuardedPage
from pillars.models import Pillar

LOADED = "{% load i18n prose static ui %}"
# What would move the reader to a sample as to a real form.
MOVES = (" autofocus", " data-focus")


@dataclass(frozen=True)
class Shown:
    """A state of a component: its template and what that draws (both empty for what is seen elsewhere)."""

    state: str
    source: str
    drawn: SafeString


@dataclass(frozen=True)
class Component:
    """A component: its name, what it is in a sentence, what it takes, its states."""

    name: str
    sentence: str
    takes: str
    states: list[Shown]


def tags() -> dict[str, Callable[..., Any]]:
    """The components that are tags, by name."""
    kinds = (ui.PLAIN, ui.BY_THE_CLOCK, ui.DRAWN, ui.DRAWN_IN_CONTEXT)
    return {tag.__name__: tag for kind in kinds for tag in kind}


def names() -> list[str]:
    """Every component there is, tags first; a tag's own template is not told twice."""
    return [*tags(), *sorted(in_folder() - set(tags()))]


def taken_by(tag: Callable[..., Any]) -> str:
    """The inputs a tag declares, as they are written."""
    declared = [one for one in inspect.signature(tag).parameters.values() if one.name != "context"]
    return ", ".join(str(one.replace(annotation=inspect.Parameter.empty)) for one in declared)


class Components(GuardedPage):
    """The colours with their contrasts, sizes of type and other values, then every component with its states."""

    permission = "accounts.use_back_office"
    template_name = "portal/components.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pillars = list(Pillar.objects.all())
        values = inputs(clock.now(), pillars)
        return super().get_context_data(
            components=list(self.drawn(values)),
            pillars=[(pillar, colours.pairs_of(pillar.hook)) for pillar in pillars],
            colours=colours.colours(),
            sizes=[name for name in colours.tokens() if name.startswith("step-")],
            values={name: value for name, value in colours.tokens().items() if name not in colours.colours()},
            crumbs=[(_("Components"), "")],
            **kwargs,
        )

    def drawn(self, values: dict[str, Any]) -> Iterator[Component]:
        known = tags()
        for name in names():
            tag = known.get(name)
            yield Component(
                name=name,
                sentence=(inspect.getdoc(tag) or "").split("\n\n")[0] if tag else "",
                takes=taken_by(tag) if tag else "",
                states=[self.shown(sample, values) for sample in SAMPLES.get(name, ())],
            )

    def shown(self, sample: Any, values: dict[str, Any]) -> Shown:
        drawn = engines["django"].from_string(LOADED + sample.source).render(values, self.request)
        for word in MOVES:
            drawn = drawn.replace(word, "")
        return Shown(str(sample.state), sample.source, mark_safe(drawn))  # noqa: S308 (drawn by our own templates)
