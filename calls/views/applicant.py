"""An application as the people of its structure see it."""

from typing import Any

from django.shortcuts import get_object_or_404

from bethune_smartcity.core import clock
from bethune_smartcity.core.views import GuardedPage
from calls.models import Submission
from calls.queries import state_shown, visible_submissions


class Hub(GuardedPage):
    """Where an application stands."""

    permission = "calls.view_submission"
    template_name = "calls/applicant/state.html"

    def fetch(self) -> Submission:
        return get_object_or_404(visible_submissions(self.request.user), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = state_shown(self.object, self.request.user, clock.now())
        return super().get_context_data(submission=self.object, state=state, **kwargs)
