from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.offline import Panel, inflater, leaflet_script, leaflet_style, offline_map
from maps.packed import Columns
from tests.page_block import block_of


def test_every_image_of_leaflet_is_inside_its_style():
    addresses = re.findall(r"url\(([^)]*)\)", leaflet_style())
    kinds = {address[:14] for address in addresses if not address.startswith("#")}
    assert kinds == {"data:image/png"}


def test_leaflet_comes_with_its_licence_and_asks_for_no_source_map():
    assert "Redistributions in binary form must reproduce" in leaflet_script()
    assert "sourceMappingURL" not in leaflet_script()


def test_the_inflater_comes_with_its_licence():
    assert "Copyright (c)" in inflater()
    assert "inflateSync" in inflater()


def page_named(name):
    columns = Columns()
    columns.words("names", [name])
    drawn = offline_map(name, [[0, 0], [1, 1]])
    drawn.add_child(Panel(columns.block({"name": name})))
    return drawn.get_root().render()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_text_ends_the_data_and_all_of_it_comes_back(text):
    block = block_of(page_named(text))
    assert block.header["name"] == text
    assert block.column("names") == [text]


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "{{ 7 * 7 }}", "{% raw %}", "{# gone #}"]
)
def test_names_are_neither_code_nor_template(name):
    page = page_named(name)
    assert block_of(page).header["name"] == name
    assert "<script>alert" not in page


def test_the_page_refers_to_no_host():
    drawn = offline_map("x", [[0, 0], [1, 1]])
    page = drawn.get_root().render()
    assert (
        re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", page.partition("<body>")[2]) == []
    )
    assert "<link" not in page
    assert re.findall(r"<script[^>]*\bsrc=", page) == []
    assert "default-src 'none'" in page
