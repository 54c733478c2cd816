"""Days on which people would meet, for the dates that follow the day the demonstration is loaded."""

from datetime import date, timedelta

TUESDAY, THURSDAY = 1, 3


def midweek(day: date) -> date:
    """`day` where it is a Tuesday, a Wednesday or a Thursday, else the next Tuesday."""
    weekday = day.weekday()
    return day if TUESDAY <= weekday <= THURSDAY else day + timedelta(days=(TUESDAY - weekday) % 7)
