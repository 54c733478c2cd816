"""What the screens of the back office load is ours, and is there."""

import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory

from .screens import screens


@pytest.mark.parametrize(("model", "screen"), screens(), ids=lambda one: getattr(one, "__name__", ""))
def test_no_screen_loads_what_is_missing_or_foreign(model, screen):
    request = RequestFactory().get("/")
    parts = [screen, *(inline(model, screen.admin_site) for inline in screen.get_inlines(request, model()))]
    loaded = {str(path) for part in parts for path in (*part.media._js, *part.media._css.get("all", ()))}
    assert loaded
    assert not [path for path in loaded if "//" in path or not finders.find(path)]
