"""Whether two structures may be one and the same: by number, by domain, by name. People decide what follows."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from bethune_smartcity.core.text import normalise

from .models import Structure


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Mail for everyone, and sites where many have a page: what they share says nothing of two structures.
SHARED = _words(
    "aol bbox free gmail gmx googlemail hotmail icloud laposte live mac mail me msn neuf numericable orange "
    "outlook posteo proton protonmail sfr skynet t-online telenet tutanota wanadoo web ymail yahoo yandex ziggo "
    "zoho bsky crunchbase eventbrite facebook framasite github gitlab google helloasso instagram jimdo linkedin "
    "linktr medium notion substack twitter weebly wix wixsite wordpress x youtube"
)
# Names kept for examples (RFC 2606): nobody's.
NOBODYS = frozenset({"example", "invalid", "localhost", "test"})
# What stands between a name and the country's own ending, where two labels make it.
SECOND = frozenset({"ac", "asso", "co", "com", "edu", "gouv", "gov", "net", "org"})
LEGAL = _words(
    "ag asbl association bv bvba cic company corp corporation eurl ev gbr gie gmbh inc kg limited llc llp lp ltd "
    "nv oy plc sa sarl sas sasu scic scop scrl sprl srl se ug vof vzw"
)
LIKE_ENOUGH, WORTH_COMPARING = 0.85, 0.5
# A piece that so many names hold ("smart", "énergie") does not bring two of them together.
EVERYONES = 60


@dataclass(frozen=True)
class Profile:
    """What of a structure is compared: its number with its country, its domains, its name without its legal form."""

    key: Any
    number: str
    domains: frozenset[str]
    name: str
    grams: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The numbers in its name: two that differ by one of them are two."""
        return tuple(re.findall(r"[0-9]+", self.name))


@dataclass(frozen=True)
class Likeness:
    """Two structures, by their keys, and why they may be one: a sentence for each reason."""

    first: Any
    second: Any
    reasons: list[str]

    @property
    def place(self) -> tuple[Any, Any]:
        """The two keys, the smaller one first."""
        return min(self.first, self.second), max(self.first, self.second)


def number_key(country: str, number: str) -> str:
    """The number as it is compared, with its country: of a SIRET, what tells the company, not its premises."""
    plain = re.sub(r"[^A-Z0-9]", "", normalise(number).upper())
    if country == "FR" and re.fullmatch(r"[0-9]{14}", plain):
        plain = plain[:9]
    return f"{country} {plain}" if plain else ""


def domain_of(host: str) -> str:
    """The domain that someone holds in the name of a machine; empty for shared ones and for none."""
    labels = host.lower().strip(".").split(".")
    own = 3 if len(labels) > 2 and labels[-2] in SECOND and len(labels[-1]) == 2 else 2
    held = labels[-own:]
    return "" if len(held) < 2 or held[0] in SHARED or labels[-1] in NOBODYS else ".".join(held)


def domains_of(website: str, addresses: Iterable[str]) -> frozenset[str]:
    """The domains of a site and of mail addresses, shared ones left out."""
    try:
        host = urlsplit(website).hostname or ""
    except ValueError:
        host = ""
    hosts = [host, *(address.rpartition("@")[2] for address in addresses)]
    return frozenset(filter(None, map(domain_of, hosts)))


def name_key(name: str) -> str:
    """The name as it is compared: folded, without signs, legal form or what stands in brackets."""
    words = re.findall(r"\w+", re.sub(r"\(.*?\)", " ", normalise(name).replace(".", "")))
    return " ".join(word for word in words if word not in LEGAL)


def profile(structure: Structure, addresses: Iterable[str]) -> Profile:
    """What of `structure` is compared, with the addresses of its people."""
    folded = name_key(structure.name)
    close = folded.replace(" ", "")
    grams = frozenset(close[start : start + 3] for start in range(max(len(close) - 2, 0)))
    number = number_key(str(structure.country), structure.registration_number)
    return Profile(structure.pk, number, domains_of(structure.website, addresses), folded, grams)


def is_near(one: Profile, other: Profile) -> bool:
    """Whether two names are nearly the same."""
    mine, theirs = one.name.replace(" ", ""), other.name.replace(" ", "")
    if not mine or not theirs or one.figures != other.figures:
        return False
    if mine == theirs:
        return True
    compared = SequenceMatcher(None, mine, theirs, autojunk=False)
    # Each bound is above the next, and cheaper.
    bounds = (compared.real_quick_ratio, compared.quick_ratio, compared.ratio)
    return all(bound() >= LIKE_ENOUGH for bound in bounds)


def likeness(one: Profile, other: Profile) -> Likeness | None:
    """Why two structures may be one; None when nothing says so."""
    reasons = []
    if one.number and one.number == other.number:
        reasons.append(_("the same number"))
    reasons += [_("the same domain, %(domain)s") % {"domain": shared} for shared in sorted(one.domains & other.domains)]
    if is_near(one, other):
        reasons.append(_("nearly the same name"))
    return Likeness(one.key, other.key, reasons) if reasons else None


def alike(known: list[Profile]) -> Iterator[Likeness]:
    """Every two of `known` that may be one, in their order; those that share nothing are not compared."""
    by_key = {one.key: one for one in known}
    for first, second in sorted(_worth_comparing(known)):
        found = likeness(by_key[first], by_key[second])
        if found:
            yield found


def _worth_comparing(known: list[Profile]) -> set[tuple[Any, Any]]:
    """The keys of every two that share a number, a domain, a whole name or half of the pieces of their names."""
    sharing: dict[str, list[Any]] = defaultdict(list)
    by_figures: dict[tuple[str, ...], list[Profile]] = defaultdict(list)
    for one in known:
        by_figures[one.figures].append(one)
        for sign in filter(None, (one.number, *one.domains, one.name and f"name {one.name.replace(' ', '')}")):
            sharing[sign].append(one.key)
    pairs = {pair for keys in sharing.values() for pair in combinations(sorted(keys), 2)}
    return pairs.union(*map(_sharing_pieces, by_figures.values()))


def _sharing_pieces(known: list[Profile]) -> set[tuple[Any, Any]]:
    """The keys of every two of `known` whose names have half of their pieces in common, one of them not everyone's."""
    holders: dict[str, list[Profile]] = defaultdict(list)
    for one in known:
        for gram in one.grams:
            holders[gram].append(one)
    telling = (some for some in holders.values() if len(some) <= EVERYONES)
    met = {(one.key, other.key): (one, other) for some in telling for one, other in combinations(some, 2)}
    return {(min(pair), max(pair)) for pair, (one, other) in met.items() if _share_half(one.grams, other.grams)}


def _share_half(some: frozenset[str], others: frozenset[str]) -> bool:
    return 2 * len(some & others) >= WORTH_COMPARING * (len(some) + len(others))
