"""Who may read the documents attached to applications."""

from typing import Any

from django.db.models import QuerySet

from .models import Attachment
from .queries import visible_submissions


def readable_documents(user: Any) -> QuerySet[Attachment, Any]:
    """The keys of the files attached to the applications `user` may open."""
    return Attachment.objects.filter(submission__in=visible_submissions(user).values("pk")).values("file")
