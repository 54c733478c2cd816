"""Instants people type: those of Paris."""

from .wall_clock import WallClockField


class InstantField(WallClockField):
    """A day and an hour in Paris, and the one instant they mean."""
