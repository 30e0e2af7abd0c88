"""What the page carries of sensitivity is what the study and its workbook say."""

from __future__ import annotations

import numpy as np
import pytest

from maps.content import page_content
from maps.sheets_sensitivity import sensitivity_sheet
from tests.page_block import Block

AREAS = "scorecard/area"


@pytest.fixture(scope="module", params=["town", "demo_study"])
def study(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def data(study):
    header, columns = page_content(study, "zh")
    return Block(columns.block(header))


def test_the_units_that_turn_are_those_of_the_workbook_by_the_same_changes(study, data):
    names = [each["name"]["zh"] for each in data.header["assumptions"]]
    carried = set()
    for category in data.header["categories"]:
        column = f"flips/{category['id']}"
        if column not in data.header["columns"]:
            continue
        for unit, bits in zip(data.column("units/id"), data.column(column), strict=True):
            by = [name for at, name in enumerate(names) if bits & 1 << at]
            if by:
                carried.add((unit, category["name"]["zh"], "、".join(by)))
    sheet = sensitivity_sheet(study, "zh")
    assert carried == {(row[1], row[3], row[6]) for row in sheet.rows}
    assert carried


def test_a_share_swings_as_far_as_in_the_scorecard_in_every_area(study, data):
    rows = study.scorecard.set_index(["area_id", "indicator"])
    county = study.scorecard.loc[study.scorecard["level"] == "county", "area_id"].iloc[0]
    names = [name + over for name in study.project.categories for over in ("", ":units")]
    keys = [
        (county if area == "county" else area, name)
        for area in data.column(AREAS)
        for name in names
    ]
    told = rows.reindex(keys)
    for end in ("low", "high"):
        np.testing.assert_array_equal(data.column(f"swing/{end}"), told[f"swing_{end}"])
    assert told["swing_low"].notna().any()
