"""The page behind a line of the standing: every sum on it is done again with what the page itself says."""

import re
from html import unescape
from math import isclose, sqrt

import pytest
from django.urls import reverse

from juries.models import Panel
from juries.operations import panels
from juries.queries.standings import current_standing
from tests.factories.accounts import UserFactory
from tests.factories.juries import disclosed, locked

pytestmark = pytest.mark.django_db

SUM = re.compile(r'<p class="sum">(?:± )?([^<=]+) = ([^<]+)</p>')
CELL = re.compile(r'<td class="num">(?:<b>)?([^<]*?)(?:</b>)?</td>')


def to(name, jury, **more):
    return reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk, **more})


def figures_of(jury, place=0):
    return to("explanation", jury, submission=jury.submissions[place].pk)


def marked(juror, submission):
    """Marks without a pattern: three criteria of weights 3, 2 and 1."""
    return tuple(((juror * 3 + submission * 5 + place * 2) % 11) / 2 for place in range(3))


def jury_of(**shape):
    return disclosed(value=marked, **{"jurors": 5, "applications": 6, "readings": 3} | shape)


def number(text):
    return float(text.replace("−", "-").replace(",", ".").replace("+", ""))


def worked_out(sum_):
    """What a pocket calculator says of a sum as it is printed."""
    python = sum_
    for sign, word in {"÷": "/", "×": "*", "−": "-", "√": "sqrt", "²": "**2", ",": "."}.items():
        python = python.replace(sign, word)
    assert re.fullmatch(r"[\d\s()./*+\-sqrt]+", python), python
    return eval(python, {"__builtins__": {}, "sqrt": sqrt})


def read(client, person, url):
    client.force_login(person)
    answer = client.get(url)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_every_sum_of_every_line_comes_out_with_a_pocket_calculator(client):
    jury = jury_of()
    for place in range(6):
        sums = SUM.findall(read(client, jury.chair, figures_of(jury, place)))
        assert len(sums) == 6
        for sum_, result in sums:
            assert isclose(worked_out(sum_), number(result), abs_tol=0.002), sum_


def test_totals_and_severities_come_out_of_their_tables(client):
    jury = jury_of()
    page = read(client, jury.chair, figures_of(jury))
    rows = [CELL.findall(row) for row in page.split("<tr>") if 'scope="row"' in row]
    readings = [list(map(number, row)) for row in rows if len(row) == 4]
    assert len(readings) == 3
    for first, second, third, total in readings:
        assert isclose(20 * (3 * first + 2 * second + third) / 5 / 6, total, abs_tol=0.001)
    severities = [list(map(number, row)) for row in rows if len(row) == 3]
    assert len(severities) == 3
    for gaps, sheets, severity in severities:
        assert isclose(gaps / (sheets + 3), severity, abs_tol=0.001)


def test_the_figures_are_those_of_the_standing(client):
    jury = jury_of()
    for line in current_standing(jury.panel).lines.all():
        url = to("explanation", jury, submission=line.submission_id)
        results = [number(result) for _sum, result in SUM.findall(read(client, jury.chair, url))]
        for figure in (line.mean, line.adjusted, line.margin, line.spread):
            assert any(isclose(figure, result, abs_tol=0.0006) for result in results), line


def test_jurors_follow_the_figures_without_knowing_who_marked_what(client):
    jury = jury_of()
    names = [str(juror) for juror in jury.jurors]
    page = read(client, jury.jurors[3].user, figures_of(jury))
    assert not [name for name in names if page.count(name) > (name == names[3])]
    assert "Lecteur·rice\u00a01" in page
    sums = SUM.findall(page)
    assert len(sums) == 5
    assert all(isclose(worked_out(sum_), number(result), abs_tol=0.002) for sum_, result in sums)
    led = read(client, jury.agent, figures_of(jury))
    assert any(name in led for name in names)


def test_it_opens_with_the_standing_and_to_those_who_may_read_the_line(client):
    jury = locked(value=marked, jurors=3, applications=2)
    for person in (jury.chair, jury.agent):
        client.force_login(person)
        assert client.get(figures_of(jury)).status_code == 403
    client.force_login(UserFactory())
    assert client.get(figures_of(jury)).status_code == 404
    other = disclosed(value=marked, jurors=3, applications=2)
    panels.declare_recusal(other.jurors[1], other.submissions[0], "family", by=other.jurors[1].user)
    client.force_login(other.jurors[1].user)
    assert client.get(figures_of(other)).status_code == 404
    assert client.get(figures_of(other, 1)).status_code == 200
    assert client.get(to("explanation", other, submission=jury.submissions[0].pk)).status_code == 404
    Panel.objects.get(pk=other.panel.pk).standings.update(voided_at="2027-01-01T00:00Z")
    assert client.get(figures_of(other, 1)).status_code == 404


def test_the_standing_leads_to_each_line(client):
    jury = jury_of(applications=2)
    page = read(client, jury.jurors[1].user, to("standing", jury))
    assert all(figures_of(jury, place) in page for place in range(2))


@pytest.mark.parametrize("applications", [1, 12])
def test_it_costs_the_same_few_statements(client, django_assert_max_num_queries, applications):
    jury = jury_of(applications=applications)
    client.force_login(jury.chair)
    client.get(figures_of(jury))
    with django_assert_max_num_queries(12):
        client.get(figures_of(jury))
