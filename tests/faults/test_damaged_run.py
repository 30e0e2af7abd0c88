"""A run on a damaged file: one message that names it, exit code 2, and the earlier results stay."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

import layers
from layers.vocabulary import text
from maps.outcome import BAD
from tests.fuzz.readers import PARTS, ground
from tests.test_cli import contents, with_earlier_results, write_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Damage = Callable[[bytes], bytes]

pytestmark = pytest.mark.filterwarnings("ignore")  # libraries warn; what is ours must tell


def half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def nothing(_: bytes) -> bytes:
    return b""


def blank_begin(whole: bytes) -> bytes:
    return bytes(512) + whole[512:]


def blank_middle(whole: bytes) -> bytes:
    at = len(whole) // 3
    return whole[:at] + bytes(at) + whole[2 * at :]


def other_encoding(whole: bytes) -> bytes:
    return whole.decode("utf-8").encode("utf-16-le")


# The layer, the file it is read from, and the part of it that is damaged.
CASES: dict[str, tuple[str, str, str, Damage]] = {
    "a GeoPackage cut short": ("units", "units.gpkg", ".gpkg", half),
    "a GeoPackage with blank pages": ("streets", "streets.gpkg", ".gpkg", blank_middle),
    "an empty GeoPackage": ("units", "units.gpkg", ".gpkg", nothing),
    "a shapefile whose table is cut short": ("units", "units.shp", ".dbf", half),
    "a shapefile whose shapes are cut short": ("units", "units.shp", ".shp", half),
    "a GeoJSON file cut short": ("units", "units.geojson", ".geojson", half),
    "a GeoParquet file cut short": ("units", "units.parquet", ".parquet", half),
    "a zip cut short": ("units", "units.zip", ".zip", half),
    "a table in another encoding": ("facilities", "facilities.csv", ".csv", other_encoding),
    "an empty table": ("residences", "residences.csv", ".csv", nothing),
    "a workbook cut short": ("facilities", "facilities.xlsx", ".xlsx", half),
    "an extract cut short": ("streets", "streets.osm.pbf", ".pbf", half),
    "an OpenStreetMap file cut short": ("streets", "streets.osm", ".osm", half),
    "a graph cut short": ("streets", "streets.graphml", ".graphml", half),
    "elevations cut short": ("dem", "dem.tif", ".tif", half),
    "elevations without a beginning": ("dem", "dem.tif", ".tif", blank_begin),
    "a project file cut short": ("", "project.toml", ".toml", half),
}


def county_with(folder: Path, layer: str, file: str) -> Path:
    """Give a planner's folder that reads a layer from a file of another kind."""
    county = write_project(folder)
    settings = county / "project.toml"
    said = settings.read_text(encoding="utf-8")
    if layer:
        said, times = re.subn(rf'source = "{layer}\.\w+"', f'source = "{file}"', said)
        assert times == 1
        for part in PARTS if file.endswith(".shp") else (f".{file.partition('.')[2]}",):
            seed = ground().folder / f"{file.partition('.')[0]}{part}"
            shutil.copyfile(seed, county / seed.name)
    settings.write_text(said, encoding="utf-8")
    return county


@pytest.mark.parametrize("case", CASES)
def test_a_run_on_a_damaged_file_names_it_ends_with_2_and_leaves_earlier_results(
    case, tmp_path, ask
):
    layer, file, part, damage = CASES[case]
    county = county_with(tmp_path / "某 县", layer, file)
    path = (county / file).with_suffix(part)
    path.write_bytes(damage(path.read_bytes()))
    before = with_earlier_results(county)
    done = ask("run", county, "--quiet")
    said = re.sub(r"[\s│]", "", done.stderr)
    assert done.exit_code == BAD
    assert (layer or file) in said
    assert "Traceback" not in done.output
    few = (text("cli.problem_count", count=f"{n}", fatal=f"{n}") for n in range(1, 5))
    assert any(re.sub(r"\s", "", count) in said for count in few)  # a row without a shape each
    assert contents(county / "out") == before


@pytest.mark.parametrize("file", sorted({file for _, file, _, _ in CASES.values()}))
def test_the_same_file_as_it_was_is_read(file, tmp_path):
    layer = next(layer for layer, each, _, _ in CASES.values() if each == file)
    county = county_with(tmp_path / "某 县", layer, file)
    layers.read_study_area(layers.read_project(county))
