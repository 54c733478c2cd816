"""The page behind a line of the standing: every sum on it is done again with what the page itself says."""

import re
from dataclasses import replace
from html import unescape
from math import isclose

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juries.models import Panel, StandingLine
from juries.operations import deliberation, panels
from juries.queries.standings import current_standing, standing_with_inputs
from juries.scoring.standing import as_columns, compute, differences
from tests.factories.accounts import UserFactory
from tests.factories.juries import disclosed, locked
from tests.juries.calculator import SUM, comes_out, number, wrong_corrections, wrong_sums

pytestmark = pytest.mark.django_db

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


def read(client, person, url):
    client.force_login(person)
    answer = client.get(url)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_every_sum_of_every_line_comes_out_with_a_pocket_calculator(client):
    jury = jury_of()
    for place in range(6):
        page = read(client, jury.chair, figures_of(jury, place))
        sums = SUM.findall(page)
        others = 3 * 2 + 2 * ('id="next"' in page)
        assert len(sums) == 6 + others
        assert wrong_sums(page) == []


def test_totals_and_severities_come_out_of_their_tables(client):
    jury = jury_of()
    page = read(client, jury.chair, figures_of(jury))
    rows = [CELL.findall(row) for row in page.split("<tr>") if 'scope="row"' in row]
    readings = [list(map(number, row)) for row in rows if len(row) == 4]
    assert len(readings) == 3
    for first, second, third, total in readings:
        assert isclose(20 * (3 * first + 2 * second + third) / 5 / 6, total, abs_tol=0.00051)
    severities = [row for row in rows if len(row) == 3]
    assert len(severities) == 3
    for gaps, sheets, severity in severities:
        assert comes_out(f"({gaps}) ÷ ({sheets} + 3)".replace("+-", "-"), severity), (gaps, sheets, severity)


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
    assert len(sums) == 5 + 3 + 2 * ('id="next"' in page)
    assert wrong_sums(page) == []
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


HALVES = st.integers(0, 10).map(lambda halves: f"{halves / 2:.1f}")


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_marked_each_figure_comes_out_of_others_of_its_page(client, jury_at_work, data):
    jury, inputs = jury_at_work
    lines = marked_anew(jury, inputs, data.draw)
    for page in (read(client, jury.chair, to(name, jury)) for name in ("standing", "chair-minutes") if lines):
        assert wrong_corrections(page) == []
    for line in lines:
        page = read(client, jury.chair, to("explanation", jury, submission=line.submission_id))
        assert wrong_sums(page) == []
        told = [number(result) for _sum, result in SUM.findall(page)]
        for value in (line.mean, line.adjusted, line.margin, line.spread):
            assert value is None or any(isclose(value, other, abs_tol=0.00051) for other in told), (line, value)


@pytest.fixture
def jury_at_work():
    jury = jury_of(jurors=4, applications=3, readings=3)
    deliberation.deliberate(jury.panel, by=jury.chair)
    return jury, standing_with_inputs(jury.panel).inputs


def marked_anew(jury, inputs, draw):
    """The lines of a standing frozen from other marks, some sheets missing, in place of the jury's own."""
    sheets = inputs["sheets"]
    marks = st.lists(HALVES, min_size=3, max_size=3)
    kept = draw(st.lists(st.booleans(), min_size=len(sheets), max_size=len(sheets)))
    return refreeze(
        jury, inputs, [{**one, "marks": draw(marks)} for one, there in zip(sheets, kept, strict=True) if there]
    )


def refreeze(jury, inputs, sheets):
    """The lines with a score of the standing of `inputs` with those sheets, put in place of the jury's own."""
    standing, inputs = current_standing(jury.panel), inputs | {"sheets": sheets}
    found = compute(inputs)
    standing.inputs, standing.figures = inputs, found.figures
    standing.save()
    standing.lines.all().delete()
    columns = [
        {"submission_id" if k == "submission" else k: v for k, v in as_columns(one).items()} for one in found.lines
    ]
    StandingLine.objects.bulk_create(StandingLine(standing=standing, **one) for one in columns)
    return [one for one in standing.lines.all() if one.mean is not None]


def test_what_a_criterion_settled_is_said_with_the_figures_of_both(client):
    # Totals of 10 each: the first stands higher on the heaviest criterion, the other on the rest.
    jury = disclosed(value=lambda _juror, one: ((2, 4, 2), (3, 2, 3))[one], jurors=2, applications=2, readings=2)
    first, second = jury.submissions[1], jury.submissions[0]
    heaviest = max(jury.call.criteria.filter(stage="reading"), key=lambda one: one.weight).label
    page = read(client, jury.chair, to("standing", jury))
    assert f"{heaviest}\u00a0», 3,00 contre 2,00" in page
    page = read(client, jury.chair, to("explanation", jury, submission=first.pk)).split('id="next"')[1]
    assert second.title in page
    assert ("(3 + 3) ÷ 2", "3,00") in SUM.findall(page)
    assert ("(2 + 2) ÷ 2", "2,00") in SUM.findall(page)
    assert page.count("contre 2,00") == 1


def test_what_jurors_settled_among_three_is_said_with_the_balance_of_both(client):
    jury = disclosed(jurors=6, applications=3, readings=6)
    panels.declare_recusal(jury.jurors[0], jury.submissions[0], "family", by=jury.chair)
    marked = [". 2 . 3 . .", ". . . 3 . 2", "2 3 . . . ."]
    refreeze(
        jury,
        standing_with_inputs(jury.panel).inputs | {"basis": "mean"},
        [
            {"submission": i, "juror": j, "marks": [mark] * 3}
            for i, row in enumerate(marked)
            for j, mark in enumerate(row.split())
            if mark != "."
        ],
    )
    page = read(client, jury.agent, to("standing", jury)).replace("\u00a0", " ")
    assert "1 pour, 0 contre, parmi les 3 à égalité (la suivante : 0 pour, 0 contre)" in page
    assert "0 pour, 0 contre, parmi les 3 à égalité (la suivante : 0 pour, 1 contre)" in page
    Panel.objects.filter(pk=jury.panel.pk).update(basis="mean")
    page = read(client, jury.agent, to("explanation", jury, submission=jury.submissions[2].pk))
    titles = [one.title for one in jury.submissions]
    row = r'<tr><th scope="row">([^<]+)</th><td>([^<]+)</td><td class="num">(\d+)</td><td class="num">(\d+)</td></tr>'
    first, second, third = titles
    assert re.findall(row, page) == [
        (third, first, "1", "0"),
        (third, second, "0", "0"),
        (second, first, "0", "0"),
        (second, third, "0", "0"),
    ]
    page = read(client, jury.chair, to("explanation", jury, submission=jury.submissions[2].pk))
    assert first not in page.split("<main")[1]
    assert [other for _title, other, *_counts in re.findall(row, page)][::2] == [
        "une candidature dont vous êtes déporté·e"
    ] * 2


def test_a_reason_frozen_before_its_figures_were_told_still_compares_as_identical():
    jury = disclosed(value=lambda _juror, one: ((2, 4, 2), (3, 2, 3))[one], jurors=2, applications=2, readings=2)
    again = compute(standing_with_inputs(jury.panel).inputs)
    assert again.lines[0].why["criterion_ours"] == "3.00"
    shorn = {name: told for name, told in again.lines[0].why.items() if not name.startswith("criterion_")}
    before = replace(again, lines=(replace(again.lines[0], why=shorn), *again.lines[1:]))
    assert list(differences(before, again)) == []
    wrong = replace(again, lines=(replace(again.lines[0], why={**again.lines[0].why, "criterion_ours": "2.99"}),))
    assert list(differences(replace(wrong, lines=(*wrong.lines, *again.lines[1:])), again))


def test_gaps_with_what_one_stands_aside_from_come_as_one_number(client):
    jury = jury_of()
    panels.declare_recusal(jury.jurors[0], jury.submissions[5], "family", by=jury.chair)
    shown = [one for place, one in enumerate(jury.submissions) if place != 5]
    hidden = current_standing(jury.panel).lines.get(submission=jury.submissions[5])
    for one in shown:
        page = read(client, jury.chair, to("explanation", jury, submission=one.pk))
        assert f"{hidden.adjusted:.3f}".replace(".", ",") not in page.split("<main")[1]
        assert wrong_sums(page) == []


@pytest.mark.parametrize("applications", [1, 12])
def test_it_costs_the_same_few_statements(client, django_assert_max_num_queries, applications):
    jury = jury_of(applications=applications)
    client.force_login(jury.chair)
    client.get(figures_of(jury))
    with django_assert_max_num_queries(12):
        client.get(figures_of(jury))
