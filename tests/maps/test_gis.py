"""results.gpkg as a GIS sees it: what is coloured how, asked of SQLite itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

import geo
import layers
from layers.vocabulary import text
from maps.gis import gis_frames
from maps.gis_styles import column_of
from maps.qml import Rule, marker, qml
from maps.style import MINUTES
from tests.geo.test_supply_frames import NURSERIES, TEN, UNITS
from tests.line_town import line_area

DRAWN = ("unit_services", "facilities", "gaps", "streets", "areas")


@pytest.fixture(scope="module")
def frames(town):
    return gis_frames(town, "zh")


@pytest.fixture(scope="module")
def path(frames, tmp_path_factory):
    return layers.write_frames(frames, tmp_path_factory.mktemp("gis") / "results.gpkg")


@pytest.fixture(scope="module")
def styles(path):
    return pyogrio.read_dataframe(path, layer="layer_styles")


def page_of(style):
    return ET.fromstring(style.split("\n", maxsplit=1)[1])  # noqa: S314 - our own


def rules_of(style):
    """Give label, filter, whether it is shown, and the symbol's first colour of every rule."""
    page = page_of(style)
    colours = {
        symbol.get("name"): next(
            prop.get("v") for prop in symbol.iter("prop") if "color" in prop.get("k")
        )
        for symbol in page.iter("symbol")
    }
    return [
        (
            rule.get("label"),
            rule.get("filter"),
            rule.get("checkstate") != "0",
            colours[rule.get("symbol")],
        )
        for rule in page.iter("rule")
    ]


def rows_of(path, layer, where):
    with closing(sqlite3.connect(path)) as database:
        condition = f" WHERE {where}" if where else ""
        return database.execute(f'SELECT fid FROM "{layer}"{condition}').fetchall()  # noqa: S608 - our own


def default_of(styles, layer):
    own = styles[styles["f_table_name"] == layer]
    return own[own["useAsDefault"].astype(bool)]


def test_every_layer_has_one_default_style_and_qgis_finds_it_by_its_geometry_column(frames, styles):
    assert set(styles["f_table_name"]) == set(frames) - {"layer_styles"}
    for name, frame in frames.items():
        if name != "layer_styles":
            (row,) = default_of(styles, name).itertuples()
            column = "geometry" if isinstance(frame, gpd.GeoDataFrame) else ""
            assert (row.f_geometry_column, row.f_table_schema) == (column, "")


@pytest.mark.parametrize("layer", [name for name in DRAWN if name != "gaps"])
def test_every_row_is_drawn_by_exactly_one_rule_of_every_style(path, styles, layer):
    everything = sorted(rows_of(path, layer, ""))
    assert everything
    for style in styles[styles["f_table_name"] == layer]["styleQML"]:
        drawn = [row for _, where, _, _ in rules_of(style) for row in rows_of(path, layer, where)]
        assert sorted(drawn) == everything


def test_gaps_of_one_category_are_shown_first_and_the_others_wait(path, styles, town):
    (style,) = styles[styles["f_table_name"] == "gaps"]["styleQML"]
    rules = rules_of(style)
    assert [shown for _, _, shown, _ in rules] == [True] + [False] * (len(rules) - 1)
    counts = town.gaps["indicator"].value_counts()
    found = [len(rows_of(path, "gaps", where)) for _, where, _, _ in rules]
    assert found == [counts.get(name, 0) for name in town.project.circle.categories]


def test_units_are_coloured_by_the_minutes_to_the_headline_category(styles, town):
    headline = town.project.circle.categories[0]
    (row,) = default_of(styles, "unit_services").itertuples()
    assert row.styleName == f"到{town.project.categories[headline].name('zh')}的时间"
    (label, where, _, colour), *_ = rules_of(row.styleQML)
    assert label == "5 分钟以内"
    assert where == f'"{column_of("minutes", headline)}" <= 5'
    red, green, blue = (int(MINUTES[0][at : at + 2], 16) for at in (1, 3, 5))
    assert colour.startswith(f"{red},{green},{blue},")


def test_the_layer_of_units_holds_minutes_and_shortfalls_of_every_category(frames, town):
    layer = frames["unit_services"].set_index("unit_id")
    judged = town.coverage[town.coverage["indicator"] == town.coverage["category"]]
    short = dict.fromkeys(layer.index, 0)
    for row in judged[judged["category"].isin(town.project.circle.categories)].itertuples():
        shown = layer.loc[row.unit_id, column_of("minutes", row.category)]
        assert pd.isna(shown) if pd.isna(row.minutes) else 0 <= shown - row.minutes < 0.1001
        if row.reason != "no_data" and not pd.isna(row.covered):
            assert layer.loc[row.unit_id, column_of("short", row.category)] == (not row.covered)
            short[row.unit_id] += not row.covered
    assert layer["shortfalls"].to_dict() == short


def test_a_gap_lies_in_its_unit(frames, town):
    units = town.area.units.set_index("unit_id").geometry
    gaps = frames["gaps"]
    assert len(gaps) == len(town.gaps) > 0
    assert all(
        units[unit_id].buffer(0.01).contains(point)
        for unit_id, point in zip(gaps["unit_id"], gaps.geometry, strict=True)
    )


def test_columns_have_chinese_names_and_only_those_that_are_there(frames, styles):
    for row in styles.itertuples():
        page = page_of(row.styleQML)
        aliases = {alias.get("field"): alias.get("name") for alias in page.iter("alias")}
        columns = set(frames[row.f_table_name].columns) - {"geometry"}
        assert set(aliases) <= columns
        if row.f_geometry_column:
            assert columns - set(aliases) == set(), row.f_table_name
        assert all(any(ord(letter) > 0x3000 for letter in name) for name in aliases.values())


def test_names_with_quotes_and_brackets_do_not_break_a_style():
    told = "\"<a & 'b'>\""
    style = qml([Rule(told, f'"name" = {told}', marker("#102030", 2))], {"name": told})
    ((label, where, shown, colour),) = rules_of(style)
    assert (label, where, shown) == (told, f'"name" = {told}', True)
    assert colour == "16,32,48,255"


def test_english_is_spoken_in_legends_and_names_too(town):
    styles = gis_frames(town, "en")["layer_styles"]
    (row,) = default_of(styles, "streets").itertuples()
    assert rules_of(row.styleQML)[0][0] == text("gis.main_streets", "en")


def test_every_layer_of_the_demo_opens_in_its_style_with_its_columns_named(demo):
    path = demo[0] / "results.gpkg"
    kept = set(pyogrio.list_layers(path)[:, 0]) - {"layer_styles"}
    styles = pyogrio.read_dataframe(path, layer="layer_styles")
    default = styles[styles["useAsDefault"].astype(bool)]
    assert sorted(default["f_table_name"]) == sorted(kept)
    with closing(sqlite3.connect(path)) as database:
        drawn = database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        geometry = dict(drawn.fetchall())
    for row in default.itertuples():
        assert row.f_geometry_column == geometry.get(row.f_table_name, "")
        assert row.f_table_name not in geometry or rules_of(row.styleQML), row.f_table_name
    (registers,) = default_of(styles, "registers")["styleQML"]
    everything = pyogrio.read_dataframe(path, layer="registers", fid_as_index=True)
    placed = everything[everything.geometry.notna()]
    assert {"Point", "MultiPolygon"} <= set(placed.geom_type)
    assert drawn_by(registers, path, placed) == dict.fromkeys(placed.index, 1)


def drawn_by(style, path, rows):
    """Count by row the rules that draw it: QGIS draws each shape by symbols of its kind alone."""
    kinds = {"Point": "marker", "LineString": "line", "Polygon": "fill"}
    symbols = [symbol.get("type") for symbol in page_of(style).iter("symbol")]
    counts = dict.fromkeys(rows.index, 0)
    for symbol, (_, where, _, _) in zip(symbols, rules_of(style), strict=True):
        for (row,) in rows_of(path, "registers", where):
            if row in counts and kinds[rows.geom_type[row].removeprefix("Multi")] == symbol:
                counts[row] += 1
    return counts


def test_units_that_are_points_are_drawn_as_points():
    study = geo.assess(line_area(UNITS, NURSERIES), TEN)
    styles = gis_frames(study, "zh")["layer_styles"]
    (row,) = default_of(styles, "units").itertuples()
    assert [symbol.get("type") for symbol in page_of(row.styleQML).iter("symbol")] == ["marker"]
