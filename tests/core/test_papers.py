"""Documents: anyone can read them, and what a person typed is set as text, whatever it looks like."""

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bethune_smartcity.core import papers
from bethune_smartcity.core.papers import Paper
from tests.papers import faults, holds, opened, placed, text_of

WORDS = {"page": "{n}/{all}", "logo": "A belfry", "empty": "nothing"}
# What would read a file, run, or set itself apart, were it source.
HOSTILE = (
    '#read("look.typ")',
    '#import "look.typ": *',
    '#panic("stop")',
    "#sys.inputs",
    "$x^2$ *bold* _soft_ `code` = title\n- list\n+ list\n/ term: it",
    '"); panic("',
    "\\u{41} \\ // comment /* comment */ <label> @label",
    "#eval(\"1\") {{ 7 * 7 }} {% now %} <script>alert('1')</script>",
)
# Letters that a reader of PDFs gives back in the order in which they were typed.
READ_BACK = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x17F, exclude_categories=["Cc", "Cf", "Lm"]), max_size=80
)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def data(**said):
    """The data of a copy that says one thing."""
    asked = [{"label": said.get("label", "Asked"), "files": [], "lines": said.get("lines", [])}]
    return {
        "title": said.get("title", "A title"),
        "kicker": "Beside",
        "footer": "Below",
        "date": 1_500_000_000,
        "city": {"name": "Ville de Béthune"},
        "words": WORDS,
        "facts": [["Label", said.get("fact", "Fact")]],
        "sections": [{"title": "Section", "said": asked}],
    }


def drawn(language="fr", **said):
    return papers.draw("application", data(**said), language)


def test_a_document_is_tagged_titled_and_in_its_language():
    pdf = drawn("nl", lines=["Eén antwoord."])
    assert faults(pdf, language="nl") == []
    assert opened(pdf).metadata.title == "A title"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_source_is_printed_as_it_was_typed(text):
    pdf = drawn(title=text.split("\n")[0], label=text, fact=text, lines=text.split("\n"))
    assert text_of(pdf).count(text.split("\n")[0][:12]) >= 3
    assert holds(pdf, text) == []
    assert "colour" not in text_of(pdf)


def test_a_template_that_put_text_into_its_source_would_run_it(tmp_path, monkeypatch):
    """The control: were text pasted into a template, the first hostile one would read a file."""
    pasted = '#set document(title: "T", date: auto)\n#set text(lang: "fr")\n= T\n' + HOSTILE[0]
    assert "let look" in text_of(papers._compile(pasted.encode(), {}))


def test_a_template_reads_nothing_outside_its_folder():
    outside = b'#set document(title: "T", date: auto)\n#read("../../manage.py")'
    with pytest.raises(typst.TypstError):
        papers._compile(outside, {})


@settings(max_examples=40, deadline=None)
@given(text=ANYTHING)
@example(text="北京 \ue000 \x00 \x07 \ufffe ไทย")
@example(text="e\u0301\u0320 \u0301 \u200d \u202e abc \U000e0041")
@example(text="\u1100" * 40)
def test_whatever_was_typed_there_is_a_document(text):
    pdf = drawn(title=text, label=text, fact=text, lines=text.split("\n"))
    assert faults(pdf, language="fr") == []


@settings(max_examples=30, deadline=None)
@given(lines=st.lists(READ_BACK, max_size=4))
@example(lines=["x" * 5000])
@example(lines=["https://exemple.example/" + "chemin/" * 60])
def test_what_was_typed_is_what_is_printed(lines):
    assert holds(drawn(lines=lines), *lines) == []


def test_a_sign_that_no_typeface_has_is_written_as_its_number():
    assert holds(drawn(lines=["Équipe 北 et 🚀"]), "Équipe [U+5317] et 🚀") == []
    assert papers.spell_out_all("é\u0301\u5317") == "é[U+0301][U+5317]"


def test_a_long_word_stays_on_the_page():
    runs = [(page, left) for page, text, left, _up in placed(drawn(lines=["m" * 400])) if "mmm" in text]
    assert len(runs) > 10
    assert max(left for _page, left in runs) < float(runs[0][0].mediabox.width) - 60


def test_a_text_in_another_language_is_marked():
    assert papers.in_language("Bonjour !", "fr") == "Bonjour\u00a0!"
    assert papers.in_language("Hello", "en") == {"text": "Hello", "lang": "en"}
    pdf = drawn(lines=[{"text": "Hello", "lang": "en"}])
    tree = pdf_tree(opened(pdf).trailer["/Root"]["/StructTreeRoot"])
    assert "en" in tree


def pdf_tree(node):
    """The languages of the marked parts of a document."""
    node = node.get_object()
    if isinstance(node, list):
        return [code for child in node for code in pdf_tree(child)]
    if not hasattr(node, "get"):
        return []
    own = [str(node["/Lang"])] if "/Lang" in node else []
    return own + (pdf_tree(node["/K"]) if "/K" in node else [])


def test_the_same_document_is_drawn_once(monkeypatch):
    asked = []
    monkeypatch.setattr(papers, "draw", lambda *args: asked.append(args) or b"%PDF")
    paper = Paper("application", "name", "fr", data(title="Once and not twice"))
    assert [papers.drawn(paper), papers.drawn(paper)] == [b"%PDF", b"%PDF"]
    assert len(asked) == 1
    others = [Paper("application", "name", "de", paper.data), Paper("application", "name", "fr", data(title="Other"))]
    assert paper.digest not in {other.digest for other in others}


def test_the_same_data_give_the_same_file():
    assert drawn(lines=["Same"]) == drawn(lines=["Same"])
