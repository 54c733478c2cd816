"""The back office's screens of what belongs to no single app."""

from .legal_admin import LegalTextAdmin
from .news_admin import ArticleAdmin

__all__ = ["ArticleAdmin", "LegalTextAdmin"]
