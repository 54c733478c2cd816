"""People and structures."""

import factory

from bethune_smartcity.accounts.models import Membership, Partner, Structure, User

PASSWORD = "a-password-for-tests"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@demo.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"
    password = factory.django.Password(PASSWORD)


class AgentFactory(UserFactory):
    is_agent = True
    name = factory.Sequence(lambda n: f"Agent {n}")


class StructureFactory(factory.django.DjangoModelFactory):
    """A company with an owner, or with `owner=` someone."""

    class Meta:
        model = Structure
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Structure {n} (démo)")
    country = "FR"
    city = "Béthune"

    @factory.post_generation
    def owner(self, create, extracted, **kwargs):
        if create:
            person = extracted or UserFactory(**kwargs)
            Membership.objects.create(structure=self, user=person, role=Membership.Role.OWNER)


class PartnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partner

    name = factory.Sequence(lambda n: f"Partner {n} (démo)")


def owner_of(structure):
    """The first owner of `structure`."""
    return User.objects.filter(memberships__structure=structure, memberships__role=Membership.Role.OWNER).first()


def join(structure, role, user=None):
    """A member of `structure` in that role. Returns the user."""
    user = user or UserFactory()
    Membership.objects.create(structure=structure, user=user, role=role)
    return user


def belong(structure, user):
    """Let `user` be a member of `structure`, if they are not."""
    Membership.objects.get_or_create(structure=structure, user=user, defaults={"role": Membership.Role.EDITOR})
