"""The demonstration's clock and letter box: nothing of it exists beside real data."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.demo import MOMENTS, move_demo_clock
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.core.views import GuardedForm
from bethune_smartcity.portal import mailbox
from bethune_smartcity.portal.forms import MomentForm
from bethune_smartcity.portal.moments import moments_of, walked_call

MAILS_SHOWN = 50
LOOPBACK = {"127.0.0.1", "::1"}


class Clock(GuardedForm):
    """Move the whole demonstration to a moment of the open call."""

    permission = "accounts.move_demo_clock"
    form_class = MomentForm
    template_name = "portal/demo/clock.html"
    done_message = _("The portal has moved to another moment.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not settings.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = walked_call()
        instants = moments_of(call)
        moments = [(code, label, instants.get(code)) for code, label in MOMENTS.items()]
        return super().get_context_data(call=call, moments=moments, **kwargs)

    def act(self, form: MomentForm) -> None:
        code = form.cleaned_data["moment"]
        instants = moments_of(walked_call())
        if code != "present" and code not in instants:
            raise Conflict("no_call", _("There is no call to walk through."), field="moment")
        move_demo_clock(instants.get(code), code)

    def get_success_url(self) -> str:
        target = str(self.request.POST.get("next", ""))
        safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
        return target if safe and target.startswith("/") else reverse("portal:space")


class LetterBox(PublicPage, TemplateView):
    """Pages of the letter box: in a demonstration, to whoever sits at the machine that serves it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        at_the_machine = request.META.get("REMOTE_ADDR") in LOOPBACK and "HTTP_X_FORWARDED_FOR" not in request.META
        if not (settings.DEMO and at_the_machine):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class Mails(LetterBox):
    template_name = "portal/demo/mails.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mails = [mail for name in mailbox.names(MAILS_SHOWN) for mail in mailbox.read(name)]
        crumbs = [(_("Mails of the demonstration"), "")]
        return super().get_context_data(mails=mailbox.as_the_portal_dates(mails), crumbs=crumbs, **kwargs)


class Mail(LetterBox):
    template_name = "portal/demo/mail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mails = mailbox.as_the_portal_dates(mailbox.read(self.kwargs["name"]))
        if not mails:
            raise Http404
        crumbs = [(_("Mails of the demonstration"), reverse("portal:demo-mails")), (mails[0].subject, "")]
        return super().get_context_data(mails=mails, crumbs=crumbs, **kwargs)


# Its own style and nothing else: no script, no form, nothing fetched; its links open beside it.
IN_A_BOX = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
BESIDE = '<head><base target="_blank">'


class LaidOut(LetterBox):
    """A mail as a reader of HTML mails gets it: a page in a box, that the letter box frames."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mails = mailbox.read(self.kwargs["name"])
        place = self.kwargs["place"]
        if place >= len(mails) or not mails[place].html:
            raise Http404
        response = HttpResponse(mails[place].html.replace("<head>", BESIDE, 1))
        response["Content-Security-Policy"] = IN_A_BOX
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["X-Content-Type-Options"] = "nosniff"
        return response
