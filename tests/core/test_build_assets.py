"""The sprite holds the listed pictograms, and a wrong name is told."""

import pytest
from django.core.management.base import CommandError

from bethune_smartcity.core.management.commands.build_assets import icon_names, sprite, symbol

BELL = '<svg xmlns="http://www.w3.org/2000/svg" width="16" class="bi" viewBox="0 0 16 16">\n  <path d="M1 2"/>\n</svg>'


def test_the_list_is_read_without_its_comments():
    assert icon_names("# drawn\nbell\n\n  house # the home page\nbell\n") == ["bell", "house"]


def test_a_pictogram_becomes_a_symbol():
    assert symbol("bell", BELL) == '<symbol id="i-bell" viewBox="0 0 16 16"><path d="M1 2"/></symbol>'


def test_a_file_that_is_no_drawing_is_told():
    with pytest.raises(CommandError, match="bell"):
        symbol("bell", "<p>hello</p>")


def test_every_unknown_name_is_told(tmp_path):
    (tmp_path / "bell.svg").write_text(BELL)
    assert sprite(["bell"], tmp_path).count("<symbol") == 1
    with pytest.raises(CommandError, match="hause, tree"):
        sprite(["bell", "hause", "tree"], tmp_path)
