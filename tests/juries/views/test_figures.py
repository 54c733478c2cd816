"""A published call in charts: where its applications came from, never whose they are."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from calls.models import Call
from tests.factories.accounts import StructureFactory
from tests.factories.calls import CallFactory, submitted

pytestmark = pytest.mark.django_db


def address(call):
    with translation.override("fr"):
        return reverse("juries:results", kwargs={"slug": call.slug})


def applied(call, *countries):
    for country in countries:
        submitted(call, StructureFactory(country=country))


def test_a_published_call_is_told_in_charts_and_a_small_one_is_not(client):
    call = CallFactory(closed=True, results_at=clock.now())
    applied(call, *["FR"] * 8, "BE")
    assert 'id="figures"' not in client.get(address(call)).text
    applied(call, "BE")
    page = client.get(address(call)).text
    row = r'<th scope="row">(France|Belgique)</th><td><span class="share">.*?<span>(\d+)</span>'
    assert re.findall(row, page) == [("France", "8"), ("Belgique", "2")]
    assert not [name for name in call.submissions.values_list("structure__name", flat=True) if name in page]
    Call.objects.filter(pk=call.pk).update(results_at=clock.now() + timedelta(hours=1))
    assert client.get(address(call)).status_code == 404


def test_as_much_is_asked_whatever_came_in(client, django_assert_max_num_queries):
    call, counts, made = CallFactory(closed=True, results_at=clock.now()), [], 0
    for wanted in (10, 12, 60):
        applied(call, *["FR", "BE"] * ((wanted - made) // 2))
        made = wanted
        with django_assert_max_num_queries(30) as asked:
            client.get(address(call))
        counts.append(len(asked))
    assert len(set(counts)) == 1
