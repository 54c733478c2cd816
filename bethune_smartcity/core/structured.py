"""What a page tells machines about its subject, in the words of schema.org.

A description is a plain dictionary; `{% structured data %}` (library `share`) writes it as JSON-LD. Such a block of
data is never executed, so the content policy has nothing to say against it.
"""

import datetime as dt
import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from . import clock
from .models import City

Thing = dict[str, Any]

# What could end the element, open a comment in it, or break a line where old readers of JSON do not expect one.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def absolute(address: str) -> str:
    """`address` of a page of this portal, with the portal's own before it."""
    return _absolute(settings.SITE_URL, address)


@lru_cache(maxsize=1024)
def _absolute(site: str, address: str) -> str:
    return urljoin(site, address)


def said(value: Any) -> Any:
    """`value` as JSON may hold it: moments in ISO 8601 and the hour of Paris, texts as read, nothing empty."""
    if isinstance(value, dict):
        told = {name: said(one) for name, one in value.items()}
        return {name: one for name, one in told.items() if one not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [said(one) for one in value]
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(clock.PARIS).isoformat()
    if isinstance(value, dt.date):  # an instant is a date too
        return value.isoformat()
    return value if isinstance(value, int | float | bool | None) else str(value)


def named(value: Any, city: Any) -> Any:
    """`value` where the city is told by its name, not by its identifier alone: that is described on the front page."""
    if value == by_the_city():
        return {"@type": "GovernmentOrganization", **value, "name": city.name, "url": absolute("/")}
    if isinstance(value, dict):
        return {name: named(one, city) for name, one in value.items()}
    return [named(one, city) for one in value] if isinstance(value, list | tuple) else value


def by_the_city() -> Thing:
    """The city, by its identifier."""
    return {"@id": absolute("/#city")}


def script(data: Thing | Iterable[Thing], city: Any = None) -> SafeString:
    """The element that holds `data` (one thing, or several), safe whatever its texts hold.

    The `city` of the portal, where it is given, is named wherever it is told of.
    """
    things = [data] if isinstance(data, dict) else list(data)
    held = said({"@context": "https://schema.org", "@graph": named(things, city) if city else things})
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (escaped above)


def organisation(city: City) -> Thing:
    """The city that runs the portal."""
    return {
        "@type": "GovernmentOrganization",
        "@id": absolute("/#city"),
        "name": city.name,
        "url": absolute("/"),
        "logo": absolute(static("img/icon-512.png")),
        "email": city.contact_email,
        "address": city.address,
        "sameAs": city.website,
    }


def website() -> Thing:
    """The portal itself."""
    return {
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": absolute("/"),
        "inLanguage": [code for code, _name in settings.LANGUAGES],
        "publisher": by_the_city(),
    }


def breadcrumbs(items: Iterable[tuple[Any, str]], *, home: tuple[Any, str] = ("", "")) -> Thing:
    """The way to a page.

    Args:
        items: (label, address) as for `{% breadcrumb %}`; the last one has an empty address.
        home: label and address of the first step, when it is told.
    """
    steps = [home, *items] if home[0] else [*items]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": label, "item": absolute(address) if address else ""}
            for place, (label, address) in enumerate(steps, start=1)
        ],
    }


def event(
    name: Any,
    *,
    url: str,
    starts: dt.datetime,
    ends: dt.datetime | None = None,
    about: Any = "",
    place: Any = "",
    online: str = "",
    **more: Any,
) -> Thing:
    """Something that happens between two instants.

    Args:
        name: of it.
        url: its page.
        starts: aware instant, or day.
        ends: aware instant, or day, when it is known.
        about: what it is, in a sentence or two.
        place: where it happens.
        online: whole address where it is followed; without it and without a place it happens on the portal.
        more: further properties, as schema.org names them.
    """
    virtual = {"@type": "VirtualLocation", "url": online or absolute(url)}
    here = {"@type": "Place", "name": place, "address": place}
    mode = "Mixed" if place and online else "Offline" if place else "Online"
    where: Any = {"Mixed": [here, virtual], "Offline": here, "Online": virtual}[mode]
    return {
        "@type": "Event",
        "name": name,
        "description": about,
        "url": absolute(url),
        "startDate": starts,
        "endDate": ends,
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": where,
        "organizer": by_the_city(),
        **more,
    }


def service(
    name: Any, *, url: str, opens: dt.datetime | str | None, closes: dt.datetime | None, about: Any = "", **more: Any
) -> Thing:
    """Something the city offers for a time: a call for projects, say.

    Not an event: nobody attends it, and search engines would show it among outings. What matters of a call is who
    runs it, for whom, where one applies and until when.

    Args:
        name: of it.
        url: its page, where one asks for it.
        opens: aware instant from which it can be asked for; "2017-06" where no more than the month is known.
        closes: aware, exclusive instant until which it can.
        about: what it is, in a sentence or two.
        more: further properties, as schema.org names them.
    """
    last = closes - dt.timedelta(seconds=1) if closes else None
    return {
        "@type": "GovernmentService",
        "name": name,
        "description": about,
        "url": absolute(url),
        "provider": by_the_city(),
        "availableChannel": {"@type": "ServiceChannel", "serviceUrl": absolute(url)},
        "hoursAvailable": {"@type": "OpeningHoursSpecification", "validFrom": opens, "validThrough": last},
        **more,
    }


def article(
    title: Any,
    *,
    url: str,
    published: dt.datetime,
    changed: dt.datetime | None = None,
    about: Any = "",
    image: str = "",
    **more: Any,
) -> Thing:
    """A piece of news.

    Args:
        title: of it.
        url: its page.
        published: aware instant.
        changed: aware instant of its last correction.
        about: its summary.
        image: address of its picture or share card on this portal.
        more: further properties, as schema.org names them.
    """
    return {
        "@type": "NewsArticle",
        "headline": title,
        "description": about,
        "url": absolute(url),
        "mainEntityOfPage": absolute(url),
        "datePublished": published,
        "dateModified": changed,
        "image": absolute(image) if image else "",
        "author": by_the_city(),
        "publisher": by_the_city(),
        **more,
    }
