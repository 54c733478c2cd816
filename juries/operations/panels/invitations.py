"""Jurors invited by a mailed link: bound to an address and a panel, answered once, renewed by sending another one.

A link never leads to the seat of who chairs, keeps the minutes or works for the city: they sign in.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.inviting import KEPT, LIFETIME, checked_address
from bethune_smartcity.accounts.models import User
from bethune_smartcity.accounts.operations import write_own_name
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM, acting_for, require
from bethune_smartcity.core.errors import Conflict, DomainError, Invalid, TooOften
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.core.text import validate_plain
from bethune_smartcity.lifecycle.moves import move, record
from juries import notices
from juries.models import Juror, Panel, SeatInvitation
from juries.operations.checks import SEATING, checked, held, require_state
from juries.operations.tokens import digest_of
from juries.workflow import PanelState, SeatInvitationState
from pillars.models import Pillar

from .seats import accept_charter, seat

State = SeatInvitationState
DAY, A_DAY_TO_ONE = timedelta(days=1), 3
LONGEST_WORD = 500
FACTS = ("capacity", "has_voice", "half_time", "is_substitute")


def person_at(address: str) -> User | None:
    """Who reads `address`: by the address of their account, or another one they proved."""
    proven = EmailAddress.objects.filter(email__iexact=address, verified=True).values("user")
    found = User.objects.filter(Q(email__iexact=address) | Q(pk__in=proven))
    return found.order_by("pk").first()


def invite_juror(
    panel: Panel,
    address: str,
    *,
    by: Any,
    language: str = "fr",
    capacity: str = "",
    has_voice: bool = True,
    half_time: bool = False,
    is_substitute: bool = False,
    expertise: Mapping[Pillar, str] | None = None,
) -> SeatInvitation:
    """Mail a link to `address` that seats whoever follows it; one sent before no longer opens anything.

    `expertise` maps pillars to "primary" or "secondary". To a juror seated already it opens their seat again, which
    stays as it is. Returns the invitation, good for 14 days. Raises Forbidden, Invalid (address; someone who signs
    in), TooOften (3 a day to one address) or Conflict (marks locked).
    """
    require(by, "juries.organise_panel", panel)
    known = {str(pillar.pk): level for pillar, level in (expertise or {}).items()}
    facts = {"capacity": capacity, "has_voice": has_voice, "half_time": half_time, "is_substitute": is_substitute}
    facts["expertise"] = known
    return _send(panel, checked_address(address, field="email"), by=by, language=language, **facts)


def send_link_again(invitation: SeatInvitation, *, by: Any) -> SeatInvitation:
    """Mail a new link in place of `invitation`: the old one is void, and so is the session it opened.

    Returns the new invitation. Raises Forbidden, Invalid, TooOften or Conflict as invite_juror does.
    """
    require(by, "juries.organise_panel", invitation.panel)
    facts = {name: getattr(invitation, name) for name in (*FACTS, "language", "expertise")}
    return _send(invitation.panel, invitation.email, by=by, **facts)


@transaction.atomic
def revoke_invitation(invitation: SeatInvitation, *, by: Any) -> SeatInvitation:
    """Void a link and the session it opened; a seat stays. Returns it. Raises Forbidden or Conflict."""
    revoked = move(invitation, "revoke", by=by, answered_at=clock.now())
    notices.seat_withdrawn(invitation)
    return revoked


@transaction.atomic
def _send(panel: Panel, address: str, *, by: Any, **facts: Any) -> SeatInvitation:
    token = secrets.token_urlsafe(32)
    invitation = _keep(panel, address, token, by=by, **facts)
    notices.seat_offered(invitation, token)
    return invitation


def _keep(panel: Panel, address: str, token: str, *, by: Any, **facts: Any) -> SeatInvitation:
    """Write the invitation down, void those before it, and say so in the journal; the panel is held."""
    juror = _check_addressee(held(panel), address)
    _check_peace(panel, address)
    # who organises may void what was sent: their right was asked by the caller
    former = panel.invitations.filter(email=address, state__in=[State.PENDING, State.ACCEPTED])
    for each in former:
        move(each, "revoke", by=acting_for(by), answered_at=clock.now())
        notices.seat_withdrawn(each)
    invitation = SeatInvitation(
        panel=panel,
        email=address,
        juror=juror,
        invited_by=by if isinstance(by, User) else None,
        link_digest=digest_of(token),
        expires_at=clock.now() + LIFETIME,
        **facts,
    )
    checked(invitation, validate_constraints=False)
    invitation.save()
    record(invitation, "invite", by=by)
    return invitation


def _check_addressee(panel: Panel, address: str) -> Juror | None:
    """The seat the person at `address` has already, if any. Raises Invalid or Conflict where a link may not lead."""
    person = person_at(address)
    juror = None if person is None else Juror.objects.filter(panel=panel, user=person).first()
    _check_signs_in(person, juror)
    if juror is None:
        require_state(panel, SEATING, _("The marks are locked: the jury and its readings no longer change."))
    require_state(panel, _before_the_end(), _("This stage is over: nothing is left to open."))
    return juror


def _before_the_end() -> list[str]:
    return [state for state in PanelState.values if state != PanelState.PROCLAIMED]


def _check_signs_in(person: User | None, juror: Juror | None, refusal: type[DomainError] = Invalid) -> None:
    """Raise `refusal` for who signs in with an account of their own, or can no longer."""
    leads = juror is not None and (juror.is_chair or juror.is_secretary)
    if person is not None and (person.is_staff or leads):
        sentence = _("A chair, a secretary and an agent sign in with their own account: no link is sent to them.")
        raise refusal("signs_in", sentence, field="email")
    if person is not None and not person.is_active:
        raise refusal("closed_account", _("The account of this address is closed."), field="email")


def _check_peace(panel: Panel, address: str) -> None:
    moment = clock.now()
    lately = panel.invitations.filter(email=address, made_at__gt=moment - DAY).order_by("-made_at")
    oldest = lately.values_list("made_at", flat=True)[A_DAY_TO_ONE - 1 : A_DAY_TO_ONE].first()
    if oldest is not None:
        wait = int((oldest + DAY - moment).total_seconds()) + 1
        sentence = _("Three links were sent to this address today: let it answer, or send another one tomorrow.")
        raise TooOften("too_many_to_one", sentence, retry_after=wait, field="email")


def invitation_behind(token: str) -> SeatInvitation | None:
    """The invitation whose link holds `token`, answered and expired ones included; None when it leads nowhere."""
    return SeatInvitation.objects.filter(link_digest=digest_of(token)).select_related("panel__call").first()


def is_unnamed(invitation: SeatInvitation) -> bool:
    """Whether no account says yet how the person at the invitation's address is called."""
    person = person_at(invitation.email)
    return person is None or not person.name


def spent() -> Conflict:
    """What is answered to a link that no longer opens anything."""
    return Conflict("link_spent", _("This link has been used, replaced or has expired: ask the city for another one."))


def check_live(invitation: SeatInvitation) -> None:
    """Raise Conflict unless the invitation can still be answered."""
    if invitation.state != State.PENDING or invitation.is_over or invitation.panel.state == PanelState.PROCLAIMED:
        raise spent()


@transaction.atomic
def accept_invitation(invitation: SeatInvitation, *, name: str = "") -> Juror:
    """Seat whoever followed the link, charter accepted; a new person gets an account at that address.

    `name`: how they are called, asked where no account says it. Returns the seat. Raises Invalid (name), or Conflict:
    used, replaced, expired, marks locked, or someone who signs in.
    """
    panel = held(invitation.panel)
    check_live(invitation)
    person = _account(invitation)
    if not person.name:
        write_own_name(person, name, by=person)
    juror = Juror.objects.filter(panel=panel, user=person).first()
    _check_signs_in(person, juror, Conflict)
    if juror is None:
        juror = _seated(panel, person, invitation)
    move(invitation, "accept", by=person, answered_at=clock.now(), juror=juror)
    accept_charter(juror, by=person)
    return juror


def _account(invitation: SeatInvitation) -> User:
    """The account at the invitation's address, which following the link proves to be read."""
    person = person_at(invitation.email)
    if person is None:
        person = User.objects.create_user(invitation.email, language=invitation.language)
    if not EmailAddress.objects.filter(user=person, email__iexact=invitation.email, verified=True).exists():
        primary = not EmailAddress.objects.filter(user=person, primary=True).exists()
        EmailAddress.objects.update_or_create(
            user=person, email=invitation.email, defaults={"verified": True, "primary": primary}
        )
    return person


def _seated(panel: Panel, person: User, invitation: SeatInvitation) -> Juror:
    known = {str(pillar.pk): pillar for pillar in Pillar.objects.all()}
    levels = {known[key]: level for key, level in invitation.expertise.items() if key in known}
    facts = {name: getattr(invitation, name) for name in FACTS}
    return seat(panel, person, by=acting_for(invitation.invited_by), expertise=levels, **facts)


@transaction.atomic
def decline_invitation(invitation: SeatInvitation, *, word: str = "") -> SeatInvitation:
    """Note that whoever followed the link declines, with their `word` for the agents if any.

    Nobody gets an account by it. Returns the invitation. Raises Conflict (used, replaced, expired) or Invalid (word).
    """
    held(invitation.panel)
    check_live(invitation)
    if len(word) > LONGEST_WORD:
        raise Invalid("too_long", _("Write at most %(n)s characters.") % {"n": LONGEST_WORD}, field="word")
    try:
        validate_plain(word)
    except ValidationError as error:
        raise Invalid("odd_characters", error.messages[0], field="word") from error
    by = person_at(invitation.email) or SYSTEM
    return move(invitation, "decline", by=by, answered_at=clock.now(), word=word)


def _ended(until: Any) -> QuerySet[SeatInvitation]:
    ended = Q(answered_at__lte=until) | Q(answered_at__isnull=True, expires_at__lte=until)
    return SeatInvitation.objects.filter(ended, Q(juror__isnull=True) | ~Q(state=State.ACCEPTED))


ENDED = Compiled(_ended, until=SeatInvitation._meta.get_field("expires_at"))


def forget(until: datetime) -> int:
    """Delete, at the aware instant `until`, invitations that seated nobody and ended a month before.

    Returns 0: nothing is written.
    """
    ENDED.delete(until=until - KEPT)
    return 0
