"""One view a job, as short as it can be written."""

import csv
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render

from .models import Item, Sheet

PAGE = 50


class ItemForm(forms.Form):
    """Ten fields, as a section of an application has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for index in range(5):
            self.fields[f"text{index}"] = forms.CharField(
                label=f"Text {index}", help_text="A sentence.", required=False, widget=forms.Textarea
            )
            self.fields[f"line{index}"] = forms.CharField(label=f"Line {index}", help_text="A line.", required=False)


class Echo:
    def write(self, line: str) -> str:
        return line


def rows(request: HttpRequest) -> Any:
    items = Item.objects.select_related("owner")
    if "state" in request.GET:
        items = items.filter(state=request.GET["state"])
    return items.order_by("-score" if request.GET.get("sort") == "score" else "number")[:PAGE]


def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "floor/list.html", {"items": rows(request)})


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    item = Item.objects.select_related("owner").get(pk=pk)
    return render(request, "floor/detail.html", {"item": item, "sheets": item.sheets.all()[:5]})


def form(request: HttpRequest, pk: int) -> HttpResponse:
    item = Item.objects.get(pk=pk)
    return render(request, "floor/form.html", {"item": item, "form": ItemForm({"text0": item.one_line})})


def save(request: HttpRequest, pk: int) -> JsonResponse:
    with transaction.atomic():
        sheet = Sheet.objects.select_for_update().filter(item_id=pk).first()
        sheet.total = float(request.POST["value"])
        sheet.save(update_fields=["total"])
    return JsonResponse({"saved": True})


def api(request: HttpRequest) -> JsonResponse:
    found = [
        {"number": i.number, "title": i.title, "line": i.one_line, "owner": i.owner.name, "state": i.state}
        for i in rows(request)
    ]
    return JsonResponse({"count": Item.objects.count(), "results": found})


def export(request: HttpRequest) -> StreamingHttpResponse:
    writer = csv.writer(Echo())
    items = Item.objects.select_related("owner").order_by("number").iterator(chunk_size=2000)
    lines = (writer.writerow([i.number, i.title, i.owner.name, i.owner.country, i.state, i.one_line]) for i in items)
    return StreamingHttpResponse(lines, content_type="text/csv")


def tiny(request: HttpRequest) -> HttpResponse:
    return render(request, "floor/tiny.html", {"title": "Béthune"})
