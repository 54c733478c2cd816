"""What every part of the public API shares: open to all, read-only, in the reader's language, in pages."""

from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.fields import Field
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.viewsets import ReadOnlyModelViewSet


def language_asked(header: str) -> str:
    """The portal's language that an Accept-Language header prefers, French when it names none of them."""
    for wanted, _quality in parse_accept_lang_header(header):
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return "fr"


class ToldOnce:
    """For what many rows of one answer name: each row is told once, whoever names it."""

    def to_representation(self, named: Any) -> Any:
        if named.pk not in self._told:
            self._told[named.pk] = super().to_representation(named)  # type: ignore[misc]
        return self._told[named.pk]

    @cached_property
    def _told(self) -> dict[Any, Any]:
        return {}


class FieldsOnce:
    """For what an answer tells many times: its fields are listed once, not once for each row."""

    @cached_property
    def _readable_fields(self) -> list[Field]:
        return [field for field in self.fields.values() if not field.write_only]  # type: ignore[attr-defined]


class Pages(PageNumberPagination):
    """Fifty rows a page, a hundred at most when asked for."""

    page_size_query_param = "page_size"
    max_page_size = 100


class AskedFilters(DjangoFilterBackend):
    """Filters where the address asks for some: making their form to find that it is empty costs more than the rows."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        known = getattr(getattr(view, "filterset_class", None), "base_filters", {})
        return super().filter_queryset(request, queryset, view) if known.keys() & request.query_params else queryset


class PublicData(ReadOnlyModelViewSet):
    """A list and its details, open to everyone: who asks changes nothing to the answer."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    pagination_class = Pages
    filter_backends = (AskedFilters,)
    lookup_field = "slug"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Addresses of the API carry no language: the header alone says which one to speak.
        translation.activate(language_asked(request.META.get("HTTP_ACCEPT_LANGUAGE", "")))
        super().initial(request, *args, **kwargs)
