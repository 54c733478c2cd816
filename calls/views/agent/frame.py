"""What every page of a call's agents shares."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import or_404
from calls.models import Call, Submission
from calls.queries import visible_call, visible_submission
from calls.sequels import Tab, tabs_of

PER_PAGE = 50


def board_url(call: Call, name: str = "board") -> str:
    return reverse(f"calls:{name}", kwargs={"slug": call.slug})


class OnCall:
    """A view about one call: unknown or hidden is 404, visible without the right is 403."""

    request: HttpRequest
    kwargs: dict[str, Any]
    object: Call
    page_name = ""

    def fetch(self) -> Call:
        return or_404(visible_call(self.request.user, self.kwargs["slug"]))

    @cached_property
    def sequels(self) -> list[Tab]:
        """The pages of other apps that this agent runs for the call."""
        return tabs_of(self.object, self.request.user)

    def crumbs(self) -> list[tuple[str, str]]:
        trail = [(_("My calls"), reverse("calls:boards")), (self.object.title, board_url(self.object))]
        return [*trail, (str(self.page_name), "")] if self.page_name else [trail[0], (self.object.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "call": self.object,
            "crumbs": self.crumbs(),
            "may_screen": True,
            "sequels": self.sequels,
            **super().get_context_data(**kwargs),  # type: ignore[misc]
        }


class OnSubmission:
    """A view of one application by an agent, fetched among those they may see."""

    request: HttpRequest
    kwargs: dict[str, Any]
    object: Submission

    def fetch(self) -> Submission:
        return or_404(visible_submission(self.request.user, self.kwargs["pk"]))
