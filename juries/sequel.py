"""What follows a call here: the tab of its jury and vote, the next thing to organise, finalists, vote and results."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Min, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.core import clock
from bethune_smartcity.core.statements import Compiled
from calls.models import Call
from calls.phases import Phase, phase_at
from calls.sequels import Link, NextStep, Planned, Sequel, Summary, Tab
from juries.models import Assignment, Juror, Panel, PublicVote
from juries.phases import VotePhase, vote_phase_at
from juries.queries.ballots import finalists
from juries.queries.outcome import published_awards
from juries.queries.panels import IN_SCOPE
from juries.queries.programme import finales_told
from juries.rules import organises_call
from juries.workflow import PanelState

VOTE_DATES = [f"public_vote__{name}" for name in ("opens_at", "closes_at", "counted_at", "disclosed_at")]
ORGANISED_IN = (Phase.OPEN, Phase.CLOSED)
# Before the close, what a call's page opens is the application; its calendar tells the days of the finale.
JUDGED_IN = (Phase.CLOSED, Phase.PUBLISHED, Phase.ARCHIVED)


def panels_page(call: Call) -> str:
    return reverse("juries:panels", kwargs={"slug": call.slug})


def trail_to(call: Call) -> list[tuple[str, str]]:
    """The crumbs from an agent's calls to the jury of `call`."""
    board = reverse("calls:board", kwargs={"slug": call.slug})
    return [
        (_("My calls"), reverse("calls:boards")),
        (call.short_title, board),
        (_("Jury and vote"), panels_page(call)),
    ]


def tabs(call: Call, user: Any) -> list[Tab]:
    """The jury's pages, for those who organise it."""
    if not organises_call(user, call):
        return []
    return [Tab(Link(_("Jury and vote"), panels_page(call)), partial(asked, call))]


def asked(call: Call, moment: datetime) -> NextStep | None:
    """The next thing to do for the jury of `call`, from its first panel to the proclamation. One statement."""
    if phase_at(call, moment) not in ORGANISED_IN:
        return None
    panels = {panel.stage: panel for panel in panels_of(call)}
    panel = current(panels)
    if panel is None:
        return set_up(call, is_finale=bool(panels))
    sentence, act = what_next(panel)
    return NextStep(sentence, Link(act, reverse("juries:organise", kwargs={"pk": panel.pk}))) if sentence else None


def panels_of(call: Call) -> Any:
    """The panels of `call`, each with whether anyone sits there, has something to read, and anything waits for it."""
    seats = Juror.objects.filter(panel=OuterRef("pk"))
    duties = Assignment.objects.free().lasting().filter(juror__panel=OuterRef("pk"), juror__has_voice=True)
    waiting = [Q(stage=stage) & Exists(call.submissions.filter(state=state)) for stage, state in IN_SCOPE.items()]
    return Panel.objects.filter(call=call).annotate(
        is_seated=Exists(seats),
        is_planned=Exists(duties),
        is_awaited=ExpressionWrapper(reduce(or_, waiting), BooleanField()),
    )


def current(panels: dict[str, Any]) -> Any:
    """The first of `panels` that has not proclaimed, else the finale; None when one has to be set up."""
    reading, finale = panels.get(Panel.Stage.READING), panels.get(Panel.Stage.FINALE)
    return reading if reading and reading.state != PanelState.PROCLAIMED else finale


def set_up(call: Call, *, is_finale: bool) -> NextStep:
    """What is said of a panel that is missing."""
    if is_finale:
        sentence, act = _("The reading is over; the finale has no jury yet."), _("Set up the finale’s jury")
    else:
        sentence, act = _("No jury is set up to read the applications."), _("Set up the jury")
    return NextStep(sentence, Link(act, panels_page(call)))


def what_next(panel: Any) -> tuple[str, str]:
    """A sentence on the state of `panel` and the act it calls for; both empty when there is nothing to do."""
    if panel.state == PanelState.PROCLAIMED:
        return "", ""
    if panel.state != PanelState.PREPARATION:
        words = {"stage": panel.get_stage_display(), "state": panel.get_state_display()}
        return _("%(stage)s: %(state)s.") % words, _("Follow the jury")
    if not panel.is_seated:
        return _("The jury has no juror yet."), _("Seat the jurors")
    if panel.is_planned:
        return _("Readings are planned; jurors cannot open them yet."), _("Open the sheets")
    if not panel.is_awaited:
        return "", ""
    return _("The jury is seated; nobody has anything to read yet."), _("Plan the readings")


def _told(call: Any, moment: Any, *, in_jury: bool) -> Any:
    """Whether finalists and a finale are told of a call, and the dates of its vote."""
    has_finalists = Exists(finalists(call, moment)) if in_jury else Value(False)
    found = Call.objects.filter(pk=call).annotate(
        has_finalists=has_finalists, has_finale=Exists(finales_told().filter(call=call))
    )
    return found.values_list("has_finalists", "has_finale", *VOTE_DATES)


OF_A_CALL = {"call": Call._meta.pk, "moment": Call._meta.get_field("results_at")}
TOLD_IN_JURY = Compiled(partial(_told, in_jury=True), **OF_A_CALL)
TOLD_AFTER = Compiled(partial(_told, in_jury=False), **OF_A_CALL)


def opens(call: Call, moment: datetime) -> list[Link]:
    """The results and the vote that was published with them, or before them the finalists and the vote one may take
    part in; and the finale's programme. One statement at most.
    """
    phase = phase_at(call, moment)
    if phase not in JUDGED_IN:
        return []
    told = TOLD_IN_JURY if phase == Phase.CLOSED else TOLD_AFTER
    shows_finalists, shows_finale, *dates = told.first(call=call.pk, moment=moment)
    links = results_open(call, moment)
    if links:
        links += vote_published(call, moment, *dates)
    if shows_finalists:
        links += vote_open(call, moment, *dates)
        links.append(Link(_("See the finalists"), reverse("juries:results", kwargs={"slug": call.slug})))
    if shows_finale:
        links.append(Link(_("The finale"), reverse("juries:finale", kwargs={"slug": call.slug})))
    return links


def results_open(call: Call, moment: datetime) -> list[Link]:
    """The results of `call`, once public."""
    is_told = call.results_at is not None and call.results_at <= moment
    if phase_at(call, moment) not in {Phase.PUBLISHED, Phase.ARCHIVED} or not is_told:
        return []
    return [Link(_("See the results"), reverse("juries:results", kwargs={"slug": call.slug}), is_main=True)]


def vote_open(call: Call, moment: datetime, *dates: datetime | None) -> list[Link]:
    """The way to the public vote of `call`, while one may vote. Without a vote there are no dates (VOTE_DATES)."""
    if _vote_phase(moment, *dates) != VotePhase.OPEN:
        return []
    return [Link(_("Vote for the public prize"), _vote_page(call), is_main=True)]


def vote_published(call: Call, moment: datetime, *dates: datetime | None) -> list[Link]:
    """The page of the public vote of `call`, whose results are out, if the jury disclosed it (dates: VOTE_DATES)."""
    if _vote_phase(moment, *dates) != VotePhase.DISCLOSED:
        return []
    return [Link(_("The public vote"), _vote_page(call), is_aside=True)]


def _vote_page(call: Call) -> str:
    return reverse("juries:vote", kwargs={"slug": call.slug})


def _vote_phase(moment: datetime, *dates: datetime | None) -> VotePhase | None:
    """The phase of a vote of those dates; None without one."""
    opens_at, closes_at, counted_at, disclosed_at = dates
    if opens_at is None or closes_at is None:
        return None
    vote = PublicVote(opens_at=opens_at, closes_at=closes_at, counted_at=counted_at, disclosed_at=disclosed_at)
    return vote_phase_at(vote, moment)


LAUREATES = Compiled(
    lambda moment: (
        published_awards(moment)
        .select_related(None)
        .order_by()
        .values("call")
        .annotate(n=Count("submission", distinct=True))
        .values_list("call", "n")
    ),
    moment=Call._meta.get_field("results_at"),
)


def sums_up(calls: Iterable[Call], moment: datetime) -> dict[int, Summary]:
    """How many laureates each call has whose results are out, and their page. One statement, none before."""
    links = {call.pk: link for call in calls for link in results_open(call, moment)}
    counts = dict(LAUREATES.fetch(moment=moment)) if links else {}
    return {key: Summary(laureates_in_words(counts.get(key, 0)), link) for key, link in links.items()}


def laureates_in_words(count: int) -> str:
    if not count:
        return _("No prize was given.")
    return ngettext("%(n)s laureate", "%(n)s laureates", count) % {"n": count}


def dates(call: Call) -> list[Planned]:
    """What is planned for the juries of `call` and its public vote, which all come after its close. Two statements."""
    planned = []
    panels = Panel.objects.filter(call=call).annotate(first_pitch_at=Min("slots__starts_at"))
    for panel in panels.order_by("pk"):
        stage = {"stage": panel.get_stage_display()}
        day = panel.held_from and clock.start_of(panel.held_from)
        planned += [
            Planned(_("Sheets due (%(stage)s)") % stage, panel.due_at, is_end=True),
            Planned(_("Answers and decks of the finalists"), panel.deck_due_at, is_end=True),
            Planned(_("First day of the finale"), day),
            Planned(_("First pitch"), panel.first_pitch_at, with_time=True),
        ]
    for opens_at in PublicVote.objects.filter(call=call).values_list("opens_at", flat=True):
        planned.append(Planned(_("The public vote opens"), opens_at, with_time=True))
    return [date for date in planned if date.at is not None]


SEQUEL = Sequel(tabs=tabs, opens=opens, sums_up=sums_up, dates=dates)
