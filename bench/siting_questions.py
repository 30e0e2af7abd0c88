"""Every kind of question, asked of the simulated county and of Andorra: seconds, what is proved.

The whole question counts, from layers in memory to the explained answer: ways, choice, curve and
frontier. Seconds are the processor's, and the limit is one that a busy machine does not reach.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geo
import layers
from bench.andorra import make
from layers.question import SiteQuestion, Use
from maps.second_process import SecondProcess

if TYPE_CHECKING:
    from geo.site_plan import SitePlan

CATEGORY = "pharmacy"

_LIMIT = 600.0

KINDS: dict[str, dict[str, Any]] = {
    "count": {"count": 4},
    "budget": {"budget": 4.0},
    "priority": {"count": 4, "priority": {"age_60_plus": 2.0}},
    "drive": {"count": 4, "mode": "drive"},
    "years": {"years": {2026: 2, 2027: 1, 2028: 1}},
    "target": {"target": 0.6},
    "units": {"count": 4, "aim": "units"},
    "units-target": {"target": 0.6, "aim": "units"},
    "travel": {"count": 4, "aim": "travel"},
    "longest": {"count": 4, "aim": "longest"},
    "served": {"count": 4, "aim": "served", "capacity": 40.0},
    "backup": {"count": 4, "aim": "backup"},
    "fair": {"count": 4, "aim": "fair"},
    "per_township": {"count": 12, "per_township": 1},
    "most_per_township": {"count": 4, "most_per_township": 1},
    "apart_metres": {"count": 4, "apart_metres": 800.0},
    "may_move": {"count": 4, "may_move": True},
    "uses": {"budget": 6.0, "uses": {"village-clinic": Use(0.5)}},
}


def questions(place: str, kinds: list[str]) -> None:
    """Ask one question of each kind and print a line each."""
    with tempfile.TemporaryDirectory() as folder:
        project = layers.read_project(make(place, Path(folder), SecondProcess()))
        area = layers.read_study_area(project)
        for kind in kinds or KINDS:
            asked = SiteQuestion("q", CATEGORY, time_limit=_LIMIT, **KINDS[kind])
            began = time.process_time()
            told = _told(geo.choose_sites(area, project, asked))
            print(f"{place} {kind}: {time.process_time() - began:.1f} s; {told}", flush=True)


def _told(plan: SitePlan) -> str:
    ranks = (
        f"{name} {answer.objective:.6g} "
        + ("proved" if answer.optimal else f"within {100 * answer.gap:.2f} %")
        for name, answer in plan.answers
    )
    return f"{', '.join(ranks)}; {plan.candidates} candidates"
