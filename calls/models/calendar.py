"""The steps of a call's calendar: dates beside its own, some of which people come to or follow."""

from datetime import date, datetime, timedelta

from django.core.validators import URLValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.text import validate_single_line

from .call import Call

OF_THE_WEB = URLValidator(schemes=["https", "http"])


class CallDate(models.Model):
    """A step of the calendar beside the deadlines the call itself holds; with a place or an address, one to attend."""

    class Attendance(models.TextChoices):
        OPEN = "open", _("open to all")
        REGISTRATION = "registration", _("on registration")
        INVITATION = "invitation", _("by invitation")

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="dates")
    label = models.CharField(_("step"), max_length=160)
    at = models.DateTimeField(_("at"))
    ends_at = models.DateTimeField(
        _("ends at"),
        null=True,
        blank=True,
        help_text=_("Left empty where it is not known. Without the time shown: the last day, at any hour."),
    )
    with_time = models.BooleanField(_("show the time"), default=False)
    place = models.CharField(_("place and address"), max_length=250, blank=True, validators=[validate_single_line])
    online_at = models.URLField(
        _("address online"),
        blank=True,
        validators=[OF_THE_WEB],
        help_text=_("Public: whoever reads the page can follow it."),
    )
    attendance = models.CharField(_("who may come"), max_length=12, choices=Attendance.choices, blank=True)
    register_at = models.URLField(_("address for registration"), blank=True, validators=[OF_THE_WEB])
    # What people's calendars are told of changes: how often it moved, and when it last became what it is.
    sequence = models.PositiveIntegerField(_("times moved"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("calendar step")
        verbose_name_plural = _("calendar steps")
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("at")),
                name="calls_step_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def first_day(self) -> date:
        """The day in Paris on which it begins."""
        return self.at.astimezone(clock.PARIS).date()

    @property
    def last_day(self) -> date | None:
        """The last day in Paris of a step told by its days; None where its end is not known."""
        return self.ends_at.astimezone(clock.PARIS).date() if self.ends_at else None

    @property
    def ends_before(self) -> datetime | None:
        """The exclusive instant of its end: its hour, or the midnight after its last day; None where nobody said."""
        if self.with_time or self.last_day is None:
            return self.ends_at
        return clock.start_of(self.last_day + timedelta(days=1))

    @property
    def words(self) -> str:
        """When it is: its day, with the hour where that is told, or from when to when."""
        if self.ends_at:
            return wording.span(self.at, self.ends_at, with_time=self.with_time)
        return wording.day_and_hour(self.at) if self.with_time else wording.day(self.at, weekday=True)

    @property
    def is_somewhere(self) -> bool:
        """Whether there is a place to come to, or an address to follow it online."""
        return bool(self.place or self.online_at)

    @property
    def who_may_come(self) -> str:
        """Who may come, in words; empty where it is not said."""
        return capfirst(self.get_attendance_display()) if self.attendance else ""
