"""A Chinese font is one that has the characters: no picture shows boxes."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.errors import LayerError
from maps import fonts
from maps.fonts import Font, can_write, chinese_font, find_font


@pytest.fixture(scope="module")
def font():
    found = chinese_font()
    if found is None:
        pytest.skip("this computer has no Chinese font")
    return found


def test_the_font_found_has_the_characters_of_the_countys_names(font):
    assert can_write(font, "县乡镇社区村委会瀚夏坊")


def test_a_font_without_a_character_is_found_out(font):
    assert not can_write(font, "\U0010fffd")


def test_a_file_that_is_no_font_cannot_write(tmp_path):
    (tmp_path / "no.ttf").write_text("no font")
    assert not can_write(Font(tmp_path / "no.ttf"))
    assert not can_write(Font(tmp_path / "absent.ttf"))


def test_a_font_that_is_named_is_taken_or_refused(font, tmp_path):
    assert find_font(font.path).path == font.path
    with pytest.raises(LayerError) as refused:
        find_font(tmp_path / "absent.ttf")
    assert [problem.code for problem in refused.value.problems] == ["font_unusable"]


def test_the_first_font_that_can_write_is_taken(font, monkeypatch):
    monkeypatch.setattr(fonts, "_candidates", lambda: iter([Font(Path("absent.ttf")), font]))
    chinese_font.cache_clear()
    assert chinese_font() == font
    monkeypatch.setattr(fonts, "_candidates", lambda: iter([Font(Path("absent.ttf"))]))
    chinese_font.cache_clear()
    assert chinese_font() is None
    chinese_font.cache_clear()
