"""One view a job, as short as it can be written."""

import csv
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render

from .models import Item, Question

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


class SheetForm(forms.Form):
    """Five marks by halves with a comment each, two texts and a version, as a juror's sheet has."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = [(str(n / 2), f"{n / 2}") for n in range(11)]
        for index in range(5):
            self.fields[f"mark{index}"] = forms.ChoiceField(
                label=f"Criterion {index}", choices=marks, widget=forms.RadioSelect, required=False
            )
            self.fields[f"comment{index}"] = forms.CharField(label="Comment", required=False, widget=forms.Textarea)
        for name in ("comment", "note"):
            self.fields[name] = forms.CharField(label=name, required=False, widget=forms.Textarea)


class Rows(forms.MultiWidget):
    """Three rows of three cells."""

    def __init__(self) -> None:
        super().__init__([forms.TextInput()] * 9)

    def decompress(self, value: str) -> list[str]:
        return [value[:20]] * 3


CHOICES = [("A", "In the centre"), ("B", "In a district"), ("C", "Everywhere")]
FIELDS = {
    "short": lambda asked: forms.CharField(label=asked.label, help_text="A sentence.", required=False),
    "long": lambda asked: forms.CharField(
        label=asked.label, help_text="A sentence.", required=False, widget=forms.Textarea
    ),
    "choice": lambda asked: forms.ChoiceField(
        label=asked.label, help_text="A sentence.", choices=CHOICES, required=False, widget=forms.RadioSelect
    ),
    "choices": lambda asked: forms.MultipleChoiceField(
        label=asked.label, help_text="A sentence.", choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    ),
    "table": lambda asked: forms.CharField(label=asked.label, help_text="A sentence.", required=False, widget=Rows),
    "file": lambda asked: forms.FileField(label=asked.label, help_text="A sentence.", required=False),
}


class QuestionsForm(forms.Form):
    """The questions of one section, each by its kind."""

    def __init__(self, questions: list[Question], answers: dict[int, str]) -> None:
        super().__init__(initial={f"q{q.pk}": answers.get(q.pk, "") for q in questions})
        for question in questions:
            self.fields[f"q{question.pk}"] = FIELDS[question.kind](question)


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


def read(pk: int) -> dict[str, Any]:
    """An item with its owner, the questions of its form with what it answers, and its sheets."""
    item = Item.objects.select_related("owner").get(pk=pk)
    answers = {answer.question_id: answer.value for answer in item.answers.all()}
    parts: dict[str, list[Any]] = {}
    for question in Question.objects.filter(form=1).order_by("pk"):
        parts.setdefault(question.section, []).append((question.label, answers.get(question.pk, "")))
    return {"item": item, "parts": parts, "sheets": item.sheets.all()[:5]}


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "floor/detail.html", read(pk))


def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "floor/sheet.html", read(pk) | {"form": SheetForm(initial={"mark0": "3.5", "version": 1})})


def form(request: HttpRequest, pk: int) -> HttpResponse:
    item = Item.objects.get(pk=pk)
    return render(request, "floor/form.html", {"item": item, "form": ItemForm({"text0": item.one_line})})


def section(request: HttpRequest, pk: int) -> HttpResponse:
    """One section of fifteen in a form of sixty, with how many of each lack an answer."""
    item = Item.objects.get(pk=pk)
    parts: dict[str, list[Question]] = {}
    for question in Question.objects.filter(form=2).order_by("pk"):
        parts.setdefault(question.section, []).append(question)
    answers = dict(item.answers.filter(question__form=2).values_list("question", "value"))
    lacks = {name: sum(q.pk not in answers for q in questions) for name, questions in parts.items()}
    form = QuestionsForm(parts["Part 1"], answers)
    return render(request, "floor/section.html", {"item": item, "form": form, "lacks": lacks})


def save(request: HttpRequest, pk: int) -> JsonResponse:
    """Hold the item, read what is kept, write it and the item's next version."""
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=pk)
        kept = item.sheets.order_by("pk").first()
        kept.total = float(request.POST["value"])
        kept.save(update_fields=["total"])
        Item.objects.filter(pk=pk, version=item.version).update(version=item.version + 1)
    return JsonResponse({"saved": True, "version": item.version + 1})


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
