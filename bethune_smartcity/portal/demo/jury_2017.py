"""The jury of 2017: three readings of each application, the finale, the public vote, the decision."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from bethune_smartcity.core import clock
from bethune_smartcity.core.clock import paris
from calls.models import Call, Criterion, Prize, Submission
from juries.models import Assignment, Ballot, Juror, Panel, Proposal
from juries.operations import attendance, deliberation, panels, scoring, session, voting
from juries.operations.voting import CountedBallot
from juries.queries.attendance import own_attendance
from juries.queries.standings import current_standing
from pillars.models import Pillar

from .applicants import applicants
from .cast import Cast
from .marks import FINALE_MERITS, invented
from .papers import drawn_pdf
from .rendered import REASON, give_palmares

CAPACITIES = (
    "Ville",
    "Ville",
    "ENGIE",
    "Monde économique",
    "Monde économique",
    "Association",
    "Association",
    "Habitants",
    "Habitants",
)
RECUSED_SEAT = 2
RECUSED_FROM = "CulturMoov"
# When people are up, as hours of their day.
WAKES, SLEEPS = timedelta(hours=8), timedelta(hours=22)
VOTES = {"Get It Done": 148, "Totem Mobi": 92, "IcoHup": 71, "CulturMoov": 54, "Smiile": 33, "ECHY": 14}


def expertise(seat: int) -> dict[Pillar, str]:
    """A juror at home in one pillar and acquainted with the next two."""
    pillars = list(Pillar.objects.order_by("order"))
    return {
        pillars[seat % 7]: "primary",
        pillars[(seat + 1) % 7]: "secondary",
        pillars[(seat + 3) % 7]: "secondary",
    }


def seat_everyone(panel: Panel, cast: Cast, *, chair_marks: bool) -> list[Juror]:
    """The chair and the nine jurors, charter accepted."""
    seats = [
        panels.seat(
            panel,
            cast.chair,
            by=cast.agent,
            capacity="Ville (démo)",
            has_voice=chair_marks,
            is_chair=True,
            expertise=expertise(9),
        )
    ]
    for index, (user, capacity) in enumerate(zip(cast.jurors, CAPACITIES, strict=True)):
        seats.append(panels.seat(panel, user, by=cast.agent, capacity=f"{capacity} (démo)", expertise=expertise(index)))
    for juror in seats:
        panels.accept_charter(juror, by=juror.user)
    return seats


def declare_no_links(panel: Panel, moment: datetime) -> None:
    """Every juror says, for each application received to read, that nothing links them to it."""
    with clock.at(moment):
        for juror in panel.jurors.select_related("user"):
            asked = Submission.objects.filter(assignments__juror=juror)
            if asked.exists():
                panels.declare_no_link(juror, asked, by=juror.user)


def waking_instants(begins: datetime, ends: datetime, n: int) -> list[datetime]:
    """`n` instants spread evenly over the hours between `begins` and `ends` at which people are up, in their order."""
    spans = []
    day = begins.astimezone(clock.PARIS).date()
    while day <= ends.astimezone(clock.PARIS).date():
        start = clock.start_of(day)
        rises, rests = max(begins, start + WAKES), min(ends, start + SLEEPS)
        spans += [(rises, rests - rises)] if rises < rests else []
        day += timedelta(days=1)
    pace = sum((length for _rises, length in spans), timedelta(0)) / max(1, n)
    return [_reached(spans, pace * index) for index in range(n)]


def _reached(spans: list[tuple[datetime, timedelta]], worked: timedelta) -> datetime:
    """The instant at which that much of the hours in `spans` has gone by."""
    for rises, length in spans:
        if worked < length:
            return rises + worked
        worked -= length
    raise ValueError("more hours than there are")


def fill_sheets(panel: Panel, merits: dict[str, float], begins: datetime, ends: datetime) -> None:
    """Every assigned sheet, marked and handed in by its juror between two instants."""
    criteria = list(Criterion.objects.filter(call=panel.call, stage=panel.stage))
    assigned = list(
        Assignment.objects.filter(juror__panel=panel).select_related("juror__user", "submission").order_by("pk")
    )
    seats = {pk: seat for seat, pk in enumerate(panel.jurors.order_by("pk").values_list("pk", flat=True))}
    moments = waking_instants(begins, ends, len(assigned))
    for moment, assignment in zip(moments, assigned, strict=True):
        juror, submission = assignment.juror, assignment.submission
        merit = merits[submission.title]
        marks = invented(criteria, merit, seats[juror.pk], f"{panel.stage}-{seats[juror.pk]}-{submission.number}")
        with clock.at(moment):
            sheet = scoring.save_sheet(
                assignment,
                marks=marks,
                comments={},
                comment="Commentaire de démonstration.",
                private_note="",
                version=0,
                by=juror.user,
            )
            scoring.hand_in(sheet, by=juror.user)


def read_all(call: Call, cast: Cast) -> Panel:
    """The reading: assignment by plan, three readings each, lock, shortlist of six."""
    with clock.at(paris(2017, 9, 13, 18)):
        panel = panels.create_panel(
            call, Criterion.Stage.READING, by=cast.agent, readings=3, places=6, quorum=5, due_at=paris(2017, 9, 18, 18)
        )
        seat_everyone(panel, cast, chair_marks=True)
    with clock.at(paris(2017, 9, 13, 19)):
        panels.plan_assignments(panel, seed=2017, by=cast.agent)
    with clock.at(paris(2017, 9, 14, 9)):
        panels.open_panel(panel, by=cast.agent)
    declare_no_links(panel, paris(2017, 9, 14, 9, 30))
    merits = {applicant.name: applicant.merit for applicant in applicants()}
    fill_sheets(panel, merits, paris(2017, 9, 14, 10), paris(2017, 9, 18, 17))
    with clock.at(paris(2017, 9, 18, 18, 5)):
        scoring.lock_panel(panel, by=cast.chair)
    shortlist(panel, cast)
    return panel


def attend(panel: Panel, cast: Cast) -> None:
    for juror in panel.jurors.all():
        session.mark_present(juror, True, by=cast.chair)


def shortlist(panel: Panel, cast: Cast) -> None:
    """The jury keeps the six leading applications and tells everyone on 19 September."""
    with clock.at(paris(2017, 9, 19, 14)):
        scoring.disclose_panel(panel, by=cast.chair)
        attend(panel, cast)
        deliberation.deliberate(panel, by=cast.chair)
        lines = current_standing(panel).lines.select_related("submission")
        for line in lines:
            verdict = Proposal.Verdict.KEEP if line.order <= panel.places else Proposal.Verdict.DECLINE
            deliberation.propose(panel, line.submission, verdict=verdict, by=cast.chair)
        deliberation.put_motion(
            panel,
            "Retenir les six premiers projets pour la finale (démo)",
            votes_for=9,
            votes_against=1,
            abstentions=0,
            by=cast.chair,
        )
    with clock.at(paris(2017, 9, 19, 16, 30)):
        deliberation.decide(panel, by=cast.chair)
        deliberation.sign(panel, by=cast.chair)
        deliberation.proclaim(panel, publish_at=paris(2017, 9, 19, 18), by=cast.chair)


def pitch(call: Call, cast: Cast) -> Panel:
    """The finale of 22 and 23 September, nine jurors, one of them standing aside for one finalist."""
    with clock.at(paris(2017, 9, 20, 9)):
        panel = panels.create_panel(
            call,
            Criterion.Stage.FINALE,
            by=cast.agent,
            places=3,
            quorum=5,
            due_at=paris(2017, 9, 23, 15),
            deck_due_at=paris(2017, 9, 22),
            occasion="Ma vie, ma ville demain",
            held_from=date(2017, 9, 22),
            held_until=date(2017, 9, 23),
            place="Béthune",
        )
        seats = seat_everyone(panel, cast, chair_marks=False)
        aside = Submission.objects.get(call=call, title=RECUSED_FROM)
        recusal = panels.declare_recusal(seats[RECUSED_SEAT], aside, "partnership", by=cast.jurors[RECUSED_SEAT - 1])
        panels.confirm_recusal(recusal, by=cast.chair)
        panels.plan_assignments(panel, seed=22, by=cast.agent)
        session.draw_slots(panel, seed=22, starts_at=paris(2017, 9, 22, 14), minutes=30, by=cast.agent)
    with clock.at(paris(2017, 9, 21, 10)):
        come(call)
    with clock.at(paris(2017, 9, 22, 13, 45)):
        panels.open_panel(panel, by=cast.agent)
    declare_no_links(panel, paris(2017, 9, 22, 13, 50))
    fill_sheets(panel, FINALE_MERITS, paris(2017, 9, 22, 14, 30), paris(2017, 9, 23, 11))
    return panel


def come(call: Call) -> None:
    """Each finalist confirms coming and sends an invented deck."""
    for submission in Submission.objects.filter(call=call, title__in=FINALE_MERITS).select_related("created_by"):
        team = submission.created_by
        word = own_attendance(team, submission.pk, clock.now())
        if word is None:
            raise LookupError(f"{submission} is no finalist")
        attendance.confirm(word, pitched_by=f"L’équipe {submission.title} (démo)", people=2, by=team)
        deck = SimpleUploadedFile("support-demo.pdf", drawn_pdf(submission.title), "application/pdf")
        attendance.send_deck(word, deck, by=team)


def let_the_public_vote(call: Call, cast: Cast) -> None:
    """Ballots in the room and online, counted after the close; the keys are destroyed two months later."""
    finalists = {s.title: s for s in Submission.objects.filter(call=call, title__in=FINALE_MERITS)}
    with clock.at(paris(2017, 9, 20, 10)):
        vote = voting.open_vote(call, opens_at=paris(2017, 9, 22, 14), closes_at=paris(2017, 9, 23, 15), by=cast.agent)
    choices = [finalists[title] for title, count in VOTES.items() for _ in range(count)]
    moments = waking_instants(paris(2017, 9, 22, 14, 30), paris(2017, 9, 23, 14, 30), len(choices))
    ballots = [
        CountedBallot(
            submission=choice,
            channel=Ballot.Channel.ROOM if index % 3 else Ballot.Channel.ONLINE,
            voter=f"{index}@votants.example" if index % 3 == 0 else str(index),
            cast_at=moments[index],
        )
        for index, choice in enumerate(choices)
    ]
    with clock.at(paris(2017, 9, 23, 14, 45)):
        voting.cast_many(vote, ballots, by=cast.agent)
    with clock.at(paris(2017, 9, 23, 15, 5)):
        voting.count(vote, by=cast.chair)
        voting.disclose_vote(vote, by=cast.chair)


def decide(panel: Panel, cast: Cast) -> None:
    """The decision of record: three laureates, 8,000 euros and the incubation to the first, the public prize."""
    with clock.at(paris(2017, 9, 23, 15, 30)):
        scoring.lock_panel(panel, by=cast.chair)
        scoring.disclose_panel(panel, by=cast.chair)
        attend(panel, cast)
        deliberation.deliberate(panel, by=cast.chair)
    with clock.at(paris(2017, 9, 23, 16, 30)):
        propose_laureates(panel, cast)
        deliberation.decide(panel, by=cast.chair)
    with clock.at(paris(2017, 9, 23, 17, 30)):
        deliberation.sign(panel, by=cast.chair)
        deliberation.proclaim(panel, publish_at=paris(2017, 9, 23, 18), by=cast.chair)
        give_palmares(panel.call, cast)


def propose_laureates(panel: Panel, cast: Cast) -> None:
    prizes = {prize.rank: prize for prize in panel.call.prizes.filter(kind=Prize.Kind.JURY)}
    amounts = {1: Decimal(8000)}
    for line in current_standing(panel).lines.select_related("submission"):
        if line.order > panel.places:
            deliberation.propose(panel, line.submission, verdict=Proposal.Verdict.DECLINE, by=cast.chair)
            continue
        deliberation.propose(
            panel,
            line.submission,
            verdict=Proposal.Verdict.KEEP,
            prize=prizes[line.order],
            amount=amounts.get(line.order),
            support=prizes[line.order].support_fr,
            reason=REASON[0],
            by=cast.chair,
        )
    deliberation.put_motion(
        panel, "1er prix à Get It Done (démo)", votes_for=8, votes_against=1, abstentions=0, by=cast.chair
    )


def forget_the_voters(call: Call, cast: Cast) -> None:
    """Two months after the proclamation, nothing tells who voted any more."""
    with clock.at(paris(2017, 9, 23, 18) + timedelta(days=62)):
        voting.purge_vote(call.public_vote, by=cast.agent)
