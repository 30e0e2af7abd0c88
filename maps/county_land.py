"""The land around a county: streets cut once, facilities and answers read when it is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # the same
import shapely

import layers
from geo.tiles import Surroundings, named_by, needed_streets
from layers.kept_area import kept_frame, kept_rows, write_table
from layers.store import storable
from layers.study_area import Answers, Islands

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Flags = NDArray[np.bool_]

TILE = "tile"
"""The column that says of a facility that is offered to others which county it is of."""
STANDS = "stands.parquet"
"""The file of a county that was read which says where stands what it offers."""
GROUND = "ground.wkb"
"""The file of a county that was read which has the land between its homes."""


@dataclass(frozen=True)
class Land:
    """What a county may need of the others, all of which were read into ``read``.

    ``near`` are those whose streets may be in it, ``halo`` how far (metres) they may lie, ``reach``
    how far by mode it must know what is around. ``offered`` says where stands what all offer.
    """

    county: str
    read: Mapping[str, Path]
    offered: Path
    near: tuple[str, ...]
    halo: float
    reach: Mapping[str, float]

    @property
    def ground(self) -> BaseGeometry:
        """The land between the county's own homes."""
        return shapely.from_wkb((self.read[self.county] / GROUND).read_bytes())


@dataclass(frozen=True)
class Cutting:
    """Cut the streets that a county needs of others out of theirs, into the file ``out``.

    Nothing is written where it needs none. ``project`` has the settings.
    """

    project: Path
    land: Land
    out: Path
    key: str

    @property
    def mark(self) -> Path:
        """The file that is there once they are cut."""
        return self.out.with_suffix(".done")


def cut_county(job: Cutting) -> None:
    """Cut the streets around a county: they need no times, and are cut while those are found."""
    job.out.unlink(missing_ok=True)
    land, tile = job.land, job.land.ground
    own = kept_frame(land.read[land.county], "streets")
    near = partial(_is_within, tile=tile, metres=land.halo)
    found = [kept_frame(land.read[county], "streets", near) for county in land.near]
    some = [each for each in found if each is not None]
    if own is None or not some:
        return
    project = layers.read_project(job.project)
    others = pd.concat(some, ignore_index=True)
    needed = needed_streets(own, others, project, land=tile, reach=land.reach)
    if len(needed):
        write_table(storable(needed), job.out)


def surroundings(
    land: Land, streets: Path, *, islands: Mapping[str, Path], answers: Mapping[str, Path]
) -> Surroundings:
    """Read what lies around a county: what others offer, the ``streets`` that were cut, answers.

    Of others' facilities those within reach, or that an answer names, are read: of all else it is
    enough to know where they stand. ``islands`` and ``answers`` are folders by mode.
    """
    told = {mode: _answers(folder, land.county) for mode, folder in answers.items()}
    stands, reach = pd.read_parquet(land.offered), max(land.reach.values())
    theirs = (stands[TILE] != land.county).to_numpy(dtype=bool)
    wanted = _stands_near(stands, land.ground, reach)
    wanted |= stands["facility_id"].isin(named_by(told.values())).to_numpy(dtype=bool)
    wanted &= theirs
    by_tile = stands["facility_id"][wanted].groupby(stands[TILE][wanted])
    offers = [
        kept_rows(land.read[county], "offered", partial(_listed_in, ids=ids))
        for county, ids in by_tile
    ]
    offers = offers or [kept_rows(land.read[land.county], "offered").iloc[:0]]
    return Surroundings(
        streets=kept_frame(streets.parent, streets.stem),
        facilities=pd.concat(offers, ignore_index=True),
        reach=land.reach,
        elsewhere=stands.loc[theirs & ~wanted, ["category", "x", "y"]],
        islands={mode: _islands(land, folder) for mode, folder in islands.items()},
        answers=told,
    )


def _stands_near(stands: pd.DataFrame, tile: BaseGeometry, metres: float) -> Flags:
    """Say what stands so near to a tile; of a whole province few are near the box around it."""
    x, y = (stands[name].to_numpy(dtype=np.float64) for name in ("x", "y"))
    left, low, right, high = tile.bounds
    near = (x >= left - metres) & (x <= right + metres)
    near &= (y >= low - metres) & (y <= high + metres)
    near[near] = shapely.dwithin(shapely.points(x[near], y[near]), tile, metres)
    return near


def _listed_in(facilities: pd.DataFrame, ids: pd.Series[str]) -> Flags:
    return facilities["facility_id"].isin(ids).to_numpy(dtype=bool)


def _is_within(streets: gpd.GeoDataFrame, tile: BaseGeometry, metres: float) -> Flags:
    """Say which streets have a box that comes so near to the box around a tile."""
    west, south, east, north = shapely.bounds(streets.geometry.to_numpy()).T
    left, low, right, high = tile.bounds
    near: Flags = (west <= right + metres) & (east >= left - metres)
    near &= (south <= high + metres) & (north >= low - metres)
    return near


def _islands(land: Land, folder: Path) -> Islands:
    """Read the numbers of a county's streets and of those near, and the length of all islands."""
    # A dozen small files: whoever looks for more than one file takes most of the time to look.
    files = [pq.ParquetFile(folder / f"{each}.parquet") for each in (land.county, *land.near)]
    parts = [file.read(use_threads=False) for file in files]
    metres = pd.read_parquet(folder / "metres.parquet")["metres"]
    number = pa.concat_tables(parts).to_pandas().set_index("street_id")["number"]
    return Islands(number, metres.to_numpy(dtype=np.float64))


def _answers(folder: Path, county: str) -> Answers:
    named = (f"nearest-{county}", f"pairs-{county}", "stands")
    return Answers(*(pd.read_parquet(folder / f"{name}.parquet") for name in named))
