"""Starting an application: for a structure one writes for, or one founded on the way."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from bethune_smartcity.accounts.forms import StructureForm
from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.accounts.operations import found_structure
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import GuardedForm
from calls.forms.applying import ApplyForm
from calls.models import Call
from calls.operations import submissions
from calls.queries import my_submissions, visible_calls
from calls.workflow import SubmissionState

from .frame import url_of


class Apply(GuardedForm):
    """Start an application: for a structure one writes for, or one founded here."""

    permission = "calls.view_call"
    form_class = ApplyForm
    template_name = "calls/applicant/apply.html"

    def fetch(self) -> Call:
        return get_object_or_404(visible_calls(self.request.user), slug=self.kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.founding: StructureForm | None = None
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        submissions.check_call_accepting(self.object)
        return super().get(request, *args, **kwargs)

    def structures(self) -> Any:
        writing = Structure.objects.filter(
            memberships__user=self.request.user, memberships__role__in=["owner", "editor"]
        )
        if self.object.one_per_structure:
            taken = my_submissions(self.request.user).filter(call=self.object)
            writing = writing.exclude(pk__in=taken.exclude(state=SubmissionState.WITHDRAWN).values("structure"))
        return writing

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"call": self.object, "structures": self.structures()}

    def founding_form(self, form: ApplyForm) -> StructureForm | None:
        """The form of a new structure, for someone who has none to apply with."""
        if "structure" in form.fields:
            return None
        return self.founding or StructureForm(prefix="new", initial={"country": "FR"}, use_required_attribute=False)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        mine = my_submissions(self.request.user).filter(call=self.object).exclude(state=SubmissionState.WITHDRAWN)
        crumbs = [(_("Calls"), reverse("calls:list")), (self.object.short_title, self.object.get_absolute_url())]
        return context | {
            "call": self.object,
            "founding": self.founding_form(context["form"]),
            "mine": list(mine),
            "crumbs": [*crumbs, (_("Apply"), "")],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if "structure" not in form.fields:
            self.founding = StructureForm(request.POST, prefix="new", use_required_attribute=False)
        founding_valid = self.founding is None or self.founding.is_valid()
        return self.form_valid(form) if form.is_valid() and founding_valid else self.form_invalid(form)

    def act(self, form: ApplyForm) -> None:
        user, data = self.request.user, form.cleaned_data
        with transaction.atomic():
            structure = data.get("structure") or found_structure(by=user, **self.founding.cleaned_data)
            self.started = submissions.start_draft(
                self.object, structure, title=data["title"], pillar=data["pillar"], by=user
            )

    def refused(self, form: ApplyForm, error: DomainError) -> HttpResponse:
        """What is wrong with the structure founded here is said at its field."""
        if self.founding and error.field in self.founding.fields and error.field not in form.fields:
            self.founding.add_error(error.field, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=error.status)
        return super().refused(form, error)

    def get_success_url(self) -> str:
        return url_of(self.started, "submission")
