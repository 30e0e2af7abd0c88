"""A siting answer as JSON: for the page, and for whoever goes on from it with other tools."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.plan_sites import plan_of_sites
from layers.question import SiteQuestion
from layers.vocabulary import LANGUAGES
from maps.site_words import answer_lines

if TYPE_CHECKING:
    from geo.site_plan import SitePlan
    from layers.project import Project

Json = dict[str, Any]


def site_record(plan: SitePlan, project: Project) -> Json:
    """Give an answer: what was asked, how good it is, every frame of it, and the plan to run.

    ``basis`` says whether people or dwellings are counted. ``plan`` within it is what
    ``run --plan`` reads. Unknown is null; shares are 0 to 1, x and y metres in the study's CRS.
    """
    sites = plan.sites.assign(x=plan.sites.geometry.x.round(2), y=plan.sites.geometry.y.round(2))
    frames = plan.frames() | {"sites": pd.DataFrame(sites.drop(columns="geometry"))}
    return {
        "name": plan.question.id,
        "question": _asked(plan.question),
        "told": {lang: list(answer_lines(plan, project, lang)) for lang in LANGUAGES},
        "proof": [
            {
                "rank": rank,
                "objective": _plain(answer.objective),
                "bound": _plain(answer.bound),
                "gap": answer.gap,
                "proved": answer.optimal,
                "method": answer.method,
            }
            for rank, answer in plan.answers
        ],
        "people": _plain(plan.people),
        "basis": plan.basis,
        **{name: _rows(frame) for name, frame in frames.items()},
        "plan": plan_of_sites(project, plan.question, plan.sites, plan.closed).content(),
    }


def _asked(question: SiteQuestion) -> Json:
    """Give what a question says: what it leaves as it would be anyway is left out."""
    usual = asdict(SiteQuestion(question.id, question.category))
    said = asdict(question)
    own = {name: value for name, value in said.items() if value != usual[name]}
    own.pop("time_limit", None)
    return {"category": question.category, "aim": question.aim, **own}


def _rows(frame: pd.DataFrame) -> list[Json]:
    columns = {name: [_plain(value) for value in frame[name]] for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of a frame, of whatever type
    """Give a value as JSON has it: whole numbers whole, nothing for what is not known."""
    if pd.isna(value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.number):
        number = float(value)
        if not np.isfinite(number):
            return None
        return int(number) if number.is_integer() else number
    return str(value)
