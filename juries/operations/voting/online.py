"""Voting by e-mail: an address brings a link and a code of six digits, either of them good for one vote.

The address is turned into a key, mailed to by a worker, and forgotten. Asking never votes.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.errors import Conflict, Invalid, TooOften
from bethune_smartcity.core.limits import check_rate
from bethune_smartcity.core.text import one_line
from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.layout import Link
from bethune_smartcity.notifications.secrets import send_secret
from calls.models import Submission
from juries.models import Ballot, BallotLink, PublicVote
from juries.notices import BALLOT, BALLOT_PLACE
from juries.operations.tokens import digest_of

from .casting import check_open, held, put_in
from .keys import keyed, normalise, pepper_of

GOOD_FOR = timedelta(minutes=30)
WINDOW = timedelta(hours=1)
MAILS_PER_ADDRESS = 3
# Generous: a whole room votes from one address.
MAILS_PER_NETWORK = 600
WRONG_CODES = 5


def request_ballot(vote: PublicVote, address: str, *, network: str = "") -> BallotLink:
    """Write a link and a code to `address`, good for 30 minutes and one vote.

    `network` is the client's address, for the limit it shares with its neighbours. Returns the link's row, which
    holds neither the address nor the secrets. Raises Invalid (no address), Conflict (not open) or TooOften (3 mails an
    hour to one address, 600 to one network).
    """
    check_open(vote, clock.now())
    mailbox = normalise(address)
    pepper = pepper_of(vote)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06d}"
    link = BallotLink(
        vote=vote,
        voter_key=keyed(pepper, mailbox),
        link_digest=digest_of(token),
        code_digest=keyed(pepper, f"{digest_of(token)}:{code}"),
        expires_at=min(clock.now() + GOOD_FOR, vote.closes_at),
    )
    with transaction.atomic():
        _keep(link, network)
        _send(link, address.strip(), token, code)
    return link


def _keep(link: BallotLink, network: str) -> None:
    """Keep the link unless too many were asked for; the vote is held, so that each counts those before it."""
    vote = held(link.vote)
    _check_address(vote, link.voter_key)
    _check_network(vote, network)
    _sweep(vote)
    link.save()


def _check_address(vote: PublicVote, key: str) -> None:
    asked = BallotLink.objects.filter(vote=vote, voter_key=key, sent_at__gt=clock.now() - WINDOW)
    oldest = list(asked.order_by("-sent_at").values_list("sent_at", flat=True)[:MAILS_PER_ADDRESS])
    if len(oldest) >= MAILS_PER_ADDRESS:
        wait = int((oldest[-1] + WINDOW - clock.now()).total_seconds()) + 1
        sentence = _("Three messages were sent to this address within the hour: look among them, or try later.")
        raise TooOften("too_many_mails", sentence, retry_after=wait, field="address")


def _check_network(vote: PublicVote, network: str) -> None:
    sentence = _("Too many messages were asked for from this network: try again in a while.")
    what = f"ballot-mails:{vote.pk}"
    check_rate(what, network, most=MAILS_PER_NETWORK, window=WINDOW, sentence=sentence, field="address")


def _sweep(vote: PublicVote) -> None:
    """Forget the links that neither a vote nor a limit needs any more."""
    BallotLink.objects.filter(vote=vote, sent_at__lte=clock.now() - WINDOW).delete()


def _send(link: BallotLink, address: str, token: str, code: str) -> None:
    vote = link.vote
    path = reverse("juries:vote-link", kwargs={"slug": vote.call.slug, "token": token})
    until = wording.instant(link.expires_at)
    context = {"call": vote.call, "url": Link(settings.SITE_URL + path), "code": code, "until": until}
    send_secret(
        kind_named(BALLOT),
        key=f"{BALLOT_PLACE}{link.pk}",
        address=address,
        subject=one_line(render_to_string("juries/emails/ballot.subject.txt", context)),
        body=render_to_string("juries/emails/ballot.txt", context),
        good_until=link.expires_at,
    )


def live_link(vote: PublicVote, token: str) -> BallotLink | None:
    """The link behind `token`, used and expired ones included, or None when it leads nowhere."""
    return BallotLink.objects.filter(vote=vote, link_digest=digest_of(token)).first()


def is_live(link: BallotLink) -> bool:
    """Whether the link still votes at the present instant."""
    return link.used_at is None and link.attempts < WRONG_CODES and clock.now() < link.expires_at


def cast_by_link(link: BallotLink, submission: Submission) -> None:
    """Vote through a link that was followed. Raises Conflict (used, expired, not open) or Invalid (no finalist)."""
    if not is_live(link):
        raise spent()
    put_in_once(link, submission)


def cast_by_code(link: BallotLink, submission: Submission, *, code: str) -> None:
    """Vote with the six digits of the same message. The fifth wrong code spends it.

    Raises Invalid (wrong code, no finalist) or Conflict (used, expired, not open).
    """
    _count_attempt(link)
    digits = "".join(character for character in code if character.isdigit())
    expected = keyed(pepper_of(link.vote), f"{link.link_digest}:{digits}")
    if not secrets.compare_digest(expected, link.code_digest):
        raise Invalid("wrong_code", _("This is not the code of the last message: copy its six digits."), field="code")
    BallotLink.objects.filter(pk=link.pk).update(attempts=F("attempts") - 1)
    put_in_once(link, submission)


def _count_attempt(link: BallotLink) -> None:
    """Take one of the five attempts before the code is looked at. Raises Conflict when the link no longer votes."""
    left = BallotLink.objects.filter(pk=link.pk, attempts__lt=WRONG_CODES)
    if not is_live(link) or not left.update(attempts=F("attempts") + 1):
        raise spent()


def put_in_once(link: BallotLink, submission: Submission) -> None:
    """Put the ballot in and spend the link, both or neither."""
    with transaction.atomic():
        live = BallotLink.objects.filter(pk=link.pk, used_at__isnull=True, expires_at__gt=clock.now())
        if not live.update(used_at=clock.now()):
            raise spent()
        put_in(link.vote, submission, channel=Ballot.Channel.ONLINE, key=link.voter_key)


def spent() -> Conflict:
    """What is answered to a link or code that no longer votes."""
    return Conflict("link_spent", _("This link has been used or has expired: ask for another one."))
