"""The form of the demonstration speaks each language of the portal: newcomers try it in theirs."""

import pytest

from bethune_smartcity.portal.demo.questionnaire import CRITERIA, SECTIONS
from bethune_smartcity.portal.demo.wording import TABLES


def sentences():
    for fr, _en, intro, _intro_en, asks in SECTIONS:
        yield from (fr, intro)
        for ask in asks:
            yield from (ask.fr, ask.help_fr, ask.options_fr)
    yield from (fr for fr, _en, _weight in CRITERIA)


@pytest.mark.parametrize("language", TABLES)
def test_each_sentence_is_known(language):
    assert not [sentence for sentence in sentences() if sentence and sentence not in TABLES[language]]
