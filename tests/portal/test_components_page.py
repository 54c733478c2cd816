"""Every component stands on the page that shows them, with what it takes and each of its states."""

import pytest
from django.urls import reverse

from bethune_smartcity.core.components import colours
from bethune_smartcity.core.components.samples import SAMPLES
from bethune_smartcity.portal.views.components import names, tags
from pillars.models import Pillar
from tests.factories.accounts import AgentFactory, UserFactory

pytestmark = pytest.mark.django_db
WHERE = "bethune_smartcity/core/components/samples.py"


@pytest.fixture
def page(client):
    client.force_login(AgentFactory())
    return client.get(reverse("portal:components"))


def test_it_shows_every_component(page):
    assert page.status_code == 200
    for name in names():
        assert f'id="c-{name}"' in page.text
    assert page.text.count("sample__drawn") == sum(bool(one.source) for states in SAMPLES.values() for one in states)


def test_every_component_has_a_sample():
    lacking = [name for name in names() if name not in SAMPLES]
    assert not lacking, (
        f"Add a sample of {', '.join(lacking)} to SAMPLES in {WHERE}: the page of the components shows it."
    )


def test_no_sample_is_of_a_component_that_is_gone():
    gone = set(SAMPLES) - set(names())
    assert not gone, f"Take {', '.join(gone)} out of SAMPLES in {WHERE}."


def test_it_says_what_a_component_takes(page):
    assert "text, tone=&#x27;quiet&#x27;, shape=&#x27;&#x27;" in page.text
    assert {"badge", "deadline", "pager", "mark_pad"} <= set(tags())


def test_it_is_for_those_who_work_on_the_portal(client):
    assert client.get(reverse("portal:components")).status_code == 302
    client.force_login(UserFactory())
    assert client.get(reverse("portal:components")).status_code == 403


def test_contrast_is_reckoned_as_wcag_does():
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_pillar_can_be_read_on_each_of_its_grounds():
    pairs = {pillar.hook: colours.pairs_of(pillar.hook) for pillar in Pillar.objects.all()}
    assert len(pairs) == 7
    assert not [(hook, pair) for hook, found in pairs.items() for pair in found if not pair.is_enough]


def test_states_and_texts_can_be_read():
    known = colours.colours()
    for text in ("ink", "ink-soft", "canal", "canal-deep", "brick", "ok", "warn", "stop"):
        for ground in ("paper", "sand"):
            assert colours.contrast(known[text], known[ground]) >= colours.ENOUGH, (text, ground)
    for tone in ("ok", "warn", "stop", "brick"):
        assert colours.contrast(known[tone], known[f"{tone}-mist"]) >= colours.ENOUGH, tone
