"""The jobs of a province: read a county, measure a mode on the whole, tell a county.

Each is a function of the files it is given that writes files, so that any process of any machine
that sees them may do it. A tile (``tell_county``) is a function of its inputs giving frames; where
it runs is for ``maps.crews``.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

import geo
import layers
from geo.islands import Pieces, islands_of, pieces_of
from geo.tiles import Surroundings, answers_of, cut, ground, named_by, offered
from layers.errors import LayerError, Problem
from layers.kept_area import keep_area, kept_area, kept_frame, kept_rows, project_key, write_table
from layers.store import storable
from layers.study_area import Answers, Islands
from maps.running import write_results
from maps.site_answers import answers
from maps.stages import Stages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from layers.vocabulary import Language
    from maps.running import Asked

    Flags = NDArray[np.bool_]

TILE = "tile"
"""The column that says of a facility that is offered to others which county it is of."""
_PIECES = ("pieces", "corners")
TABLES = ("units", "unit_times", "circles", "coverage", "gaps", "scorecard", "facility_load")


@dataclass(frozen=True)
class Reading:
    """Read the project of a county into ``out``."""

    county: str
    project: Path
    out: Path
    key: str

    @property
    def mark(self) -> Path:
        """The file that is there once it is read."""
        return self.out.with_name(f"{self.out.name}.done")


@dataclass(frozen=True)
class OnWhole:
    """Work on a mode over all counties as they were read into ``read``; settings of ``project``."""

    mode: str
    project: Path
    read: Mapping[str, Path]
    out: Path
    key: str

    @property
    def mark(self) -> Path:
        """The file that is there once it is done."""
        return self.out.with_name(f"{self.out.name}.done")


@dataclass(frozen=True)
class Telling:
    """Tell a county as a tile: its partitions into ``tables``, all its results into ``out``.

    ``near`` are the counties whose streets may be in it, ``halo`` how far (metres) they may lie.
    ``read`` are folders of all that were read, ``offered`` says where what they offer stands;
    ``islands`` and ``answers`` are folders by mode. Where nothing is ``asked`` for, the partitions
    are all.
    """

    county: str
    project: Path
    project_key: str
    read: Mapping[str, Path]
    offered: Path
    near: tuple[str, ...]
    halo: float
    reach: Mapping[str, float]
    islands: Mapping[str, Path]
    answers: Mapping[str, Path]
    out: Path
    tables: Path
    mark: Path
    key: str
    lang: Language
    asked: Asked | None


def read_county(job: Reading) -> None:
    """Read and check a county; keep its layers, the pieces of its streets, where it lies."""
    project = layers.read_project(job.project)
    area = layers.read_study_area(project)
    _empty(job.out)
    keep_area(area, job.out)
    write_table(storable(offered(area, project, job.county)), job.out / "offered.parquet")
    for name, mode in project.modes.items():
        pieces = pieces_of(area.streets, mode)
        write_table(pieces.streets, job.out / f"pieces-{name}.parquet")
        write_table(pieces.corners, job.out / f"corners-{name}.parquet")
    homes = ground(area).bounds
    streets = () if area.streets is None else tuple(map(float, area.streets.total_bounds))
    told = {"homes": homes, "streets": streets}
    (job.out / "place.json").write_text(json.dumps(told), encoding="utf-8")


def number_islands(job: OnWhole) -> None:
    """Join the pieces of all counties into islands; keep for each county those of its streets."""
    _empty(job.out)
    parts = [
        Pieces(*(pd.read_parquet(folder / f"{name}-{job.mode}.parquet") for name in _PIECES))
        for folder in job.read.values()
    ]
    found = islands_of(parts)
    write_table(pd.DataFrame({"metres": found.metres}), job.out / "metres.parquet")
    for county, part in zip(job.read, parts, strict=True):
        of_county = found.number.reindex(part.streets["street_id"]).rename("number")
        write_table(of_county.reset_index(), job.out / f"{county}.parquet")


def measure_mode(job: OnWhole) -> None:
    """Measure a mode on the whole and keep what each county takes of it."""
    project = layers.read_project(job.project)
    areas = [kept_area(folder, project.crs) for folder in job.read.values()]
    _empty(job.out)
    found = answers_of(areas, project.modes[job.mode], project)
    for number, (county, taken) in enumerate(zip(job.read, found, strict=True)):
        write_table(taken.nearest, job.out / f"nearest-{county}.parquet")
        write_table(taken.pairs, job.out / f"pairs-{county}.parquet")
        if not number:
            write_table(taken.stands, job.out / "stands.parquet")


def tell_county(job: Telling) -> None:
    """Assess a county as a tile of its province and write its results and its partitions.

    Raises LayerError where its files changed since they were read for the others.
    """
    project = layers.read_project(job.project)
    if project_key(project) != job.project_key:
        raise LayerError(Problem(job.county, "changed_meanwhile"))
    if job.asked is None:
        area = kept_area(job.read[job.county], project.crs)
    else:  # the report and the workbook tell of problems and sources, too
        area = layers.read_study_area(project)
    land = ground(area)
    around = _surroundings(job, land)
    with Stages(job.lang, quiet=True, verbose=False) as stages:
        tile, wanted = cut(area, around, project, land=land), job.asked is not None
        study = geo.assess(tile, project, progress=stages, draw=wanted, weigh=wanted)
        for name in TABLES:
            table = storable(getattr(study.area if name == "units" else study, name))
            whose = table.assign(county=job.county)
            write_table(whose, job.tables / name / f"{job.county}.parquet")
        if job.asked is not None:
            # Sites are asked of the county by itself, as its own run does.
            plans = answers(area, project, project.sites, stages)
            write_results((study, plans), job.out, stages, lang=job.lang, asked=job.asked)


def _surroundings(job: Telling, tile: BaseGeometry) -> Surroundings:
    """Read what lies around a tile: what others offer, streets near by, the whole's answers.

    Of others' facilities those within reach, or that an answer names, are read: of all else it is
    enough to know where they stand.
    """
    answers = {mode: _answers(folder, job.county) for mode, folder in job.answers.items()}
    stands = pd.read_parquet(job.offered)
    theirs = (stands[TILE] != job.county).to_numpy(dtype=bool)
    wanted = _stands_near(stands, tile, max(job.reach.values()))
    wanted |= stands["facility_id"].isin(named_by(answers.values())).to_numpy(dtype=bool)
    wanted &= theirs
    by_tile = stands["facility_id"][wanted].groupby(stands[TILE][wanted])
    offers = [
        kept_rows(job.read[county], "offered", partial(_listed_in, ids=ids))
        for county, ids in by_tile
    ]
    none = kept_rows(job.read[job.county], "offered").iloc[:0]
    near = partial(_is_within, tile=tile, metres=job.halo)
    streets = [kept_frame(job.read[county], "streets", near) for county in job.near]
    some = [each for each in streets if each is not None]
    return Surroundings(
        streets=pd.concat(some, ignore_index=True) if some else None,
        facilities=pd.concat(offers or [none], ignore_index=True),
        reach=job.reach,
        elsewhere=stands.loc[theirs & ~wanted, ["category", "x", "y"]],
        islands={mode: _islands(job, mode) for mode in job.reach},
        answers=answers,
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


def _islands(job: Telling, mode: str) -> Islands:
    """Read the numbers of a tile's streets and of those near by, and the length of all islands."""
    folder, counties = job.islands[mode], (job.county, *job.near)
    parts = [pd.read_parquet(folder / f"{county}.parquet") for county in counties]
    metres = pd.read_parquet(folder / "metres.parquet")["metres"]
    number = pd.concat(parts).set_index("street_id")["number"]
    return Islands(number, metres.to_numpy(dtype=np.float64))


def _answers(folder: Path, county: str) -> Answers:
    named = (f"nearest-{county}", f"pairs-{county}", "stands")
    return Answers(*(pd.read_parquet(folder / f"{name}.parquet") for name in named))


def _empty(folder: Path) -> None:
    """Begin with nothing in a folder: what an interrupted job left there is of no use."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
