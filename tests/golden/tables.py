"""The golden tables of the demo: few enough rows to be read in a diff, whole numbers throughout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyogrio

from geo.shortfalls import township_shortfalls, unit_shortfalls
from layers.catalogue import load_circle

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).resolve().parent
FIRST_GAPS = 60


def demo_tables(out: Path) -> dict[str, pd.DataFrame]:
    """Give the tables of a folder of results: shortfalls, gaps (the first), gap_reasons."""
    units, coverage, gaps = (
        pyogrio.read_dataframe(out / "results.gpkg", layer=name, read_geometry=False)
        for name in ("units", "coverage", "gaps")
    )
    categories = load_circle("basic-15").categories
    shortfalls = township_shortfalls(unit_shortfalls(coverage, units, categories), units, "全县")
    gaps = gaps.assign(
        people_left_out=gaps["people_left_out"].round(),
        metres=np.ceil(gaps["metres"]),
        seconds=np.ceil(gaps["minutes"] * 60),
    )
    told = ["township", "name", "indicator", "facility_id", "seconds", "metres", "people_left_out"]
    groups = gaps.groupby(["indicator", "reason"], as_index=False)
    reasons = groups.agg(gaps=("unit_id", "size"))
    reasons["people_left_out"] = groups["people_left_out"].sum(min_count=1)["people_left_out"]
    return {
        "shortfalls": shortfalls,
        "gaps": gaps[[*told, "reason"]].head(FIRST_GAPS),
        "gap_reasons": reasons,
    }


def csv_of(table: pd.DataFrame) -> str:
    """Give a table as CSV, whole numbers without a point."""
    numbers = table.select_dtypes("number").columns
    whole = table.assign(**{name: table[name].astype("Int64") for name in numbers})
    return whole.to_csv(index=False, lineterminator="\n")
