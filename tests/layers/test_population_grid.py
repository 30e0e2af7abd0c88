from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

import geo
import layers
from layers.errors import LayerError
from layers.population_cells import Cells
from layers.population_grid import grounds_of, spread_grid
from tests.broken.good_study import CRS, EAST, NORTH, SIDE, GoodStudy
from tests.population_raster import FILE, with_population, write_people

CELL = 100.0


def squares(rows, columns):
    """Make the outlines of cells, row by row from the south."""
    return np.array(
        [
            box(c * CELL, r * CELL, (c + 1) * CELL, (r + 1) * CELL)
            for r in range(rows)
            for c in range(columns)
        ],
        dtype=object,
    )


def cells(people):
    people = np.array(people, dtype=float)
    rows, columns = people.shape
    covered = box(0, 0, columns * CELL, rows * CELL)
    return Cells(squares(rows, columns), people.ravel(), covered)


def units(shapes, people=None, township="t"):
    table = {
        "unit_id": [f"u{n}" for n in range(len(shapes))],
        "township_id": township,
        "people": np.array(people or [None] * len(shapes), dtype=float),
    }
    return gpd.GeoDataFrame(table, geometry=list(shapes), crs=CRS)


def homes(*rows):
    """Make residences: unit, weight, x, y and, if any, people."""
    made = [(*row, None)[:5] for row in rows]
    table = pd.DataFrame(made, columns=["unit_id", "weight", "x", "y", "people"])
    points = gpd.points_from_xy(table.pop("x").astype(float), table.pop("y").astype(float))
    table.insert(0, "residence_id", [f"r{n}" for n in range(len(table))])
    return gpd.GeoDataFrame(table.astype({"people": float}), geometry=points, crs=CRS)


def areas(*shapes, key="township_id", ids=None):
    ids = ids or [f"t{n}" for n in range(len(shapes))]
    return gpd.GeoDataFrame({key: ids}, geometry=list(shapes), crs=CRS)


def nothing(key="township_id"):
    return gpd.GeoDataFrame({key: []}, geometry=[], crs=CRS)


def spread(units, residences, grid, *, townships=None, boundary=None):
    townships = nothing() if townships is None else townships
    boundary = nothing("boundary_id") if boundary is None else boundary
    return spread_grid(units, residences, grid, grounds_of(units, townships, boundary))


def test_people_of_a_cell_live_in_its_residences_by_weight():
    shared = spread(
        units([box(0, 0, 200, 100)]),
        homes(("u0", 3, 20, 20), ("u0", 1, 80, 80), ("u0", 5, 150, 50)),
        cells([[40, 10]]),
    )
    assert shared.residences["people"].tolist() == [30, 10, 10]
    assert shared.units["people"].tolist() == [50]
    assert (shared.given, shared.known, shared.outside, shared.uncovered) == (50, 0, 0, 0)


def test_a_cell_without_residences_goes_to_units_by_area_and_there_to_all_residences():
    shared = spread(
        units([box(0, 0, 125, 100), box(125, 0, 300, 100)]),
        homes(("u0", 1, 20, 20), ("u0", 1, 30, 20), ("u1", 1, 250, 50)),
        cells([[10, 40, 20]]),  # the middle cell lies 1/4 in the first unit and 3/4 in the second
    )
    assert shared.residences["people"].tolist() == [10, 10, 50]


def test_a_unit_without_residences_keeps_the_people_on_its_ground():
    shared = spread(units([box(0, 0, 130, 100), box(130, 0, 200, 100)]), homes(), cells([[10, 20]]))
    assert shared.units["people"].tolist() == [16, 14]


def test_only_the_part_of_a_cell_inside_the_study_counts():
    shared = spread(units([box(0, 0, 125, 100)]), homes(("u0", 1, 20, 20)), cells([[10, 40]]))
    assert shared.residences["people"].tolist() == [20]
    assert shared.outside == 30
    with_home = spread(units([box(0, 0, 125, 100)]), homes(("u0", 1, 110, 20)), cells([[10, 40]]))
    assert with_home.residences["people"].tolist() == [20]


def test_a_cell_that_two_units_claim_gives_no_more_than_it_has():
    shared = spread(units([box(0, 0, 100, 100), box(0, 0, 100, 100)]), homes(), cells([[30]]))
    assert shared.units["people"].tolist() == [15, 15]


def test_places_with_people_of_their_own_keep_them_and_leave_their_part_unused():
    shared = spread(
        units([box(0, 0, 100, 100), box(100, 0, 200, 100)], people=[None, 7]),
        homes(("u0", 1, 20, 20, 3), ("u0", 1, 40, 20), ("u1", 1, 150, 50, 7)),
        cells([[40, 10]]),
    )
    assert shared.residences["people"].tolist() == [3, 20, 7]
    assert shared.units["people"].tolist() == [23, 7]
    assert (shared.given, shared.known) == (20, 30)


def test_the_total_is_kept_to_the_person_over_the_whole_study():
    shapes = [box(n * 100, 0, n * 100 + 100, 100) for n in range(3)]
    shared = spread(units(shapes), homes(), cells([[1.4, 1.4, 1.3]]))
    assert shared.units["people"].tolist() == [2, 1, 1]  # 4.1 people are 4


def test_people_around_points_go_to_the_nearest_place_of_their_own_township():
    here = units([Point(10, 50), Point(280, 50), Point(310, 50)])
    here["township_id"] = ["west", "west", "east"]
    townships = areas(box(0, 0, 300, 100), box(300, 0, 400, 100), ids=["west", "east"])
    shared = spread(here, homes(), cells([[1, 2, 4, 8]]), townships=townships)
    assert shared.units["people"].tolist() == [1, 6, 8]

    alone = spread(here.iloc[:2], homes(), cells([[1, 2, 4, 8]]), townships=townships)
    assert alone.units["people"].tolist() == [1, 6]
    assert alone.outside == 8


def test_people_around_points_without_townships_live_inside_the_boundary():
    here = units([Point(10, 50), Point(280, 50)])
    boundary = areas(box(0, 0, 250, 100), key="boundary_id")
    shared = spread(here, homes(), cells([[1, 2, 4, 8]]), boundary=boundary)
    assert shared.units["people"].tolist() == [1, 4]  # half of the third cell lies inside
    assert shared.outside == 10


def test_points_alone_say_nothing_of_whose_a_cell_is():
    assert grounds_of(units([Point(0, 0)]), nothing(), nothing("boundary_id")) is None


def test_units_of_many_small_homes_lose_nobody_by_rounding():
    many = [(f"u{unit}", 1, 100 * unit + 1 + n, 50) for unit in (0, 1) for n in range(90)]
    here = units([box(0, 0, 100, 100), box(100, 0, 200, 100)])
    shared = spread(here, homes(*many), cells([[40, 50]]))
    assert shared.units["people"].tolist() == [40, 50]


def test_places_beyond_the_grid_stay_unknown():
    shared = spread(
        units([box(0, 0, 300, 100)]),
        homes(("u0", 1, 20, 20), ("u0", 1, 250, 20)),
        cells([[10, 20]]),
    )
    assert shared.residences["people"].tolist()[0] == 30
    assert np.isnan(shared.residences["people"][1])
    assert np.isnan(shared.units["people"][0])
    assert shared.uncovered == 1


grids = st.lists(st.lists(st.floats(0, 500), min_size=4, max_size=4), min_size=3, max_size=3)
points = st.tuples(
    st.sampled_from(["u0", "u1", "u2"]), st.integers(0, 9), st.integers(0, 399), st.integers(0, 299)
)


@given(grid=grids, rows=st.lists(points, max_size=12), cut=st.integers(1, 399))
def test_nobody_is_lost_and_nobody_is_made(grid, rows, cut):
    shapes = [box(0, 0, cut, 150), box(cut, 0, 380, 150), box(0, 150, 400, 260)]
    if cut >= 380:
        shapes[1] = box(380, 0, 381, 150)
    here, found = units(shapes, people=[None, 5, None]), homes(*rows)
    found.loc[found["unit_id"] == "u1", "people"] = 1.0

    shared = spread(here, found, cells(grid))

    whole = np.sum(grid)
    assert shared.given + shared.known + shared.outside == pytest.approx(whole, abs=1e-6)
    lived = shared.residences.loc[found["people"].isna(), "people"]
    bare = ~here["unit_id"].isin(found["unit_id"]) & here["people"].isna()
    filled = np.concatenate([lived, shared.units.loc[bare, "people"]])
    assert filled.sum() == np.rint(shared.given)
    assert (filled >= 0).all()
    assert np.array_equal(filled, filled.round())
    assert shared.units["people"][1] == 5
    of_unit = shared.residences.groupby("unit_id")["people"].sum()
    for unit in {"u0", "u2"} & set(found["unit_id"]):
        assert shared.units.set_index("unit_id")["people"][unit] == of_unit[unit]


@given(order=st.permutations(range(12)))
def test_the_order_of_cells_changes_nothing(order):
    grid = cells(np.arange(12).reshape(3, 4) * 1.37)
    other = Cells(grid.shapes[list(order)], grid.people[list(order)], grid.covered)
    here = units([box(0, 0, 130, 290), box(130, 0, 390, 290)])
    found = homes(("u0", 2, 50, 50), ("u1", 1, 150, 50), ("u1", 1, 350, 250))
    first, second = spread(here, found, grid), spread(here, found, other)
    assert_geodataframe_equal(first.residences, second.residences)


# --- whole studies ------------------------------------------------------------------------------


@pytest.fixture
def study(tmp_path):
    return with_population(GoodStudy(), tmp_path)


def told(area_or_problems):
    problems = getattr(area_or_problems, "problems", area_or_problems)
    return {problem.code: problem for problem in problems}


def test_a_study_takes_its_people_from_a_grid_where_it_knows_none(study, tmp_path):
    write_people(tmp_path / FILE, np.full((8, 8), 10.0))
    area = layers.read_study_area(study.write(tmp_path))
    assert area.units["people"].tolist() == [160, 160, 160, 7]
    assert area.residences["people"].sum() == 3 * 160 + 7
    (problem,) = area.problems
    assert (problem.layer, problem.code) == ("grid", "population_unused")
    assert dict(problem.values) == {"given": "480", "known": "160", "outside": "0"}
    assert [file.name for file in area.inputs if file.name.endswith(".tif")] == ["dem.tif", FILE]


def test_project_toml_names_a_population_grid(tmp_path):
    (tmp_path / "project.toml").write_text(
        'name = "县"\ncrs = "EPSG:4548"\n[layers.units]\nsource = "u.gpkg"\n'
        '[layers.population]\nsource = "worldpop.tif"\n'
        '[layers.grid]\nrole = "population"\nsource = "ghs.tif"\n',
        encoding="utf-8",
    )
    grids = layers.read_project(tmp_path).layers_of("population")
    assert [grid.path.name for grid in grids] == ["worldpop.tif", "ghs.tif"]


def test_a_study_with_a_grid_counts_people(study, tmp_path):
    write_people(tmp_path / FILE, np.full((8, 8), 10.0))
    project = study.write(tmp_path)
    assert geo.assess(layers.read_study_area(project), project).basis == "people"


@pytest.mark.parametrize("crs", ["EPSG:4326", "ESRI:54009"])
def test_a_grid_in_another_crs_keeps_its_people(study, tmp_path, crs):
    around = box(EAST - 1500, NORTH - 1500, EAST + 2 * SIDE + 1500, NORTH + 2 * SIDE + 1500)
    west, south, east, north = gpd.GeoSeries([around], crs=CRS).to_crs(crs).total_bounds
    cell = (east - west) / 200
    density = np.full((int((north - south) / cell) + 1, 201), 1.0)
    write_people(tmp_path / FILE, density, cell=cell, corner=(west, north), crs=crs)
    area = layers.read_study_area(study.write(tmp_path))
    one = gpd.GeoSeries([box(west, north - cell, west + cell, north)], crs=crs).to_crs(CRS)
    # the size of a cell varies a little over the study
    expected = study.units.area.iloc[:3] / one.area.iloc[0]
    assert area.units["people"].to_numpy()[:3] == pytest.approx(expected, rel=0.005)


def test_no_data_is_nobody_and_negative_cells_are_told(study, tmp_path):
    people = np.full((8, 8), 10.0)
    people[0, :4] = -200
    people[1, 0] = -1
    people[1, 1] = np.nan
    write_people(tmp_path / FILE, people)
    area = layers.read_study_area(study.write(tmp_path))
    assert area.units["people"].tolist() == [160, 160, 100, 7]
    assert dict(told(area)["population_negative"].values) == {"count": "1"}


def test_cohorts_of_a_unit_are_spread_by_the_people_of_the_grid(study, tmp_path):
    study.units = study.units.assign(age_60_plus=[40.0, None, None, None])
    people = np.zeros((8, 8))
    people[5, 2] = 80  # the cell with the western homes of the first unit
    write_people(tmp_path / FILE, people)
    homes = layers.read_study_area(study.write(tmp_path)).residences
    own = homes[homes["unit_id"] == study.units["unit_id"][0]]
    assert own["age_60_plus"].sum() == 40
    assert (own["age_60_plus"] <= own["people"]).all()


def test_units_that_are_points_need_a_ground(study, tmp_path):
    write_people(tmp_path / FILE, np.full((8, 8), 10.0))
    study.units = study.units.set_geometry(study.units.centroid)
    del study.sources["residences"]
    area = layers.read_study_area(study.write(tmp_path))
    assert area.units["people"].tolist() == [160, 160, 160, 7]

    del study.sources["townships"]
    problems = layers.check_study_area(study.write(tmp_path))
    assert [problem.code for problem in problems] == ["population_no_ground"]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (Path.unlink, "missing_file"),
        (lambda path: path.write_bytes(b"no grid"), "unreadable_file"),
        (lambda path: write_people(path, np.zeros((8, 8))), "population_elsewhere"),
        (
            lambda path: write_people(path, np.ones((8, 8)), corner=(EAST + 9e5, NORTH)),
            "population_elsewhere",
        ),
        (lambda path: write_people(path, np.ones((8, 8)), crs=None), "missing_crs"),
        (lambda path: write_people(path, np.ones((8, 8)), crs="EPSG:2379"), "old_datum"),
    ],
)
def test_a_grid_that_cannot_be_used_is_told_and_stops_the_study(study, tmp_path, damage, code):
    damage(write_people(tmp_path / FILE, np.ones((8, 8))))
    with pytest.raises(LayerError) as refused:
        layers.read_study_area(study.write(tmp_path))
    assert [(each.layer, each.code) for each in refused.value.problems] == [("grid", code)]


def test_what_is_wrong_with_the_grid_is_told_with_what_is_wrong_elsewhere(study, tmp_path):
    study.facilities.loc[0, "category"] = "polce-room"
    codes = told(layers.check_study_area(study.write(tmp_path)))
    assert codes.keys() == {"unknown_category", "missing_file"}


def test_a_grid_that_covers_half_the_study_leaves_the_rest_unknown(study, tmp_path):
    write_people(tmp_path / FILE, np.full((8, 4), 10.0))
    area = layers.read_study_area(study.write(tmp_path))
    assert area.units["people"].isna().tolist() == [False, True, False, False]
    assert dict(told(area)["population_uncovered"].values) == {"count": "10"}


def test_every_cell_of_a_large_grid_is_placed():
    side = 300
    grid = cells(np.ones((side, side)))
    here = units([box(0, 0, 15_000, 30_000), box(15_000, 0, 30_000, 30_000)])
    shared = spread(here, homes(), grid)
    assert shared.units["people"].tolist() == [side * side / 2] * 2
