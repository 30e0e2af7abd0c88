"""The demo's main tables are those kept beside this file.

A change is written down in docs/decisions.md; ``python -m tests.golden`` writes them anew.
"""

from __future__ import annotations

import pytest

from tests.golden.tables import FOLDER, csv_of, demo_tables


@pytest.mark.parametrize("name", ["shortfalls", "gaps", "gap_reasons"])
def test_the_table_of_the_demo_is_the_golden_one(name, demo):
    golden = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    assert csv_of(demo_tables(demo[0])[name]).splitlines() == golden.splitlines()
