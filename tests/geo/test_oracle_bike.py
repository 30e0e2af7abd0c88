"""By bicycle: the program's times against the oracle's, in random towns, a mountain and a city."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import layers
from geo.demand import demand
from geo.times import located_facilities, measure_times, times_frame
from layers.catalogue import load_modes
from tests.oracle import Oracle, oracle_milliseconds
from tests.random_town import ALL_RULES, STREETS_ALONE, milliseconds, place, random_streets

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geo.study import Study
    from layers.project import Project
    from layers.study_area import StudyArea

PAIRS = 300
REACHABLE = 250
SEED = 20250101
TOLERANCE = 100.0  # milliseconds: many small roundings of an arc each
ARC_TOLERANCE = 20.0  # a town has few arcs
BIKE, WALK = load_modes()["bike"], load_modes()["walk"]
MIDDLE_OF_LAS_PALMAS = (-15.45, 28.09, -15.41, 28.15)  # degrees: coast, old town and hills
CLASSES = ("residential", "residential", "track", "footway", "steps", "trunk", "motorway")
WORDS = (None, None, None, None, "no", "yes", "dismount", "private")


def signed_streets(seed: int) -> gpd.GeoDataFrame:
    """Draw hilly streets of many classes, with one-way, access and contraflow signs."""
    rng = np.random.default_rng(seed)
    streets = random_streets(rng, sloped=True)
    count = len(streets)
    return streets.assign(
        **{"class": rng.choice(CLASSES, count)},
        bicycle=rng.choice(np.array(WORDS, dtype=object), count),
        oneway_bicycle=rng.choice(np.array([None, "no", "yes"], dtype=object), count),
    )


def places(seed: int, count: int) -> gpd.GeoSeries:
    rng = np.random.default_rng(seed)
    return gpd.GeoSeries([place(rng) for _ in range(count)])


@given(st.integers(0, 2**32 - 2), st.sampled_from([STREETS_ALONE, ALL_RULES]))
def test_rides_and_pushes_in_random_towns_take_as_long_as_the_oracle_says(seed, rules) -> None:
    streets, sides = signed_streets(seed), (places(seed + 1, 4), places(seed, 4))
    found = milliseconds(streets, BIKE, rules, *sides)
    expected = oracle_milliseconds(streets, BIKE, rules, *map(gpd.GeoDataFrame, map(frame, sides)))
    np.testing.assert_allclose(found, expected, atol=ARC_TOLERANCE, rtol=0)


def frame(points: gpd.GeoSeries) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=points)


@given(st.integers(0, 2**32 - 2))
def test_nobody_with_a_bicycle_comes_later_than_on_foot(seed: int) -> None:
    # every street may be walked, so that both join the network at the same spots
    streets = signed_streets(seed).assign(bicycle=None)
    streets = streets[streets["class"] != "motorway"]
    sides = places(seed + 1, 4), places(seed, 4)
    ridden, walked = (milliseconds(streets, mode, ALL_RULES, *sides) for mode in (BIKE, WALK))
    assert (ridden <= walked + ARC_TOLERANCE).all()


def timed_twice(area: StudyArea, project: Project) -> pd.DataFrame:
    """Draw residences and categories, and time each pair by bicycle with both."""
    project = replace(project, modes={"bike": BIKE})
    where = demand(area.units, area.residences, known_share=project.rules.known_share)
    measured = measure_times(area, where, BIKE, project)
    known = times_frame(measured, where)[["residence_id", "category", "milliseconds"]]
    facilities = located_facilities(area, project)
    rng = np.random.default_rng(SEED)
    drawn = where.frame.iloc[rng.choice(len(where.frame), PAIRS, replace=False)]
    drawn = drawn.assign(category=rng.choice(np.sort(known["category"].unique()), PAIRS))
    drawn["oracle"] = Oracle(area.streets, BIKE, project.rules).nearest_milliseconds(
        drawn.geometry,
        facilities.geometry,
        asked=drawn["category"].tolist(),
        offered=facilities["category"].tolist(),
    )
    keys = ["residence_id", "category"]
    found: pd.DataFrame = drawn.merge(known, on=keys, how="left", validate="one_to_one")
    return found.astype({"milliseconds": "float64"}).fillna({"milliseconds": np.inf})


@pytest.fixture(scope="module")
def las_palmas(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Time the middle of a dense city without an elevation layer."""
    source, folder = real_data / "las_palmas", tmp_path_factory.mktemp("las_palmas")
    city = gpd.read_file(source / "boundary_cnig.geojson")
    middle = city[["geometry"]].clip(shapely.box(*MIDDLE_OF_LAS_PALMAS)).assign(name="middle")
    middle.to_file(folder / "middle.geojson")
    path = layers.fetch_extract(
        source / "las_palmas_osm_20230221.osm.pbf",
        boundary=folder / "middle.geojson",
        out=folder / "study",
    )
    project = layers.read_project(path, lang="zh")
    return timed_twice(layers.read_study_area(project), project)


@pytest.fixture(scope="module")
def andorra(andorra_study: Study) -> pd.DataFrame:
    """Time a mountain country with its elevation."""
    return timed_twice(andorra_study.area, andorra_study.project)


@pytest.fixture(params=["andorra", "las_palmas"])
def pairs(request: pytest.FixtureRequest) -> pd.DataFrame:
    """Give the pairs of one real place."""
    found: pd.DataFrame = request.getfixturevalue(request.param)
    return found


@pytest.mark.real
def test_the_program_and_the_oracle_reach_the_same_pairs_by_bicycle(pairs: pd.DataFrame) -> None:
    assert np.isfinite(pairs["oracle"]).sum() >= REACHABLE
    differ = np.isfinite(pairs["oracle"]) != np.isfinite(pairs["milliseconds"])
    assert not differ.any(), pairs[differ].to_string()


@pytest.mark.real
def test_bicycle_times_agree_with_the_oracle_within_a_tenth_of_a_second(
    pairs: pd.DataFrame,
) -> None:
    both = pairs[np.isfinite(pairs["oracle"])]
    apart = (both["oracle"] - both["milliseconds"]).abs()
    assert (apart <= TOLERANCE).all(), both[apart > TOLERANCE].to_string()
