"""The counts of people of a public study, by unit: its own, and those covered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.disclosure import BESIDE, Withheld, withhold
from geo.ledgers import township_of
from geo.scorecard_indicator import evidence_id, scored
from layers.schema import UNITS
from layers.vocabulary import COHORTS, PRIORITY

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.study import Study

_COUNTED = (*COHORTS, "households")
_WHOLES = {
    "age_0_14": ("people", "age_60_plus"),
    "age_60_plus": ("people", None),
    "age_65_plus": ("age_60_plus", None),
    "disabled": ("people", None),
}
"""What a count is a part of: another one, less a third."""
_NOWHERE = ""  # the township of a unit that has none
_EVIDENCE = ("residence_id", "straight_metres", "access_metres")


@dataclass(frozen=True)
class Marks:
    """The units' own counts as cells by unit_id, by column, and what of them is withheld."""

    by_column: dict[str, Withheld]
    cells: dict[str, pd.DataFrame]
    township: pd.Series[str]

    def of_others(self, column: str, units: pd.Index[Any]) -> pd.Series[str]:
        """Give why a column is withheld of all but some units.

        Of whom nobody knows if they are covered, the people stand in no table of those covered.
        """
        own = self.by_column[column].cells if column in self.by_column else pd.Series(dtype=object)
        return own[~own.index.isin(units)]

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
    cells = {name: _cells_of(units.set_index("unit_id"), name, township) for name in _COUNTED}
    by_column = {name: withhold(each) for name, each in cells.items()}
    for name in _COUNTED:
        why = by_column[name].cells.reindex(found["unit_id"]).to_numpy(dtype=object)
        marks = pd.Series(why, found.index, dtype=object).fillna("")
        if (marks != "").any():
            found = found.assign(**{name: found[name].mask(marks != ""), f"{name}_withheld": marks})
    return found, Marks(by_column, cells, township)


def _cells_of(units: pd.DataFrame, name: str, township: pd.Series[str]) -> pd.DataFrame:
    """Give a column as cells: beside its whole, where that is known of every unit that has it.

    Whoever takes 65 and over from 60 and over has counted those between.
    """
    counts = units[name].dropna().astype("float64")
    cells = pd.DataFrame({"area": township.reindex(counts.index), "people": counts})
    whole, other = _WHOLES.get(name, (name, None))
    rest = units[whole] - (units[other].fillna(0.0) if other else 0.0)
    rest = rest.reindex(counts.index).astype("float64")
    if whole == name or rest.isna().any() or (rest < counts).any():
        return cells
    return cells.assign(people=rest, covered=counts)


def counted_rows(study: Study, township: pd.Series[str]) -> pd.DataFrame:
    """Give who is covered by indicator and unit, where that is known: cells for ``withhold``.

    That a unit is covered says that ``unit_share`` of its people are, and a ledger (``listed``)
    says of all of them whether they are.
    """
    rows = study.coverage.dropna(subset=["people", "people_covered"])
    people, covered = rows["people"].astype("float64"), rows["people_covered"].astype("float64")
    scored_by = {
        evidence_id(each): each.cohort
        for each in scored(study.project, study.coverage, basis=study.basis)
    }
    told = rows["indicator"].map(scored_by).eq("people") & rows["covered"].notna()
    met, share = rows["covered"].fillna(value=False).astype(bool), study.project.rules.unit_share
    least, most = (
        (share * people).where(told & met, 0.0),
        (share * people).where(told & ~met, people),
    )
    whole = rows["method"].eq("ledger")
    found = rows[["indicator", "unit_id"]].assign(
        area=township.reindex(rows["unit_id"]).fillna(_NOWHERE).to_numpy(),
        people=people,
        covered=covered,
        listed=whole,
        least=least.mask(whole, covered),
        most=most.mask(whole, covered),
    )
    return found.reset_index(drop=True)


def public_coverage(
    study: Study, marks: Marks
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Withheld]]:
    """Give coverage and gaps with small counts withheld, and what was, by category.

    Counts of people are those of single categories alone: others would tell the same people again.
    ``withheld`` says why a count is missing. Priority people and the homes behind a gap are left
    out.
    """
    counted = counted_rows(study, marks.township)
    withheld, parts = {}, []
    for name in study.project.categories:
        withheld[name] = withhold(counted[counted["indicator"] == name].set_index("unit_id"))
        cohort = study.project.categories[name].cohort
        why = withheld[name].cells.copy()
        why[why.index.isin(marks.hidden(cohort)) & (why == "")] = BESIDE
        why = pd.concat([why, marks.of_others(cohort, why.index)])
        parts.append(pd.Series(why.to_numpy(), pd.MultiIndex.from_product([[name], why.index])))
    why = pd.concat(parts) if parts else pd.Series(dtype=object)
    return (
        _without_counts(study.coverage, why, study),
        _in_order(_without_counts(study.gaps, why, study)),
        withheld,
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
