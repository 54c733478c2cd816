"""What a version changed of a text, word by word: both texts are found in it again, one rewritten is not minced."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from calls.frozen import marked

WORDS = st.lists(st.sampled_from(["la", "ville", "de", "bus", "soir", "vélo", "quartier", "gare"]), max_size=14)
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n"])


@st.composite
def texts(draw, words=WORDS):
    """Words with any white space between them, and around them."""
    said = [word + draw(GAPS) for word in draw(words)]
    return (draw(st.sampled_from(["", " "])) + "".join(said))[: None if draw(st.booleans()) else -1]


def side(pieces, *kinds):
    return "".join(text for kind, text in pieces if kind in kinds)


def is_in_order(some, every):
    left = iter(every)
    return all(word in left for word in some)


@given(texts(), texts())
def test_both_texts_are_in_it_and_what_is_kept_is_in_both_in_order(before, after):
    pieces = marked(before, after)
    if not pieces:
        return
    assert side(pieces, "", "del") == before
    assert side(pieces, "", "ins") == after
    kept = [word for kind, text in pieces if not kind for word in text.split()]
    assert is_in_order(kept, before.split())
    assert is_in_order(kept, after.split())
    assert 3 * 2 * len(kept) >= len(before.split()) + len(after.split())


@given(texts(), texts())
def test_changed_words_are_joined_across_the_spaces_between_them(before, after):
    pieces = marked(before, after)
    assert all(text for _kind, text in pieces)
    assert all(one[0] != other[0] for one, other in pairwise(pieces))
    spaces = [n for n, (kind, text) in enumerate(pieces) if kind == "" and not text.strip()]
    for n in spaces:
        around = {kind for kind, _text in pieces[max(n - 1, 0) : n] + pieces[n + 1 : n + 2]}
        assert len(around) < 2 or not {"del", "ins"} <= around, pieces


@given(texts(), texts(st.lists(st.sampled_from(["the", "town", "at", "night", "by", "bike"]), max_size=14)))
def test_texts_without_a_common_word_are_one_taken_out_and_one_put_in(before, after):
    assert marked(before, after) == []


def test_a_text_written_anew_is_shown_whole_though_it_has_as_many_spaces():
    before = "Le dernier bus part à dix-neuf heures et les quartiers restent sans desserte chaque soir."
    after = "Nous proposons aux habitants une navette électrique partagée, réservée par téléphone jusqu'à minuit."
    assert marked(before, after) == []


def test_a_word_changed_is_the_only_one_marked():
    assert marked("Une navette du soir, à la gare.", "Une navette de nuit, à la gare.") == [
        ("", "Une navette "),
        ("del", "du soir,"),
        ("ins", "de nuit,"),
        ("", " à la gare."),
    ]


def test_a_paragraph_more_is_told_by_its_space_alone():
    assert marked("Un soir. Une gare.", "Un soir.\n\nUne gare.") == [
        ("", "Un soir."),
        ("del", " "),
        ("ins", "\n\n"),
        ("", "Une gare."),
    ]


def test_words_added_and_taken_out_bring_the_space_before_them():
    assert marked("a b d", "a b c d") == [("", "a b"), ("ins", " c"), ("", " d")]
    assert marked("a b c d", "b c d") == [("del", "a "), ("", "b c d")]
    assert re.sub(r"\s", "", side(marked("a b", "a b c"), "ins")) == "c"
