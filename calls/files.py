"""Who may read the documents attached to applications, and the logos of partners."""

from typing import Any

from django.db.models import Q, QuerySet

from bethune_smartcity.accounts.models import Partner
from bethune_smartcity.accounts.rules import is_agent, is_signed_in
from bethune_smartcity.core import clock

from .models import Attachment, Call
from .queries import announced, visible_submissions
from .queries.submissions import structures_of


def readable_documents(user: Any) -> QuerySet[Attachment, Any]:
    """The keys of the files of the applications `user` may open; what was not handed in is for its owners alone."""
    seen = Attachment.objects.filter(submission__in=visible_submissions(user).order_by().values("pk"))
    if not is_signed_in(user):
        return seen.values("file")
    return seen.filter(Q(set_aside=False) | Q(submission__structure__in=structures_of(user))).values("file")


def readable_logos(user: Any) -> QuerySet[Partner, Any]:
    """The keys of the logos that `user` may see: those of the partners of announced calls; all of them, for agents."""
    known = Partner.objects.filter(logo__isnull=False).order_by()
    if not is_agent(user):
        carried = Call.partners.through.objects.filter(call__in=announced(clock.now()).order_by().values("pk"))
        known = known.filter(pk__in=carried.values("partner"))
    return known.values("logo")
