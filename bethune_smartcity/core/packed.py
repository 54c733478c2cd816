"""Answers packed for the way, where nothing in them is a secret.

The size of a packed answer tells what in it is said twice (BREACH): what holds a form's token, a cookie or something of
a person leaves as it is. Answers that are kept are packed already.
"""

from typing import Any

from django.http import HttpRequest
from django.middleware.gzip import GZipMiddleware

from .kept import TOKEN, accepts_gzip, is_personal

# Texts; pictures and documents are packed by their own formats.
TEXTS = ("text/", "application/xml", "application/json")
ALSO = ("+xml", "+json")


class PackedMiddleware(GZipMiddleware):
    """Pack the public texts that are drawn for each: feeds, the site map, open data, pages nobody is known on."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        return super().process_response(request, response) if may_be_packed(request, response) else response


def may_be_packed(request: HttpRequest, response: Any) -> bool:
    """Whether an answer is a text that holds nothing of anyone, and who asks can unpack it."""
    kind = response.get("Content-Type", "").partition(";")[0]
    if response.status_code != 200 or not (kind.startswith(TEXTS) or kind.endswith(ALSO)):
        return False
    if is_personal(request) or response.cookies or not accepts_gzip(request):
        return False
    return bool(response.streaming) or TOKEN not in response.content
