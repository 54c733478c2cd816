"""What a jury proclaimed keeps its figures: whoever stands aside afterwards is written down, and nothing else moves."""

import re
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from juries.models import Panel, Recusal
from juries.operations import deliberation, panels
from juries.queries.feedback import feedback
from juries.queries.outcome import outcome_for
from juries.queries.standings import current_standing
from tests.factories.juries import disclosed, sheets_of

pytestmark = pytest.mark.django_db
TABLE = re.compile(r"<table.*?</table>|<p class=\"sum\">.*?</p>", re.DOTALL)
PAGES = ("standing", "meeting", "organise", "chair-minutes", "chair-minutes-data", "progress-table")


def proclaimed(stage="reading"):
    jury = disclosed(stage, jurors=4, applications=3, places=1, readings=3, value=lambda j, s: (5 - s, 3, j))
    for sheet in sheets_of(jury):
        type(sheet).objects.filter(pk=sheet.pk).update(comment=f"Said of {sheet.submission_id} by {sheet.juror_id}")
    deliberation.deliberate(jury.panel, by=jury.chair)
    jury.panel.jurors.update(is_present=True)
    deliberation.propose_ranking(jury.panel, by=jury.chair)
    deliberation.decide(jury.panel, by=jury.chair)
    deliberation.sign(Panel.objects.get(pk=jury.panel.pk), by=jury.chair)
    jury.panel = deliberation.proclaim(Panel.objects.get(pk=jury.panel.pk), by=jury.chair)
    return jury


def addresses(jury):
    for name in PAGES:
        yield reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk})
    for one in jury.submissions:
        for name in ("explanation", "debate"):
            yield reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk, "submission": one.pk})


def figures(client, jury):
    """Every table and every sum of the pages of the jury, as its chair reads them, and what the call is told."""
    client.force_login(jury.chair)
    found = {}
    for address in addresses(jury):
        answer = client.get(address)
        text = unescape(b"".join(answer).decode())
        found[address] = TABLE.findall(text) if "<html" in text else text
    client.logout()
    outcome = outcome_for(jury.call, jury.chair, clock.now())
    told = [feedback(one, True) for one in jury.submissions]
    standing = current_standing(jury.panel)
    return found, outcome, told, standing.digest, list(standing.lines.values())


@pytest.mark.parametrize("stage", ["reading", "finale"])
@pytest.mark.parametrize("whole", [False, True], ids=["one application", "the session"])
def test_a_later_recusal_is_written_down_and_moves_no_figure(client, stage, whole):
    jury = proclaimed(stage)
    before = figures(client, jury)
    recused = jury.jurors[2]
    panels.declare_recusal(recused, None if whole else jury.submissions[0], "employment", by=recused.user)
    assert Recusal.objects.get().juror == recused
    comments = [address for address in before[0] if f"Said of {jury.submissions[0].pk}" in str(before[0][address])]
    assert reverse("juries:meeting", kwargs={"pk": jury.panel.pk}) in comments
    assert JournalEntry.objects.filter(verb="declare_recusal").exists()
    after = figures(client, jury)
    for address, shown in before[0].items():
        assert after[0][address] == shown, address
    assert after[1:] == before[1:]
    said = StringIO()
    call_command("recompute_standing", str(current_standing(jury.panel).pk), stdout=said)
    assert said.getvalue().strip() == "identical"


@pytest.mark.parametrize("name", ["room", "links", "leave"])
def test_nobody_is_promised_that_marks_decided_on_no_longer_count(client, name):
    open_to_change = disclosed(jurors=4, applications=3, places=1)
    for jury, is_promised in ((open_to_change, True), (proclaimed(), False)):
        client.force_login(jury.jurors[2].user)
        page = unescape(client.get(reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk})).text)
        assert ("ne comptent plus" in page) is is_promised
        assert ("avec les notes données jusque-là" in page) is not is_promised
