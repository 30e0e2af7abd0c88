from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
from shapely import LineString, MultiPoint, Point, Polygon, box

from layers.check import Findings
from layers.geometry import placed
from layers.project import LayerSource
from layers.schema import FACILITIES, RESIDENCES, STREETS, UNITS

CRS = pyproj.CRS("EPSG:4548")


def place(schema, *shapes, **source):
    """Place geometries in metres; give them and the problems."""
    frame = gpd.GeoDataFrame(geometry=list(shapes), crs=CRS, index=range(1, len(shapes) + 1))
    findings = Findings("layer")
    said = LayerSource("layer", "units", Path("layer.gpkg"), **source)
    return placed(frame, said, schema, findings, crs=CRS), findings.problems


def place_table(schema, **columns):
    frame = gpd.GeoDataFrame(pd.DataFrame(columns))
    findings = Findings("layer")
    said = LayerSource("layer", "units", Path("layer.csv"), datum="cgcs2000")
    return placed(frame, said, schema, findings, crs=CRS), findings.problems


def test_coordinates_are_rounded_to_centimetres_and_flat():
    shapes, _ = place(STREETS, LineString([(500000.123456, 1.005, 7), (500001, 2.6789, 8)]))
    assert list(shapes.iloc[0].coords) == [(500000.12, 1.0), (500001, 2.68)]


def test_an_area_stands_for_a_point_by_a_point_inside_it():
    crescent = box(0, 0, 100, 100).difference(box(20, -1, 101, 80))
    shapes, problems = place(FACILITIES, crescent.buffer(0), Point(5, 5))
    assert shapes.geom_type.tolist() == ["Point", "Point"]
    assert crescent.covers(shapes.iloc[0])
    assert problems == []


def test_a_collection_of_one_point_is_that_point():
    shapes, problems = place(RESIDENCES, MultiPoint([(501, 5)]))
    assert shapes.iloc[0].equals(Point(501, 5))
    assert problems == []


def test_an_area_that_crosses_itself_is_repaired_and_keeps_whole_centimetres():
    bow_tie = Polygon([(0, 0), (700, 303), (700, 0), (0, 401)])
    shapes, problems = place(UNITS, bow_tie)
    assert shapes.iloc[0].is_valid
    assert shapes.iloc[0].geom_type in {"Polygon", "MultiPolygon"}
    assert (
        shapes.get_coordinates().map(lambda value: round(value, 2)).equals(shapes.get_coordinates())
    )
    assert [(problem.code, problem.row) for problem in problems] == [("repaired_geometry", 1)]


def test_an_area_of_nothing_is_told():
    spike = Polygon([(500, 0), (600, 0), (500, 0), (600, 0)])
    shapes, problems = place(UNITS, spike, box(300, 0, 400, 400))
    assert shapes.iloc[0] is None
    assert "empty_geometry" in {problem.code for problem in problems}


def test_a_ledger_row_without_a_place_stays():
    shapes, problems = place_table(FACILITIES, x=["117.1", None], y=["26.3", None])
    assert shapes.notna().tolist() == [True, False]
    assert problems == []


def test_a_ledger_without_any_place_stays():
    shapes, problems = place_table(FACILITIES, name=["a", "b"])
    assert shapes.isna().all()
    assert problems == []


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32650", "EPSG:4527", "EPSG:4509"])
def test_a_layer_comes_to_the_same_place_from_any_crs(crs):
    true = gpd.GeoSeries([Point(500123.45, 2915678.9)], crs=CRS)
    frame = gpd.GeoDataFrame(geometry=true.to_crs(crs))
    said = LayerSource("layer", "units", Path("layer.gpkg"))
    found = placed(frame, said, UNITS, Findings("layer"), crs=CRS)
    assert found.iloc[0].distance(true.iloc[0]) < 0.011
