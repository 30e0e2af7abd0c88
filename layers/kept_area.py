"""What has been worked out of one part of a whole, kept in files until the rest needs it.

Frames are kept as GeoParquet, so that an interrupted run goes on where it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from layers.inputs import input_files
from layers.made_of import key_of
from layers.project_file import PROJECT_FILE
from layers.shelf import users_shelf
from layers.store import storable
from layers.study_area import StudyArea

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from layers.project import Project

    Some = Callable[[gpd.GeoDataFrame], NDArray[np.bool_]]

_FRAMES = ("units", "residences", "facilities", "townships")
_IF_ANY = ("streets", "registers")


def keep_area(area: StudyArea, folder: Path) -> None:
    """Write what a study is measured and counted from."""
    for name in (*_FRAMES, *_IF_ANY):
        frame = getattr(area, name)
        if frame is not None:
            storable(frame).to_parquet(folder / f"{name}.parquet")


def kept_area(
    folder: Path, crs: str, only: Mapping[str, list[str] | None] | None = None
) -> StudyArea:
    """Give what ``keep_area`` kept as a study area without problems, sources or sites.

    ``only`` names columns by frame, all of them where None; streets and registers that it does not
    name are left out.
    """
    asked = dict.fromkeys((*_FRAMES, *_IF_ANY)) if only is None else only
    units, residences, facilities, townships = (
        kept_rows(folder, name, columns=asked[name]) for name in _FRAMES
    )
    streets, registers = (
        kept_frame(folder, name, columns=asked[name]) if name in asked else None for name in _IF_ANY
    )
    frames = (units, residences, facilities, streets, townships)
    return StudyArea(crs, *frames, registers=registers, shelf=users_shelf())


def kept_rows(
    folder: Path, name: str, some: Some | None = None, *, columns: list[str] | None = None
) -> gpd.GeoDataFrame:
    """Give one frame that every study has. Raises FileNotFoundError where it was not kept."""
    frame = kept_frame(folder, name, some, columns=columns)
    if frame is None:
        raise FileNotFoundError(folder / name)
    return frame


def kept_frame(
    folder: Path, name: str, some: Some | None = None, *, columns: list[str] | None = None
) -> gpd.GeoDataFrame | None:
    """Give one frame that was kept, texts as they are read; None where the study has none.

    Of a frame of which ``some`` rows or ``columns`` are wanted, no others are made ready.
    """
    path = folder / f"{name}.parquet"
    if not path.is_file():
        return None
    frame = gpd.read_parquet(path, columns=columns)
    if some:
        frame = frame[some(frame)]
    for column, kind in frame.dtypes.items():
        if isinstance(kind, pd.StringDtype):
            cells = frame[column].to_numpy(dtype=object, copy=True)
            cells[pd.isna(cells)] = None
            frame[column] = pd.Series(cells, frame.index, dtype=object)
    return frame


def project_key(project: Project) -> str:
    """Give what the files of a project are known by: their names, sizes and SHA-256."""
    paths = [source.path for source in project.layers if source.database is None]
    told = input_files([project.folder / PROJECT_FILE, *paths], project.folder)
    return key_of(*told)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet (GeoParquet where it has places), whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    frame.to_parquet(half)
    half.replace(path)
