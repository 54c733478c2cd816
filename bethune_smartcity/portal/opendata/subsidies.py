"""The subsidies of published calls, as the national schema SCDL "subventions" 2.1.1 lays them out."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min, QuerySet, Sum

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.core.clock import PARIS
from bethune_smartcity.core.models import City
from bethune_smartcity.lifecycle.models import JournalEntry
from juries.models import Award
from projects.models import Payment, Project
from projects.workflow import PaymentState

SIRET, RNA = re.compile(r"\d{14}", re.ASCII), re.compile(r"W\d{9}", re.ASCII)
CHUNK = 500


def agreements(moment: datetime) -> QuerySet[JournalEntry]:
    """The signings of agreements in force at the aware instant `moment`, of projects whose award is public."""
    public = Project.objects.filter(award__publish_at__lte=moment, award__call__results_at__lte=moment)
    lines = JournalEntry.objects.filter(
        subject_type=ContentType.objects.get_for_model(Project), verb="agree", at__lte=moment
    )
    return lines.filter(subject_id__in=[str(pk) for pk in public.values_list("pk", flat=True)])


def rows(moment: datetime) -> Iterator[list[Any]]:
    """One line for each beneficiary of an agreement signed, and money awarded, at the aware instant `moment`."""
    signed = dict(agreements(moment).order_by().values_list("subject_id").annotate(at=Min("at")))
    amounts = _amounts(moment)
    city = City.current()
    projects = Project.objects.filter(pk__in=[int(pk) for pk in signed], structure__isnull=False)
    projects = projects.select_related("structure", "award__call", "award__submission").order_by("pk")
    for project in projects.prefetch_related("payments__milestone").iterator(CHUNK):
        award = project.award
        amount = amounts.get(award.submission_id) if award else None
        if award and amount:
            yield _row(city, project, award, amount, signed[str(project.pk)].astimezone(PARIS).date())


def _amounts(moment: datetime) -> dict[Any, Decimal]:
    """The euros awarded to each application, all its public prizes together."""
    awards = Award.objects.filter(publish_at__lte=moment, amount__gt=0).order_by()
    return dict(awards.values_list("submission").annotate(total=Sum("amount")))


def _row(city: City, project: Project, award: Award, amount: Decimal, signed: date) -> list[Any]:
    payments = [one for one in project.payments.all() if one.state != PaymentState.CANCELLED]
    call, structure = award.call, project.structure
    siret, rna = identifiers(structure) if structure else ("", "")
    return [
        city.name,
        city.siret,
        signed.isoformat(),
        "",
        structure.name if structure else "",
        siret,
        rna,
        f"{award.submission.title} ({call.title_fr})",
        f"{amount:.2f}",
        "aide en numéraire",
        _conditions(payments),
        _period(payments, signed),
        "",
        "non",
        "1",
        call.title_fr,
    ]


def identifiers(structure: Structure) -> tuple[str, str]:
    """The SIRET and the number of association of a French structure, each empty when it is not known."""
    number = re.sub(r"[\s.]", "", structure.registration_number).upper()
    if str(structure.country) != "FR":
        return "", ""
    return (number if SIRET.fullmatch(number) else "", number if RNA.fullmatch(number) else "")


def _conditions(payments: list[Payment]) -> str:
    if not payments:
        return "autre"
    return "unique" if len(payments) == 1 else "échelonné"


def _period(payments: list[Payment], signed: date) -> str:
    """The day of the payment, or the first and the last: as made, else as planned; the agreement's without any."""
    days = sorted(
        {day for one in payments if (day := one.paid_on or one.due_on or (one.milestone and one.milestone.due_on))}
    )
    days = days or [signed]
    return days[0].isoformat() if len(days) == 1 else f"{days[0].isoformat()}/{days[-1].isoformat()}"
