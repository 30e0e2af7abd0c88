"""Ways in which an archive or a folder as a layer can be wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.broken.breaks import source
from tests.broken.case import Case

if TYPE_CHECKING:
    from tests.broken.breaks import Damage


def _folder(*names: str) -> Damage:
    """Make a folder with the units' file in it under these names."""

    def damage(folder: Path) -> None:
        (folder / "各镇").mkdir()
        for name in names:
            (folder / "各镇" / name).write_bytes((folder / "units.gpkg").read_bytes())

    return damage


def _archive(folder: Path) -> None:
    with zipfile.ZipFile(folder / "units.zip", "w") as packed:
        packed.write(folder / "units.gpkg", "units.gpkg")


FOLDER = source("units", path=Path("各镇"))

SOURCE_CASES = (
    Case(
        "压缩包里不是 Shapefile",
        "units",
        "zip_without_shapefile",
        source("units", path=Path("units.zip")),
        _archive,
    ),
    Case("文件夹里没有数据", "units", "empty_folder", FOLDER, _folder()),
    Case("文件夹里有两种格式", "units", "mixed_folder", FOLDER, _folder("a.gpkg", "b.geojson")),
    Case(
        "文件夹里两个文件有相同的编号",
        "units/b.gpkg",
        "duplicate_id",
        FOLDER,
        _folder("a.gpkg", "b.gpkg"),
    ),
)
