"""A run of a province: its counties as tiles, each told by itself, and what they add up to."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
import pandas as pd
import shapely

import layers
from geo.adding import added_up
from geo.tiles import reaches, untiled
from layers.errors import PlanningError, Problem, ProjectError
from layers.kept_area import digest_of, kept_rows, key_of, project_key, write_table
from layers.province import is_province, read_province
from maps.county_jobs import (
    TILE,
    OnWhole,
    Reading,
    Telling,
    measure_mode,
    number_islands,
    read_county,
    tell_county,
)
from maps.crews import Alone, do_all
from maps.fonts import find_font
from maps.outcome import tell_province
from maps.overview import write_counties
from maps.overview_county import county_of
from maps.overview_tables import mapped_tables
from maps.running import run_project
from maps.sheets_province import province_sheets
from maps.workbook import write_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from layers.project import Project
    from layers.province import Province
    from layers.results_map import MappedResults
    from layers.vocabulary import Language
    from maps.running import Asked
    from maps.stages import Stages

WORK = ".tiles"  # what is kept between the steps, inside the folder of results
TABLES = "tables"
_CHAIN_METRES = 10_000.0  # how much farther than its halo a tile looks for the rest of a street
_ALIKE = ("crs", "modes", "categories", "circle", "rules")
_SHOWN = 3  # of the ids that two counties share
_IDS = {"units": "unit_id", "residences": "residence_id", "streets": "street_id"}


def run_either(
    path: Path, out: Path | None, stages: Stages, *, lang: Language, asked: Asked
) -> None:
    """Run a project, or all projects of a province; by default into ``out`` of its folder.

    Raises
    ------
    PlanningError
        With everything the planner must mend.

    """
    out = out or (path if path.is_dir() else path.parent) / "out"
    if is_province(path):
        counties_only = {"--plan": asked.plan, "--profile public": asked.profile == "public"}
        if refused := [name for name, given in counties_only.items() if given]:
            raise ProjectError([Problem(name, "only_for_counties") for name in refused])
        run_province(path, out, stages, lang=lang, asked=asked)
        return
    if asked.crew:
        raise ProjectError(Problem(path.name, "only_for_provinces"))
    run_project(path, out, stages, lang=lang, asked=asked)


def run_province(path: Path, out: Path, stages: Stages, *, lang: Language, asked: Asked) -> None:
    """Run the province at ``path``: each county into a folder of ``out``, tables and sums beside.

    What was finished before, of the same files and settings by the same program, is kept.

    Raises
    ------
    PlanningError
        With everything the planner must mend, county by county; what is finished stays.

    """
    find_font(asked.font)  # one that cannot be used is told before anything is read
    province = read_province(path)
    whole = _Whole(province, _projects(province), out)
    wanted = replace(asked, crew=None) if province.county_pages else None
    with asked.crew or Alone() as crew:
        do_all(crew, read_county, whole.readings(), partial(stages, "read"))
        whole.gather()
        do_all(crew, number_islands, whole.numberings(), partial(stages, "islands"))
        do_all(crew, measure_mode, whole.measurings(), partial(stages, "whole"))
        do_all(crew, tell_county, whole.tellings(lang, wanted), partial(stages, "tiles"))
    stages("sum", 0, 1)
    summed = added_up(card for _, card in whole.scorecards())
    write_table(summed, out / TABLES / "province.parquet")
    sheets, book = province_sheets(summed, whole.scorecards(), lang), out / "province.xlsx"
    write_sheets(sheets, book, study=province.name, simulated=whole.simulated, lang=lang)
    stages("overview", 0, 1)
    write_counties([county_of(each) for each in whole.mapped()], out, name=province.name, lang=lang)
    stages.close()
    (out / "run.log").write_text(stages.log(), encoding="utf-8")
    tell_province(province, out, lang, simulated=whole.simulated)


def _projects(province: Province) -> dict[str, Project]:
    """Read the settings of every county; those that matter to all must be alike."""
    projects, problems = {}, list[Problem]()
    for county, folder in province.counties.items():
        try:
            projects[county] = layers.read_project(folder)
        except PlanningError as error:
            problems += [replace(each, layer=f"{county}/{each.layer}") for each in error.problems]
    first = next(iter(projects.values()), None)
    for county, project in projects.items():
        problems += [
            Problem(county, "county_differs", column=name)
            for name in _ALIKE
            if getattr(project, name) != getattr(first, name)
        ]
    if problems:
        raise ProjectError(problems)
    return projects


class _Whole:
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
        self.simulated = any(project.simulated for project in projects.values())

    def readings(self) -> dict[str, Reading]:
        """Give what is to be read."""
        return {
            county: Reading(county, folder, self._read[county], self._keys[county])
            for county, folder in self._province.counties.items()
        }

    def gather(self) -> None:
        """Say in one file where stands what counties offer. Raises ProjectError for shared ids."""
        self._check_ids()
        parts = []
        for county, folder in self._read.items():
            offered = kept_rows(folder, "offered")
            at = {"x": offered.geometry.x, "y": offered.geometry.y, TILE: county}
            parts.append(pd.DataFrame(offered[["facility_id", "category"]]).assign(**at))
        write_table(pd.concat(parts, ignore_index=True), self._offered)

    def numberings(self) -> dict[str, OnWhole]:
        """Give the modes whose islands are to be numbered."""
        return {mode: self._on_whole(mode, "islands") for mode in self._project.modes}

    def measurings(self) -> dict[str, OnWhole]:
        """Give the modes that are to be measured on the whole."""
        modes = untiled(self._project, self._side)
        return {mode: self._on_whole(mode, "whole") for mode in modes}

    def tellings(self, lang: Language, asked: Asked | None) -> dict[str, Telling]:
        """Give the counties that are to be told."""
        islands = {mode: job.out for mode, job in self.numberings().items()}
        answers = {mode: job.out for mode, job in self.measurings().items()}
        offered = digest_of(folder / "offered.parquet" for folder in self._read.values())
        stands = digest_of(folder / "stands.parquet" for folder in answers.values())
        found = {}
        for county, folder in self._province.counties.items():
            near = self._near(county)
            made = [self._keys[each] for each in (county, *near)]
            made += [
                digest_of(
                    each / f"{one}.parquet" for each in islands.values() for one in (county, *near)
                )
            ]
            made += [
                digest_of(
                    each / f"{name}-{county}.parquet"
                    for each in answers.values()
                    for name in ("nearest", "pairs")
                )
            ]
            found[county] = Telling(
                county=county,
                project=folder,
                project_key=self._files[county],
                read=self._read,
                offered=self._offered,
                near=near,
                halo=self._halo,
                reach=self._reach,
                islands=islands,
                answers=answers,
                out=self._out / county,
                tables=self._out / TABLES,
                mark=self._out / WORK / "told" / f"{county}.done",
                key=key_of(*made, offered, stands, lang, asked),
                lang=lang,
                asked=asked,
            )
        return found

    def scorecards(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Give the name and the scorecard of every county, one at a time."""
        for county, project in self._projects.items():
            path = self._out / TABLES / "scorecard" / f"{county}.parquet"
            yield project.name, pd.read_parquet(path)

    def mapped(self) -> Iterator[MappedResults]:
        """Give every county as the overview shows it, one at a time, without a page it has not."""
        tables = self._out / TABLES
        pages = self._out if self._province.county_pages else tables
        for county, project in self._projects.items():
            kept = self._read[county]
            yield mapped_tables(project, pages / county, kept=kept, tables=tables, county=county)

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
                path = folder / f"{name}.parquet"
                ids = pd.read_parquet(path, columns=[key])[key] if path.is_file() else ()
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


def _known_by(project: Project, files: str) -> str:
    """Give what a county that was read is known by: its files; what a database holds, never."""
    asked = any(source.database is not None for source in project.layers)
    return key_of(files, uuid4() if asked else "")
