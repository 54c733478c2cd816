"""The base of every admin screen: the same permissions and operations as the pages, nothing deleted in bulk."""

from operator import attrgetter
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .access import can, remembered
from .admin_acts import ActsMixin, is_key
from .admin_site import Chapter
from .errors import DomainError
from .instants import DayField, InstantField
from .text import normalise
from .wall_clock import InstantInput

SAFE = ("GET", "HEAD", "OPTIONS")


class Rights:
    """The four rights of an admin screen, as names in some `rules.py`; an empty name means nobody.

    `door` is asked about no object: whether this person works with such things at all. The others are asked about
    the row, or about what the path `subject` leads to from it; those named in `outright` need no row to be answered.
    Which rows there are is the queryset's business.
    """

    door: ClassVar[str] = ""
    outright: ClassVar[tuple[str, ...]] = ()
    subject: ClassVar[str] = ""
    view_permission: ClassVar[str] = ""
    add_permission: ClassVar[str] = ""
    change_permission: ClassVar[str] = ""
    delete_permission: ClassVar[str] = ""

    def holds(self, request: HttpRequest, permission: str, obj: Any) -> bool:
        if not permission or not can(request.user, self.door):
            return False
        if permission in self.outright:
            return can(request.user, permission)
        if obj is None or permission == self.door:
            return True
        return remembered(request, permission, attrgetter(self.subject)(obj) if self.subject else obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.view_permission or self.door, obj)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.holds(request, self.add_permission, args[0] if args else None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.change_permission, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.delete_permission, obj)


def named_rows(screen: Any, request: HttpRequest) -> Any:
    """The rows of a screen that the visitor may list, with what their names are made of."""
    rows = screen.get_queryset(request)
    return rows if rows.query.select_related else rows.select_related(*(screen.list_select_related or ()))


class KeySelect(AutocompleteSelect):
    """A related row found by typing; what was sent in its place and is no key is passed over."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        pk = self.field.remote_field.model._meta.pk
        return super().optgroups(name, [each for each in value if is_key(pk, str(each))], attrs)


class SeenChoices:
    """Lists of related rows hold what this person may list themselves, and nothing else."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices_for(db_field.remote_field.model, request))
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", KeySelect(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices_for(db_field.remote_field.model, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def choices_for(self, model: type[models.Model], request: HttpRequest) -> Any:
        return named_rows(self.admin_site.get_model_admin(model), request)  # type: ignore[attr-defined]


DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
INSTANT = InstantInput()
# The browser's own pickers, one field each; boxes to tick rather than lists to hold a key on.
WIDGETS: Any = {
    models.DateField: {"form_class": DayField, "widget": DAY},
    models.DateTimeField: {"form_class": InstantField, "widget": INSTANT},
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
}


class Whitelisted:
    """Every field shown is read-only but those `writable` names; `writable_once` are written when a row is added."""

    writable: ClassVar[tuple[str, ...]] = ()
    writable_once: ClassVar[tuple[str, ...]] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = self.writable if obj is not None else (*self.writable, *self.writable_once)
        localised = getattr(self, "replace_orig_field", list)
        written = set(localised(names))
        shown = localised(flatten_fieldsets(self.get_fieldsets(request, obj)))  # type: ignore[attr-defined]
        return [name for name in shown if name not in written]


class PortalForm(forms.ModelForm):
    """A form whose constraints speak: `sentences` gives each the field and the words it is told in."""

    sentences: ClassVar[dict[str, tuple[str, Any]]] = {}

    def _update_errors(self, errors: Any) -> None:
        """Tell broken constraints in our words; the rest as it comes."""
        spoken = [c for c in self.instance._meta.constraints if c.name in self.sentences]
        named = {c.get_violation_error_message(): self.sentences[c.name] for c in spoken}
        general = errors.error_dict.pop(NON_FIELD_ERRORS, [])
        told = [named[e.message] for e in general if e.message in named]
        kept = [e for e in general if e.message not in named]
        if kept:
            errors.error_dict[NON_FIELD_ERRORS] = kept
        super()._update_errors(errors)  # type: ignore[misc]
        for field, sentence in told:
            self.add_error(field if field in self.fields else None, sentence)


def saying(**sentences: tuple[str, Any]) -> type[PortalForm]:
    """A PortalForm with those words: constraint=(field, sentence)."""
    return type("Saying", (PortalForm,), {"sentences": sentences})


class SeenFilter(admin.RelatedFieldListFilter):
    """A filter on a related row that offers only those this person may list themselves."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        related = model_admin.admin_site.get_model_admin(field.remote_field.model)
        return [(row.pk, str(row)) for row in named_rows(related, request)]


def filter_name(item: Any) -> str:
    """The name an entry of `list_filter` has in addresses."""
    if isinstance(item, type):
        return item.parameter_name  # type: ignore[attr-defined]
    return item if isinstance(item, str) else item[0]


class PortalAdmin(ActsMixin, Rights, SeenChoices, Whitelisted, admin.ModelAdmin):
    """An admin screen of the portal.

    Subclasses narrow `get_queryset` to what the visitor may see, keep what they may write to `writable`, and carry it
    out by operations: `create(request, obj, form)` and `update(request, obj, form)`. A DomainError comes back as an
    error of the form, with everything that was typed.
    """

    chapter: ClassVar[Chapter] = Chapter.BACKSTAGE
    place: ClassVar[int] = 0
    # Whether the journal tells about such rows, to those who see them.
    in_journal: ClassVar[bool] = False
    # Whether messages are written about such rows: the outbox tells of them to those who see them. What the journal
    # tells about is so without saying it.
    in_outbox: ClassVar[bool] = False
    # A column of folded text that searches look into, instead of `search_fields`.
    folded_search: ClassVar[str] = ""
    # Whether one often adds several in a row.
    adds_many: ClassVar[bool] = False
    view_on_site = False
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions_on_top = True
    form = PortalForm
    formfield_overrides = WIDGETS

    def lock(self, obj: Any) -> Any:
        """Why `obj` does not change now, as a sentence; empty when it does."""
        return ""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and request.method in SAFE and self.lock(obj):
            return False
        return super().has_change_permission(request, obj)

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Only what the page offers to filter by: any other column would answer questions one by one."""
        offered = [filter_name(found) for found in (*self.get_list_filter(request), self.date_hierarchy or "pk")]
        named = any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        return named and bool(super().lookup_allowed(lookup, value, request))

    def get_search_fields(self, request: HttpRequest) -> Any:
        return [self.folded_search] if self.folded_search else super().get_search_fields(request)

    def get_search_results(self, request: HttpRequest, queryset: Any, term: str) -> tuple[Any, bool]:
        if not self.folded_search:
            return super().get_search_results(request, queryset, term)
        for word in normalise(term).split()[:8]:
            queryset = queryset.filter(**{f"{self.folded_search}__contains": word})
        return queryset, False

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Only what the journal tells about has a history."""
        raise Http404

    # --- Writing ---

    def create(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        """Keep a new row. Returns it; it may be another instance than `obj`."""
        raise NotImplementedError

    def update(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        """Keep what was changed of a row."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            self.update(request, obj, form)
            return
        made = self.create(request, obj, form)
        obj.__dict__.update(made.__dict__)

    def stored(self, request: HttpRequest, obj: Any) -> Any:
        """`obj` as it is kept: the form has already written on the instance it was given."""
        return self.get_queryset(request).get(pk=obj.pk)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return refused_form(form_class, refusal) if refusal else form_class

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form; when an operation refuses, the same form again with its sentence, and nothing kept."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            answer = super().changeform_view(request, *args, **kwargs)
            answer.status_code = refusal.status
            return answer

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The rows themselves: what goes with them may be hidden from the visitor, and the operation judges it."""
        return [str(obj) for obj in objs], {self.opts.verbose_name_plural: len(objs)}, set(), []

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as refusal:
            self.message_user(request, str(refusal), "ERROR")
        except models.ProtectedError:
            self.message_user(request, _("Something still depends on it: it stays."), "ERROR")
        return HttpResponseRedirect("../change/")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and request.method in SAFE and self.lock(obj):
            return False
        return super().has_delete_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A row that is being added has nothing to read yet."""
        return [inline for inline in self.inlines if obj is not None or not issubclass(inline, ReadTable)]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        found.title = str(capfirst(self.opts.verbose_name_plural))
        return found

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        obj = kwargs.get("obj")
        model = capfirst(self.opts.verbose_name)
        context["title"] = _("%(model)s: add") % {"model": model} if obj is None else str(obj)
        context["subtitle"] = "" if obj is None else model
        inlines: Any = self.get_inline_instances(request, obj) if obj is not None else []
        locks = [self.lock(obj), *(inline.lock_once(request, obj) for inline in inlines)] if obj is not None else []
        context["locks"] = list(dict.fromkeys(str(sentence) for sentence in locks if sentence))
        context["show_save_and_add_another"] = self.adds_many
        context["acts"] = self.open_acts(request, obj) if obj is not None else []
        context["has_journal"] = self.in_journal
        return super().render_change_form(request, context, **kwargs)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Keep the rows of an inline, one operation a row."""
        formset.save(commit=False)
        inlines = self.get_inline_instances(request, form.instance)
        inline: Any = next(found for found in inlines if found.model is formset.model)
        for row in formset.deleted_objects:
            inline.drop(request, row)
        for row in (*(changed for changed, _fields in formset.changed_objects), *formset.new_objects):
            inline.keep(request, row)
        formset.save_m2m()

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The journal tells it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The journal tells it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """The journal tells it."""


def refused_form(form_class: type[forms.ModelForm], refusal: DomainError) -> type[forms.ModelForm]:
    """`form_class`, whose every instance holds the sentence of `refusal`, at its field when it has one."""

    class Refused(form_class):  # type: ignore[misc, valid-type]
        def clean(self) -> Any:
            cleaned = super().clean()
            field = refusal.field if refusal.field in self.fields else None
            self.add_error(field, ValidationError(str(refusal), code=refusal.code))
            return cleaned

    return Refused


class InlineRights(Rights, SeenChoices, Whitelisted):
    """Rows shown on the page of what they belong to. Rights are asked about the latter."""

    extra = 0
    form: Any = PortalForm
    formfield_overrides = WIDGETS

    def lock(self, parent: Any) -> Any:
        """Why the rows of `parent` do not change now, as a sentence; empty when they do."""
        return ""

    def lock_once(self, request: HttpRequest, parent: Any) -> Any:
        """The same, found once per page: every right on the rows depends on it. What is sent is judged afresh."""
        if request.method not in SAFE or parent.pk is None:
            return self.lock(parent)
        found: dict[Any, Any] = request.__dict__.setdefault("_locks", {})
        key = (type(self), type(parent), parent.pk)
        if key not in found:
            found[key] = self.lock(parent)
        return found[key]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        is_locked = args and args[0] and self.lock_once(request, args[0])
        return not is_locked and super().has_add_permission(request, *args)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not (obj and self.lock_once(request, obj)) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not (obj and self.lock_once(request, obj)) and super().has_delete_permission(request, obj)

    def keep(self, request: HttpRequest, row: Any) -> None:
        """Keep a new or changed row, by an operation."""
        raise NotImplementedError

    def drop(self, request: HttpRequest, row: Any) -> None:
        """Remove a row, by an operation."""
        raise NotImplementedError


class PortalInline(InlineRights, admin.StackedInline):
    """Rows one under the other, to write."""


class ReadTable(InlineRights, admin.TabularInline):
    """Rows as a table, to read."""

    template = "admin/read_table.html"
    max_num = 0
    show_change_link = True
