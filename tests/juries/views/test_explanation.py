"""The page behind a line of the standing: every sum on it is done again with what the page itself says."""

import re
from dataclasses import replace
from html import unescape
from math import isclose

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.lifecycle.moves import move
from juries.models import Panel, StandingLine
from juries.operations import deliberation, panels
from juries.queries.standings import current_standing, standing_with_inputs
from juries.scoring.standing import as_columns, compute, differences
from juries.views import explanation
from tests.factories.accounts import UserFactory
from tests.factories.juries import disclosed, locked, sheets_of
from tests.juries.calculator import SUM, comes_out, corrections, number, wrong_corrections, wrong_sums

pytestmark = pytest.mark.django_db

CELL = re.compile(r'<td class="num"[^>]*>(?:<b>)?([^<]*?)(?:</b>)?</td>')


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
        each_reader, each_juror, next_ones = 3 * 2, 5, 2 * ('id="next"' in page)
        assert len(sums) == 9 + each_reader + each_juror + next_ones
        assert wrong_sums(page) == []


def test_the_correction_is_the_one_the_standing_prints(client):
    jury = jury_of()
    printed = corrections(read(client, jury.chair, to("standing", jury)))
    told = []
    for line in current_standing(jury.panel).lines.order_by("order"):
        url = to("explanation", jury, submission=line.submission_id)
        part = read(client, jury.jurors[1].user, url).split('id="adjusted"')[1].split("</section>")[0]
        gap, correction = SUM.findall(part)[-1]
        told.append((*reversed(gap.split(" − ")), correction))
    assert told == [(mean, adjusted, correction) for mean, correction, adjusted in printed]


def test_the_sums_over_the_panel_come_out_of_their_parts(client):
    jury = jury_of()
    standing = standing_with_inputs(jury.panel)
    page = read(client, jury.chair, figures_of(jury)).split('id="margin"')[1].split("</section>")[0]
    (squares, whole), *each, (severities, penalty), (spread, _sigma2), _margin = SUM.findall(page)
    assert len(each) == squares.count("+") + 1 == 5
    assert [round(number(told), 3) for told in squares.split(" + ")] == [number(told) for _sum, told in each]
    assert sum(parts.count("²") for parts, _told in each) == len(standing.inputs["sheets"]) == 18
    prior, residuals, rest = spread.partition(")")[0].lstrip("(").split(" + ")
    assert isclose(number(residuals), number(whole), abs_tol=0.0001)
    assert isclose(number(rest), number(penalty), abs_tol=0.0001)
    assert number(prior) == 16
    effects = sorted(standing.figures["effects"].values())
    told = [number(one.strip("()²")) for one in severities.split("(", 1)[1].rsplit(")", 1)[0].split(" + ")]
    assert all(isclose(one, effect, abs_tol=0.001) for one, effect in zip(told, effects, strict=True))


def test_severities_without_a_name_are_told_by_value_beside_no_sheet(client):
    jury = jury_of()
    effects = standing_with_inputs(jury.panel).figures["effects"]
    for place in range(6):
        page = read(client, jury.jurors[1].user, figures_of(jury, place)).split('id="severity"')[1]
        (parts, _average), *_rest = SUM.findall(page.split("</section>")[0])
        told = [number(one) for one in re.findall(r"[−]?\d+,\d+", parts.replace("− ", "−"))]
        own = sorted(effects[str(one.juror_id)] for one in sheets_of(jury).filter(submission=jury.submissions[place]))
        assert told == sorted(told)
        assert all(isclose(one, effect, abs_tol=0.001) for one, effect in zip(told, own, strict=True))


def test_a_panel_of_many_sheets_gives_what_remains_by_juror_alone(client, monkeypatch):
    jury = jury_of()
    monkeypatch.setattr(explanation, "SPELT_OUT", 17)
    page = read(client, jury.chair, figures_of(jury)).split('id="margin"')[1].split("</section>")[0]
    (squares, _whole), *_rest = sums = SUM.findall(page)
    assert len(sums) == 4
    rows = re.findall(r'<p class="small">([^<]+)\u00a0: ([\d,]+)</p>', page)
    assert [told for _name, told in rows] == squares.split(" + ")
    assert {name for name, _told in rows} == {str(juror) for juror in jury.jurors}


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
    assert len(sums) == 8 + 3 + 2 * ('id="next"' in page)
    assert wrong_sums(page) == []
    led = read(client, jury.agent, figures_of(jury))
    assert any(name in led for name in names)


def test_it_opens_with_the_standing_and_to_those_who_may_read_the_line(client):
    jury = locked(value=marked, jurors=3, applications=2)
    for person in (jury.chair, jury.agent):
        client.force_login(person)
        assert client.get(figures_of(jury)).status_code == 409
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


def minutes_of(client, jury, person=None):
    client.force_login(person or jury.chair)
    return client.get(to("chair-minutes-data", jury)).json()


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
    count = r'<td class="num"[^>]*>(\d+)</td>'
    row = rf'<tr><th scope="row">([^<]+)</th><td[^>]*>([^<]+)</td>{count}{count}</tr>'
    first, second, third = titles
    assert re.findall(row, page) == [
        (third, first, "1", "0"),
        (third, second, "0", "0"),
        (second, first, "0", "0"),
        (second, third, "0", "0"),
    ]
    page = read(client, jury.chair, to("explanation", jury, submission=jury.submissions[2].pk))
    assert first not in page.split("<main")[1]
    # How often jurors put what is closed behind or ahead of another is closed as well, and how many were tied.
    assert re.findall(row, page) == []
    move(jury.panel, "deliberate", by=SYSTEM)
    jury.panel.refresh_from_db()
    pages = [to("explanation", jury, submission=one.pk) for one in jury.submissions[1:]]
    pages += [to(name, jury) for name in ("standing", "meeting", "chair")]
    for address in pages:
        page = read(client, jury.chair, address).replace("\u00a0", " ")
        assert "à égalité (la suivante" not in page, address
        assert " contre, parmi" not in page, address
    assert all("among" not in line["why"] for line in minutes_of(client, jury)["standing"]["lines"])
    assert any("among" in line["why"] for line in minutes_of(client, jury, jury.agent)["standing"]["lines"])


def test_a_reason_frozen_before_its_figures_were_told_still_compares_as_identical():
    jury = disclosed(value=lambda _juror, one: ((2, 4, 2), (3, 2, 3))[one], jurors=2, applications=2, readings=2)
    again = compute(standing_with_inputs(jury.panel).inputs)
    assert again.lines[0].why["criterion_ours"] == "3.00"
    shorn = {name: told for name, told in again.lines[0].why.items() if not name.startswith("criterion_")}
    before = replace(again, lines=(replace(again.lines[0], why=shorn), *again.lines[1:]))
    assert list(differences(before, again)) == []
    wrong = replace(again, lines=(replace(again.lines[0], why={**again.lines[0].why, "criterion_ours": "2.99"}),))
    assert list(differences(replace(wrong, lines=(*wrong.lines, *again.lines[1:])), again))


@pytest.mark.parametrize("seat", [0, 4], ids=["chair", "juror"])
def test_sums_over_what_one_stands_aside_from_are_not_told_to_them(client, seat):
    jury = jury_of()
    hidden, reader = jury.submissions[5], jury.jurors[seat]
    panels.declare_recusal(reader, hidden, "family", by=reader.user)
    standing = standing_with_inputs(jury.panel)
    line = standing.lines.get(submission=hidden)
    whole, told = {"sheets": len(standing.inputs["sheets"])}, standing.figures["effects"].values()
    for one in jury.submissions[:5]:
        page = read(client, reader.user, to("explanation", jury, submission=one.pk)).split("<main")[1]
        assert wrong_sums(page) == []
        for figure in (line.adjusted, *told, *map(abs, told)):
            assert f"{figure:.3f}".replace(".", ",").replace("-", "−") not in page
        # Neither how many sheets and applications there are in all, nor a sum over them.
        assert f"{whole['sheets']} fiches" not in page
        assert "6 candidatures" not in page
        assert f"4 + {whole['sheets']} − 6" not in page
        assert "déporté" in page
    # To who stands aside from nothing, all of it is told.
    page = read(client, jury.agent, figures_of(jury))
    assert f"{whole['sheets']} fiches, 6 candidatures" in page


def test_standing_aside_from_what_is_not_ranked_closes_no_sum(client):
    jury = jury_of(applications=3)
    other = jury_of(applications=2)
    panels.declare_recusal(other.jurors[1], other.submissions[0], "family", by=other.jurors[1].user)
    page = read(client, jury.chair, figures_of(jury))
    assert "9 fiches, 3 candidatures" in page


@pytest.mark.parametrize("applications", [1, 12])
def test_it_costs_the_same_few_statements(client, django_assert_max_num_queries, applications):
    jury = jury_of(applications=applications)
    client.force_login(jury.chair)
    client.get(figures_of(jury))
    with django_assert_max_num_queries(12):
        client.get(figures_of(jury))
