"""Following without and with an account: asking, confirming, choosing and ending.

Their posts carry no token of one's own: the form to ask stands on pages that everyone shares, and each other page is
opened by the key in its address alone. None of them sets a cookie for who has no account.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView
from django.views.generic.edit import FormView

from bethune_smartcity.core.access import PublicPage, SignedIn
from bethune_smartcity.core.context import own_name
from bethune_smartcity.core.errors import DomainError, Invalid
from bethune_smartcity.core.same_site import require_from_here

from . import following
from .choices import choices_of
from .forms import FollowForm
from .holders import Asked, asked_behind, holder_behind, key_of_holder
from .models import Subscription
from .topics import Wish, sentences, wish_in


@method_decorator(csrf_exempt, name="dispatch")
class Follow(PublicPage, FormView):
    """The form to follow something; whatever the address, the answer is the same."""

    form_class = FollowForm
    template_name = "notifications/follow.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            require_from_here(request)
        elif request.user.is_authenticated:
            return redirect("notifications:mine")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return super().get_form_kwargs() | {"asked": asked, "by": self.request.user}

    def form_valid(self, form: FollowForm) -> HttpResponse:
        try:
            return self.act(form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            # A bad value answers alike, whether the form finds it or the operation.
            status = 422 if isinstance(error, Invalid) else error.status
            return self.render_to_response(self.get_context_data(form=form), status=status, headers=error.headers)

    def form_invalid(self, form: FollowForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def act(self, form: FollowForm) -> HttpResponse:
        if self.request.user.is_authenticated:
            return self.act_at_once(form)
        # What no person sees was filled in: the answer is the same, and nothing is sent.
        if not form.cleaned_data["website"]:
            network = get_adapter(self.request).get_client_ip(self.request) or ""
            language = get_language() or "fr"
            following.ask(form.cleaned_data["address"], form.wishes(), language=language, network=network)
        return redirect("notifications:asked")

    def act_at_once(self, form: FollowForm) -> HttpResponse:
        """Follow, or stop, and go back to the page one comes from."""
        user: Any = self.request.user
        if "stop" in self.request.POST:
            for topic, about in form.wishes():
                following.stop(following.held_by(user), topic=topic, about=about)
            messages.success(self.request, _("You no longer follow this."))
        else:
            following.follow(form.wishes(), by=user)
            messages.success(self.request, _("It is noted: you will be told."))
        back = self.request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            return redirect(back)
        return redirect("notifications:mine")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(crumbs=[(_("Keep me posted"), "")], **kwargs)
        one = context["form"].one
        return context | {"ones": sentences([one]) if one else []}


class Noted(PublicPage, TemplateView):
    """Said after asking, and to anyone who opens it."""

    template_name = "notifications/asked.html"
    extra_context = {"crumbs": [(_("Keep me posted"), "")]}


@method_decorator(csrf_exempt, name="dispatch")
class KeyPage(PublicPage, TemplateView):
    """A page opened by what its address carries: kept by no cache, sent on to no other site."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(answer)
        return answer

    @cached_property
    def holder(self) -> str:
        """Whose page it is. Raises Http404 for a key that is not ours."""
        holder = holder_behind(self.kwargs["key"])
        if holder is None:
            raise Http404
        return holder

    def rows(self) -> Any:
        return Subscription.objects.filter(holder=self.holder)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context), status=status)


class Confirm(KeyPage):
    """The mailed link: GET shows what it confirms, POST confirms, so that a mail scanner confirms nothing."""

    template_name = "notifications/confirm.html"

    @cached_property
    def asked(self) -> Asked:
        asked = asked_behind(self.kwargs["token"])
        if asked is None:
            raise Http404
        return asked

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.asked.is_late:
            return self.show(state="late", status=409)
        rows = list(following.waiting(self.asked))
        return self.show(topics=sentences([(r.topic, r.about) for r in rows]), state="waits" if rows else "nothing")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.asked.is_late:
            return self.show(state="late", status=409)
        following.confirm(self.asked)
        return self.show(state="done")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Keep me posted"), "")]
        return super().get_context_data(crumbs=crumbs, key=key_of_holder(self.asked.holder), **kwargs)


class Manage(KeyPage):
    """What a mailbox follows, to tick and untick, and in which language it is told of it, without an account."""

    template_name = "notifications/manage.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "language" not in request.POST:
            save(request, self.rows())
            return self.show(done=True)
        try:
            following.read_in(self.rows(), request.POST["language"])
        except Invalid as error:
            return self.show(status=422, refused=str(error))
        return self.show(done=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.rows())
        proven = any(row.confirmed_at for row in rows)
        groups = choices_of(rows) if proven else []
        own = [row for row in rows if row.user_id is None] if proven else []
        reads = max(own, key=lambda row: (row.asked_at, row.pk)).language if own else ""
        languages = [(code, own_name(code)) for code, _name in settings.LANGUAGES] if reads else []
        crumbs = [(_("What I follow"), "")]
        return super().get_context_data(crumbs=crumbs, groups=groups, reads=reads, languages=languages, **kwargs)


class Stop(KeyPage):
    """The end of one topic: GET asks, POST ends it, in one click from a mail programme too (RFC 8058).

    Where nothing of the kind is followed, both say so; the answer to a mail programme is 200 all the same.
    """

    template_name = "notifications/stop.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(done=False, nothing=not self.asked_for().filter(ended_at__isnull=True).exists())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.asked_for()
        following.stop(found)
        # What was stopped before is stopped: who clicks twice reads the same.
        known = found.exists()
        return self.show(done=known, nothing=not known)

    def asked_for(self) -> Any:
        """What the mailbox follows, or followed, of what the address names."""
        return following.within(self.rows(), topic=self.kwargs["topic"], about=self.kwargs["about"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topics = sentences([(self.kwargs["topic"], self.kwargs["about"])])
        key = key_of_holder(self.holder)
        return super().get_context_data(crumbs=[(_("Keep me posted"), "")], topics=topics, key=key, **kwargs)


class Mine(SignedIn, TemplateView):
    """What a signed-in person follows, to tick and untick."""

    template_name = "notifications/manage.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        save(request, following.held_by(request.user), by=request.user)
        messages.success(request, _("Your choice is saved."))
        return redirect("notifications:mine")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = choices_of(list(following.held_by(self.request.user)))
        crumbs = [(_("My space"), resolve_url(settings.LOGIN_REDIRECT_URL)), (_("What I follow"), "")]
        return super().get_context_data(crumbs=crumbs, groups=groups, mine=True, **kwargs)


def save(request: HttpRequest, rows: Any, *, by: Any = None) -> None:
    """Put in force what the page's form says: nothing at all, or what is ticked."""
    wanted: list[Wish] = []
    if "nothing" not in request.POST:
        wanted = [wish for text in request.POST.getlist("wanted") if (wish := wish_in(text))]
    following.choose(rows, wanted, by=by)
