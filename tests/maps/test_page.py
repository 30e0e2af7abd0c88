from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from maps import write_page
from maps.content import page_content
from tests.page_block import Block, block_of
from tests.town import CENTRE, CORNER, EMPTY


def packed(study):
    header, columns = page_content(study, "zh")
    return Block(columns.block(header))


@pytest.fixture(scope="session")
def data(town):
    return packed(town)


def test_the_same_study_gives_the_same_bytes(town, tmp_path):
    first, second = (write_page(town, tmp_path / name) for name in ("1.html", "2.html"))
    assert first.read_bytes() == second.read_bytes()


def test_the_page_is_written_where_asked_and_carries_its_data(town, tmp_path):
    path = write_page(town, tmp_path / "map.html", lang="en")
    carried = block_of(path.read_text(encoding="utf-8"))
    assert carried.header["lang"] == "en"
    assert carried.column("units/name") == town.area.units["name"].tolist()


def test_times_are_the_studys_whole_milliseconds(town, data):
    units = town.area.units["unit_id"].tolist()
    rows = town.unit_times.set_index(["mode", "category", "unit_id"]).sort_index()
    for (mode, category), found in rows.groupby(["mode", "category"]):
        place = data.column(f"unit/{mode}/{category}/place")
        by_home = np.append(data.column(f"times/{mode}/{category}"), -1)
        times = dict(zip(units, by_home[place], strict=True))
        told = found.droplevel(["mode", "category"])
        assert {unit: time for unit, time in times.items() if time >= 0} == dict(
            told["milliseconds"]
        )


def test_a_category_counts_its_own_cohort_where_it_is_known(town):
    categories = dict(town.project.categories)
    categories["shop"] = replace(categories["shop"], cohort="age_60_plus")
    categories["hall"] = replace(categories["hall"], cohort="disabled")
    study = replace(town, project=replace(town.project, categories=categories))
    data = packed(study)
    cohort = {category["id"]: category["cohort"] for category in data.header["categories"]}
    assert cohort["shop"] == "age_60_plus"
    assert cohort["hall"] == "people"
    assert data.header["cohorts"] == ["people", "age_60_plus"]
    everyone, old = (
        np.nansum(data.column(f"residences/weight/{cohort}")) for cohort in data.header["cohorts"]
    )
    assert old == pytest.approx(everyone / 5)


def test_point_units_are_drawn_and_marked_as_derived(data):
    derived = dict(zip(data.column("units/id"), data.column("units/derived"), strict=True))
    assert {unit for unit, is_derived in derived.items() if is_derived} == {CORNER, EMPTY}
    assert data.column("units/arcs/rings").min() > 0
    assert not derived[CENTRE]


def test_a_facility_known_from_a_ledger_alone_has_no_place_on_the_map(town, data):
    ids = town.area.facilities["facility_id"].tolist()
    there = dict(zip(ids, data.column("network/facilities/there"), strict=True))
    assert there["hall-islet"] == 0
    assert there["hall-hill"] == 1


def test_facilities_that_do_not_exist_yet_are_not_counted(town, data):
    ids = town.area.facilities["facility_id"].tolist()
    counted = dict(zip(ids, data.column("facilities/counted"), strict=True))
    assert [name for name, is_counted in counted.items() if not is_counted] == ["clinic-south"]


def test_the_speed_is_one_figure_where_most_streets_share_it(data):
    walk, drive = data.header["modes"]
    assert (walk["slowest"], walk["fastest"]) == (6.0, 6.0)
    assert (drive["slowest"], drive["fastest"]) == (30.0, 90.0)
