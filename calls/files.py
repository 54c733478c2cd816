"""Who may read the documents attached to applications."""

from typing import Any

from bethune_smartcity.core.access import can
from bethune_smartcity.files.models import StoredFile

from .models import Attachment


def may_read(user: Any, stored: StoredFile) -> bool:
    """Whether `stored` is attached to an application that `user` may read."""
    attachment = Attachment.objects.filter(file=stored).select_related("submission").first()
    return attachment is not None and can(user, "calls.view_submission", attachment.submission)
