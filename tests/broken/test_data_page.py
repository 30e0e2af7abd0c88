from __future__ import annotations

from layers.schema import SCHEMAS
from tests.broken.data_page import PAGE, with_tables


def test_the_tables_of_the_data_page_are_those_of_the_schema_and_the_broken_inputs():
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page)


def test_the_data_page_has_a_table_for_every_layer():
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"<!-- columns {name} -->" in page for name in SCHEMAS)
