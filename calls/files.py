"""Who may read the documents attached to applications."""

from typing import Any

from django.db.models import Q, QuerySet

from bethune_smartcity.accounts.rules import is_signed_in

from .models import Attachment
from .queries import visible_submissions
from .queries.submissions import structures_of


def readable_documents(user: Any) -> QuerySet[Attachment, Any]:
    """The keys of the files of the applications `user` may open; what was not handed in is for its owners alone."""
    seen = Attachment.objects.filter(submission__in=visible_submissions(user).order_by().values("pk"))
    if not is_signed_in(user):
        return seen.values("file")
    return seen.filter(Q(set_aside=False) | Q(submission__structure__in=structures_of(user))).values("file")
