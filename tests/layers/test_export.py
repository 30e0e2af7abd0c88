"""Shapefiles and GeoJSON as other programs read them."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, box

from layers.export import export_layers, short_names

CRS = "EPSG:4548"
X, Y = 520_000.0, 2_915_000.0


@pytest.fixture
def frames():
    places = [box(X, Y, X + 100, Y + 100), box(X + 100, Y, X + 200, Y + 100), None]
    units = gpd.GeoDataFrame(
        {
            "unit_id": ["350421100001", "350421100002", "350421100003"],
            "name": ["城东居委会", "㐂村委会", None],
            "minutes_elder_care": [1.5, None, 3.0],
            "minutes_elder_home": [1, 2, 3],
            "covered": pd.array([True, None, False], dtype="boolean"),
            "remark": ["长" * 200, "短", "="],
        },
        geometry=places,
        crs=CRS,
    )
    mixed = gpd.GeoDataFrame(
        {"name": ["点", "线"]},
        geometry=[Point(X, Y), LineString([(X, Y), (X + 5, Y + 5)])],
        crs=CRS,
    )
    return {"units": units, "mixed": mixed, "table": pd.DataFrame({"a": [1]})}


def test_shapefiles_are_gbk_with_a_cpg_and_codes_keep_their_digits(frames, tmp_path):
    folder = export_layers(frames, tmp_path, form="shp")
    assert (folder / "units.cpg").read_text() == "GBK"
    assert "城东居委会".encode("gbk") in (folder / "units.dbf").read_bytes()
    found = pyogrio.read_dataframe(folder / "units.shp")
    assert found["unit_id"].tolist() == frames["units"]["unit_id"].tolist()
    assert found["name"].fillna("").tolist() == ["城东居委会", "?村委会", ""]
    assert found.crs.equals(pyproj.CRS(CRS), ignore_axis_order=True)
    assert found.geometry[:2].geom_equals(frames["units"].geometry[:2]).all()


def test_texts_are_cut_between_characters_and_flags_are_1_and_0(frames, tmp_path):
    found = pyogrio.read_dataframe(export_layers(frames, tmp_path, form="shp") / "units.shp")
    assert found["remark"].tolist() == ["长" * 127, "短", "="]
    covered = found["covered"].astype("Float64")
    assert covered[[0, 2]].tolist() == [1, 0]
    assert pd.isna(covered[1])


def test_shortened_columns_are_explained_in_a_table_that_excel_opens(frames, tmp_path):
    folder = export_layers(frames, tmp_path, form="shp")
    assert (folder / "fields.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    fields = pd.read_csv(folder / "fields.csv", keep_default_na=False)
    told = fields[fields["layer"] == "units"].set_index("field")
    assert told.loc["minutes_el", "column"] == "minutes_elder_care"
    assert told.loc["minutes__2", "column"] == "minutes_elder_home"
    assert told.loc["unit_id", "meaning"] == "单元代码"
    assert list(pyogrio.read_info(folder / "units.shp")["fields"]) == list(told.index)


def test_a_layer_of_several_kinds_of_geometry_becomes_several_shapefiles(frames, tmp_path):
    folder = export_layers(frames, tmp_path, form="shp")
    names = {path.stem for path in folder.glob("*.shp")}
    assert names == {"units", "mixed_point", "mixed_line"}


def test_geojson_is_in_cgcs2000_longitude_first(frames, tmp_path):
    folder = export_layers(frames, tmp_path, form="geojson")
    told = json.loads((folder / "mixed.geojson").read_text(encoding="utf-8"))
    assert told["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4490"
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)
    assert told["features"][0]["geometry"]["coordinates"] == pytest.approx(
        to_degrees.transform(X, Y), abs=1e-7
    )
    assert told["features"][0]["properties"]["name"] == "点"
    assert not (folder / "table.geojson").exists()


@pytest.mark.parametrize("form", ["shp", "geojson"])
def test_the_same_frames_give_the_same_bytes(frames, tmp_path, form):
    first, second = (export_layers(frames, tmp_path / name, form=form) for name in "ab")
    files = sorted(path.name for path in first.iterdir())
    assert files
    for name in files:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


@given(st.lists(st.text("abc_序号", min_size=1, max_size=24), unique_by=str.lower, max_size=30))
def test_short_names_fit_and_are_never_shared(columns):
    found = short_names(columns)
    assert list(found) == columns
    assert all(0 < len(name.encode("gbk")) <= 10 for name in found.values())
    assert len({name.lower() for name in found.values()}) == len(columns)
