"""Siting questions answered, each into its own folder with its own map."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geo
import layers
from maps.outcome import tell_sites
from maps.page import write_page
from maps.site_record import site_record
from maps.sites_workbook import write_sites

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geo.site_plan import SitePlan
    from geo.study import Study
    from layers.project import Project
    from layers.question import SiteQuestion
    from layers.study_area import StudyArea
    from layers.vocabulary import Language
    from maps.stages import Stages


def answer_questions(
    path: Path, options: Mapping[str, Any], out: Path, *, stages: Stages, lang: Language
) -> None:
    """Answer the question that options ask, or every question of project.toml, and tell it.

    Nothing is written unless all of them are answered.
    """
    project = layers.read_project(path)
    questions: Sequence[SiteQuestion] = project.sites
    if options["category"] or not questions:
        project, question = layers.asked_question(project, options, lang=lang)
        questions = (question,)
    area = layers.read_study_area(project, progress=stages)
    plans = answers(area, project, questions, stages)
    study = geo.assess(area, project, progress=stages)
    stages.close()
    for plan in plans:
        _write(plan, study, out / plan.question.id, lang)
        tell_sites(plan, project, out / plan.question.id, lang)


def answers(
    area: StudyArea, project: Project, questions: Sequence[SiteQuestion], stages: Stages
) -> tuple[SitePlan, ...]:
    """Answer questions one after the other."""
    plans = []
    for done, question in enumerate(questions):
        stages("sites", done, len(questions))
        plans.append(geo.choose_sites(area, project, question))
    return tuple(plans)


def _write(plan: SitePlan, study: Study, out: Path, lang: Language) -> None:
    project = study.project
    with layers.results_folder(out) as folder:
        proposal = layers.plan_of_sites(project, plan.question, plan.sites, plan.closed)
        layers.write_plan(proposal, folder / "plan.json")
        told = json.dumps(site_record(plan, project), ensure_ascii=False, indent=1)
        (folder / "answer.json").write_text(told + "\n", encoding="utf-8", newline="\n")
        layers.write_frames(plan.frames(), folder / "sites.gpkg")
        write_sites(plan, project, folder / "sites.xlsx", lang=lang)
        write_page(study, folder / "map.html", lang=lang, plans=(plan,), opens="sites")
