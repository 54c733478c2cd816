"""The chair's acts: each a page that says what it will do and what is missing, and a POST that does it."""

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bethune_smartcity.accounts.reauthentication import require_confirmation
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.core.views import ActionView, GuardedForm
from juries.aside import apart, kept_from, stands_aside
from juries.forms.chair import (
    LockForm,
    MotionForm,
    MoveOnForm,
    OrderForm,
    PresenceForm,
    ProclaimForm,
    ReasonForm,
    SettleForm,
)
from juries.models import Juror, Panel, PublicVote
from juries.operations import deliberation, scoring, session, voting
from juries.queries.board import Progress, progress
from juries.queries.panels import candidates
from juries.queries.seats import jurors_of
from juries.queries.unanswered import unanswered
from juries.views.answering import links_told
from juries.views.chair import OnPanel
from juries.views.presiding import ACTS, BACK
from juries.views.short import short_told
from juries.workflow import BEFORE_THE_LOCK, PanelState

P = PanelState


class InTime(OnPanel):
    """A form that belongs to some states of the panel: at any other time the answer says so, whatever was typed."""

    sources: tuple[str, ...] = ()

    def check_time(self) -> None:
        if self.sources and self.object.state not in self.sources:
            raise Conflict("wrong_state", _("This is no longer possible, or not yet: the state of the jury says so."))


class ChairAct(InTime, ActionView):
    """An act of who leads the panel, announced from the state it starts from."""

    template_name = "juries/chair/act.html"
    form_class: Any = forms.Form
    missing_title: Any = _("Still missing:")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        missing = self.missing() if self.request.method == "GET" else []
        told = {"missing": missing, "missing_title": self.missing_title}
        return super().get_context_data(**told, crumbs=self.crumbs(self.title), **kwargs)

    def missing(self) -> list[str]:
        """What still lacks, said before the act is tried."""
        return []


TO_ORDER = _(
    "Before the lock, the panel’s page can still give the readings that lack: by a new plan, by hand, or with the "
    "second reading."
)
TO_GIVE = _("Before the lock, the panel’s page can still give the readings that lack, by hand.")


class Lock(ChairAct):
    sources = (P.OPEN,)
    title, consequence = ACTS[P.OPEN][2:]
    form_class = LockForm
    done_message = _("The marks are locked and the standing is frozen.")

    @cached_property
    def jurors(self) -> list[Juror]:
        return jurors_of(self.object)

    @cached_property
    def progress(self) -> Progress:
        return progress(self.object, self.jurors)

    def get_form_kwargs(self) -> dict[str, Any]:
        lacking = {"missing": self.progress.missing, "unanswered": len(unanswered(self.jurors))}
        return super().get_form_kwargs() | lacking

    def missing(self) -> list[str]:
        user = self.request.user
        short = short_told(self.object, kept_from(self.object, user))
        return [*self.sheets_missing(), *links_told(self.jurors, user), *short, *([self.remedy] if short else [])]

    @property
    def remedy(self) -> str:
        """What can still be done for applications short of readings."""
        return str(TO_ORDER if self.object.second_begun_at is None else TO_GIVE)

    def sheets_missing(self) -> list[str]:
        n = self.progress.missing
        if not n:
            return []
        words = ngettext(
            "%(n)s of the %(all)s sheets expected is not handed in.",
            "%(n)s of the %(all)s sheets expected are not handed in.",
            n,
        )
        return [words % {"n": n, "all": self.progress.expected}]

    def act(self, form: LockForm) -> None:
        scoring.lock_panel(self.object, by=self.request.user)


class Disclose(ChairAct):
    sources = (P.LOCKED,)
    title, consequence = ACTS[P.LOCKED][2:]
    done_message = _("The jury sees the standing.")

    def act(self, form: Any) -> None:
        scoring.disclose_panel(self.object, by=self.request.user)


class Deliberate(ChairAct):
    sources = (P.DISCLOSED,)
    title, consequence = ACTS[P.DISCLOSED][2:]
    done_message = _("The deliberation is open.")

    def act(self, form: Any) -> None:
        deliberation.deliberate(self.object, by=self.request.user)


class Decide(ChairAct):
    sources = (P.DELIBERATION,)
    title, consequence = ACTS[P.DELIBERATION][2:]
    done_message = _("The decision is settled and the minutes are written.")

    def missing(self) -> list[str]:
        return [gap.sentence for gap in deliberation.gaps(self.object, self.request.user)]

    def act(self, form: Any) -> None:
        deliberation.decide(self.object, by=self.request.user)


class OnDecision(ChairAct):
    """An act on a decision that a withdrawal since then keeps from going on."""

    missing_title = _("What stands in the way:")

    def missing(self) -> list[str]:
        sentence = deliberation.in_the_way(self.object, self.request.user)
        return [sentence] if sentence else []


class Sign(OnDecision):
    sources = (P.DECIDED,)
    title, consequence = ACTS[P.DECIDED][2:]
    tone = "danger"
    done_message = _("The minutes are signed.")

    def act(self, form: Any) -> None:
        require_confirmation(self.request)
        deliberation.sign(self.object, by=self.request.user)


class Proclaim(OnDecision):
    sources = (P.SIGNED,)
    title, consequence = ACTS[P.SIGNED][2:]
    form_class = ProclaimForm
    tone = "danger"
    done_message = _("The decision is proclaimed.")

    def act(self, form: ProclaimForm) -> None:
        deliberation.proclaim(self.object, publish_at=form.cleaned_data["publish_at"], by=self.request.user)


class PublishNow(ChairAct):
    sources = (P.PROCLAIMED,)
    title, consequence = ACTS[P.PROCLAIMED][2:]
    tone = "danger"
    done_message = _("The decision is public.")

    def act(self, form: Any) -> None:
        deliberation.publish_now(self.object, by=self.request.user)


class Reopen(ChairAct):
    sources = (P.LOCKED, P.DISCLOSED, P.DELIBERATION)
    title = _("Reopen the sheets")
    consequence = _("Voids the frozen standing. The reason is written in the journal and in the minutes.")
    form_class = ReasonForm
    done_message = _("The sheets are open again and the standing is void.")

    def act(self, form: ReasonForm) -> None:
        scoring.reopen_panel(self.object, reason=form.cleaned_data["reason"], by=self.request.user)


class DeliberateAgain(OnDecision):
    sources = (P.DECIDED, P.SIGNED)
    title, consequence = BACK[2:]
    form_class = ReasonForm
    done_message = _("The deliberation is open again.")

    def act(self, form: ReasonForm) -> None:
        deliberation.reopen_deliberation(self.object, reason=form.cleaned_data["reason"], by=self.request.user)


class Presence(InTime, GuardedForm):
    """Who has arrived and who has left."""

    sources = session.IN_SESSION

    permission = "juries.see_board"
    template_name = "juries/chair/form.html"
    form_class = PresenceForm
    done_message = _("Presence is written down.")
    title = _("Presence")

    def get_form_kwargs(self) -> dict[str, Any]:
        jurors = list(Juror.objects.filter(panel=self.object).select_related("user"))
        for juror in jurors:
            juror.panel = self.object
        return super().get_form_kwargs() | {"jurors": jurors, "panel": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=self.title, back_url=self.board_url, crumbs=self.crumbs(self.title), **kwargs
        )

    def act(self, form: PresenceForm) -> None:
        if form.place_given is not None:
            session.meet_at(self.object, form.place_given, by=self.request.user)
        for juror, present in form.changes():
            session.mark_present(juror, present, by=self.request.user)


class Order(Presence):
    """The draw of the running order, until the first pitch begins."""

    sources = BEFORE_THE_LOCK
    permission = "juries.organise_panel"
    form_class = OrderForm
    done_message = _("The running order is drawn.")
    title = _("Draw the running order")

    def check_time(self) -> None:
        super().check_time()
        session.check_drawable(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        return GuardedForm.get_form_kwargs(self)

    def act(self, form: OrderForm) -> None:
        session.draw_slots(self.object, by=self.request.user, **form.cleaned_data)


class MoveOn(ChairAct):
    """The pitch in progress ends, the next one begins."""

    sources = (P.OPEN,)
    title = _("Move on to the next pitch")
    consequence = _("The pitch in progress ends and the next of the running order begins, on the jurors’ pages too.")
    form_class = MoveOnForm
    done_message = _("The running order has moved on.")

    def get_initial(self) -> dict[str, Any]:
        now = self.object.slots.filter(began_at__isnull=False, ended_at__isnull=True).first()
        return {"after": now.pk if now else None}

    def act(self, form: MoveOnForm) -> None:
        session.move_on(self.object, after=form.cleaned_data["after"], by=self.request.user)


class PutMotion(Presence):
    """A motion and the votes on it."""

    sources = (P.DELIBERATION,)
    permission = "juries.chair_panel"
    form_class = MotionForm
    done_message = _("The motion is recorded.")
    title = _("Put a motion to the vote")

    def get_form_kwargs(self) -> dict[str, Any]:
        apart_from = apart(self.request.user.pk)
        return GuardedForm.get_form_kwargs(self) | {"about": list(candidates(self.object).filter(apart_from))}

    def act(self, form: MotionForm) -> None:
        deliberation.put_motion(self.object, by=self.request.user, **form.cleaned_data)


class OnVote(ChairAct):
    """An act of the chair on the public vote beside the panel."""

    permission = "juries.count_vote"
    panel: Panel

    def fetch(self) -> PublicVote:  # type: ignore[override]
        panel = super().fetch()
        vote = self.beside(panel)
        if vote is None:
            raise Http404
        vote.call, self.panel = panel.call, panel
        return vote

    @staticmethod
    def beside(panel: Panel) -> PublicVote | None:
        is_finale = panel.stage == Panel.Stage.FINALE
        return getattr(panel.call, "public_vote", None) if is_finale else None

    @property
    def board_url(self) -> str:
        return reverse("juries:chair-vote", kwargs={"pk": self.kwargs["pk"]})


class Count(OnVote):
    title = _("Count the public vote")
    consequence = _("Freezes the totals. You alone know them until you disclose them to the jury.")
    done_message = _("The vote is counted.")

    def act(self, form: Any) -> None:
        voting.count(self.object, by=self.request.user)


class DiscloseVote(OnVote):
    title = _("Disclose the public vote to the jury")
    consequence = _("The jury and the agents who organise it see the totals. The public does with the results.")
    done_message = _("The jury sees the public vote.")

    def act(self, form: Any) -> None:
        voting.disclose_vote(self.object, by=self.request.user)


class SettleTie(OnVote):
    title = _("Settle the tie of the public vote")
    consequence = _("The software breaks no tie: write down who wins and how that was decided, by the rules or a vote.")
    form_class = SettleForm
    done_message = _("The choice is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        voting.check_panel_undecided(self.panel)
        leading = voting.leading(self.object)
        if any(stands_aside(self.request.user, one.pk) for one in leading):
            raise Http404
        if self.object.disclosed_at is None or len(leading) < 2:
            raise Conflict("no_tie", _("There is no tie to settle."))
        return super().get_form_kwargs() | {"leading": leading}

    def act(self, form: SettleForm) -> None:
        voting.settle_tie(self.object, form.chosen(), reason=form.cleaned_data["reason"], by=self.request.user)
