"""People, the structures they act for, and the programme's partners."""

from functools import lru_cache
from typing import Any

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField

from bethune_smartcity.core import clock
from bethune_smartcity.core.text import validate_single_line
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.lifecycle.models import Stateful

from .workflow import INVITATION, InvitationState


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new account for `email`. Without a password one can sign in by e-mailed code only."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person, known by an e-mail address. Roles are facts; nobody stands above the rules."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name shown"), max_length=120, blank=True, validators=[validate_single_line])
    language = models.CharField(
        _("language"),
        max_length=5,
        default="fr",
        choices=[("fr", "Français"), ("en", "English"), ("de", "Deutsch"), ("nl", "Nederlands")],
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_agent = models.BooleanField(_("city agent"), default=False)
    is_administrator = models.BooleanField(_("administrator of accounts and settings"), default=False)
    date_joined = models.DateTimeField(_("joined at"), default=clock.now)
    # When a closed account was opened again, the last time.
    reopened_at = models.DateTimeField(_("opened again at"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    @property
    def is_staff(self) -> bool:
        """Whether the back office opens at all; what it shows is decided by rules."""
        return self.is_agent or self.is_administrator

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Ask the rules, and nothing but the rules."""
        return self.is_active and bool(rules.has_perm(permission, self, obj))

    def has_perms(self, permissions: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(permission, obj) for permission in permissions)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class Structure(models.Model):
    """Who applies: a company, an association or another body."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        ASSOCIATION = "association", _("association")
        OTHER = "other", _("other structure")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.COMPANY)
    name = models.CharField(_("name"), max_length=160, validators=[validate_single_line])
    country = CountryField(_("country"), default="FR")
    registration_number = models.CharField(
        _("registration number"), max_length=40, blank=True, validators=[validate_single_line]
    )
    city = models.CharField(_("town"), max_length=120, blank=True, validators=[validate_single_line])
    website = models.URLField(_("website"), blank=True)
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    people = models.ManyToManyField(User, through="Membership", related_name="structures")

    class Meta:
        verbose_name = _("structure")
        verbose_name_plural = _("structures")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def country_name(self) -> str:
        """The name of its country, in the language in force."""
        # The field makes a new Country at each reading; lists read fifty.
        return name_of_country(str(vars(self).get("country") or self.country), get_language())


@lru_cache(maxsize=1024)
def name_of_country(code: str, _language: str | None) -> str:
    return str(countries.name(code))


class Membership(models.Model):
    """What a person may do for a structure."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        EDITOR = "editor", _("editor")
        READER = "reader", _("reader")

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("person"), related_name="memberships")
    structure = models.ForeignKey(Structure, models.CASCADE, verbose_name=_("structure"), related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role.choices)
    since = models.DateTimeField(_("since"), default=clock.now)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "structure"], name="accounts_one_membership")]

    def __str__(self) -> str:
        return f"{self.user}, {self.structure}"


class Invitation(Stateful):
    """Someone, known by an address, asked to act for a structure. Open until it is answered or `expires_at`."""

    workflow = INVITATION

    structure = models.ForeignKey(Structure, models.CASCADE, verbose_name=_("structure"), related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=8, choices=Membership.Role.choices)
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("invited by"), related_name="+"
    )
    made_at = models.DateTimeField(_("invited at"), default=clock.now)
    expires_at = models.DateTimeField(_("open until"))
    state = models.CharField(_("state"), max_length=9, choices=InvitationState.choices, default=InvitationState.PENDING)
    closed_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "email"],
                condition=models.Q(state="pending"),
                name="accounts_one_open_invitation",
            ),
            models.CheckConstraint(
                condition=models.Q(state="pending", closed_at__isnull=True)
                | ~models.Q(state="pending") & models.Q(closed_at__isnull=False),
                name="accounts_invitation_stamped",
            ),
        ]
        indexes = [models.Index(fields=["invited_by", "made_at"], name="invitation_by_inviter")]

    def __str__(self) -> str:
        return f"{self.email}, {self.structure}"


class Partner(models.Model):
    """A company or body that carries calls with the city. Its logo, if it has one, stands for its name on pages."""

    name = models.CharField(_("name"), max_length=120, unique=True, validators=[validate_single_line])
    website = models.URLField(_("website"), blank=True)
    contacts = models.ManyToManyField(User, blank=True, verbose_name=_("contacts"), related_name="partners")
    logo = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("logo"), related_name="+"
    )
    logo_width = models.PositiveSmallIntegerField(_("width of the logo"), null=True, blank=True, editable=False)
    logo_height = models.PositiveSmallIntegerField(_("height of the logo"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(logo__isnull=True, logo_width__isnull=True, logo_height__isnull=True)
                | models.Q(logo__isnull=False, logo_width__gt=0, logo_height__gt=0),
                name="accounts_logo_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name
