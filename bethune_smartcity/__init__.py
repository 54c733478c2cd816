"""Béthune Smart City: the portal of the city's calls for projects."""

from .celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
