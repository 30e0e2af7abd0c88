"""Hilbert's curve, against that of geopandas."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.curve import along_a_curve

coordinates = st.one_of(st.integers(-3, 3), st.floats(-1e7, 1e7))


@given(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=30))
def test_points_come_in_the_order_of_the_curve_of_geopandas(
    points: list[tuple[float, float]],
) -> None:
    x, y = np.array(points, dtype=np.float64).T
    curve = gpd.GeoSeries(gpd.points_from_xy(x, y)).hilbert_distance()
    assert along_a_curve(x, y).tolist() == np.argsort(curve.to_numpy(), kind="stable").tolist()


def test_so_do_thousands_of_points_of_a_town() -> None:
    x, y = np.random.default_rng(3).normal(500_000, 20_000, (2, 5_000))
    curve = gpd.GeoSeries(gpd.points_from_xy(x, y)).hilbert_distance()
    assert along_a_curve(x, y).tolist() == np.argsort(curve.to_numpy(), kind="stable").tolist()


def test_of_no_points_none_come() -> None:
    assert along_a_curve(np.empty(0), np.empty(0)).size == 0
