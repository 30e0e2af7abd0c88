"""How results are kept: whole, the same every time, and never at the cost of earlier ones."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from enum import StrEnum
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box

from layers.errors import LayerError
from layers.store import results_folder, write_frames

CRS = "EPSG:4548"
SQUARE = box(500_000, 2_900_000, 500_100, 2_900_100)


class Kind(StrEnum):
    NEAR = "near"


def frames() -> dict[str, pd.DataFrame]:
    """Give one frame of each sort a study has."""
    return {
        "units": gpd.GeoDataFrame(
            {
                "unit_id": ["350421100001", "350421100002"],
                "name": ["城中社区", None],
                "urban": pd.array([True, None], dtype="boolean"),
                "people": [100.0, np.nan],
            },
            geometry=[SQUARE, MultiPolygon([SQUARE])],
            crs=CRS,
        ),
        "facilities": gpd.GeoDataFrame(
            {"facility_id": ["a", "b"], "year": pd.array([2020, None], dtype="Int64")},
            geometry=[Point(500_000, 2_900_000), None],
            crs=CRS,
        ),
        "streets": gpd.GeoDataFrame(
            {"street_id": ["s"], "oneway": np.array([-1], dtype="int8")},
            geometry=[LineString([(0, 0, 1), (1, 1, 2)])],
            crs=CRS,
        ),
        "times": pd.DataFrame(
            {
                "residence_id": ["r1", "r2"],
                "method": pd.Categorical(["沿路网", None]),
                "kind": pd.Series([Kind.NEAR, None], dtype=object),
                "milliseconds": np.array([1, 2], dtype="int64"),
            }
        ),
        "gaps": pd.DataFrame({"unit_id": pd.Series([], dtype=object)}),
        "areas": gpd.GeoDataFrame({"kind": []}, geometry=[], crs=CRS),
    }


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return write_frames(frames(), tmp_path / "results.gpkg")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Give a folder with an earlier result and a file of the user's own."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("map.html", "report.xlsx", "notes.txt"):
        (folder / name).write_text(f"old {name}", encoding="utf-8")
    return folder


def written(folder: Path) -> dict[str, str]:
    """Give everything in a folder by name; a folder left behind shows as one."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        if path.is_file()
        else "(folder)"
        for path in folder.rglob("*")
    }


def write_both(folder: Path, *more: str) -> None:
    for name in ("map.html", "report.xlsx", *more):
        (folder / name).write_text(f"new {name}", encoding="utf-8")


def codes(refused: pytest.ExceptionInfo[LayerError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_every_frame_is_a_layer_and_those_without_places_are_tables(kept):
    found = dict(pyogrio.list_layers(kept))
    assert set(found) == set(frames())
    assert found["times"] is None
    assert found["gaps"] is None
    assert found["units"] == "MultiPolygon"
    assert found["streets"] == "LineString Z"


def test_chinese_text_flags_and_numbers_come_back_as_they_were(kept):
    units = pyogrio.read_dataframe(kept, layer="units")
    assert units["unit_id"].tolist() == ["350421100001", "350421100002"]
    assert units["name"][0] == "城中社区"
    assert pd.isna(units["name"][1])
    assert units["urban"].tolist()[0] == 1
    assert pd.isna(units["urban"].tolist()[1])
    assert pd.isna(units["people"][1])
    times = pyogrio.read_dataframe(kept, layer="times")
    assert times["method"].fillna("").tolist() == ["沿路网", ""]
    assert times["kind"].fillna("").tolist() == ["near", ""]


def test_the_crs_of_every_layer_with_places_is_kept(kept):
    for layer in ("units", "facilities", "streets", "areas"):
        assert pyogrio.read_info(kept, layer=layer)["crs"] == CRS


def test_a_frame_without_rows_is_written_with_its_columns(kept):
    assert pyogrio.read_info(kept, layer="gaps")["features"] == 0
    assert pyogrio.read_info(kept, layer="gaps")["fields"].tolist() == ["unit_id"]
    assert pyogrio.read_info(kept, layer="areas")["features"] == 0


def test_a_facility_without_a_place_keeps_its_row(kept):
    facilities = pyogrio.read_dataframe(kept, layer="facilities")
    assert facilities["facility_id"].tolist() == ["a", "b"]
    assert facilities.geometry[1] is None


def test_the_same_frames_give_the_same_bytes_whenever_they_are_written(tmp_path):
    first = write_frames(frames(), tmp_path / "one.gpkg")
    with sqlite3.connect(first) as base:
        (changed,) = base.execute("select distinct last_change from gpkg_contents").fetchall()
    base.close()
    second = write_frames(frames(), tmp_path / "two" / "three.gpkg")
    assert changed == ("2000-01-01T00:00:00.000Z",)
    assert digest(first) == digest(second)


def test_the_clock_of_gdal_is_given_back(tmp_path):
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    write_frames(frames(), tmp_path / "results.gpkg")
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == before


def test_rows_keep_their_order(tmp_path):
    rows = pd.DataFrame({"unit_id": ["b", "a", "c"]}, index=[9, 3, 5])
    path = write_frames({"rows": rows}, tmp_path / "rows.gpkg")
    assert pyogrio.read_dataframe(path, layer="rows")["unit_id"].tolist() == ["b", "a", "c"]


def test_frames_are_not_changed_by_writing_them(tmp_path):
    given_frames, same = frames(), frames()
    write_frames(given_frames, tmp_path / "results.gpkg")
    for name, frame in given_frames.items():
        pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(same[name]))


def test_an_earlier_file_is_replaced_and_not_added_to(tmp_path):
    path = write_frames(frames(), tmp_path / "results.gpkg")
    write_frames({"only": pd.DataFrame({"a": [1]})}, path)
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["only"]


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ({"fid": [7], "a": [1]}, ["fid", "a"]),
        ({"FID": [7], "a": [1]}, ["FID", "a"]),
        ({"Name": ["x"], "name": ["y"]}, ["Name", "name_2"]),
        ({"geom": ["x"], "Geometry": ["y"]}, ["geom", "Geometry_2"]),
    ],
)
def test_a_planners_own_columns_never_clash_with_those_of_the_file(tmp_path, columns, names):
    frame = gpd.GeoDataFrame(columns, geometry=[SQUARE], crs=CRS)
    path = write_frames({"units": frame}, tmp_path / "units.gpkg")
    back = pyogrio.read_dataframe(path, layer="units").drop(columns="geometry")
    assert back.columns.tolist() == names
    assert back.iloc[0].tolist() == [values[0] for values in columns.values()]


@pytest.mark.parametrize(
    ("values", "back"),
    [
        ([True, False, None], [1, 0, None]),
        ([1, None, 3], [1, None, 3]),
        ([1.5, None, 2], [1.5, None, 2]),
        ([1, "a", None], ["1", "a", None]),
        ([None, None, None], [None, None, None]),
        ([("a", "b"), None, "c"], ["('a', 'b')", None, "c"]),
    ],
)
def test_columns_of_mixed_objects_are_kept_as_what_they_hold(tmp_path, values, back):
    frame = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    path = write_frames({"mixed": frame}, tmp_path / "mixed.gpkg")
    found = pyogrio.read_dataframe(path, layer="mixed")["a"].tolist()
    assert [None if pd.isna(value) else value for value in found] == back


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=5),
            st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
            st.one_of(st.none(), st.booleans()),
        ),
        max_size=6,
    )
)
def test_any_text_number_or_flag_comes_back(tmp_path_factory, rows):
    frame = pd.DataFrame(
        {
            "text": pd.Series([row[0] for row in rows], dtype=object),
            "number": pd.Series([row[1] for row in rows], dtype="float64"),
            "flag": pd.array([row[2] for row in rows], dtype="boolean"),
        }
    )
    path = write_frames({"rows": frame}, tmp_path_factory.mktemp("rows") / "rows.gpkg")
    back = pyogrio.read_dataframe(path, layer="rows")
    found = [
        tuple(None if pd.isna(value) else value for value in row)
        for row in back.itertuples(index=False)
    ]
    assert found == rows


def test_a_frame_that_cannot_be_written_leaves_the_earlier_file(tmp_path, monkeypatch):
    path = write_frames(frames(), tmp_path / "results.gpkg")
    before = digest(path)

    def broken(*_: object, **__: object) -> None:
        raise pyogrio.errors.DataLayerError

    monkeypatch.setattr("pyogrio.write_dataframe", broken)
    with pytest.raises(LayerError) as refused:
        write_frames(frames(), path)
    assert codes(refused) == ["output_unwritable"]
    assert digest(path) == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_layer_that_lost_rows_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("pyogrio.read_info", lambda *_, **__: {"features": 1})
    with pytest.raises(LayerError) as refused:
        write_frames(frames(), tmp_path / "results.gpkg")
    assert codes(refused) == ["output_unwritable"]
    assert list(tmp_path.iterdir()) == []


def test_all_files_move_in_together_and_others_stay(out):
    with results_folder(out) as folder:
        write_both(folder)
        assert written(out)["map.html"] == "old map.html"
    assert written(out) == {
        "map.html": "new map.html",
        "report.xlsx": "new report.xlsx",
        "notes.txt": "old notes.txt",
    }


def test_files_in_folders_of_their_own_move_in_too(out):
    with results_folder(out) as folder:
        (folder / "sheets" / "a").mkdir(parents=True)
        (folder / "sheets" / "a" / "one.html").write_text("one", encoding="utf-8")
    assert (out / "sheets" / "a" / "one.html").read_text(encoding="utf-8") == "one"


def test_a_results_folder_within_another_moves_with_it(out):
    with results_folder(out) as folder:
        write_frames(frames(), folder / "results.gpkg")
        assert not (out / "results.gpkg").exists()
    assert sorted(written_names(out)) == ["map.html", "notes.txt", "report.xlsx", "results.gpkg"]


def written_names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_failure_or_an_interruption_leaves_everything_as_it_was(out, failure):
    before = written(out)

    def fail() -> None:
        with results_folder(out) as folder:
            write_both(folder)
            raise failure

    with pytest.raises(failure):
        fail()
    assert written(out) == before


def test_a_folder_that_was_not_there_is_not_left_behind_by_a_failure(tmp_path):
    def fail() -> None:
        with results_folder(tmp_path / "new" / "out") as folder:
            write_both(folder)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "output_full"),
        (errno.EROFS, "output_unwritable"),
        (errno.EACCES, "output_unwritable"),
    ],
)
def test_a_full_or_closed_disk_is_told_and_leaves_everything_as_it_was(out, number, code):
    before = written(out)

    def fail() -> None:
        with results_folder(out) as folder:
            write_both(folder)
            raise OSError(number, os.strerror(number))

    with pytest.raises(LayerError) as refused:
        fail()
    assert codes(refused) == [code]
    assert written(out) == before


def test_an_error_of_our_own_is_not_told_as_one_of_the_disk(out):
    def fail() -> None:
        with results_folder(out):
            raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        fail()


def lock(monkeypatch: pytest.MonkeyPatch, name: str, *, times: int = 1) -> None:
    """Refuse to replace one file, as Windows does while Excel holds it."""
    move, left = Path.replace, [times]

    def replace(self: Path, target: Path) -> Path:
        if Path(target).name == name and left[0]:
            left[0] -= 1
            raise PermissionError(errno.EACCES, "used by another process", str(target))
        return move(self, target)

    monkeypatch.setattr(Path, "replace", replace)


@pytest.mark.parametrize("name", ["map.html", "report.xlsx"])
def test_a_locked_file_is_named_and_no_file_is_replaced(out, monkeypatch, name):
    before = written(out)
    lock(monkeypatch, name)
    with pytest.raises(LayerError) as refused, results_folder(out) as folder:
        write_both(folder, "extra.json")
    assert codes(refused) == ["output_locked"]
    assert refused.value.problems[0].layer == name
    assert written(out) == before


def test_files_are_checked_before_the_first_is_replaced(out, monkeypatch):
    opened, moved = Path.open, []

    def held(self: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
        if self == out / "report.xlsx" and "+" in mode:
            raise PermissionError(errno.EACCES, "used by another process")
        return opened(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", held)
    monkeypatch.setattr(Path, "replace", lambda *names: moved.append(names))
    with pytest.raises(LayerError) as refused, results_folder(out) as folder:
        write_both(folder)
    assert codes(refused) == ["output_locked"]
    assert moved == []


def test_an_interruption_between_two_files_puts_the_first_back(out, monkeypatch):
    before = written(out)
    move = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target).name == "report.xlsx":
            raise KeyboardInterrupt
        return move(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt), results_folder(out) as folder:
        write_both(folder, "added.json")
    assert written(out) == before


def test_a_disk_without_hard_links_is_as_safe(out, monkeypatch):
    before = written(out)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr("os.link", refuse)
    lock(monkeypatch, "report.xlsx")
    with pytest.raises(LayerError), results_folder(out) as folder:
        write_both(folder)
    assert written(out) == before


def test_a_file_where_the_folder_should_be_is_told(tmp_path):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(LayerError) as refused, results_folder(tmp_path / "out"):
        pass
    assert codes(refused) == ["output_unwritable"]
    assert (tmp_path / "out").read_text(encoding="utf-8") == "a file"


def test_a_folder_where_a_file_should_be_is_told(out):
    (out / "run.json").mkdir()
    with pytest.raises(LayerError) as refused, results_folder(out) as folder:
        write_both(folder, "run.json")
    assert codes(refused) == ["output_unwritable"]
    assert written(out)["map.html"] == "old map.html"


def test_a_folder_nobody_may_write_to_is_told(out, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "read-only")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(LayerError) as refused, results_folder(out):
        pass
    assert codes(refused) == ["output_unwritable"]


def test_every_refusal_says_what_to_do_in_both_languages(out, monkeypatch):
    lock(monkeypatch, "map.html")
    with pytest.raises(LayerError) as refused, results_folder(out) as folder:
        write_both(folder)
    problem = refused.value.problems[0]
    assert "Excel" in problem.line("zh")
    assert "Excel" in problem.line("en")
