"""How results are kept: every frame in one GeoPackage, and a whole set of files at once or none."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio

from layers.errors import LayerError, Problem
from layers.one_writer import NEW, OLD, files_in, moving, working_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Every file says it was made at this moment, so that the same input gives the same bytes; the
# clock is kept in run.log only.
FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)

# The file is nobody's until it is whole: it goes to the disk once, before it is moved.
_GDAL = {
    "OGR_CURRENT_DATE": f"{FIXED_TIME:%Y-%m-%dT%H:%M:%S}.000Z",
    "OGR_SQLITE_SYNCHRONOUS": "OFF",
}

_UNWRITABLE = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.EFBIG, errno.ENAMETOOLONG}
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_HARDLY_ANY = 1 << 20  # bytes
# Columns of Python objects that have a type of their own; all others are kept as text.
_EXACT: dict[str, pd.api.extensions.ExtensionDtype] = {
    "boolean": pd.BooleanDtype(),
    "integer": pd.Int64Dtype(),
    "floating": pd.Float64Dtype(),
    "mixed-integer-float": pd.Float64Dtype(),
}


def write_frames(frames: Mapping[str, pd.DataFrame], path: Path) -> Path:
    """Write every frame as one layer of a GeoPackage, replacing the file only when all are in it.

    Frames without geometry, and those with no rows, become tables of their own. The same frames
    give the same bytes. Raises LayerError (output_unwritable, output_full, output_locked).
    """
    path = Path(path)
    with results_folder(path.parent) as folder, _gdal_options():
        target = folder / path.name
        with refusing_to_write(target):
            for name, frame in frames.items():
                _write_layer(frame, name, target)
                _check_complete(frame, name, target)
    return path


@contextmanager
def refusing_to_write(target: Path) -> Iterator[None]:
    """Turn what GDAL says of a file it cannot write into a LayerError.

    It is output_full where hardly any room is left, whatever GDAL says of it (sometimes that no
    transaction is active), else output_unwritable.
    """
    try:
        yield
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
    ) as error:
        full = shutil.disk_usage(target.parent).free < _HARDLY_ANY
        code = "output_full" if full else "output_unwritable"
        raise _refusal(target.name, code, str(error)) from error


@contextmanager
def results_folder(out: Path) -> Iterator[Path]:
    """Give an empty folder; whatever is written to it moves into ``out`` together, at the end.

    If the block fails or is interrupted, or a file in ``out`` cannot be replaced, ``out`` is left
    as it was. Other files in it stay. A program killed while files move leaves INCOMPLETE.txt,
    and whoever writes there next moves the rest first. Raises LayerError (output_unwritable,
    output_full, output_locked, output_busy).
    """
    out = Path(out)
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        with _refusing(out.name):
            out.mkdir(parents=True, exist_ok=True)
            # Inside ``out``: a move is only sure to be whole within one disk.
            with working_folder(out) as work:
                yield work / NEW
                _publish(work, out)
    except BaseException:
        with suppress(OSError):  # not empty: it holds what others put there
            for folder in made:
                folder.rmdir()
        raise


def _publish(work: Path, out: Path) -> None:
    new, kept, files = work / NEW, work / OLD, files_in(work / NEW)
    for file in files:
        with (new / file).open("rb+") as finished:
            os.fsync(finished.fileno())
    for file in files:
        with _refusing(file.as_posix(), denied="output_locked"):
            _check_replaceable(out / file)
    done: list[Path] = []
    with moving(work, out):
        try:
            for file in files:
                with _refusing(file.as_posix(), denied="output_locked"):
                    _keep(out / file, kept / file)
                    (out / file).parent.mkdir(parents=True, exist_ok=True)
                    done.append(file)
                    (new / file).replace(out / file)
        except BaseException:
            for file in done:
                with suppress(OSError):  # tell the first failure, not those of the repair
                    _restore(out / file, kept / file, unpublished=new / file)
            raise


def _check_replaceable(target: Path) -> None:
    # Excel on Windows holds a workbook so that nobody else may write to it.
    if target.exists():
        with target.open("rb+"):
            pass


def _keep(target: Path, copy: Path) -> None:
    if not target.exists():
        return
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(target, copy)
    except OSError:  # no hard links on this disk
        shutil.copy2(target, copy)


def _restore(target: Path, copy: Path, *, unpublished: Path) -> None:
    if copy.exists():
        copy.replace(target)
    elif not unpublished.exists():
        target.unlink()


@contextmanager
def _refusing(name: str, *, denied: str = "output_unwritable") -> Iterator[None]:
    try:
        yield
    except LayerError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise _refusal(name, "output_full", str(error)) from error
        if isinstance(error, PermissionError):
            raise _refusal(name, denied, str(error)) from error
        if error.errno in _UNWRITABLE or isinstance(error, (IsADirectoryError, FileExistsError)):
            raise _refusal(name, "output_unwritable", str(error)) from error
        raise


def _refusal(name: str, code: str, reason: str) -> LayerError:
    return LayerError(Problem(name, code, values=(("reason", reason),)))


@contextmanager
def _gdal_options() -> Iterator[None]:
    before = {name: pyogrio.get_gdal_config_option(name) for name in _GDAL}
    pyogrio.set_gdal_config_options(_GDAL)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _write_layer(frame: pd.DataFrame, name: str, target: Path) -> None:
    table = storable(frame)
    options = {}
    if isinstance(table, gpd.GeoDataFrame):
        options = {"GEOMETRY_NAME": "geometry"}
    pyogrio.write_dataframe(
        table,
        target,
        layer=name,
        driver="GPKG",
        use_arrow=True,
        append=target.exists(),
        # A planner's own table may have a column fid; the numbering of rows keeps out of its way.
        layer_options={"FID": _free_name("fid", table), **options},
    )


def _check_complete(frame: pd.DataFrame, name: str, target: Path) -> None:
    # A full disk can fail when the file is closed, which the writer does not always tell.
    kept = pyogrio.read_info(target, layer=name)["features"]
    if kept != len(frame):
        told = f"{name}: {kept} / {len(frame)}"
        raise pyogrio.errors.DataLayerError(told)


def _free_name(name: str, table: pd.DataFrame) -> str:
    taken = {str(column).lower() for column in table.columns}
    while name in taken:
        name += "_"
    return name


def storable(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the frame with columns a database can hold: distinct names, one type in each."""
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    taken = set() if geometry is None else {"geometry"}
    columns: dict[str, pd.Series[Any]] = {}
    for column, values in frame.items():
        if column == geometry:
            continue
        name, number = str(column), 2
        while name.lower() in taken:  # SQLite does not tell Name from name
            name, number = f"{column}_{number}", number + 1
        taken.add(name.lower())
        columns[name] = _plain(values)
    table = pd.DataFrame(columns, index=frame.index)
    if geometry is None:
        return table
    with_places: pd.DataFrame = gpd.GeoDataFrame(table, geometry=frame.geometry.array)
    return with_places


def _plain(values: pd.Series[Any]) -> pd.Series[Any]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    if values.dtype != object and values.dtype.kind in "biufMOU":
        return values
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind == "string":
        return values.astype("str")
    if kind in _EXACT:
        return values.astype(_EXACT[kind])
    return values.map(str, na_action="ignore")
