"""Who may read the photographs of projects."""

from typing import Any

from django.db.models import Q, QuerySet

from bethune_smartcity.files.models import StoredFile

from .models import Photo
from .queries import followed_projects, visible_projects
from .workflow import PhotoState


def readable_photos(user: Any) -> QuerySet[StoredFile, Any]:
    """The keys of the photographs shown on the projects `user` sees, and of all those of the projects they follow."""
    shown = Q(project__in=visible_projects(user).order_by().values("pk"), state=PhotoState.ACCEPTED)
    photos = Photo.objects.filter(shown | Q(project__in=followed_projects(user).order_by().values("pk"))).order_by()
    sizes = [Q(pk__in=photos.values(size)) for size in ("small", "medium", "large")]
    return StoredFile.objects.filter(sizes[0] | sizes[1] | sizes[2]).values("pk")
