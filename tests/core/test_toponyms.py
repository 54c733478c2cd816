"""The name of a town after the small words of French, as it is read whatever the town is called."""

import pytest
from django.utils import translation

from bethune_smartcity.core.models import City
from bethune_smartcity.core.toponyms import bare, joined


@pytest.mark.parametrize(
    ("name", "de", "at", "que"),
    [
        ("Béthune", "de Béthune", "à Béthune", "que Béthune"),
        ("Arras", "d’Arras", "à Arras", "qu’Arras"),
        ("Épinal", "d’Épinal", "à Épinal", "qu’Épinal"),
        ("Œuilly", "d’Œuilly", "à Œuilly", "qu’Œuilly"),
        ("Le Mans", "du Mans", "au Mans", "que Le Mans"),
        ("Le Havre", "du Havre", "au Havre", "que Le Havre"),
        ("Les Sables-d’Olonne", "des Sables-d’Olonne", "aux Sables-d’Olonne", "que Les Sables-d’Olonne"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle", "que La Rochelle"),
        ("L’Haÿ-les-Roses", "de L’Haÿ-les-Roses", "à L’Haÿ-les-Roses", "que L’Haÿ-les-Roses"),
        ("Lens", "de Lens", "à Lens", "que Lens"),
        ("Hyères", "d’Hyères", "à Hyères", "qu’Hyères"),
        ("Hénin-Beaumont", "d’Hénin-Beaumont", "à Hénin-Beaumont", "qu’Hénin-Beaumont"),
        ("Haguenau", "de Haguenau", "à Haguenau", "que Haguenau"),
        ("Houilles", "de Houilles", "à Houilles", "que Houilles"),
        ("Ypres", "d’Ypres", "à Ypres", "qu’Ypres"),
        ("Yutz", "de Yutz", "à Yutz", "que Yutz"),
        ("", "", "", ""),
    ],
)
def test_french_joins_them(name, de, at, que):
    assert [joined(word, name) for word in ("de", "à", "que")] == [de, at, que]


@pytest.mark.parametrize(
    ("record", "place", "de"),
    [
        ("Ville de Béthune", "Béthune", "de Béthune"),
        ("Ville d’Arras", "Arras", "d’Arras"),
        ("Ville d'Arras", "Arras", "d’Arras"),
        ("Ville du Mans", "Le Mans", "du Mans"),
        ("Ville de Le Mans", "Le Mans", "du Mans"),
        ("Ville des Sables-d’Olonne", "Les Sables-d’Olonne", "des Sables-d’Olonne"),
        ("Ville de La Rochelle", "La Rochelle", "de La Rochelle"),
        ("Commune d’Hersin-Coupigny", "Hersin-Coupigny", "d’Hersin-Coupigny"),
        # Where usage varies, a town is joined as it joins itself.
        ("Ville d’Hazebrouck", "Hazebrouck", "d’Hazebrouck"),
        ("Ville de Hazebrouck", "Hazebrouck", "de Hazebrouck"),
        ("Ville de Harnes", "Harnes", "de Harnes"),
        ("Ville d’Yerres", "Yerres", "d’Yerres"),
        ("Villeneuve-d’Ascq", "Villeneuve-d’Ascq", "de Villeneuve-d’Ascq"),
        ("Métropole de Lens", "Métropole de Lens", "de Métropole de Lens"),
    ],
)
def test_the_record_of_the_city_says_how_it_is_joined(record, place, de):
    city = City(name=record)
    assert bare(record) == city.place == place
    with translation.override("fr"):
        assert city.after_de == de
    for language in ("en", "de", "nl"):
        with translation.override(language):
            assert (city.after_de, city.after_at, city.after_que) == (place, place, place)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "prefix", "told"),
    [
        ("Ville d’Arras", "", ("Ville d’Arras", "les projets d’Arras", "Ce qu’Arras expérimente", "Demandez à Arras")),
        ("Le Mans", "", ("Ville du Mans", "les projets du Mans", "Ce que Le Mans expérimente", "Demandez au Mans")),
        ("Ville d’Arras", "/en", ("City of Arras", "the projects of Arras", "What Arras tries out", "Ask Arras for")),
        ("Ville du Mans", "/de", ("Stadt Le Mans", "Le Mans", "Le Mans", "Le Mans")),
    ],
)
def test_no_page_leaves_them_apart(client, name, prefix, told):
    City.objects.update_or_create(pk=1, defaults={"name": name})
    paths = ("/mentions-legales/", "/", "/projets/", "/repliquer/")
    for path, sentence in zip(paths, told, strict=True):
        text = client.get(f"{prefix}{path}").text.replace("\u00a0", " ")
        assert sentence in text, path
        if not prefix:
            assert not [words for words in ("de Arras", "que Arras", "de Le ", "à Le ") if words in text]
