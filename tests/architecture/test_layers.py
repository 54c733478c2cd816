"""Nothing to the left knows anything to its right: by import, by dotted name, by address or by accessor."""

import ast
import re

import pytest
from django.apps import apps
from importlinter.cli import lint_imports

from .sources import CHAIN, ROOT, all_templates, apps_right_of, modules_of, place, strings_in, text_of, tree_of

LINK = re.compile(r"""\{%\s*(?:url|include|extends|fixed)\s+['"](?P<target>[\w./:-]+)['"]""")
# The frame around every page links to all of them; it belongs to no app.
FRAME = ("base", "components/chrome", "components/brand")


def names_right_of(app):
    """Return a pattern of texts that name an app to the right: `calls.Call`, `calls:list`, `calls/list.html`."""
    return re.compile(rf"^(?:bethune_smartcity\.)?(?P<app>{'|'.join(apps_right_of(app)) or '$.'})[.:/][\w./:-]+$")


def test_import_contracts_hold():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True) == 0


@pytest.mark.parametrize("app", CHAIN)
def test_no_text_names_an_app_to_the_right(app):
    upward = names_right_of(app)
    found = [
        f"{place(path, line)} {text!r}"
        for path in modules_of(app)
        for line, text in strings_in(path)
        if upward.match(text)
    ]
    assert not found


@pytest.mark.parametrize("app", CHAIN)
def test_no_template_names_an_app_to_the_right(app):
    upward = names_right_of(app)
    found = [
        f"{place(path, text_of(path)[: match.start()].count(chr(10)) + 1)} {match['target']}"
        for path in all_templates()
        if app_of_template(path) == app
        for match in LINK.finditer(text_of(path))
        if upward.match(match["target"])
    ]
    assert not found


def app_of_template(path):
    """Return the app whose page a template is; shared components count as the first app's."""
    relative = path.relative_to(ROOT / "templates").as_posix()
    if relative.startswith(FRAME):
        return None
    top = relative.split("/")[0]
    return {"components": "core"}.get(top, top)


def accessors_from_the_right(app):
    """Return the names by which models of an app could reach models to its right."""
    if app not in apps.app_configs:
        return set()
    right = set(apps_right_of(app))
    found = set()
    for model in apps.get_app_config(app).get_models():
        for relation in model._meta.related_objects:
            if relation.related_model._meta.app_label in right:
                name = relation.get_accessor_name()
                found |= {name} if name else set()
    return found


def names_known_to(app):
    """Return the field and accessor names that models of an app, or of those before it, own themselves."""
    left = set(CHAIN[: CHAIN.index(app) + 1])
    return {
        name
        for model in apps.get_models()
        if model._meta.app_label in left
        for field in model._meta.get_fields()
        if not (field.auto_created and field.is_relation) or field.related_model._meta.app_label in left
        for name in [getattr(field, "get_accessor_name", lambda: None)() or field.name]
    }


@pytest.mark.parametrize("app", CHAIN)
def test_no_reverse_accessor_reaches_to_the_right(app):
    reaching = accessors_from_the_right(app) - names_known_to(app)
    found = [
        f"{place(path, node.lineno)} .{node.attr}"
        for path in modules_of(app)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in reaching
    ]
    assert not found
