"""The search of all that is public: which kinds of pages, which of them hold the words, how each is shown."""

from .finding import Found, Group, find
from .kinds import KINDS, Hit, Kind

__all__ = ["KINDS", "Found", "Group", "Hit", "Kind", "find"]
