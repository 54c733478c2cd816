"""Who may read the pictures of the news."""

from typing import Any

from django.db.models import Q, QuerySet

from bethune_smartcity.files.models import StoredFile

from .models import SIZES
from .queries.news import visible_articles


def readable_pictures(user: Any) -> QuerySet[StoredFile, Any]:
    """The keys of the pictures of the articles that `user` may open, in each size."""
    articles = visible_articles(user).prefetch_related(None).order_by()
    opened = Q(pk__in=())
    for size in SIZES:
        opened |= Q(pk__in=articles.filter(**{f"{size}__isnull": False}).values(size))
    return StoredFile.objects.filter(opened).values("pk")
