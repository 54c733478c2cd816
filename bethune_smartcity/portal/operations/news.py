"""The life of an article: written, published at once or planned, rewritten, withdrawn."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.lifecycle.moves import move, record
from bethune_smartcity.portal.models import Article
from pillars.models import Pillar

WRITTEN = ("title", "standfirst", "body")
TEXTS = (*WRITTEN, *(f"{name}_{code}" for name in WRITTEN for code, _label in settings.LANGUAGES))
LINKS = ("call", "project")
# Never the instant: another person may be publishing meanwhile.
COLUMNS = (*TEXTS, *LINKS, "changed_at")


def _free_slug(slug: str, title: str) -> str:
    wanted = slugify(slug or title)[:80].strip("-")
    if not wanted:
        raise Invalid("slug_missing", _("Give an address made of letters, digits and hyphens."), field="slug")
    if Article.objects.filter(slug=wanted).exists():
        raise Invalid("slug_taken", _("Another article has this address already."), field="slug")
    return wanted


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` that an article has. Raises TypeError for any other, so that a misspelt one is not lost."""
    unknown = fields.keys() - {*TEXTS, *LINKS}
    if unknown:
        raise TypeError(f"an article has no {', '.join(sorted(unknown))}")
    return fields


@transaction.atomic
def write(*, by: Any, slug: str = "", pillars: Iterable[Pillar] = (), **fields: Any) -> Article:
    """Write an article, as a draft.

    Args:
        by: the agent who writes.
        slug: its address; made from the title when empty.
        pillars: its themes; none for the whole programme.
        fields: title, standfirst and body, in one language or each (`title_fr` …); call and project it tells about.

    Returns the article. Raises Forbidden or Invalid (address).
    """
    require(by, "portal.write_news")
    known = _known(fields)
    title = known.get("title_fr") or known.get("title") or ""
    article = Article.objects.create(slug=_free_slug(slug, title), changed_at=clock.now(), **known)
    article.pillars.set(pillars)
    record(article, "create", by=by, to_state=article.state)
    return article


@transaction.atomic
def rewrite(article: Article, *, by: Any, pillars: Iterable[Pillar] | None = None, **fields: Any) -> Article:
    """Change texts, links and themes of an article (as `write` takes them). Returns it. Raises Forbidden."""
    require(by, "portal.write_news", article)
    changed = [name for name, value in _known(fields).items() if getattr(article, name) != value]
    for name in changed:
        setattr(article, name, fields[name])
    if pillars is not None and {*pillars} != {*article.pillars.all()}:
        article.pillars.set(pillars)
        changed.append("pillars")
    if changed:
        article.changed_at = clock.now()
        article.save(update_fields=COLUMNS)
        record(article, "edit", by=by, data={"fields": sorted(changed)})
    return article


def publish(article: Article, *, by: Any, at: datetime | None = None) -> Article:
    """Make an article public at the aware instant `at`, now by default: until then nobody but agents reads it.

    Returns it. Raises Forbidden, Invalid (an instant in the past) or Conflict (public or planned already).
    """
    now = clock.now()
    if at is not None and at < now:
        raise Invalid("in_the_past", _("Choose an instant to come, or none to publish now."), field="at")
    return move(article, "publish", by=by, published_at=at or now, changed_at=now)


def withdraw(article: Article, *, reason: str, by: Any) -> Article:
    """Take a public or planned article back, out of pages, feeds and data.

    Returns it. Raises Forbidden, Invalid (no reason) or Conflict (not public nor planned).
    """
    return move(article, "withdraw", by=by, reason=reason, changed_at=clock.now(), **_never_public(article))


def _never_public(article: Article) -> dict[str, None]:
    """The stamp of an article taken back before its instant: that instant means nothing any more."""
    return {"published_at": None} if article.is_planned else {}
