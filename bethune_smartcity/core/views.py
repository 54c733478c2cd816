"""Base views shared by every app, and the two health addresses."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.generic import TemplateView, View
from django.views.generic.edit import FormView

from .access import Guarded, PublicPage
from .cards import Card, png
from .errors import DomainError
from .registries import signs


class GuardedPage(Guarded, TemplateView):
    """A page to read, behind a permission."""


class GuardedForm(Guarded, FormView):
    """A form behind a permission whose `act(form)` calls one operation.

    A DomainError comes back as an error at its field (or at the top of the form) with the answer's status, and what
    was typed stays.
    """

    done_message: Any = ""

    def act(self, form: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no act()")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(form)
        except DomainError as error:
            return self.refused(form, error)
        if self.done_message:
            messages.success(self.request, self.done_message)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def refused(self, form: Any, error: DomainError) -> HttpResponse:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return self.render_to_response(self.get_context_data(form=form), status=error.status, headers=error.headers)


class ActionView(GuardedForm):
    """One act behind one button: POST runs it; GET shows what it will do and asks for confirmation.

    `tone` is "danger" for an act that cannot be undone.
    """

    template_name = "components/confirm.html"
    title: Any = ""
    consequence: Any = ""
    button: Any = ""
    tone: str = ""
    back_url: str = ""

    def get_back_url(self) -> str:
        return self.back_url or self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=self.title,
            consequence=self.consequence,
            button=self.button or self.title,
            tone=self.tone,
            back_url=self.get_back_url(),
            **kwargs,
        )


class CardImage(PublicPage, View):
    """The picture of a public page, as networks show it where the page is shared: the same for whoever asks.

    `card()` reads what anyone may know, at this moment, and raises Http404 where the page itself is hidden from a
    visitor who is not signed in.
    """

    request: HttpRequest
    kwargs: dict[str, Any]
    max_age = 3600

    def card(self) -> Card:
        raise NotImplementedError(f"{type(self).__name__} has no card()")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        card = self.card()
        etag = quote_etag(card.digest)
        answer = get_conditional_response(request, etag=etag)
        if answer is None:
            answer = HttpResponse(png(card), content_type="image/png")
        answer["ETag"] = etag
        answer["Cache-Control"] = f"public, max-age={self.max_age}"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


@login_not_required
def healthz(request: HttpRequest) -> HttpResponseBase:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> HttpResponseBase:
    """The process can do its work: the database answers. 503 when it does not.

    Beside that, ages in seconds that a monitor weighs: late work in the background stops no page.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        told = signs()
    except Exception:
        return JsonResponse({"status": "unavailable", "database": "down"}, status=503)
    return JsonResponse({"status": "ok", "database": "up", **told})
