"""What would change were an assumption a little off, as the page carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.scorecard_indicator import BY_UNITS
from layers.vocabulary import LANGUAGES
from maps.policy_figures import by_area
from maps.sheets_sensitivity import scenario_words

if TYPE_CHECKING:
    from geo.study import Study
    from maps.packed import Columns

Json = dict[str, Any]


def add_sensitivity(columns: Columns, study: Study) -> list[Json]:
    """Add which assumptions would turn a unit's verdict, and how far shares swing; name them.

    ``flips/<category>`` has a bit for every assumption, in the order of those named; ``swing/``
    has the least and the greatest share of people and of units, area by area as the scorecard's.
    All of it is for the categories' own limits, as sheet 敏感单元 and the scorecard tell it.
    """
    units = pd.Index(study.area.units["unit_id"])
    found = study.sensitivity[study.sensitivity["unit_id"].isin(units)]
    flipped = found[found["covered"] != found["covered_then"]]
    names = list(found["scenario"].unique())
    for category, rows in flipped.groupby("indicator", sort=True):
        if category not in study.project.categories:
            continue
        bits = np.zeros(len(units), dtype=np.int64)
        which = rows["scenario"].map(names.index).to_numpy()
        np.bitwise_or.at(bits, units.get_indexer(rows["unit_id"]), 1 << which)
        columns.whole(f"flips/{category}", bits)
    shares = [name + over for name in study.project.categories for over in ("", BY_UNITS)]
    figures = by_area(study, shares)
    for name in ("swing_low", "swing_high"):
        columns.real(name.replace("_", "/"), figures[name])
    margins = study.project.margins
    return [
        {"id": name, "name": {lang: scenario_words([name], margins, lang) for lang in LANGUAGES}}
        for name in names
    ]
