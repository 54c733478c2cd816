"""Agents' long texts become HTML that can do no harm."""

import html
import re

import pytest

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


def test_tables_lists_and_links():
    html = to_html("| a |\n|---|\n| 1 |\n\n- x\n\n[city](https://ville.example)")
    assert "<td>1</td>" in html
    assert "<li>x</li>" in html
    assert 'href="https://ville.example"' in html


@pytest.mark.parametrize("text", ["", None])
def test_nothing_gives_nothing(text):
    assert to_html(text) == ""
