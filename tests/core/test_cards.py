"""Share cards are pictures of the right size, in our own type, whatever their texts."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bethune_smartcity.core import cards
from bethune_smartcity.core.card_art import INKS, PATTERNS
from bethune_smartcity.core.cards import Card

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300)


def opened(drawn):
    """The picture, opened and read to its end."""
    picture = Image.open(BytesIO(drawn))
    picture.load()
    return picture


@settings(max_examples=8, deadline=None)
@given(title=TEXTS, kicker=TEXTS, line=TEXTS, hook=st.sampled_from(["", "unknown", *INKS]))
def test_whatever_it_says_a_card_is_a_picture_of_its_size(title, kicker, line, hook):
    picture = opened(cards.draw(Card(title, kicker, line, hook)))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_each_pillar_has_its_own_picture_and_none_is_heavy():
    drawn = {cards.draw(Card("Titre", hook=hook)) for hook in ("", *INKS)}
    assert len(drawn) == 8
    assert max(map(len, drawn)) < 80_000
    assert set(PATTERNS) == set(INKS)


def test_what_says_the_same_has_the_same_digest_and_nothing_else_has():
    one = Card("Titre", "Projet", "Une ligne", "sante")
    assert one.digest == Card("Titre", "Projet", "Une ligne", "sante").digest
    others = [Card("Titre", "Projet", "Une ligne"), Card("Titre Projet", "", "Une ligne", "sante")]
    assert one.digest not in {other.digest for other in others}


def test_a_card_is_drawn_once(monkeypatch):
    drawn = []
    monkeypatch.setattr(cards, "draw", lambda card: drawn.append(card) or b"png")
    card = Card("Une fois et pas deux")
    assert [cards.png(card), cards.png(card)] == [b"png", b"png"]
    assert drawn == [card]


@pytest.mark.parametrize("text", ["Œuvre à Łódź", "ẞ", "mot" * 80])
def test_long_and_foreign_words_stay_within_their_width(text):
    for type_, _most in cards.TITLES:
        assert all(type_.width(line) <= 600 for line in type_.lines(text, 600, 3))


VILLE = "Mobilité : repenser les déplacements d'une ville à taille humaine et de son agglomération"


def test_a_title_takes_four_lines_before_it_is_cut():
    _type, lines = cards._title(VILLE, 688)
    assert " ".join(lines) == VILLE


@given(st.lists(st.sampled_from(["mot", "déplacements", "ville,", "d'une", "public", "–"]), min_size=1, max_size=40))
def test_what_is_too_long_is_cut_after_a_whole_word(words):
    for line in cards.LINE.lines(" ".join(words), 688, 2):
        assert ",…" not in line
        assert set(line.removesuffix("…").split()) <= {*words, *(word.rstrip(",–") for word in words)}
