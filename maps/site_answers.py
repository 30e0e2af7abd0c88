"""Siting questions answered one by one, each into its own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geo
import layers
from maps.outcome import tell_sites
from maps.sites_workbook import write_sites

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from layers.vocabulary import Language
    from maps.stages import Stages


def answer_questions(
    path: Path, options: Mapping[str, Any], out: Path, *, stages: Stages, lang: Language
) -> None:
    """Answer the question that options ask, or every question of project.toml, and tell it."""
    project = layers.read_project(path)
    questions = project.sites
    if options["category"] or not questions:
        project, question = layers.asked_question(project, options, lang=lang)
        questions = (question,)
    area = layers.read_study_area(project, progress=stages)
    for done, question in enumerate(questions):
        stages("sites", done, len(questions))
        plan = geo.choose_sites(area, project, question)
        stages.close()
        with layers.results_folder(out / question.id) as folder:
            proposal = layers.plan_of_sites(project, question, plan.sites, plan.closed)
            layers.write_plan(proposal, folder / "plan.json")
            layers.write_frames(plan.frames(), folder / "sites.gpkg")
            write_sites(plan, project, folder / "sites.xlsx", lang=lang)
        tell_sites(plan, project, out / question.id, lang)
