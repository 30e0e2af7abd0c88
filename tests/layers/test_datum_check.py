"""An undeclared datum is told by places outside their units, however large these are."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.check import Findings
from layers.datum import from_wgs84
from layers.datum_check import Claim, tell_datum

CRS = pyproj.CRS("EPSG:4548")
TO_DEGREES = pyproj.Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)
EAST, NORTH, SIDE = 500_000.0, 2_900_000.0, 5  # so many units a side


def units_of(kilometres: float) -> gpd.GeoDataFrame:
    """Give squares of so many kilometres, as villages of a county are."""
    step = 1000.0 * kilometres
    corners = [(EAST + step * x, NORTH + step * y) for x in range(SIDE) for y in range(SIDE)]
    shapes = [shapely.box(x, y, x + step, y + step) for x, y in corners]
    return gpd.GeoDataFrame({"unit_id": [f"u{n}" for n in range(len(shapes))]}, geometry=shapes,
                            crs=CRS)  # fmt: skip


def places_in(units: gpd.GeoDataFrame, count: int, seed: int) -> gpd.GeoDataFrame:
    """Give places anywhere in the units, each naming its own."""
    rng = np.random.default_rng(seed)
    west, south, east, north = units.total_bounds
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(
            rng.uniform(west, east, count), rng.uniform(south, north, count)
        ),
        crs=CRS,
    )
    return points.sjoin(units, predicate="within")[["unit_id", "geometry"]].reset_index(drop=True)


def moved(frame: gpd.GeoDataFrame, datum: str) -> gpd.GeoDataFrame:
    """Give where a layer lies if its coordinates are of a datum that nobody declared."""

    def shift(xy):
        lon, lat = TO_DEGREES.transform(xy[:, 0], xy[:, 1])
        return np.column_stack(
            TO_DEGREES.transform(*from_wgs84(lon, lat, datum), direction="INVERSE")
        )

    return frame.set_geometry(shapely.transform(frame.geometry.to_numpy(), shift), crs=CRS)


def told(places: gpd.GeoDataFrame, units: gpd.GeoDataFrame):
    """Give code and likely datum of what is told of the places, or of the units."""
    own, theirs = Findings("places"), Findings("units")
    tell_datum(places, units, Claim("cgcs2000", CRS, own), Claim("cgcs2000", CRS, theirs))
    return {
        (problem.code, dict(problem.values)["likely"])
        for problem in (*own.problems, *theirs.problems)
    }


@pytest.mark.parametrize("kilometres", [1.0, 4.0, 8.0])
@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_shift_is_told_even_where_most_places_stay_in_their_large_units(kilometres, datum):
    units = units_of(kilometres)
    places = places_in(units, 600, 3)
    assert told(places, units) == set()
    assert told(moved(places, datum), units) == {("datum_suspect", datum)}
    assert told(places, moved(units, datum)) == {("datum_of_units", datum)}


@given(
    st.integers(0, 10_000), st.floats(0.0, 0.5), st.sampled_from([1.0, 3.0, 8.0]),
    st.integers(10, 200),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_wrong_codes_of_units_are_no_datum(seed, wrong, kilometres, count):
    units = units_of(kilometres)
    places = places_in(units, count, seed)
    rng = np.random.default_rng(seed)
    spoilt = rng.random(len(places)) < wrong
    codes = places["unit_id"].mask(spoilt, rng.choice(units["unit_id"], len(places)))
    assert told(places.assign(unit_id=codes), units) == set()
