"""Links declared that wait for the answer of who leads: seen from the seats, without a statement."""

from collections.abc import Iterable

from juries.models import Juror
from juries.queries.seats import Aside


def unanswered(jurors: Iterable[Juror]) -> list[tuple[Juror, Aside]]:
    """The links of `jurors` (from `jurors_of`) without an answer that still counts for the panel."""
    waiting = ((juror, aside) for juror in jurors for aside in juror.asides if aside.confirmed_at is None)
    return [(juror, aside) for juror, aside in waiting if not aside.is_over]


def may_answer(lead: Juror, juror: Juror, link: Aside) -> bool:
    """Whether `lead` answers that link of `juror`, as `juries.confirm_recusal` says."""
    stands_aside = any(own.submission in (None, link.submission) for own in lead.asides)
    return (lead.is_chair or lead.is_secretary) and lead.pk != juror.pk and lead.left_at is None and not stands_aside
