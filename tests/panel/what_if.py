"""The page's what-if, run by node on the page's own block, beside Python's own figures.

``disagreements`` draws plans as planners click them: one facility or several, near homes and far
from them, on a corner, and existing ones that close. The page answers each and exports it; the file
is read again, laid over the study area, joined, measured and counted here.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

import geo
from geo.answers import stands
from geo.coverage import Coverage
from geo.demand import demand
from geo.times import located_facilities, straight_kmh
from layers.plan import Addition, Plan, apply_plan
from layers.plan_file import read_plan
from maps.content import page_content
from tests.panel.node import node

if TYPE_CHECKING:
    from geo.demand import Demand
    from geo.study import Study
    from geo.times import ModeTimes
    from layers.study_area import StudyArea

ANSWER = Path(__file__).with_name("answer.mjs")
NEAR_METRES = 600.0


def disagreements(study: Study, count: int, seed: int = 1) -> list[str]:
    """Draw plans and give every difference between what the page and Python make of them."""
    rng, people = np.random.default_rng(seed), people_of(study)
    plans = [draw_plan(study, people, rng, number) for number in range(count)]
    answers = answers_of_the_page(study, plans)
    found = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        for plan, answer in zip(plans, answers, strict=True):
            path.write_text(answer["text"], encoding="utf-8", newline="\n")
            if answer["text"] != plan.text():
                found.append(f"{plan.name}: another text")
            read = read_plan(path, study.area, study.project)
            found += differences(study, people, read, {plan.added[0].category: answer})
    return found


def people_of(study: Study) -> Demand:
    """Give the places of a study, as it measured them."""
    known = study.project.rules.known_share
    return demand(study.area.units, study.area.residences, known_share=known)


def draw_plan(study: Study, people: Demand, rng: np.random.Generator, number: int) -> Plan:
    """Draw a plan: every third closes something, every second builds more than one."""
    categories = list(study.project.categories)
    category = categories[int(rng.integers(len(categories)))]
    ids = study.area.facilities.query("category == @category")["facility_id"].to_numpy()
    closing = min(int(rng.integers(1, 4)), len(ids)) if number % 3 == 0 else 0
    added = []
    for index in range(int(rng.integers(2, 6)) if number % 2 else 1):
        name = f"{'new' if rng.random() < 0.5 else '~'}-{index}"  # before and behind most ids
        room = float(rng.integers(1, 200)) if rng.random() < 0.5 else None
        x_cm, y_cm = click(study, people, rng)
        added.append(Addition(name, "新", category, x_cm, y_cm, capacity=room))
    closed = rng.choice(ids, closing, replace=False).tolist() if closing else []
    project = study.project
    return Plan(f"方案{number}", project.name, project.crs, tuple(added), tuple(closed))


def click(study: Study, people: Demand, rng: np.random.Generator) -> tuple[int, int]:
    """Click near a home, on a corner of a street, at a home, or anywhere."""
    kind, row = rng.random(), int(rng.integers(len(people.x)))
    x, y = people.x[row], people.y[row]
    network = next((each.network for each in study.measured.values() if each.network), None)
    if kind < 0.15 and network is not None:
        at = int(rng.integers(network.arcs.x.size))
        x, y = network.arcs.x[at], network.arcs.y[at]
    elif kind < 0.9:
        x, y = np.array([x, y]) + rng.normal(0, NEAR_METRES, 2)
    elif kind < 0.97:
        west, south, east, north = study.area.units.total_bounds
        x, y = rng.uniform(west, east), rng.uniform(south, north)
    return round(float(x) * 100), round(float(y) * 100)


def answers_of_the_page(study: Study, plans: list[Plan]) -> list[dict[str, Any]]:
    """Let the page's scripts answer plans, from the block a page carries."""
    header, columns = page_content(study, "zh")
    with TemporaryDirectory() as folder:
        block, asked = Path(folder) / "block", Path(folder) / "plans.json"
        block.write_text(columns.block(header), encoding="ascii")
        asked.write_text(json.dumps([plan.content() for plan in plans]), encoding="utf-8")
        ran = node(str(ANSWER), str(block), str(asked))
    assert ran.returncode == 0, ran.stderr
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def differences(
    study: Study, people: Demand, plan: Plan, answers: dict[str, dict[str, Any]]
) -> list[str]:
    """Give where the page's answers to a plan, by category, are not Python's: a few each."""
    area = apply_plan(study.area, plan, study.project)
    measured = {
        mode: planned_times(study, people, area, mode=mode, categories=[*answers])
        for mode in study.measured
    }
    judge = Coverage(area, people, measured, study.project)
    return [
        f"{plan.name} {category}: {told}"
        for category, answer in answers.items()
        for told in _told_otherwise(study, plan, judge, category, answer)
    ]


def _told_otherwise(
    study: Study, plan: Plan, judge: Coverage, category: str, answer: dict[str, Any]
) -> list[str]:
    timed = study.area.facilities["category"].isin(list(study.project.categories))
    known = study.area.facilities["facility_id"][timed]
    names = np.array([*known, *(each.facility_id for each in plan.added), None], dtype=object)
    rows = judge.rows(study.project.categories[category])
    pairs = {
        "people": (rows["people_covered"].to_numpy(), np.array(answer["reached"], dtype=float)),
        "covered": (
            rows["covered"].fillna(value=False).to_numpy(bool),
            np.array(answer["covered"]),
        ),
        "reason": (
            rows["reason"].fillna("").to_numpy(object),
            np.array([each or "" for each in answer["reasons"]], dtype=object),
        ),
    }
    for mode, page in zip(answer["modes"], answer["found"], strict=True):
        ours = judge.times[mode]
        nearest, place = ours.nearest[category], ours.telling[category]
        ids = np.append(ours.facilities["facility_id"].to_numpy(), None)
        unit_ms = np.where(place >= 0, nearest.milliseconds[place], -1)
        whose = np.where(unit_ms >= 0, nearest.facility[place], -1)
        pairs |= {
            f"milliseconds {mode}": (nearest.milliseconds, np.array(page["ms"])),
            f"facility {mode}": (ids[nearest.facility], names[page["nearest"]]),
            f"unit's milliseconds {mode}": (unit_ms, np.array(page["unit"]["ms"])),
            f"unit's facility {mode}": (ids[whose], names[page["unit"]["facility"]]),
        }
    return [
        f"{name} of {row}: {mine[row]} here, {its[row]} in the page"
        for name, (mine, its) in pairs.items()
        for row in _differing(mine, its)[:3]
    ]


def _differing(mine: np.ndarray, its: np.ndarray) -> np.ndarray:
    unknown = np.zeros(mine.shape, dtype=bool)
    if mine.dtype == float:
        unknown = np.isnan(mine) & np.isnan(its)
    return np.flatnonzero((mine != its) & ~unknown)


def planned_times(
    study: Study, people: Demand, area: StudyArea, *, mode: str, categories: list[str]
) -> ModeTimes:
    """Measure some categories anew: streets and homes are joined already, facilities are not."""
    measured, rules = study.measured[mode], study.project.rules
    facilities = located_facilities(area, study.project)
    points = facilities.geometry.x.to_numpy(), facilities.geometry.y.to_numpy()
    joined = None
    travel: geo.NetworkTravel | geo.StraightTravel
    if measured.network is None or measured.places is None:
        kmh = straight_kmh(measured.mode, study.project)
        travel = geo.StraightTravel((people.x, people.y), points, kmh=kmh, rules=rules)
    else:
        joined = geo.attach(measured.network, *points, rules)
        travel = geo.NetworkTravel(measured.network, measured.places, joined, rules)
    category = facilities["category"].to_numpy()
    rows = [np.flatnonzero(category == name) for name in categories]
    nearest = dict(zip(categories, travel.nearest_of_each(rows), strict=True))
    return replace(
        measured,
        facilities=facilities,
        demand=people,
        joined=joined,
        stands=stands(facilities, measured.network, joined, area.around),
        nearest=nearest,
    )
