"""Calls and applications in the back office."""

from . import call, clarification, form, submission

__all__ = ["call", "clarification", "form", "submission"]
