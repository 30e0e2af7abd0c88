"""A run of one project: its files read, assessed, and written as one folder of results."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING

import geo
import layers
from layers.noted import OF_RESULTS, note_files
from layers.results import require_no_internal
from layers.workbook_bytes import require_clock
from maps.asked import Asked
from maps.gis import gis_frames
from maps.outcome import tell_changed, tell_results
from maps.page import write_page
from maps.papers import Papers
from maps.public_area import public_premises
from maps.public_study import public_study
from maps.second_process import SecondProcess, second_process
from maps.site_answers import answers
from maps.standing import key_of_results, made_of
from maps.summary import summary_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from geo.site_plan import SitePlan
    from geo.study import Study
    from layers.vocabulary import Language
    from maps.choices import Form
    from maps.outcome import Summary
    from maps.stages import Stages

LOG = "run.log"


def run_project(
    path: Path, out: Path, stages: Stages, *, lang: Language, asked: Asked | None = None
) -> None:
    """Read the project at ``path``, assess it, write its results into ``out``, and tell them.

    Raises
    ------
    PlanningError
        With everything the planner must mend; ``out`` then stays as it was.

    """
    require_clock()
    asked = asked or Asked()
    made = made_of(path, lang=lang, asked=asked)  # a bad font is told before anything is read
    if asked.profile == "public":
        require_no_internal(out)
    project = layers.read_project(path)
    had, size = asked.second, layers.study_bytes(project)
    with nullcontext(had) if had else second_process(size) as second:
        second.make_ready("layers.read_area")
        area = layers.read_study_area(project, progress=stages, begin=second.begin)
        second.make_ready("geo.areas", "maps.papers")
        if asked.plan:
            area = layers.apply_plan(area, layers.read_plan(asked.plan, area, project), project)
        if asked.profile == "public":
            area, project = public_premises(area, project)
        # What is asked is asked of the county as it is, not as a plan would have it.
        plans = () if asked.plan else answers(area, project, project.sites, stages)
        study = geo.assess(area, project, progress=stages, begin=second.begin)
        if asked.profile == "public":
            study = public_study(study)
        summary = summary_of(study, lang)
        # What is not any more what it was when it was read is not noted as what was read.
        steady = made == made_of(path, lang=lang, asked=asked)
        key = key_of_results(made, project, area.inputs) if steady else None
        asked = replace(asked, second=second, note=_note_of(key, summary))
        write_results((study, plans), out, stages, lang=lang, asked=asked)
    tell_results(summary, out, lang)
    tell_changed(study, lang)


def write_results(
    found: tuple[Study, Sequence[SitePlan]],
    out: Path,
    stages: Stages,
    *,
    lang: Language,
    asked: Asked,
) -> None:
    """Write all results of a study, and its answers to siting questions, together or not at all."""
    study, plans = found
    with layers.results_folder(out) as folder:
        papers = Papers(study, plans, folder, lang, asked.font).alone()
        with (asked.second or SecondProcess()).during(papers.write):
            _write_layers(study, folder, stages, lang=lang, forms=asked.export)
            stages("map", 1, 3)
            write_page(study, folder / "map.html", lang=lang, plans=plans)
            stages("papers", 2, 3)
        stages.close()
        (folder / LOG).write_text(stages.log(notes=asked.profile == "internal"), encoding="utf-8")
        if asked.note:
            asked.note(folder / OF_RESULTS)


def _note_of(key: str | None, summary: Summary) -> Callable[[Path], None] | None:
    """Give what notes the results that are known by a key; without one nothing does."""
    told = asdict(summary)
    return partial(note_files, made_of=key, told=told, clocked=[LOG]) if key else None


def _write_layers(
    study: Study, folder: Path, stages: Stages, *, lang: Language, forms: tuple[Form, ...]
) -> None:
    """Write the frames in every format asked for, and the record that counts their rows."""
    frames = gis_frames(study, lang)
    stages("gpkg", 0, 3)
    layers.write_frames(frames, folder / "results.gpkg")
    for form in dict.fromkeys(forms):
        layers.export_layers(frames, folder, form=form.value, lang=lang)
    counts = {name: len(frame) for name, frame in frames.items()}
    layers.write_record(study.project, study.area, folder / "run.json", counts=counts)
