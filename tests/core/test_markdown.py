"""Agents' long texts become HTML that can do no harm."""

import html
import re
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core.markdown import to_html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[here](javascript:alert(1))",
        "![picture](https://elsewhere.example/x.png)",
        '<a href="/" onclick="x()">here</a>',
        "[here](data:text/html,x)",
        '<p style="color:red">red</p>',
    ],
)
def test_nothing_active_or_foreign_comes_through(text):
    html = to_html(text)
    assert not any(
        bad in html for bad in ("<script", "<img", 'href="javascript', 'href="data', "<p style", '<a href="/" on')
    )


@pytest.mark.parametrize(
    ("text", "top", "tags"),
    [
        ("# One\n\n## Two\n\n###### Six", 3, ["h3", "h4", "h6"]),
        ("## Two\n\n### Three", 3, ["h3", "h4"]),
        ("### Three\n\n## Two", 2, ["h3", "h2"]),
    ],
)
def test_titles_stand_below_their_section(text, top, tags):
    assert re.findall(r"<(h\d)>", to_html(text, top)) == tags


def test_words_hold_their_signs_outside_code():
    held = html.unescape(to_html("Qui ? « Nous » : tous !\n\n`a ? b`"))
    assert "<p>Qui\u00a0? «\u00a0Nous\u00a0»\u00a0: tous\u00a0!</p>" in held
    assert "<code>a ? b</code>" in held


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("le 12 janvier, **8 000** €", "<p>le 12_janvier, <strong>8_000</strong>_€</p>"),
        ("« *nous* » : oui", "<p>«_<em>nous</em>_»_: oui</p>"),
        ("[8 000 €](https://a.example/?q=8%20000 '8 000 €')", ">8_000_€</a>"),
        ("[8 000 €](https://a.example/?q=8%20000 '8 000 €')", 'href="https://a.example/?q=8%20000"'),
        ("`8 000 €`", "<code>8 000 €</code>"),
        ("`8` 000 €", "<code>8</code> 000_€"),
        ("| 8 000 € | le 2 mai |\n|---|---|", "<th>8_000_€</th>\n<th>le 2_mai</th>"),
    ],
)
def test_amounts_and_dates_hold_across_emphasis_and_never_in_code_or_addresses(text, held):
    assert held.replace("_", "\u00a0") in html.unescape(to_html(text))


@given(
    st.lists(st.sampled_from(["8", " ", "000", "*", "`", "€", " 12 mai", "[", "](/a?8%20000)", "\n", "**", "é"])).map(
        "".join
    )
)
def test_holding_moves_nothing_else(text):
    with (
        mock.patch("bethune_smartcity.core.markdown.hold_figures", str),
        mock.patch("bethune_smartcity.core.markdown.hold_signs", str),
    ):
        plain = to_html(text)
    assert to_html(text).replace("\u00a0", " ").replace("&nbsp;", " ") == plain.replace("\u00a0", " ").replace(
        "&nbsp;", " "
    )


def test_tables_lists_and_links():
    html = to_html("| a |\n|---|\n| 1 |\n\n- x\n\n[city](https://ville.example)")
    assert "<td>1</td>" in html
    assert "<li>x</li>" in html
    assert 'href="https://ville.example"' in html


@pytest.mark.parametrize("text", ["", None])
def test_nothing_gives_nothing(text):
    assert to_html(text) == ""
