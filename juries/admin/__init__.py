"""Juries in the back office: who sits, who has done what; marks and choices once the jury knows them."""

from . import ballot, deliberation, panel, planning, scoring

__all__ = ["ballot", "deliberation", "panel", "planning", "scoring"]
