"""Registers: compounds, grids, key spots and ledgers of units and townships, from any reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

import layers
from layers.catalogue import load_categories
from layers.catalogue.ledger import load_attributes, load_listed, load_register_kinds
from layers.errors import LayerError, ProjectError
from layers.reading import words_of
from layers.schema import SCHEMAS
from tests.broken.good_study import CRS, UNITS, GoodStudy

if TYPE_CHECKING:
    from pathlib import Path

    from layers.study_area import StudyArea

TOWN = UNITS[0][:9]


def study(folder: Path, *tables: tuple[str, str, pd.DataFrame]) -> StudyArea:
    """Read the good units and some registers, each a name, its settings and its rows."""
    GoodStudy().units.to_file(folder / "units.gpkg")
    lines = [f'name = "县"\ncrs = "{CRS}"\n[layers.units]\nsource = "units.gpkg"\n']
    for name, settings, rows in tables:
        lines.append(f'[layers.{name}]\nrole = "registers"\n{settings}\n')
        if isinstance(rows, gpd.GeoDataFrame):
            rows.to_file(folder / f"{name}.gpkg")
        else:
            rows.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8")
        kind = "gpkg" if isinstance(rows, gpd.GeoDataFrame) else "csv"
        lines.append(f'source = "{name}.{kind}"\n')
    (folder / "project.toml").write_text("".join(lines), encoding="utf-8")
    return layers.read_study_area(layers.read_project(folder))


def test_a_register_is_read_with_typed_columns_its_township_found_from_its_unit(tmp_path):
    rows = pd.DataFrame(
        {"编号": ["X1", "X2"], "unit_id": UNITS[:2], "smart_security": ["是", None], "楼": [3, 4]}
    )
    settings = 'values = { kind = "compound" }\ncolumns = { register_id = "编号" }'
    found = study(tmp_path, ("compounds", settings, rows)).registers
    assert found["register_id"].tolist() == ["X1", "X2"]
    assert found["kind"].tolist() == ["compound", "compound"]
    assert found["township_id"].tolist() == [TOWN, TOWN]
    assert found["smart_security"].iloc[0]
    assert found["smart_security"].isna().tolist() == [False, True]
    assert found["楼"].tolist() == [3, 4]


def test_areas_and_points_find_the_unit_they_lie_in(tmp_path):
    units = GoodStudy().units
    inside = units.geometry[:2].buffer(-100)
    grids = gpd.GeoDataFrame({"register_id": ["g1", "g2"]}, geometry=inside.array, crs=units.crs)
    spots = gpd.GeoDataFrame(
        {"register_id": ["g1"]}, geometry=[inside.iloc[1].centroid], crs=units.crs
    )
    area = study(
        tmp_path,
        ("grids", 'values = { kind = "grid" }', grids),
        ("spots", 'values = { kind = "key-spot" }', spots),
    )
    table = area.registers[["kind", "register_id", "unit_id"]].to_numpy().tolist()
    assert table == [
        ["grid", "g1", UNITS[0]],
        ["grid", "g2", UNITS[1]],
        ["key-spot", "g1", UNITS[1]],
    ]


def test_a_study_without_registers_has_none(tmp_path):
    assert study(tmp_path).registers is None


def test_the_ledgers_of_several_bureaus_stand_in_the_units(tmp_path):
    justice = pd.DataFrame({"unit_id": UNITS[:2], "legal_advisers": [1, 0]})
    police = pd.DataFrame({"unit_id": UNITS[1:3], "police_assistants": [2, 1], "disabled": [7, 8]})
    kind = 'values = { kind = "unit" }'
    area = study(tmp_path, ("justice", kind, justice), ("police", kind, police))
    units = area.units.set_index("unit_id").loc[list(UNITS[:3])]
    assert units["legal_advisers"].tolist()[:2] == [1, 0]
    assert units["legal_advisers"].isna().tolist() == [False, False, True]
    assert units["police_assistants"].tolist()[1:] == [2, 1]
    assert units["disabled"].tolist()[1:] == [7, 8]
    assert len(area.registers) == 0


def test_the_ledgers_of_one_township_are_one_row(tmp_path):
    health = pd.DataFrame({"township_id": [TOWN], "mental_health_team": ["有"]})
    police = pd.DataFrame({"township_id": [TOWN], "chief_in_leadership": ["否"]})
    kind = 'values = { kind = "township" }'
    area = study(tmp_path, ("health", kind, health), ("police", kind, police))
    (row,) = area.registers.to_dict("records")
    assert row["register_id"] == row["township_id"] == TOWN
    assert (row["mental_health_team"], row["chief_in_leadership"]) == (True, False)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ({"register_id": ["a"], "kind": ["compoond"]}, "unknown_register"),
        ({"register_id": ["a"], "kind": ["grid"], "unit_id": ["1"]}, "unknown_unit"),
        ({"register_id": ["a"], "kind": ["grid"], "serves": ["1;2"]}, "unknown_unit"),
        ({"register_id": ["a", "a"], "kind": ["grid", "grid"]}, "duplicate_id"),
        ({"register_id": ["a"], "kind": ["unit"]}, "ledger_without_place"),
        ({"register_id": ["a"], "kind": ["grid"], "officers": ["many"]}, "not_a_number"),
        ({"register_id": ["a"], "kind": [None]}, "missing_value"),
    ],
)
def test_what_is_wrong_with_a_register_is_told(tmp_path, rows, code):
    with pytest.raises(LayerError) as raised:
        study(tmp_path, ("rows", "", pd.DataFrame(rows)))
    assert code in {problem.code for problem in raised.value.problems}


def test_a_kind_that_is_unknown_is_told_of_project_toml(tmp_path):
    with pytest.raises(ProjectError, match="compound"):
        study(tmp_path, ("rows", 'values = { kind = "compond" }', pd.DataFrame({"a": [1]})))


# --- the catalogue of ledgers -------------------------------------------------------------------


def test_listed_categories_have_ids_and_names_of_their_own():
    timed, listed = load_categories(), load_listed()
    assert not set(timed) & set(listed)
    names = [each.name_zh for each in (*timed.values(), *listed.values())]
    assert len(names) == len(set(names))


def test_a_column_means_the_same_in_every_kind_of_register_and_is_none_of_the_schemas():
    for kind in load_register_kinds().values():
        for column in kind.columns:
            same = [each for each in load_attributes("registers") if each.name == column.name]
            assert {each.type for each in same} == {column.type}
            assert column.name not in {each.name for each in SCHEMAS["registers"].columns}
    for frame in ("units", "facilities"):
        schema = {column.name for column in SCHEMAS[frame].columns}
        assert not schema & {column.name for column in load_attributes(frame)}


def test_every_choice_of_a_ledger_column_can_be_written_inwords_of():
    for frame in ("units", "facilities", "registers"):
        for column in load_attributes(frame):
            assert column.zh
            assert column.en
            if column.choices:
                assert set(words_of(column.name).values()) == set(column.choices)
