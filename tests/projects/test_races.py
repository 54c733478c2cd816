"""Acts on projects at one instant."""

from decimal import Decimal

from calls.models import Prize
from juries.models import Award
from projects.models import Project
from projects.operations import incubation
from tests.factories import projects as make
from tests.racing import meet_before, racing, together

pytestmark = racing


def test_two_awards_of_one_laureate_opened_at_once_open_one_project(guarded, monkeypatch):
    scene = make.cast()
    first = scene.project.award
    prize = Prize.objects.create(call=first.call, rank=99, name="Public", amount=Decimal(1000))
    second = Award.objects.create(
        call=first.call, prize=prize, submission=first.submission, amount=1000, publish_at=first.publish_at
    )
    Project.objects.all().delete()
    meet_before(monkeypatch, incubation, "_free_slug")

    def opening(award):
        return lambda: incubation.open_incubation(
            Award.objects.select_related("submission", "call").get(pk=award.pk), by=scene["agent"], slug=f"p{award.pk}"
        )

    together(opening(first), opening(second))
    assert Project.objects.count() == (1 if guarded else 2)
