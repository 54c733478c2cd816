"""The name of a town in French sentences, whose small words join it: "d’Arras", "du Mans", "aux Sables-d’Olonne"."""

import re
import unicodedata
from functools import lru_cache

# "Ville du Mans": what an authority is called, and the place within it.
AUTHORITY = re.compile(r"(?:ville|commune)\s+(?P<joint>de\s+|d[’']\s*|du\s+|des\s+)(?P<place>\S.*)", re.IGNORECASE)
# Names that begin with an h and are not elided where the record of the city does not say how it joins its own.
ASPIRATED = frozenset({"haguenau", "hazebrouck", "hendaye", "honfleur", "houilles"})
ARTICLES = {"du": "Le", "des": "Les"}
CONTRACTED = {("de", "Le"): "du", ("de", "Les"): "des", ("à", "Le"): "au", ("à", "Les"): "aux"}
ELIDED = {"de": "d’", "que": "qu’"}


def bare(name: str) -> str:
    """The place in the name of an authority: "Le Mans" for "Ville du Mans"; any other name as it is."""
    found = AUTHORITY.fullmatch(name.strip())
    if not found:
        return name
    article = ARTICLES.get(found["joint"].strip().lower())
    return f"{article} {found['place']}" if article else found["place"]


@lru_cache(maxsize=64)
def joined(word: str, place: str, *, authority: str = "") -> str:
    """The French `word` and the `place` after it: "d’Arras", "du Mans", "qu’Hyères"; nothing without a place.

    Args:
        word: "de", "à" or "que".
        place: the bare name of a town, its article included.
        authority: what the town calls itself, if it says so: before an h or a y, "Ville de Harnes" then decides.

    No rule says which names in h are elided, and usage varies (Office québécois de la langue française, Vitrine
    linguistique, "Élision avec un nom propre"): a town is joined as it joins itself, else elided unless `ASPIRATED`.
    """
    article, _space, rest = place.partition(" ")
    if rest and (word, article) in CONTRACTED:
        return f"{CONTRACTED[word, article]} {rest}"
    if word in ELIDED and _elides(place, authority):
        return f"{ELIDED[word]}{place}"
    return f"{word} {place}" if place else ""


def _elides(place: str, authority: str) -> bool:
    letters = "".join(c for c in unicodedata.normalize("NFKD", place.casefold()) if not unicodedata.combining(c))
    if letters[:1] in set("aeiouœæ"):
        return True
    if letters[:1] not in set("hy"):
        return False
    found = AUTHORITY.fullmatch(authority.strip())
    if found and bare(authority) == place:
        return found["joint"][1:2] in {"’", "'"}
    if letters[0] == "y":
        return letters[1:2] not in set("aeiou")
    return re.split(r"[ -]", letters)[0] not in ASPIRATED
