"""The back office's screens of what belongs to no single app."""

from .calendar_admin import CalendarLinkAdmin
from .legal_admin import LegalTextAdmin
from .news_admin import ArticleAdmin

__all__ = ["ArticleAdmin", "CalendarLinkAdmin", "LegalTextAdmin"]
