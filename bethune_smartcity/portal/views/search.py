"""The search of all public pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.portal.forms import SearchForm
from bethune_smartcity.portal.search import find
from pillars.models import Pillar


class Search(PublicPage, TemplateView):
    template_name = "portal/search.html"

    @cached_property
    def form(self) -> SearchForm:
        return SearchForm(self.request.GET if "q" in self.request.GET else None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=422 if self.form.errors else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = getattr(self.form, "cleaned_data", {}) if not self.form.errors else {}
        words = asked.get("q", "")
        page, pillars = self.request.GET.get("page"), list(Pillar.objects.all())
        found = find(words, clock.now(), kind=asked.get("kind", ""), page=page, pillars=pillars)
        return super().get_context_data(
            form=self.form,
            asked=words,
            found=found,
            pillars=() if found.total else pillars,
            crumbs=[(_("Search"), "")],
            **kwargs,
        )
