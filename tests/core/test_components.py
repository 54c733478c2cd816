"""Components refuse what they do not declare, escape what people wrote and say states in words."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from bethune_smartcity.core.components import MissingInput
from bethune_smartcity.core.components.marks import TONES, known_icons
from bethune_smartcity.core.templatetags.ui import breakable

NOW = dt.datetime(2026, 12, 31, 18, 0, tzinfo=dt.UTC)
CLOSE = dt.datetime(2027, 1, 12, 23, 0, tzinfo=dt.UTC)
PILLAR = SimpleNamespace(hook="mobilite", pictogram="bicycle", name="Mobilité & <Transport>")
MARKS = [(0, "0", "Rien"), (0.5, "0,5", "Entre"), (1, "1", "Un <peu>")]


class Question(forms.Form):
    """Every kind of control the portal's forms hold."""

    need = forms.CharField(
        label="Besoin", help_text="En 5 mots.", widget=forms.Textarea(attrs={"data-words-max": 5, "rows": 2})
    )
    place = forms.ChoiceField(label="Lieu", widget=forms.RadioSelect, choices=[("a", "Ici"), ("b", "Là")])
    mail = forms.EmailField(label="Adresse", required=False)
    sure = forms.BooleanField(label="Je certifie")


def draw(source, language="fr", **context):
    """Return what a template with the components draws."""
    portal = SimpleNamespace(now=NOW)
    with translation.override(language):
        return Template("{% load ui %}" + source).render(Context({"portal": portal, "p": PILLAR, **context}))


@pytest.mark.parametrize(
    "source",
    ["{% icon %}", "{% badge 'x' colour='red' %}", "{% progress 1 2 %}", "{% empty text='x' %}", "{% deadline %}"],
)
def test_an_undeclared_or_missing_input_stops_the_template(source):
    with pytest.raises((TemplateSyntaxError, TypeError)):
        draw(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% icon 'no-such-pictogram' %}",
        "{% badge nothing %}",
        "{% badge 'x' 'purple' %}",
        "{% chip nothing %}",
        "{% deadline nothing %}",
        "{% deadline close phase='later' %}",
        "{% steps items %}",
        "{% project_card 'x' nothing p %}",
        "{% bar 130 %}",
    ],
)
def test_an_input_that_holds_nothing_stops_a_test(source):
    with pytest.raises(MissingInput):
        draw(source, close=CLOSE, items=[{"name": "x", "state": "perhaps"}])


def test_a_page_in_service_is_not_stopped(settings):
    settings.STRICT_COMPONENTS = False
    assert "badge" in draw("{% badge nothing %}")


def test_every_tone_has_its_own_shape():
    assert len(set(TONES.values())) == len(TONES)
    assert set(TONES.values()) <= known_icons()


def test_what_people_wrote_is_escaped():
    source = "{% chip p %}{% badge odd %}{% project_card odd '#' p %}{% alert odd %}{% mark_pad 'c' odd marks %}"
    drawn = draw(source, marks=MARKS, odd="<script>")
    assert not [tag for tag in ("<Transport>", "<script>", "<peu>") if tag in drawn]


def test_an_address_breaks_at_its_signs_only():
    assert breakable("a<b@demo.example") == "a&lt;b@<wbr>demo<wbr>.example"


def test_a_deadline_says_weekday_hour_zone_and_time_left():
    drawn = draw("{% deadline close %}", close=CLOSE).replace("\u00a0", " ")
    assert "jusqu’au <strong>" in drawn
    assert "mardi 12 janvier 2027 à 23 h 59" in drawn
    assert "(heure de Paris)" in drawn
    assert "encore 12 jours 5 h" in drawn


def test_time_left_opens_a_sentence_with_a_capital():
    assert ">encore 12\u00a0jours 5\u00a0h<" in draw("{% countdown close %}", close=CLOSE)
    drawn = draw("{% countdown close opens=True %}", close=CLOSE)
    assert ">Il reste 12\u00a0jours 5\u00a0h<" in drawn
    assert 'data-pattern="Il reste %(length)s"' in drawn


def test_a_deadline_gone_by_counts_nothing():
    assert "data-until" not in draw("{% deadline close %}", close=NOW)
    assert "data-until" not in draw("{% deadline close phase='closed' %}", close=NOW)


def test_a_field_ties_help_and_errors_to_its_control():
    form = Question({"need": "un deux trois quatre cinq six", "mail": "nope"})
    drawn = draw("{% form form %}", form=form)
    assert 'aria-invalid="true"' in drawn
    assert 'href="#id_mail"' in drawn
    assert 'href="#id_place_0"' in drawn
    assert 'id="id_mail_error"' in drawn
    assert "6 mots sur 5" in drawn
    assert "counter--over" in drawn
    assert drawn.count("(facultatif)") == 1


def test_a_counter_keeps_thousands_apart():
    form = Question({"need": "mot " * 1200})
    form.fields["need"].widget.attrs["data-words-max"] = 2000
    assert "1\u202f200 mots sur 2\u202f000" in draw("{% field form.need %}", form=form)


def test_a_summary_counts_every_error_of_every_form_sent():
    form, above = Question({"need": "x", "place": "a", "sure": "on"}), Question({}, prefix="above")
    form.add_error("need", "Trop court")
    form.add_error("need", "Trop commun")
    assert "2 points à corriger" in draw("{% error_summary form %}", form=form)
    drawn = draw("{% error_summary form before=above %}", form=form, above=above)
    assert "5 points à corriger" in drawn
    assert drawn.index("#id_above-need") < drawn.index("Trop court") < drawn.index("Trop commun")


def test_a_field_left_empty_says_which_and_what_to_do():
    drawn = draw("{% form form %}", form=Question({}))
    assert drawn.count("Remplissez «\u00a0Besoin\u00a0».") == 2
    assert "Choisissez une réponse pour «\u00a0Lieu\u00a0»." in drawn
    assert 'href="#id_sure">Cochez «\u00a0Je certifie\u00a0».</a>' in drawn
    assert "obligatoire" not in drawn
    assert drawn.count("</a>") == drawn.count("</a></li>") == 3


def test_a_form_may_word_what_is_lacking_itself():
    form = Question({})
    form.fields["need"].error_messages["required"] = "Dites le besoin."
    drawn = draw("{% form form %}", form=form)
    assert 'href="#id_need">Dites le besoin.</a>' in drawn
    assert "<span>Dites le besoin.</span>" in drawn


def test_forms_render_alike_through_django_and_through_the_tag():
    form = Question()
    assert draw("{{ form }}", form=form).split() == draw("{% form form %}", form=form).split()
    assert draw("{{ form.need.as_field_group }}", form=form).split() == draw("{% field form.need %}", form=form).split()


def test_marks_keep_machine_values_and_the_chosen_sentence():
    drawn = draw("{% mark_pad 'c' 'Utilité' marks value='0.5' %}", marks=MARKS)
    assert 'value="0.5" checked' in drawn
    assert "<span>Entre</span>" in drawn


@pytest.mark.parametrize("odd", ["a\0b", "", "NaN", "7", "1e400"])
def test_a_mark_outside_the_scale_is_no_mark(odd):
    assert "checked" not in draw("{% mark_pad 'c' 'Utilité' marks value=odd %}", marks=MARKS, odd=odd)


def test_a_pager_keeps_the_filters(rf):
    request = rf.get("/?pilier=sante&page=2")
    drawn = draw("{% pager page %}", request=request, page=Paginator(range(50), 10).page(2))
    assert 'href="?pilier=sante&amp;page=3"' in drawn
    assert 'aria-current="page"' in drawn


def test_a_fixed_part_follows_the_language_and_its_inputs():
    source = '{% fixed "components/chrome/footer.html" email=email %}'
    french, english = draw(source, email="a@ville.example"), draw(source, "en", email="a@ville.example")
    assert "Mentions légales" in french
    assert "Legal notice" in english
    assert "b@ville.example" in draw(source, email="b@ville.example")
    assert "b@ville.example" not in french


def test_a_select_draws_its_options_in_place():
    form = forms.ChoiceField(label="x", choices=[("a", "<Un>"), (2, "Deux")])
    drawn = form.widget.render("x", 2, {"id": "id_x", "required": True, "disabled": False})
    assert '<select name="x" id="id_x" required>' in drawn
    assert '<option value="a">&lt;Un&gt;</option>' in drawn
    assert '<option value="2" selected>Deux</option>' in drawn
