"""One's own account, the structures one acts for, and an agent's first visit."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic.edit import FormView, UpdateView

from bethune_smartcity.accounts.enrolment import enrolled_by
from bethune_smartcity.accounts.forms import EnrolForm, ProfileForm, StructureForm
from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.accounts.operations import complete_enrolment, edit_structure, found_structure
from bethune_smartcity.core.access import PublicPage, SignedIn
from bethune_smartcity.core.views import GuardedForm


class Answering:
    """A form that answers what it refuses with the status of a refusal."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[attr-defined]


class Profile(SignedIn, Answering, UpdateView):
    form_class = ProfileForm
    template_name = "accounts/profile.html"
    success_url = reverse_lazy("accounts:profile")

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        return self.request.user

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your profile is saved."))
        return super().form_valid(form)


class Enrol(PublicPage, Answering, FormView):
    """The page behind an enrolment link: choose a name and a password, and be signed in."""

    form_class = EnrolForm
    template_name = "accounts/enrol.html"
    success_url = reverse_lazy(settings.LOGIN_REDIRECT_URL)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.user = enrolled_by(kwargs["uid"], kwargs["token"])
        if self.user is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.user}

    def form_valid(self, form: Any) -> HttpResponse:
        user = complete_enrolment(self.user, name=form.cleaned_data["name"], password=form.cleaned_data["password"])
        login(self.request, user, backend="django.contrib.auth.backends.ModelBackend")
        return super().form_valid(form)


class FoundStructure(GuardedForm):
    permission = "accounts.found_structure"
    form_class = StructureForm
    template_name = "accounts/structure.html"
    done_message = _("Your structure is created.")

    def act(self, form: Any) -> None:
        found_structure(by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.request.POST.get("next") if self.safe_next() else resolve_url(settings.LOGIN_REDIRECT_URL)

    def safe_next(self) -> bool:
        target = self.request.POST.get("next", "")
        return target.startswith("/") and not target.startswith(("//", "/\\"))


class EditStructure(GuardedForm):
    permission = "accounts.edit_structure"
    form_class = StructureForm
    template_name = "accounts/structure.html"
    done_message = _("Your structure is saved.")

    def get_success_url(self) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def fetch(self) -> Structure:
        return get_object_or_404(self.request.user.structures, pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def act(self, form: Any) -> None:
        edit_structure(self.object, by=self.request.user, **form.cleaned_data)
