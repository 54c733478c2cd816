"""The life of an article: written, published at once or planned, rewritten, withdrawn."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.language import in_each
from bethune_smartcity.core.text import check_plain, one_line
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.files.pictures import Picture, pictures_of
from bethune_smartcity.files.uploads import discard, storing
from bethune_smartcity.lifecycle.moves import move, record
from bethune_smartcity.notifications.steps import carry
from bethune_smartcity.portal.models import SIZES, Article
from bethune_smartcity.portal.newsletter import LETTER
from pillars.models import Pillar

WRITTEN = ("title", "standfirst", "body")
PICTURED = ("alt", "credit")
TEXTS = (*WRITTEN, "alt", *in_each(*WRITTEN, "alt"), "credit")
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
        _check_described(article)
        article.changed_at = clock.now()
        article.save(update_fields=COLUMNS)
        record(article, "edit", by=by, data={"fields": sorted(changed)})
    return article


def _check_described(article: Article) -> None:
    """Refuse a picture that one of the languages says nothing of, at that language's field."""
    lacking = [column for column in in_each("alt") if not getattr(article, column)]
    if article.has_picture and lacking:
        raise Invalid("alt_missing", _("Say what the picture shows, in this language too."), field=lacking[0])


def illustrate(article: Article, file: UploadedFile, *, by: Any, credit: str = "", **alts: str) -> Article:
    """Give an article its picture, in place of the one it had.

    Args:
        article: the article; its picture is read by those who read it.
        file: a PNG or JPEG picture.
        by: the agent who does so.
        credit: who made it.
        alts: what it shows, in each language (`alt_fr` …).

    Returns the article. Raises Forbidden or Invalid (file, a language without its words).
    """
    require(by, "portal.write_news", article)
    pictures = pictures_of(file)
    with storing() as shelf:
        kept = [shelf.store(picture.upload, by=by) for picture in pictures]
        return _illustrated(article, kept, pictures[-1], by=by, credit=credit, alts=alts)


@transaction.atomic
def _illustrated(
    article: Article, files: list[StoredFile], largest: Picture, *, by: Any, credit: str, alts: dict[str, str]
) -> Article:
    """The article with the rows of its picture, `files` by size, and its words, in place of those it had."""
    held = _held(article)
    former = _files_of(held)
    for size, stored in zip(SIZES, files, strict=True):
        stored.save()
        setattr(held, size, stored)
    held.width, held.height = largest.width, largest.height
    for column, text in {**alts, "credit": credit}.items():
        check_plain(text or "", field=column)
        setattr(held, column, one_line(text or ""))
    _check_described(held)
    _keep_picture(held, former, by=by, verb="illustrate")
    return held


@transaction.atomic
def remove_picture(article: Article, *, by: Any) -> Article:
    """Take the picture of an article away, its files included.

    Returns the article. Raises Forbidden or Conflict (it has none).
    """
    require(by, "portal.write_news", article)
    held = _held(article)
    if not held.has_picture:
        raise Conflict("no_picture", _("This article has no picture."))
    former = _files_of(held)
    for name in (*SIZES, "width", "height"):
        setattr(held, name, None)
    for column in (*in_each("alt"), "credit"):
        setattr(held, column, "")
    _keep_picture(held, former, by=by, verb="remove_picture")
    return held


def _held(article: Article) -> Article:
    """The article's row, held until the transaction ends, so that one picture at a time is put in its place."""
    return Article.objects.select_for_update(of=("self",)).get(pk=article.pk)


def _files_of(article: Article) -> list[StoredFile]:
    return [getattr(article, size) for size in SIZES] if article.has_picture else []


def _keep_picture(article: Article, former: Iterable[StoredFile], *, by: Any, verb: str) -> None:
    """Keep what was written on `article`, say so in the journal, and take its `former` files away."""
    article.changed_at = clock.now()
    article.save(update_fields=[*SIZES, "width", "height", "alt", *in_each("alt"), "credit", "changed_at"])
    record(article, verb, by=by)
    for stored in former:
        discard(stored)


@transaction.atomic
def publish(article: Article, *, by: Any, at: datetime | None = None) -> Article:
    """Make an article public at the aware instant `at`, now by default: until then nobody but agents reads it.

    Returns it. Raises Forbidden, Invalid (an instant in the past) or Conflict (public or planned already).
    """
    now = clock.now()
    if at is not None and at < now:
        raise Invalid("in_the_past", _("Choose an instant to come, or none to publish now."), field="at")
    move(article, "publish", by=by, published_at=at or now, changed_at=now)
    # It may have been planned for another instant, and taken back.
    carry(LETTER, article, before=None, to=at or now, by=by)
    return article


def withdraw(article: Article, *, reason: str, by: Any) -> Article:
    """Take a public or planned article back, out of pages, feeds and data.

    Returns it. Raises Forbidden, Invalid (no reason) or Conflict (not public nor planned).
    """
    return move(article, "withdraw", by=by, reason=reason, changed_at=clock.now(), **_never_public(article))


def _never_public(article: Article) -> dict[str, None]:
    """The stamp of an article taken back before its instant: that instant means nothing any more."""
    return {"published_at": None} if article.is_planned else {}
