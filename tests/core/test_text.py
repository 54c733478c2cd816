"""Folding what people type: the same whatever they type, and folded once for all."""

from hypothesis import example, given
from hypothesis import strategies as st

from bethune_smartcity.core.text import normalise


@given(st.text(max_size=40))
@example("𝚨")
@example("İstanbul ﬃ Å")
def test_what_is_folded_does_not_fold_further(text):
    assert normalise(normalise(text)) == normalise(text)


def test_case_accents_and_spaces_are_set_aside():
    assert normalise("  Béthune\u00a0ÉNERGIE  ") == normalise("bethune energie") == "bethune energie"
