"""What a visitor does first about an open call, within pages that are the same for all."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from calls.queries.page import own_application_to


def draw_act(request: HttpRequest, slug: str) -> str:
    """The button about the open call of that address: apply, resume one's draft, or see one's application."""
    return render_to_string("calls/public/act.html", {"slug": slug, "own": own_application_to(slug, request.user)})
