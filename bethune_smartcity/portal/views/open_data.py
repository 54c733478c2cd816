"""Open data: the page that lists it, its files, and its catalogue for machines."""

import hashlib
import json
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import TemplateView, View

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.models import City
from bethune_smartcity.portal.opendata import DATASETS, FILES, Column, DataFile, Dataset
from bethune_smartcity.portal.opendata.catalogue import LICENCE

# A file larger than that waits on the disk while it is sent.
IN_MEMORY = 1_000_000


class OpenData(PublicPage, TemplateView):
    kept_by = ()
    template_name = "portal/open_data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = clock.now()
        return super().get_context_data(
            datasets=[(dataset, dataset.latest(moment)) for dataset in DATASETS],
            licence=LICENCE,
            crumbs=[(_("Open data"), "")],
            **kwargs,
        )


class OpenFile(PublicPage, View):
    """A file of a dataset, as it is at this instant; any site's scripts may read it.

    It is written whole before it is sent, to the disk where it is large: its digest is its version.
    """

    name = ""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        file, moment = FILES[self.name], clock.now()
        content, digest = written(file, moment)
        etag, changed = f'"{digest}"', changed_at(file, digest, moment)
        answer = get_conditional_response(request, etag, int(changed.timestamp()))
        if answer is None or answer.status_code != 304:
            answer = FileResponse(content, filename=file.name, content_type=f"{file.content_type}; charset=utf-8")
        else:
            content.close()
        answer["ETag"], answer["Last-Modified"] = etag, http_date(changed.timestamp())
        return opened(answer)


def written(file: DataFile, moment: datetime) -> tuple[Any, str]:
    """The content of `file` at the aware instant `moment`, ready to be read, and its digest."""
    content, digest = SpooledTemporaryFile(IN_MEMORY), hashlib.sha256()  # noqa: SIM115 (closed by the answer)
    for line in file.lines(moment):
        octets = line.encode()
        digest.update(octets)
        content.write(octets)
    content.seek(0)
    return content, digest.hexdigest()[:32]


def changed_at(file: DataFile, digest: str, moment: datetime) -> datetime:
    """Since when `file` is known to have this content: never earlier than it has."""
    key = f"portal:open-data:{file.name}"
    known = cache.get(key)
    if known is None or known[0] != digest:
        known = (digest, moment)
        cache.set(key, known, None)
    return known[1]


def opened(answer: Any) -> HttpResponseBase:
    """`answer`, which browsers let any site read, and ask about again each time."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "public, no-cache"
    return answer


class Catalogue(PublicPage, View):
    """The datasets for catalogues and search engines, in the words of schema.org."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        moment = clock.now()
        with translation.override(settings.LANGUAGE_CODE):
            told = catalogue(City.current(), moment)
        body = json.dumps(told, ensure_ascii=False, indent=1)
        return opened(HttpResponse(body, content_type="application/ld+json; charset=utf-8"))


def catalogue(city: City, moment: datetime) -> dict[str, Any]:
    page = settings.SITE_URL + reverse("portal:open-data")
    publisher = {"@type": "GovernmentOrganization", "name": city.name, "url": city.website or settings.SITE_URL}
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "name": f"Données ouvertes, {city.name}",
        "url": page,
        "license": LICENCE,
        "publisher": publisher,
        "dataset": [_dataset(dataset, page, publisher, moment) for dataset in DATASETS],
    }


def described(column: Column) -> str:
    """What `column` means, after the words it holds where they are few."""
    return (
        f"{', '.join(column.values)}{pgettext('between label and text', ':')} {column.meaning}"
        if column.values
        else str(column.meaning)
    )


def _dataset(dataset: Dataset, page: str, publisher: dict[str, Any], moment: datetime) -> dict[str, Any]:
    latest = dataset.latest(moment)
    return {
        "@type": "Dataset",
        "@id": f"{page}#{dataset.key}",
        "name": str(dataset.title),
        "description": str(dataset.description),
        "url": f"{page}#{dataset.key}",
        "inLanguage": "fr",
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": publisher,
        **({"dateModified": latest.astimezone(clock.PARIS).isoformat(timespec="seconds")} if latest else {}),
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column.name, "description": described(column)}
            for column in dataset.columns
        ],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": file.content_type, "contentUrl": f"{page}{file.name}"}
            for file in dataset.files
        ],
    }
