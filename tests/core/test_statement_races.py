"""Threads share the SQL of a compiled statement, and each runs it on its own connection."""

from functools import partial

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core.statements import Compiled
from tests.factories.accounts import StructureFactory, owner_of
from tests.racing import racing, together

pytestmark = racing

MINE = Compiled(
    lambda user: Membership.objects.filter(user=user).values_list("structure", flat=True), user=User._meta.pk
)


def test_each_reads_its_own():
    structures = [StructureFactory() for _ in range(6)]
    reads = [partial(MINE.fetch, user=owner_of(structure).pk) for structure in structures]
    assert together(*reads) == [[structure.pk] for structure in structures]
