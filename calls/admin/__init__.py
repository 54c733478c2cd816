"""Calls and applications in the back office."""

from . import call, clarification, form, reminder, submission

__all__ = ["call", "clarification", "form", "reminder", "submission"]
