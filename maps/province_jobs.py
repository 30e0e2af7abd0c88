"""The jobs of a province, step by step, each known by what the last one made."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import shapely

from geo.tiles import reaches, untiled
from layers.errors import Problem, ProjectError
from layers.kept_area import project_key, write_table
from layers.made_of import digest_of, key_of
from maps.county_jobs import OnWhole, Reading, Telling
from maps.county_land import STANDS, Cutting, Land
from maps.province_results import TABLES, Showing, Summing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from layers.project import Project
    from layers.province import Province
    from layers.vocabulary import Language
    from maps.asked import Asked

J = TypeVar("J", Summing, Showing)
WORK = ".tiles"  # what is kept between the steps, inside the folder of results
_CHAIN_METRES = 10_000.0  # how much farther than its halo a tile looks for the rest of a street
_SHOWN = 3  # of the ids that two counties share
_IDS = {"units": "unit_id", "residences": "residence_id", "streets": "street_id"}


class Whole:
    """A province in the making: its jobs, step by step, each known by what the last one made."""

    def __init__(self, province: Province, projects: Mapping[str, Project], out: Path) -> None:
        """Plan to write into ``out``."""
        self._province, self._projects, self._out = province, projects, out
        self._files = {county: project_key(project) for county, project in projects.items()}
        self._keys = {
            county: _known_by(project, self._files[county]) for county, project in projects.items()
        }
        self._read = {county: out / WORK / "read" / county for county in projects}
        self._project = next(iter(projects.values()))

    def readings(self) -> dict[str, Reading]:
        """Give what is to be read."""
        return {
            county: Reading(county, folder, self._read[county], self._keys[county])
            for county, folder in self._province.counties.items()
        }

    def gather(self) -> None:
        """Say in one file where stands what counties offer. Raises ProjectError for shared ids."""
        self._check_ids()
        parts = [pd.read_parquet(folder / STANDS) for folder in self._read.values()]
        write_table(pd.concat(parts, ignore_index=True), self._offered)

    def numberings(self) -> dict[str, OnWhole]:
        """Give the modes whose islands are to be numbered."""
        return {mode: self._on_whole(mode, "islands") for mode in self._project.modes}

    def measurings(self) -> dict[str, OnWhole]:
        """Give the modes that are to be measured on the whole."""
        modes = untiled(self._project, self._side)
        return {mode: self._on_whole(mode, "whole") for mode in modes}

    def cuttings(self) -> dict[str, Cutting]:
        """Give the counties around which streets are to be cut."""
        return {
            county: Cutting(
                project=folder,
                land=self._land(county),
                out=self._out / WORK / "land" / f"{county}.parquet",
                key=key_of("land", self._halo, self._reach, *self._keys_near(county)),
            )
            for county, folder in self._province.counties.items()
        }

    def tellings(self, lang: Language, asked: Asked | None) -> dict[str, Telling]:
        """Give the counties that are to be told."""
        islands = {mode: job.out for mode, job in self.numberings().items()}
        answers = {mode: job.out for mode, job in self.measurings().items()}
        offered = digest_of(folder / "offered.parquet" for folder in self._read.values())
        stands = digest_of(folder / "stands.parquet" for folder in answers.values())
        found = {}
        for county, cutting in self.cuttings().items():
            around = (county, *cutting.land.near)
            made = [
                digest_of(
                    folder / f"{each}.parquet" for folder in islands.values() for each in around
                ),
                digest_of(
                    folder / f"{name}-{county}.parquet"
                    for folder in answers.values()
                    for name in ("nearest", "pairs")
                ),
            ]
            found[county] = Telling(
                land=cutting.land,
                project=cutting.project,
                project_key=self._files[county],
                streets=cutting.out,
                islands=islands,
                answers=answers,
                out=self._out / county,
                tables=self._out / TABLES,
                shown=self._shown(county),
                mark=self._out / WORK / "told" / f"{county}.done",
                key=key_of(cutting.key, *made, offered, stands, lang, asked),
                lang=lang,
                asked=asked,
            )
        return found

    def summing(self, lang: Language, told: Mapping[str, Telling]) -> Summing:
        """Give the sums of counties that were told; they are done again where one is missing."""
        names = {county: project.name for county, project in self._projects.items()}
        job = Summing(
            province=self._province.name,
            names=names,
            out=self._out,
            simulated=any(project.simulated for project in self._projects.values()),
            lang=lang,
            mark=self._out / WORK / "sum.done",
            key=key_of("sum", self._province.name, names, *(each.key for each in told.values())),
        )
        return _still_there(job)

    def showing(self, lang: Language, told: Mapping[str, Telling]) -> Showing:
        """Give the overview of counties that were told, without a page that they have not."""
        pages = self._out if self._province.county_pages else self._out / TABLES
        job = Showing(
            province=self._province.name,
            kept={each.shown: pages / county for county, each in told.items()},
            out=self._out,
            lang=lang,
            mark=self._out / WORK / "overview.done",
            key=key_of("overview", self._province.name, *(each.key for each in told.values())),
        )
        return _still_there(job)

    def _shown(self, county: str) -> Path:
        return self._out / WORK / "shown" / county

    def _keys_near(self, county: str) -> list[str]:
        return [self._keys[each] for each in (county, *self._near(county))]

    def _land(self, county: str) -> Land:
        return Land(county, self._read, self._offered, self._near(county), self._halo, self._reach)

    @property
    def _offered(self) -> Path:
        return self._out / WORK / "offered.parquet"

    @cached_property
    def _places(self) -> dict[str, dict[str, list[float]]]:
        """Where the homes and the streets of each county lie: west, south, east, north."""
        return {
            county: json.loads((folder / "place.json").read_text(encoding="utf-8"))
            for county, folder in self._read.items()
        }

    @property
    def _side(self) -> float:
        """About how wide a tile is, metres: the side of a square as large as most."""
        boxes = np.array([place["homes"] for place in self._places.values()])
        return float(np.median(np.sqrt(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1))))

    @property
    def _reach(self) -> dict[str, float]:
        return reaches(self._project, self._side)

    @property
    def _halo(self) -> float:
        """How far around a county streets may matter to it, metres."""
        return max(self._reach.values()) + self._project.rules.max_access_metres + _CHAIN_METRES

    def _near(self, county: str) -> tuple[str, ...]:
        """Give the counties whose streets may matter to one."""
        west, south, east, north = self._places[county]["homes"]
        far = self._halo
        land = shapely.box(west - far, south - far, east + far, north + far)
        near = []
        for other, place in self._places.items():
            if other != county and place["streets"]:
                west, south, east, north = place["streets"]
                if land.intersects(shapely.box(west, south, east, north)):
                    near.append(other)
        return tuple(near)

    def _on_whole(self, mode: str, kind: str) -> OnWhole:
        key = key_of(mode, kind, *self._keys.values())
        folder = next(iter(self._province.counties.values()))
        return OnWhole(mode, folder, self._read, self._out / WORK / kind / mode, key)

    def _check_ids(self) -> None:
        """Tell ids that two counties give to different things."""
        problems = []
        for name, key in (*_IDS.items(), ("offered", "facility_id")):
            seen: dict[str, str] = {}
            for county, folder in self._read.items():
                ids = _column(folder / f"{name}.parquet", key)
                twice = [each for each in ids if each in seen]
                problems += [
                    Problem(
                        county, "id_of_two", column=key, value=each, values=(("other", seen[each]),)
                    )
                    for each in twice[:_SHOWN]
                ]
                seen |= dict.fromkeys(ids, county)
        if problems:
            raise ProjectError(problems)


def _column(path: Path, name: str) -> list[str]:
    """Read one column of a file; nothing where there is no file."""
    if not path.is_file():
        return []
    read = pq.ParquetFile(path).read(columns=[name], use_threads=False)
    column: list[str] = read.column(name).to_numpy().tolist()
    return column


def _still_there(job: J) -> J:
    """Give a job, to be done again where what it made is gone."""
    if not all(path.is_file() for path in job.made):
        job.mark.unlink(missing_ok=True)
    return job


def _known_by(project: Project, files: str) -> str:
    """Give what a county that was read is known by: its files; what a database holds, never."""
    asked = any(source.database is not None for source in project.layers)
    return key_of(files, uuid4() if asked else "")
