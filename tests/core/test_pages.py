"""A page of rows counted where it is read: the same page as Django's paginator gives, in one statement."""

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.core.pages import counted_page
from pillars.models import Pillar

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, "2", 3, "99", "x", "", None, "1e3", "9" * 40, "²"])
def test_it_is_the_page_that_the_paginator_gives(number):
    rows = Pillar.objects.order_by("order", "pk")
    expected = Paginator(rows, 3).get_page(number if number and str(number).isascii() and len(str(number)) < 9 else 1)
    page = counted_page(rows, number, 3)
    assert [one.pk for one in page.object_list] == [one.pk for one in expected.object_list]
    assert (page.number, page.paginator.count, page.paginator.num_pages) == (
        expected.number,
        expected.paginator.count,
        expected.paginator.num_pages,
    )


@pytest.mark.parametrize("rows", [Pillar.objects.order_by("pk"), Pillar.objects.none(), Pillar.objects.filter(pk=0)])
def test_it_costs_one_statement(rows):
    with CaptureQueriesContext(connection) as statements:
        page = counted_page(rows, 1, 3)
    assert len(statements) <= 1
    assert page.paginator.count == rows.count()
