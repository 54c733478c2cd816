"""How one wants one's messages: the page of the account, and the link in mails that ends those of a group."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic.edit import FormView

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import SignedIn

from . import channels
from .forms import PreferencesForm
from .groups import audiences_of, fixed_for, group_named, groups_for
from .views import KeyPage


class Preferences(SignedIn, FormView):
    """What comes by mail, at once or once a day, and what always does."""

    form_class = PreferencesForm
    template_name = "notifications/preferences.html"

    @cached_property
    def audiences(self) -> Any:
        return audiences_of(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        chosen = channels.choices_of(self.request.user)
        groups = groups_for(self.audiences)
        groups += [group for name in chosen if (group := group_named(name)) is not None and group not in groups]
        own = channels.own_choices_of(self.request.user)
        return super().get_form_kwargs() | {"groups": groups, "chosen": chosen, "own": own}

    def form_valid(self, form: PreferencesForm) -> HttpResponse:
        with transaction.atomic():
            channels.choose(self.request.user, form.channels())
            channels.choose_kinds(self.request.user, form.own_channels())
        messages.success(self.request, _("Your choice is saved."))
        return redirect("notifications:preferences")

    def form_invalid(self, form: PreferencesForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("My space"), resolve_url(settings.LOGIN_REDIRECT_URL)), (_("How messages reach me"), "")]
        hour = wording.hour(channels.next_hour(clock.now()))
        return super().get_context_data(crumbs=crumbs, fixed=fixed_for(self.audiences), hour=hour, **kwargs)


class Quiet(KeyPage):
    """The end of the mails of a group: GET asks, POST ends them, in one click from a mail programme too (RFC 8058)."""

    template_name = "notifications/quiet.html"

    @cached_property
    def whose(self) -> tuple[Any, str]:
        """The person and the group. Raises Http404 for a key that is not ours, or of someone who is gone."""
        user_key, name = channels.behind(self.kwargs["key"]) or (0, "")
        user = get_user_model().objects.filter(pk=user_key, is_active=True).first()
        if user is None or not (name == channels.DAY_MAIL or group_named(name)):
            raise Http404
        return user, name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(done=False)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        channels.quiet(*self.whose)
        return self.show(done=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        group = group_named(self.whose[1])
        label = group.label if group else _("What comes by e-mail once a day")
        return super().get_context_data(crumbs=[(_("Stop these messages"), "")], label=label, **kwargs)
