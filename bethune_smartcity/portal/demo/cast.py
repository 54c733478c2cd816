"""The people of the demonstration. No invented person bears a plausible name: they are called by their role."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from bethune_smartcity.accounts.models import Partner, User

PASSWORD = "demo-bethune-2017"  # noqa: S105 - published on the sign-in page of every demonstration
JURORS = 9


def address(name: str) -> str:
    return f"{name}@demo.example"


@dataclass(frozen=True)
class Cast:
    """Everyone the demonstration needs, by role."""

    agent: User
    other_agent: User
    administrator: User
    chair: User
    jurors: list[User]
    founder: User
    colleague: User
    other: User
    mentor: User
    partner_contact: User
    partner: Partner


def person(name: str, shown: str, password: str = "", **facts: bool) -> User:
    """An account whose address is confirmed; made once, found again afterwards. Without a password, nobody signs in."""
    user, created = User.objects.get_or_create(
        email=address(name), defaults={"name": shown, "password": password or make_password(None), **facts}
    )
    if created:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def gather() -> Cast:
    """Everyone of the demonstration, created on the first call."""
    password = make_password(PASSWORD)
    contact = person("partenaire", "Contact ENGIE (démo)", password)
    partner, _created = Partner.objects.get_or_create(name="ENGIE", defaults={"website": "https://www.engie.com"})
    partner.contacts.add(contact)
    return Cast(
        agent=person("agent", "Agent de la ville (démo)", password, is_agent=True),
        other_agent=person("agent2", "Agent d’un autre appel (démo)", password, is_agent=True),
        administrator=person("admin", "Administration (démo)", password, is_administrator=True),
        chair=person("presidence", "Présidence du jury (démo)", password),
        jurors=[person(f"jure{n}", f"Juré·e {n} (démo)", password) for n in range(1, JURORS + 1)],
        founder=person("fondatrice", "Fondatrice (démo)", password),
        colleague=person("collegue", "Collègue (démo)", password),
        other=person("autre", "Autre startup (démo)", password),
        mentor=person("mentor", "Mentor (démo)", password),
        partner_contact=contact,
        partner=partner,
    )
