"""A message is a row before it is a mail: written in the transaction of its event, unique, sent afterwards."""

import re

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock

from .groups import Channel

# How the fault of an address that no server will ever take begins: with the code it gave (RFC 5321, 4.2.1).
REFUSED = r"^5[0-9][0-9] "


class Message(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("to be sent")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        HELD = "held", _("held back")
        EXPIRED = "expired", _("not sent: too late")
        GATHERED = "gathered", _("waits for the day’s e-mail")
        SHOWN = "shown", _("shown in the portal")
        WITHHELD = "withheld", _("not sent: its recipient may no longer read it")

    key = models.CharField(_("key"), max_length=250, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    # What it is about; nothing for the codes and links of one's own account.
    about_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, verbose_name=_("about (kind)"), related_name="+"
    )
    about_id = models.CharField(_("about (identifier)"), max_length=36, blank=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("recipient"),
        related_name="messages",
    )
    address = models.EmailField(_("address"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr")
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(_("text"), blank=True)
    # Where the portal put the links of its text, and where its foot begins: nothing a person typed makes either.
    layout = models.JSONField(_("links and foot"), default=dict, blank=True, editable=False)
    # What a message with a secret says and to whom, unreadable without the portal's key; emptied once it has left.
    sealed = models.TextField(_("sealed text"), blank=True)
    path = models.CharField(_("page"), max_length=250, blank=True)
    # What ends it, for messages to followers: their mails say it in their headers.
    stop_path = models.CharField(_("page that ends it"), max_length=250, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(_("written at"), default=clock.now)
    due_at = models.DateTimeField(_("due at"), default=clock.now)
    # From when on it is of no use: a code that no longer opens, a reminder of a date that is past.
    expires_at = models.DateTimeField(_("of use until"), null=True, blank=True)
    retry_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=250, blank=True)
    replayed = models.BooleanField(_("replayed"), default=False)
    digest = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("the day’s e-mail that told it"),
        related_name="told",
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-due_at", "-pk"]
        indexes = [
            # SQLite takes these only where a query says the very same: that the stamp is null. What is shown in the
            # portal alone has none either, and grows without end: the state comes first, so that none of it is read.
            models.Index(fields=["state", "due_at"], name="message_unsent", condition=models.Q(sent_at__isnull=True)),
            models.Index(
                fields=["state", "expires_at"],
                name="message_expiring",
                condition=models.Q(sent_at__isnull=True, expires_at__isnull=False),
            ),
            models.Index(fields=["sent_at"], name="message_sent", condition=models.Q(sent_at__isnull=False)),
            # What was mailed to mere addresses is looked for at each round, to be forgotten in time.
            models.Index(
                fields=["kind", "due_at"], name="message_to_mailbox", condition=models.Q(recipient__isnull=True)
            ),
            models.Index(fields=["recipient", "-due_at"], name="message_of_recipient"),
            models.Index(fields=["recipient", "due_at"], name="message_gathered", condition=models.Q(state="gathered")),
            models.Index(fields=["about_type", "about_id"], name="message_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="message_sent_is_stamped",
            )
        ]

    def __str__(self) -> str:
        # Never its subject: lists, titles and the journal print this, before the hour it may be told as well.
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_refused(self) -> bool:
        """Whether the mail server said that it will never take the address."""
        return self.state == self.State.FAILED and bool(re.match(REFUSED, self.error))


class Preference(models.Model):
    """How a person wants the messages of a group, or of one kind in it (`kind`); no row where they chose nothing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="preferences"
    )
    group = models.CharField(_("group of messages"), max_length=40)
    # Empty for the whole group; a kind without a row of its own goes as its group.
    kind = models.CharField(_("kind"), max_length=60, blank=True, default="")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)

    class Meta:
        verbose_name = _("choice about messages")
        verbose_name_plural = _("choices about messages")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "group", "kind"], name="preference_once"),
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values), name="preference_of_a_known_channel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Step(models.Model):
    """A step of a ladder, for one thing and one date of it: held back, called off, written or let go.

    What nobody touched and nothing was written of has no row: it follows from the ladder and the date alone.
    `written_at` is when everyone it concerned had been written to.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held back")
        CANCELLED = "cancelled", _("cancelled")
        WRITTEN = "written", _("written")
        DROPPED = "dropped", _("not sent: too late")

    key = models.CharField(_("key"), max_length=160, unique=True)
    ladder = models.CharField(_("ladder"), max_length=40)
    code = models.CharField(_("rung"), max_length=8)
    about_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("about (kind)"), related_name="+")
    about_id = models.CharField(_("about (identifier)"), max_length=36)
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    told = models.PositiveIntegerField(_("messages written"), default=0)
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of a ladder")
        verbose_name_plural = _("steps of ladders")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["about_type", "about_id"], name="step_about")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Subscription(models.Model):
    """Someone follows a topic: a signed-in person at once, an address once its mailbox has confirmed.

    `holder` stands for the mailbox in links: it says nothing of it. `about` is the key of what is followed, 0 for all
    that the topic tells.
    """

    topic = models.CharField(_("topic"), max_length=40)
    about = models.PositiveBigIntegerField(_("about (identifier)"), default=0)
    holder = models.CharField(_("mailbox, unreadable"), max_length=40, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("person"),
        related_name="subscriptions",
    )
    address = models.EmailField(_("address"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr")
    asked_at = models.DateTimeField(_("requested at"), default=clock.now)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["topic", "about", "id"],
                name="subscription_live",
                condition=models.Q(confirmed_at__isnull=False, ended_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["topic", "about", "holder"], name="subscription_once"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) & ~models.Q(address="")
                | models.Q(user__isnull=False, address=""),
                name="subscription_has_one_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_in_force(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None

    @property
    def mailbox(self) -> str:
        """Where it is written to: a person's present address."""
        return self.user.email if self.user else self.address

    @property
    def reads(self) -> str:
        """The language it is written in."""
        return self.user.language if self.user else self.language


class Broadcast(models.Model):
    """Something to tell all who follow it: a row in the transaction of its event, written out in batches afterwards.

    `cursor` is the last subscription written to: what was interrupted goes on from there.
    """

    key = models.CharField(_("key"), max_length=250, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("about (kind)"), related_name="+")
    subject_id = models.CharField(_("about (identifier)"), max_length=36)
    step = models.CharField(_("step"), max_length=60, blank=True)
    asked_at = models.DateTimeField(_("requested at"), default=clock.now)
    due_at = models.DateTimeField(_("due at"), default=clock.now)
    cursor = models.PositiveBigIntegerField(_("last subscription written to"), default=0)
    written = models.PositiveIntegerField(_("messages written"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # Midway too: nobody else is written to until it is let go, or ever.
    held_at = models.DateTimeField(_("held back at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("called off at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message to followers")
        verbose_name_plural = _("messages to followers")
        ordering = ["-due_at", "-pk"]
        indexes = [models.Index(fields=["due_at"], name="broadcast_waiting", condition=models.Q(ended_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(held_at__isnull=True) | models.Q(ended_at__isnull=True),
                name="broadcast_held_is_not_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at__isnull=True) | models.Q(ended_at__isnull=False),
                name="broadcast_cancelled_is_ended",
            ),
        ]

    def __str__(self) -> str:
        # Never what it says: it may wait for its hour.
        return f"{self._meta.verbose_name} {self.pk}"


class Sweep(models.Model):
    """When the sweep last ended its round: whoever watches the portal reads here that the background works."""

    ended_at = models.DateTimeField(_("ended at"))
    written = models.PositiveIntegerField(_("messages written"), default=0)
    sent = models.PositiveIntegerField(_("messages sent"), default=0)

    class Meta:
        verbose_name = _("round of messages")
        verbose_name_plural = _("rounds of messages")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="notifications_one_sweep")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
