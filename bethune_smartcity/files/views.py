"""The one way a file leaves the portal."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views import View

from .readers import readable_files
from .scanning import check_released

KEPT = 3600


@method_decorator(login_not_required, name="dispatch")
class Download(View):
    """Send a file to those who may read it: as an attachment, with its true type, sandboxed. 404 to everyone else, and
    409 to all while the antivirus holds it back.

    Open to visitors because readers decide: pictures of a public project are files too.
    """

    access = "readers"

    def get(self, request: HttpRequest, pk: Any) -> FileResponse:
        stored = get_object_or_404(readable_files(request.user), pk=pk)
        check_released(stored)
        response = FileResponse(
            stored.blob.open("rb"), as_attachment=True, filename=stored.name, content_type=stored.content_type
        )
        response["X-Content-Type-Options"] = "nosniff"
        # Networks and search engines show the pictures of public pages; what else is here they find through its page.
        if not stored.content_type.startswith("image/"):
            response["X-Robots-Tag"] = "noindex"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        # What a visitor who is not signed in may read, anyone may keep for a while: the pictures of public pages.
        response["Cache-Control"] = "private, no-store" if request.user.is_authenticated else f"public, max-age={KEPT}"
        return response
