"""One's own calendar: the file that a secret link opens, and the page where its owner makes and withdraws it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import TemplateView, View

from bethune_smartcity.core.access import PublicPage, SignedIn
from bethune_smartcity.core.calendars import calendar_file
from bethune_smartcity.portal.operations import calendar_links
from bethune_smartcity.portal.queries.agenda import link_behind, link_of, read


class OwnFile(PublicPage, View):
    """The dates of the person who holds the link, and of nobody else. A secret nobody holds is an unknown address."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        link = link_behind(kwargs["token"])
        if link is None:
            raise Http404
        language = link.user.language
        with override(language):
            text = calendar_file(_("My dates: %(site)s") % {"site": settings.SITE_NAME}, language, read(link))
        answer = HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"Content-Language": language})
        answer["Content-Disposition"] = 'attachment; filename="dates.ics"'
        answer["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(answer)
        return answer


class OwnCalendar(SignedIn, TemplateView):
    """The page of the account. The link is shown once, when it is made."""

    template_name = "portal/own_calendar.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        if "withdraw" in request.POST:
            calendar_links.withdraw(request.user)
            messages.success(request, _("The link opens nothing any more."))
            return redirect("portal:own-calendar")
        address = settings.SITE_URL + reverse("own-calendar-file", kwargs={"token": calendar_links.renew(request.user)})
        answer = self.render_to_response(self.get_context_data(address=address))
        add_never_cache_headers(answer)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("My space"), reverse("portal:space")), (_("My calendar"), "")]
        return super().get_context_data(crumbs=crumbs, link=link_of(self.request.user), **kwargs)
