"""Tags drawn once in each language say what Django's own would, wherever they stand."""

import pytest
from django.template import Context, engines
from django.template.backends.django import DjangoTemplates
from django.urls import NoReverseMatch
from django.utils.translation import override

PLAIN = DjangoTemplates({"NAME": "plain", "DIRS": [], "APP_DIRS": False, "OPTIONS": {}})
SOURCES = [
    '{% load i18n %}{% translate "Projects" %}',
    '{% load i18n %}{% translate "Main" context "navigation" %}',
    '{% load i18n %}{% translate "Open" context "call" as said %}[{{ said }}] {{ said|length }}',
    '{% load i18n %}{% translate "Said <b>nowhere</b> & 100%" %}',
    '{% load i18n %}{% translate "Said <b>nowhere</b> & 100%" as said %}{{ said }}',
    '{% load i18n %}{% autoescape off %}{% translate "Projects" %}{% endautoescape %}',
    "{% load i18n %}{% translate word %}",
    "{% load i18n %}{% translate word context place %}",
    '{% load i18n %}{% translate "Projects" noop %}',
    '{% load i18n %}{% translate "Projects"|upper %}',
    "{% load i18n %}{% blocktranslate trimmed %}\n  One house\n  stands for 100%.{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate asvar said %}One <b>house</b>{% endblocktranslate %}[{{ said }}]",
    '{% load i18n %}{% blocktranslate context "call" %}Open{% endblocktranslate %}',
    "{% load i18n %}{% blocktranslate context place %}Main{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate trimmed with city=word %}City of {{ city }}{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate %}{{ word }} and {{ none }}{% endblocktranslate %}",
    "{% load i18n %}{% for n in some %}{% blocktranslate count n=n trimmed %}{{ n }} project{% plural %}"
    "{{ n }} projects{% endblocktranslate %}{% endfor %}",
    "{% load i18n %}{% for n in some %}{% blocktranslate count n=n with who=word %}{{ who }}: one{% plural %}"
    "{{ who }}: {{ n }}{% endblocktranslate %}{% endfor %}",
    '{% url "portal:pillars" %}',
    '{% url "portal:pillars" as there %}[{{ there }}]',
    '{% url "portal:legal" slug="cookies" %}',
    '{% url "portal:pillar" slug %}',
    "{% url view %}",
    '{% url "no:where" as there %}[{{ there }}]',
    '{% load i18n %}{% for each in "ab" %}{% translate "Home" %}{% url "portal:home" %}{% endfor %}',
]


@pytest.mark.parametrize("source", SOURCES)
def test_each_language_reads_its_own(source):
    ours, plain = engines["django"].from_string(source), PLAIN.from_string(source)
    for slug, word in (("one", "Projects"), ("two", "Calls")):
        for language in ("fr", "en", "de", "nl", "fr"):
            with override(language):
                values = {
                    "word": word,
                    "slug": slug,
                    "view": "portal:news",
                    "place": "navigation",
                    "some": [0, 1, 2000],
                }
                assert ours.render(values) == plain.render(values)


def test_an_address_that_is_nowhere_is_an_error_each_time():
    nowhere = engines["django"].from_string('{% url "no:where" %}')
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            nowhere.render()


def test_what_is_kept_under_a_name_is_not_seen_beyond_its_block():
    source = '{% load i18n %}{% with 1 as one %}{% translate "Projects" as said %}{% endwith %}[{{ said }}]'
    template = engines["django"].engine.from_string(source)
    assert [template.render(Context()) for _ in range(2)] == ["[]", "[]"]
