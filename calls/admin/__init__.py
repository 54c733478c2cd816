"""Calls and applications in the back office."""

from . import call, clarification, distinction, form, form_change, letter, message_text, reminder, submission

__all__ = [
    "call",
    "clarification",
    "distinction",
    "form",
    "form_change",
    "letter",
    "message_text",
    "reminder",
    "submission",
]
