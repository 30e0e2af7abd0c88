"""The jobs of a province: read a county, measure a mode on the whole, tell a county.

Each is a function of the files it is given that writes files, so that any process of any machine
that sees them may do it. A tile (``tell_county``) is a function of its inputs giving frames; where
it runs is for ``maps.crews``.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd
import shapely

import geo
import layers
from geo.islands import Pieces, islands_of, pieces_of
from geo.tiles import cut, ground, offered
from geo.whole import COLUMNS, answers_of
from layers.errors import LayerError, Problem
from layers.kept_area import keep_area, kept_area, project_key, write_table
from layers.store import storable
from maps.county_land import GROUND, STANDS, TILE, surroundings
from maps.overview_county import county_of
from maps.overview_tables import keep_county, mapped_study
from maps.running import write_results
from maps.site_answers import answers
from maps.stages import Stages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from layers.vocabulary import Language
    from maps.asked import Asked
    from maps.county_land import Land

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

    ``streets`` is the file of those that were cut for it, ``shown`` the folder of what the overview
    will show of it; ``islands`` and ``answers`` are folders by mode. Where nothing is ``asked``
    for, the partitions are all.
    """

    land: Land
    project: Path
    project_key: str
    streets: Path
    islands: Mapping[str, Path]
    answers: Mapping[str, Path]
    out: Path
    tables: Path
    shown: Path
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
    offers = offered(area, project, job.county)
    write_table(storable(offers), job.out / "offered.parquet")
    at = {"x": offers.geometry.x, "y": offers.geometry.y, TILE: job.county}
    stands = pd.DataFrame(offers[["facility_id", "category"]]).assign(**at)
    write_table(storable(stands), job.out / STANDS)
    for name, mode in project.modes.items():
        pieces = pieces_of(area.streets, mode)
        write_table(pieces.streets, job.out / f"pieces-{name}.parquet")
        write_table(pieces.corners, job.out / f"corners-{name}.parquet")
    land = ground(area)
    (job.out / GROUND).write_bytes(shapely.to_wkb(land))
    streets = () if area.streets is None else tuple(map(float, area.streets.total_bounds))
    told = {"homes": land.bounds, "streets": streets}
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
    areas = [kept_area(folder, project.crs, COLUMNS) for folder in job.read.values()]
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
    project, county = layers.read_project(job.project), job.land.county
    if project_key(project) != job.project_key:
        raise LayerError(Problem(county, "changed_meanwhile"))
    if job.asked is None:
        area = kept_area(job.land.read[county], project.crs)
    else:  # the report and the workbook tell of problems and sources, too
        area = layers.read_study_area(project)
    around = surroundings(job.land, job.streets, islands=job.islands, answers=job.answers)
    with Stages(job.lang, quiet=True, verbose=False) as stages:
        # A tile's networks are not kept: those of a whole province would take the shelf's room.
        tile = replace(cut(area, around, land=job.land.ground), shelf=None)
        wanted = job.asked is not None
        study = geo.assess(tile, project, progress=stages, draw=wanted, weigh=wanted)
        for name in TABLES:
            table = storable(getattr(study.area if name == "units" else study, name))
            write_table(table.assign(county=county), job.tables / name / f"{county}.parquet")
        keep_county(county_of(mapped_study(study, job.out)), job.shown)
        if job.asked is not None:
            # Sites are asked of the county by itself, as its own run does.
            plans = answers(area, project, project.sites, stages)
            write_results((study, plans), job.out, stages, lang=job.lang, asked=job.asked)


def _empty(folder: Path) -> None:
    """Begin with nothing in a folder: what an interrupted job left there is of no use."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
