"""A what-if plan, frozen: facilities that would be built, and existing ones that would close.

``layers.plan_file`` reads and writes it as JSON; nothing here reads a file.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from layers.check import Findings
from layers.columns import filled
from layers.errors import LayerError
from layers.extent import extent_of
from layers.location import lying_in
from layers.vocabulary import PLAN_STATUS

if TYPE_CHECKING:
    from layers.project import Project
    from layers.study_area import StudyArea

VERSION = 1
"""Of the file format; a file of a later one is refused."""
CENTIMETRES = 100


@dataclass(frozen=True)
class Addition:
    """One facility that would be built, at whole centimetres of the study CRS."""

    facility_id: str
    name: str
    category: str
    x_cm: int
    y_cm: int
    capacity: float | None = None
    year: int | None = None


@dataclass(frozen=True)
class Plan:
    """A plan for one study, known by its name and CRS. ``closed`` are ids of its facilities."""

    name: str
    study: str
    crs: str
    added: tuple[Addition, ...] = ()
    closed: tuple[str, ...] = ()

    def content(self) -> dict[str, Any]:
        """Give the plan as the JSON file says it: whole numbers whole, nothing empty."""
        return {
            "livingcircle_plan": VERSION,
            "name": self.name,
            "study": self.study,
            "crs": self.crs,
            "added": [_filled_in(each) for each in self.added],
            "closed": list(self.closed),
        }

    def text(self) -> str:
        """Give the text of the plan's file: the same plan gives the same text, to the byte."""
        return json.dumps(self.content(), ensure_ascii=False, allow_nan=False, indent=2) + "\n"

    @property
    def sha256(self) -> str:
        """The SHA-256 of ``text()``: known by it however its file has been laid out."""
        return hashlib.sha256(self.text().encode("utf-8")).hexdigest()


def apply_plan(area: StudyArea, plan: Plan, project: Project) -> StudyArea:
    """Give the study area as it would be: with what the plan adds, without what it closes.

    New facilities have the status ``plan``, which always counts, and the unit they lie in.
    Raises LayerError with everything in the plan that does not fit the study.
    """
    findings = Findings(plan.name)
    tell_misfits(plan, area, project, findings)
    if findings.problems:
        raise LayerError(findings.problems)
    return with_plan(area, plan)


def tell_misfits(plan: Plan, area: StudyArea, project: Project, findings: Findings) -> None:
    """Tell what of a plan does not fit the study: its name, CRS, ids, categories and places."""
    for column, said, known in (
        ("study", plan.study, project.name),
        ("crs", plan.crs, project.crs),
    ):
        if said != known:
            findings.tell("plan_of_another_study", column=column, value=said, known=known)
    added = pd.DataFrame([vars(each) for each in plan.added], columns=list(vars(_EXAMPLE)))
    added.index = added.index + 1
    closed = pd.Series(plan.closed, index=range(1, len(plan.closed) + 1), dtype=object)
    existing = {name: name for name in area.facilities["facility_id"]}
    words = {name: name for name in project.categories}
    findings.tell_rows(
        "unknown_category",
        added["category"][~added["category"].isin(words)],
        column="category",
        among=words,
        known="、".join(words),
    )
    ids = added["facility_id"]
    findings.tell_rows("duplicate_id", ids[ids.duplicated()], column="facility_id")
    findings.tell_rows("plan_id_taken", ids[ids.isin(existing)], column="facility_id")
    unknown = closed[~closed.isin(existing)]
    findings.tell_rows("plan_closes_unknown", unknown, column="closed", among=existing)
    findings.tell_rows("duplicate_id", closed[closed.duplicated()], column="closed")
    _tell_outside(added, area, findings)


def with_plan(area: StudyArea, plan: Plan) -> StudyArea:
    """Give the study area with a plan that fits it."""
    closes = area.facilities["facility_id"].isin(plan.closed)
    kept, closed = area.facilities[~closes], frozenset(area.facilities["category"][closes])
    if not plan.added:
        return replace(area, facilities=kept.reset_index(drop=True), plan=plan, closed=closed)
    # Only the columns a plan fills, so that the others keep their type.
    said = pd.DataFrame([vars(each) for each in plan.added]).dropna(axis="columns", how="all")
    points = gpd.points_from_xy(said.pop("x_cm") / CENTIMETRES, said.pop("y_cm") / CENTIMETRES)
    added = gpd.GeoDataFrame(said.assign(status=PLAN_STATUS), geometry=points, crs=kept.crs)
    within = lying_in(added.geometry, area.units, "unit_id")
    both = pd.concat([kept, added.assign(unit_id=within)], ignore_index=True)
    texts = {name: filled(both[name]) for name in kept.columns if kept[name].dtype == object}
    both = both.assign(**texts)[list(kept.columns)]
    facilities = both.sort_values("facility_id", ignore_index=True)
    return replace(area, facilities=facilities, plan=plan, closed=closed)


def _tell_outside(added: pd.DataFrame, area: StudyArea, findings: Findings) -> None:
    extent = extent_of(area.units)
    if extent is None or added.empty:
        return
    x, y = added["x_cm"] / CENTIMETRES, added["y_cm"] / CENTIMETRES
    told = x.map("{:.0f}".format) + ", " + y.map("{:.0f}".format)
    findings.tell_rows(
        "outside_area", told[~shapely.intersects_xy(extent, x, y)], column="x_cm, y_cm"
    )


def _filled_in(addition: Addition) -> dict[str, Any]:
    found = {name: value for name, value in vars(addition).items() if value is not None}
    if addition.capacity is not None and float(addition.capacity).is_integer():
        found["capacity"] = int(addition.capacity)
    return found


_EXAMPLE = Addition("", "", "", 0, 0)
