"""The counts of people of a public study: of units, of their coverage, of the scorecard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.disclosure import BESIDE, Withheld, gives_away, is_small, withhold
from geo.ledgers import township_of
from geo.scorecard_area import COUNTY
from geo.scorecard_indicator import evidence_id, scored
from layers.schema import UNITS
from layers.vocabulary import COHORTS, PRIORITY

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.study import Study
    from layers.indicators import Indicator

_COUNTED = (*COHORTS, "households")
_NOWHERE = ""  # the township of a unit that has none
_FIGURES = ("numerator", "denominator", "value", "low", "high", "gap_to_target")
_SWINGS = ("swing_low", "swing_high")
_OF_PEOPLE = ("people", "dwellings")
_EVIDENCE = ("residence_id", "straight_metres", "access_metres")


@dataclass(frozen=True)
class Marks:
    """What is withheld of the units' own counts, by column: cells are by unit_id."""

    by_column: dict[str, Withheld]
    township: pd.Series[str]

    def hidden(self, column: str) -> set[str]:
        """Give the units of which a column is withheld."""
        if column not in self.by_column:
            return set()
        cells = self.by_column[column].cells
        return set(cells.index[cells != ""])


def public_units(units: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Marks]:
    """Give the units with the columns of their schema, small counts withheld; and what was.

    Beside a column with any there is ``<column>_withheld``: why.
    """
    names = [column.name for column in UNITS.columns if column.name in units]
    found = units[[*names, units.active_geometry_name]]
    township = township_of(units).fillna(_NOWHERE).set_axis(units["unit_id"])
    by_column = {}
    for name in _COUNTED:
        counts = units.set_index("unit_id")[name].dropna().astype("float64")
        cells = pd.DataFrame({"area": township.reindex(counts.index), "people": counts})
        by_column[name] = withhold(cells)
        why = by_column[name].cells.reindex(found["unit_id"]).to_numpy(dtype=object)
        marks = pd.Series(why, found.index, dtype=object).fillna("")
        if (marks != "").any():
            found = found.assign(**{name: found[name].mask(marks != ""), f"{name}_withheld": marks})
    return found, Marks(by_column, township)


def public_coverage(
    study: Study, marks: Marks
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Withheld]]:
    """Give coverage and gaps with small counts withheld, and what was, by category.

    Counts of people are those of single categories alone: others would tell the same people again.
    ``withheld`` says why a count is missing. Priority people and the homes behind a gap are left
    out.
    """
    rows = study.coverage
    withheld, parts = {}, []
    for name in study.project.categories:
        own = rows[rows["indicator"] == name]
        known = own.dropna(subset=["people", "people_covered"]).set_index("unit_id")
        cells = _cells(known, marks)
        withheld[name] = withhold(cells)
        cohort = study.project.categories[name].cohort
        why = withheld[name].cells.copy()
        why[why.index.isin(marks.hidden(cohort)) & (why == "")] = BESIDE
        parts.append(pd.Series(why.to_numpy(), pd.MultiIndex.from_product([[name], why.index])))
    why = pd.concat(parts) if parts else pd.Series(dtype=object)
    return (
        _without_counts(rows, why, study),
        _in_order(_without_counts(study.gaps, why, study)),
        withheld,
    )


def _cells(rows: pd.DataFrame, marks: Marks) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": marks.township.reindex(rows.index).fillna(_NOWHERE),
            "people": rows["people"].astype("float64"),
            "covered": rows["people_covered"].astype("float64"),
        }
    )


def _without_counts(rows: pd.DataFrame, why: pd.Series, study: Study) -> pd.DataFrame:
    keys = pd.MultiIndex.from_frame(rows[["indicator", "unit_id"]])
    told = pd.Series(why.reindex(keys).to_numpy(), rows.index, dtype=object)
    told = told.where(rows["indicator"].isin(list(study.project.categories)), BESIDE).fillna("")
    counts = ["people_covered", "people_share", "people_left_out"]
    hidden = {name: rows[name].mask(told != "") for name in counts if name in rows}
    hidden["people"] = rows["people"].mask(told != "")
    drop = [*_EVIDENCE, *(name for each in PRIORITY for name in _priority(each))]
    return rows.assign(**hidden, withheld=told).drop(columns=drop, errors="ignore")


def _priority(cohort: str) -> tuple[str, ...]:
    return cohort, f"{cohort}_covered", f"{cohort}_left_out"


def _in_order(gaps: pd.DataFrame) -> pd.DataFrame:
    """Order gaps by what is told of them: their order must not tell what is withheld."""
    return gaps.sort_values(
        ["people_left_out", "unit_id", "indicator"],
        ascending=[False, True, True],
        na_position="last",
        ignore_index=True,
    )


def public_scorecard(study: Study, marks: Marks, withheld: dict[str, Withheld]) -> pd.DataFrame:
    """Give the scorecard without small counts of people and what they could be worked back from.

    Amounts out of ledgers (staff, visits, volunteers) are told of the county alone. Priority shares
    are left out, and so is the swing of townships.
    """
    found = study.scorecard.copy()
    for indicator in scored(study.project, study.coverage, basis=study.basis):
        rows = found[found["indicator"] == indicator.id]
        if indicator.numerator is not None:
            hidden = rows["level"].ne("county") | _is_small_amount(rows)
        elif rows["over"].isin(_OF_PEOPLE).any():
            areas = _hidden_areas(study, indicator, marks, withheld)
            hidden = rows["area_id"].isin(areas)
        else:
            continue
        at = rows.index[hidden]
        found.loc[at, [*_FIGURES, *_SWINGS]] = np.nan
        found.loc[at, "met"] = pd.NA
    found.loc[found["level"] != "county", list(_SWINGS)] = np.nan
    return found.assign(**{f"{cohort}_share": np.nan for cohort in PRIORITY})


def _is_small_amount(rows: pd.DataFrame) -> pd.Series[bool]:
    rest = rows["denominator"] - rows["numerator"]
    small: pd.Series[bool] = is_small(rows["numerator"]) | is_small(rest)
    return small


def _hidden_areas(
    study: Study, indicator: Indicator, marks: Marks, withheld: dict[str, Withheld]
) -> set[str]:
    """Give the areas of which a share of people is withheld; the county by its own id."""
    of_units = marks.by_column.get(indicator.cohort)
    hidden = _areas(of_units) if of_units else set()
    if indicator.id in withheld:
        return hidden | _areas(withheld[indicator.id])
    judged = study.coverage[study.coverage["indicator"] == evidence_id(indicator)]
    known = judged.dropna(subset=["people", "people_covered"]).set_index("unit_id")
    cells = _cells(known, marks)
    sums = cells.groupby("area")[["people", "covered"]].sum().assign(area=COUNTY)
    own = withhold(sums)
    hidden |= set(own.cells.index[own.cells != ""]) | ({COUNTY} if own.total else set())
    for name in study.project.categories:
        if _tells_the_same(study, name, known):
            why = withheld[name].cells.reindex(known.index).fillna("") != ""
            unsafe = {
                str(area)
                for area, own in cells.groupby("area")
                if gives_away(own, why[own.index].to_numpy())
            }
            hidden |= unsafe
            if unsafe or gives_away(cells, why.to_numpy()):
                hidden.add(COUNTY)
    return hidden


def _areas(withheld: Withheld) -> set[str]:
    return {*withheld.areas} | ({COUNTY} if withheld.total else set())


def _tells_the_same(study: Study, category: str, rows: pd.DataFrame) -> bool:
    """Say whether rows count the same people as a category does, if of fewer units."""
    own = study.coverage[study.coverage["indicator"] == category].set_index("unit_id")
    same = own["people_covered"].reindex(rows.index)
    return bool(np.isclose(same, rows["people_covered"], equal_nan=True).all())
