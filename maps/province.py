"""A run of a province: its counties as tiles, each told by itself, and what they add up to."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import layers
from layers.errors import PlanningError, Problem, ProjectError
from layers.province import read_province
from maps.county_jobs import measure_mode, number_islands, read_county, tell_county
from maps.county_land import cut_county
from maps.crews import Alone, Step, do_all
from maps.fonts import find_font
from maps.outcome import tell_province
from maps.overview import OVERVIEW
from maps.province_jobs import Whole
from maps.province_results import BOOK, show, sum_up

if TYPE_CHECKING:
    from pathlib import Path

    from layers.project import Project
    from layers.province import Province
    from layers.vocabulary import Language
    from maps.asked import Asked
    from maps.stages import Stages

_ALIKE = ("crs", "modes", "categories", "circle", "rules")


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
    projects = _projects(province)
    whole = Whole(province, projects, out)
    wanted = replace(asked, crew=None) if province.county_pages else None
    with asked.crew or Alone() as crew:
        do_all(crew, partial(stages, "read"), Step(read_county, whole.readings()))
        whole.gather()
        # What is measured on the whole takes one process longest, and begins first.
        do_all(
            crew,
            partial(stages, "whole"),
            Step(measure_mode, whole.measurings()),
            Step(number_islands, whole.numberings()),
            Step(cut_county, whole.cuttings()),
        )
        told = whole.tellings(lang, wanted)
        do_all(crew, partial(stages, "tiles"), Step(tell_county, told))
        do_all(
            crew,
            partial(stages, "sum"),
            Step(show, {OVERVIEW: whole.showing(lang, told)}),
            Step(sum_up, {BOOK: whole.summing(lang, told)}),
        )
    stages.close()
    (out / "run.log").write_text(stages.log(), encoding="utf-8")
    simulated = any(project.simulated for project in projects.values())
    tell_province(province, out, lang, simulated=simulated)


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
