"""Folding what people type: the same whatever they type, and folded once for all."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bethune_smartcity.core.text import beginning, hold_figures, hold_signs, normalise

TYPED = st.lists(
    st.sampled_from(["8", "000", "12", "1er", "12.", "€", "%", "h", "mai", "Januar", "maart", "a", "«", "»", "?"])
)


@given(st.text(max_size=40))
@example("𝚨")
@example("İstanbul ﬃ Å")
def test_what_is_folded_does_not_fold_further(text):
    assert normalise(normalise(text)) == normalise(text)


def test_case_accents_and_spaces_are_set_aside():
    assert normalise("  Béthune\u00a0ÉNERGIE  ") == normalise("bethune energie") == "bethune energie"


@pytest.mark.parametrize("typed", ["gare d’eau", "gare d'eau", "gare dʼeau", "Gare d‘eau"])
def test_an_apostrophe_is_that_of_a_keyboard(typed):
    assert normalise(typed) == "gare d'eau"


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("8 000 € ou 1 250 000 euros", "8_000_€ ou 1_250_000_euros"),
        ("€ 8 000, 30 % et 12 M€", "€_8_000, 30_% et 12_M€"),
        ("les 22 et 23 septembre 2017", "les 22 et 23_septembre 2017"),
        ("le 1er mars à 14 h 05", "le 1er_mars à 14_h_05"),
        ("12. Januar, 3 maart, 4 May", "12._Januar, 3_maart, 4_May"),
        ("30 jours, 7 days, in 30 Tagen, 2 maanden", "30_jours, 7_days, in 30_Tagen, 2_maanden"),
        ("in 2017 May left 12 people", "in 2017 May left 12 people"),
        ("03 21 63 00 00, 12 maisons, 5 mains", "03 21 63 00 00, 12 maisons, 5 mains"),
    ],
)
def test_amounts_hours_and_dates_do_not_break(typed, held):
    assert hold_figures(typed) == held.replace("_", "\u00a0")


@given(TYPED.map(" ".join) | st.text())
def test_holding_changes_spaces_alone_and_once(typed):
    held = hold_figures(hold_signs(typed))
    assert len(held) == len(typed)
    assert {pair for pair in zip(typed, held, strict=True) if pair[0] != pair[1]} <= {(" ", "\u00a0")}
    assert hold_figures(hold_signs(held)) == held


def test_the_beginning_of_a_text_is_cut_between_words():
    assert beginning("May an association\napply?") == "May an association apply?"
    assert beginning("May an association that was founded abroad, by others, apply to this call?") == (
        "May an association that was founded abroad, by others, apply…"
    )
    assert beginning("x" * 80) == "x" * 59 + "…"
    assert beginning("word, " * 20, 12) == "word, word…"
