"""What must always hold of standings, minutes and counted votes."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef

from bethune_smartcity.core.digests import digest
from juries.models import (
    Assignment,
    Award,
    Declaration,
    Mention,
    Minutes,
    Proposal,
    PublicVote,
    Recusal,
    Remark,
    Sheet,
    Standing,
    StandingLine,
)
from juries.queries.ballots import tally
from juries.queries.standings import inputs_of
from juries.scoring.standing import Line, compute, differences
from juries.scoring.standing import Standing as Computed
from juries.workflow import NOT_DECIDED, NOTHING_LEFT, PanelState

COLUMNS = [name for name in Line.__dataclass_fields__ if name != "submission"]


def kept_lines(standing: Standing) -> Computed:
    """The standing as it was frozen, in the form it was computed in."""
    return Computed(tuple(_line(row) for row in standing.lines.order_by("order")), standing.figures)


def _line(row: StandingLine) -> Line:
    return Line(submission=str(row.submission_id), **{name: getattr(row, name) for name in COLUMNS})


def divergences(standing: Standing) -> Iterator[str]:
    """Say what of a frozen standing does not follow from its own inputs; nothing when identical."""
    if standing.digest != digest(standing.inputs):
        yield f"digest: {standing.digest} kept, {digest(standing.inputs)} computed"
    yield from differences(kept_lines(standing), compute(standing.inputs))


def standings_follow_their_inputs() -> Iterator[str]:
    """A sentence for each standing that its frozen inputs do not give."""
    for standing in Standing.objects.select_related("panel__call").iterator():
        for difference in divergences(standing):
            yield f"standing {standing.pk} ({standing}): {difference}"


def standings_follow_what_counts() -> Iterator[str]:
    """A sentence for each standing in force, of a panel that has not decided, that today's sheets do not give."""
    undecided = Standing.objects.filter(voided_at__isnull=True, panel__state__in=NOT_DECIDED)
    for standing in undecided.select_related("panel__call").iterator():
        found = digest(inputs_of(standing.panel))
        if standing.digest != found:
            yield f"standing {standing.pk} ({standing}): {standing.digest} in force, {found} from what counts now"


def finished_sheets_are_assigned() -> Iterator[str]:
    """A sentence for each sheet handed in or abstained from that its juror is not asked for any more."""
    asked = Assignment.objects.filter(juror=OuterRef("juror"), submission=OuterRef("submission"))
    for sheet in Sheet.objects.filter(~Exists(asked), state__in=NOTHING_LEFT):
        yield f"sheet {sheet.pk}: juror {sheet.juror_id} has no reading of {sheet.submission_id}"


def no_mention_of_a_laureate() -> Iterator[str]:
    """A sentence for each special mention of an application that got a prize."""
    won = Award.objects.filter(submission=OuterRef("submission"))
    for mention in Mention.objects.filter(Exists(won)).select_related("submission"):
        yield f"mention {mention.pk} ({mention}): its application has a prize"


def laureates_have_prizes_alone() -> Iterator[str]:
    """A sentence for each proposal without a prize of an application that the same panel proposes a prize to."""
    given = Proposal.objects.filter(panel=OuterRef("panel"), submission=OuterRef("submission"), prize__isnull=False)
    for one in Proposal.objects.filter(Exists(given), prize__isnull=True).select_related("submission"):
        yield f"proposal {one.pk} ({one}): a prize is proposed to it as well"


def no_recused_mark_counts() -> Iterator[str]:
    """A sentence for each mark counted in a standing in force by a juror who had stood aside before it was frozen."""
    for standing in Standing.objects.filter(voided_at__isnull=True).select_related("panel").iterator():
        aside = set(
            Recusal.objects.on(standing.panel).filter(declared_at__lte=standing.at).values_list("seat", "submission")
        )
        jurors, submissions = standing.inputs["jurors"], [row["id"] for row in standing.inputs["submissions"]]
        shut = {(juror, str(submission)) for juror, submission in aside if submission is not None}
        whole = {juror for juror, submission in aside if submission is None}
        for sheet in standing.inputs["sheets"]:
            juror, submission = jurors[sheet["juror"]], submissions[sheet["submission"]]
            if juror in whole or (juror, submission) in shut:
                yield f"standing {standing.pk}: juror {juror} stands aside from {submission}, yet counts"


def minutes_have_their_digest() -> Iterator[str]:
    """A sentence for each minutes whose content is no longer what was written or signed."""
    for minutes in Minutes.objects.select_related("panel__call").iterator():
        if digest(minutes.content) != minutes.digest:
            yield f"minutes {minutes.pk} ({minutes}): {minutes.digest} kept, {digest(minutes.content)} computed"


def counts_follow_their_ballots() -> Iterator[str]:
    """A sentence for each counted vote whose frozen totals its ballots do not give."""
    for vote in PublicVote.objects.filter(counted_at__isnull=False).select_related("call").iterator():
        found = tally(vote)
        if found != vote.totals:
            yield f"vote {vote.pk} ({vote}): {vote.totals.get('digest')} frozen, {found['digest']} computed"


def assignments_know_what_is_declared() -> Iterator[str]:
    """A sentence for each assignment that says something else than the declarations of no link."""
    said = Declaration.objects.filter(juror=OuterRef("juror"), submission=OuterRef("submission"))
    for row in Assignment.objects.annotate(said=Exists(said)).exclude(is_declared=F("said")).iterator():
        yield f"assignment {row.pk}: declared is {row.is_declared} there, {row.said} by the declarations"


def no_debate_outlives_its_minutes() -> Iterator[str]:
    """A sentence for each remark of a debate that is still there although the minutes are signed."""
    over = Remark.objects.filter(panel__state__in=(PanelState.SIGNED, PanelState.PROCLAIMED))
    for remark in over.iterator():
        yield f"remark {remark.pk} of panel {remark.panel_id} outlives its minutes"
