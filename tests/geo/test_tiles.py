"""Tiles answer as the whole would: every frame is the same, cut or uncut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import geo
from geo.islands import islands_of, pieces_of
from geo.network import build_network
from geo.tiles import cut, halo, untiled
from geo.whole import gathered
from layers.project import Limit, Rules
from tests.random_town import DRIVE, WALK, random_area, random_streets, towns
from tests.tiled import around, assert_same, divided, tiled
from tests.town import NEW_TOWN, OLD_TOWN, town_area, town_project


# all modes tiled, walking alone, none
@pytest.mark.parametrize(("minutes", "side"), [(3.0, 1e9), (12.0, 5_000.0), (12.0, 0.0)])
def test_the_town_in_two_tiles_is_the_town_in_one(minutes, side):
    area = town_area()
    project = replace(town_project(), rules=Rules(search_minutes=minutes))
    tiles = divided(area, {unit: unit[:9] for unit in area.units["unit_id"]})
    assert set(tiles) == {OLD_TOWN, NEW_TOWN}
    whole = geo.assess(area, project)
    found = tiled(tiles, project, side)
    for tile, uncut in found.values():
        assert_same(tile, uncut)
    for name in ("times", "unit_times", "places"):
        parts = pd.concat([getattr(tile, name) for tile, _ in found.values()])
        assert rows(parts) == rows(getattr(whole, name))


def rows(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Give the rows of a frame as text, sorted."""
    return sorted(tuple(map(str, row)) for row in frame.to_numpy())


@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(towns, st.sampled_from([0.5, 1.0, 2.0]), st.sampled_from([0.0, 1e9]))
def test_random_towns_in_tiles_are_the_towns_in_one(seed, minutes, side):
    names = ("c0", "c1", "c2")
    area = random_area(np.random.default_rng(seed), names, sloped=True)
    area = replace(area, facilities=area.facilities.assign(capacity=[5.0, np.nan, 90.0]))
    limits = {"c0": WALK, "c1": DRIVE, "c2": DRIVE}
    base = town_project()
    clinic = replace(base.categories["clinic"], capacity_per_1000=100.0)
    project = replace(
        base,
        categories={
            name: replace(
                clinic,
                id=name,
                urban=Limit(1.0, limits[name].id, "law"),
                rural=Limit(1.5, limits[name].id, "law"),
            )
            for name in names
        },
        circle=replace(base.circle, categories=names, minutes=(0.5, 1.0)),
        indicators=(),
        rules=Rules(min_island_metres=350.0, max_access_metres=120.0, search_minutes=minutes),
    )
    tiles = divided(area, {unit: unit for unit in area.units["unit_id"]})
    for tile, uncut in tiled(tiles, project, side).values():
        assert_same(tile, uncut)


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(towns, st.integers(1, 4), st.sampled_from([WALK, DRIVE]))
def test_islands_numbered_in_parts_are_those_of_the_whole_network(seed, parts, mode):
    rng = np.random.default_rng(seed)
    streets = random_streets(rng)
    part = rng.integers(0, parts, len(streets))
    found = islands_of([pieces_of(streets[part == n], mode) for n in range(parts)])
    whole, told = build_network(streets, mode), build_network(streets, mode, found)
    np.testing.assert_array_equal(whole.component, told.component)
    np.testing.assert_array_equal(whole.component_metres, told.component_metres)


def test_a_mode_whose_halo_is_wider_than_the_tiles_is_not_tiled():
    project = town_project()
    walk, drive = (halo(project.modes[name], project) for name in ("walk", "drive"))
    assert walk == pytest.approx(7.2 / 0.06 * 120 * 1.01)
    assert untiled(project, (walk + drive) / 2) == ("drive",)
    assert untiled(project, walk / 2) == ("walk", "drive")


def test_neighbours_facilities_are_reached_but_nobodys_own_and_share_no_places():
    area, project = town_area(), town_project()
    tiles = divided(area, {unit: unit[:9] for unit in area.units["unit_id"]})
    study = geo.assess(cut(tiles[NEW_TOWN], around(tiles, NEW_TOWN, project)), project)
    south = study.unit_times[study.unit_times["unit_id"].str.startswith(NEW_TOWN)]
    assert "clinic-main" in set(south["facility_id"])
    own = study.coverage[(study.coverage["indicator"] == "hall-units")].set_index("unit_id")
    assert set(own["facility_id"].dropna()) == {"hall-islet"}
    load = study.facility_load.set_index("facility_id")
    assert np.isnan(load.loc["nursery-main", "capacity"])
    assert len(gathered(list(tiles.values())).units) == len(area.units)
