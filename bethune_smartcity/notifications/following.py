"""Following a topic: at once for a signed-in person, after a confirmation for an address, until told otherwise."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Invalid, TooOften
from bethune_smartcity.core.limits import check_rate

from .groups import Group, register_belonging, register_group
from .holders import GOOD_FOR, HOLDER, Asked, confirmation_of, holder_of, key_of_holder, mailbox_of
from .kinds import Audience, Kind, kind_named, register_kind
from .layout import Link
from .models import Message, Subscription
from .operations import write_down
from .paths import path_of
from .readership import register_standing
from .rendering import render
from .secrets import sealed_message
from .topics import Wish, known, sentences

CONFIRM = "notifications.confirm"
# What its readers choose about all they follow.
FOLLOWED = "notifications.followed"
WINDOW = timedelta(hours=1)
MAILS_PER_ADDRESS = 3
# A town hall's network is one address to the portal.
MAILS_PER_NETWORK = 60
# How the key of a mail ends that says that nothing is to be confirmed.
TOLD = ":told"
# The same wishes again within as long are the same request: one mail.
SAME_REQUEST = timedelta(minutes=10)


def register_kinds() -> None:
    """Name the messages of this app; called when the portal starts."""
    label = gettext_lazy("Confirmation of a subscription")
    # Its links let whoever holds them read, choose and end what a mailbox follows.
    register_kind(Kind(CONFIRM, label, template="notifications/emails/confirm", sensitive=True))
    register_standing(CONFIRM, _confirms)
    told = gettext_lazy("The calls, results and news that you asked to be told of.")
    register_group(Group(FOLLOWED, gettext_lazy("What I follow"), told, Audience.FOLLOWERS))
    register_belonging(Audience.FOLLOWERS, lambda user: live().filter(among_held(user)).exists())


def _confirms(_moment: Any) -> Q:
    """The condition on mails that ask to confirm: something of that mailbox waits still, or they asked nothing."""
    waits = Subscription.objects.filter(confirmed_at__isnull=True, ended_at__isnull=True)
    theirs = Exists(waits.filter(holder=Substr(OuterRef("key"), len(f"{CONFIRM}:") + 1, HOLDER)))
    return Q(theirs) | Q(key__endswith=TOLD)


def live() -> QuerySet[Subscription]:
    """The subscriptions in force."""
    return Subscription.objects.filter(confirmed_at__isnull=False, ended_at__isnull=True)


def among(wishes: Iterable[Wish]) -> Q:
    """The condition to be about one of `wishes`."""
    condition = Q(pk__in=[])
    for topic, about in wishes:
        condition |= Q(topic=topic, about=about)
    return condition


def held_by(user: Any) -> QuerySet[Subscription]:
    """What a signed-in person follows or followed, through their account or the same mailbox."""
    return Subscription.objects.filter(among_held(user))


def among_held(user: Any) -> Q:
    """The condition to be of the account of `user`, or of the same mailbox."""
    return Q(user=user) | Q(holder=holder_of(user.email))


def followed_by(user: Any, topic: str) -> QuerySet[Subscription]:
    """What a person follows in `topic`; nothing for who is not signed in."""
    rows = held_by(user) if user.is_authenticated else Subscription.objects.none()
    return rows.filter(topic=topic, confirmed_at__isnull=False, ended_at__isnull=True)


def told_to(user: Any) -> list[str]:
    """What a signed-in person is told of, in words."""
    rows = held_by(user).filter(confirmed_at__isnull=False, ended_at__isnull=True).order_by("topic", "about")
    return sentences(known(rows.values_list("topic", "about")))


def check_wishes(wishes: Iterable[Wish]) -> list[Wish]:
    """Those wishes, each once. Raises Invalid when there is none, or one that cannot be followed."""
    asked = list(dict.fromkeys(wishes))
    if not asked or known(asked) != asked:
        raise Invalid("unknown_topic", _("Choose what you would like to hear about."), field="topic")
    return asked


@transaction.atomic
def ask(address: str, wishes: Iterable[Wish], *, language: str, network: str = "") -> None:
    """Let `address` follow `wishes` once its mailbox confirms: it is mailed a link, whatever it follows already.

    `network` is the client's address. What is done and answered is the same for every address. Raises Invalid (no
    address, nothing to follow) or TooOften (3 mails an hour to one address, 60 to one network).
    """
    asked = check_wishes(wishes)
    mailbox = _checked(address)
    sentence = _("Too many messages were asked for from this network: try again in a while.")
    check_rate("follow-mails", network, most=MAILS_PER_NETWORK, window=WINDOW, sentence=sentence, field="address")
    holder, moment = holder_of(mailbox), clock.now()
    _check_address(mailbox)
    Subscription.objects.bulk_create(
        [
            Subscription(topic=topic, about=about, holder=holder, address=mailbox, language=language, asked_at=moment)
            for topic, about in asked
        ],
        ignore_conflicts=True,
    )
    idle = Subscription.objects.filter(among(asked), Q(confirmed_at__isnull=True) | Q(ended_at__isnull=False))
    idle.filter(holder=holder).update(asked_at=moment, confirmed_at=None, ended_at=None, language=language)
    _mail(mailbox, asked, language)


def _checked(address: str) -> str:
    mailbox = mailbox_of(address)
    try:
        validate_email(mailbox)
    except ValidationError as error:
        raise Invalid("no_address", _("Write an address such as name@city.example."), field="address") from error
    if len(mailbox) > 254:
        raise Invalid("no_address", _("Write an address such as name@city.example."), field="address")
    return mailbox


def _check_address(mailbox: str) -> None:
    lately = Message.objects.filter(recipient__isnull=True, kind=CONFIRM, due_at__gt=clock.now() - WINDOW)
    latest = list(
        lately.filter(address=mailbox).order_by("-due_at").values_list("due_at", flat=True)[:MAILS_PER_ADDRESS]
    )
    if len(latest) >= MAILS_PER_ADDRESS:
        wait = int((latest[-1] + WINDOW - clock.now()).total_seconds()) + 1
        sentence = _("Three messages were sent to this address within the hour: look among them, or try later.")
        raise TooOften("too_many_mails", sentence, retry_after=wait, field="address")


def _mail(mailbox: str, asked: list[Wish], language: str) -> None:
    """Write the mail that asks to confirm what waits, or says that nothing does."""
    holder, moment = holder_of(mailbox), clock.now()
    waiting = Subscription.objects.filter(among(asked), holder=holder, confirmed_at__isnull=True)
    rows = list(waiting.order_by("pk").values_list("pk", flat=True))
    with override(language):
        told = sentences(asked)
    confirm = path_of("notifications:confirm", {"token": confirmation_of(holder, rows)}, language)
    manage = path_of("notifications:manage", {"key": key_of_holder(holder)}, language)
    subject, body = render(
        kind_named(CONFIRM),
        language,
        {
            "topics": told,
            "waits": bool(rows),
            "confirm_url": Link(settings.SITE_URL + confirm),
            "manage_url": Link(settings.SITE_URL + manage),
        },
    )
    wishes = hashlib.sha256(repr(sorted(asked)).encode()).hexdigest()[:16]
    bucket = int(moment.timestamp() // SAME_REQUEST.total_seconds())
    key = f"{CONFIRM}:{holder}:{wishes}:{bucket}{'' if rows else TOLD}"
    mail = {"address": mailbox, "subject": subject, "body": body, "language": language}
    write_down([sealed_message(kind_named(CONFIRM), key=key, good_until=moment + GOOD_FOR, **mail)])


def waiting(asked: Asked) -> QuerySet[Subscription]:
    """What a confirmation link still has to confirm."""
    rows = Subscription.objects.filter(holder=asked.holder, pk__in=asked.rows)
    return rows.filter(confirmed_at__isnull=True, ended_at__isnull=True).order_by("pk")


def confirm(asked: Asked) -> int:
    """Put what a confirmation link is about in force. What was confirmed, or ended since, stays. Returns how many."""
    return 0 if asked.is_late else waiting(asked).update(confirmed_at=clock.now())


@transaction.atomic
def follow(wishes: Iterable[Wish], *, by: Any) -> None:
    """Let the signed-in person `by` follow `wishes` at once. Raises Invalid (nothing, or nothing known)."""
    _put_in_force(check_wishes(wishes), holder=holder_of(by.email), user=by, address="", language=by.language)


def _put_in_force(wishes: Collection[Wish], **held: Any) -> None:
    if not wishes:
        return
    moment = clock.now()
    rows = [
        Subscription(topic=topic, about=about, asked_at=moment, confirmed_at=moment, **held) for topic, about in wishes
    ]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True)
    idle = Subscription.objects.filter(among(wishes), Q(confirmed_at__isnull=True) | Q(ended_at__isnull=False))
    idle.filter(holder=held["holder"]).update(confirmed_at=moment, ended_at=None, **held)


def stop(rows: QuerySet[Subscription], *, topic: str = "", about: int = 0) -> int:
    """End those of `rows`, of one mailbox or person, that are in force or wait: all, or in `topic`, or about `about`.

    Ending again changes nothing. Returns how many ended.
    """
    return within(rows, topic=topic, about=about).filter(ended_at__isnull=True).update(ended_at=clock.now())


def within(rows: QuerySet[Subscription], *, topic: str, about: int) -> QuerySet[Subscription]:
    """Those of `rows` in `topic`, if given, and about `about`, if given."""
    found = rows.filter(topic=topic) if topic else rows
    return found.filter(about=about) if about else found


@transaction.atomic
def choose(rows: QuerySet[Subscription], wanted: Iterable[Wish], *, by: Any = None) -> None:
    """Let the holder of `rows` follow `wanted` and nothing else. `by` is the person, None for the owner of a mailbox.

    What nobody may follow is passed over. A mailbox that never confirmed anything gets nothing.
    """
    proven = rows.filter(confirmed_at__isnull=False)
    had = {(row.topic, row.about) for row in rows}
    wishes = [wish for wish in dict.fromkeys(wanted) if wish in had] + [
        wish for wish in known(wanted) if wish not in had
    ]
    stop(rows.exclude(among(wishes)))
    if by is not None:
        _put_in_force(wishes, holder=holder_of(by.email), user=by, address="", language=by.language)
    elif (one := proven.first()) is not None:
        held = {"holder": one.holder, "user_id": one.user_id, "address": one.address, "language": one.language}
        _put_in_force(wishes, **held)


def read_in(rows: QuerySet[Subscription], language: str) -> int:
    """Let what is written from now on about `rows`, of one mailbox, be in `language`: what an account follows is in
    its own. Returns how many. Raises Invalid for a language the portal does not speak.
    """
    if language not in dict(settings.LANGUAGES):
        raise Invalid("unknown_language", _("Choose one of the languages of the portal."), field="language")
    return rows.filter(user__isnull=True).update(language=language)


def followers_of(wishes: Iterable[Wish], *, since: Any, besides: QuerySet[Any] | None = None) -> QuerySet[Subscription]:
    """The subscriptions in force to any of `wishes` that were confirmed by the aware instant `since`, in key order.

    `besides` are users told otherwise: they are left out, by whatever way they follow.
    """
    found = live().filter(among(wishes), confirmed_at__lte=since).exclude(user__is_active=False)
    if besides is not None:
        found = found.exclude(user__in=besides.order_by().values("pk")).exclude(
            address__in=besides.order_by().values("email")
        )
    return found.select_related("user").order_by("pk")
