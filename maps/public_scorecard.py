"""The scorecard of a public study: figures of people from which no withheld count is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.disclosure import BESIDE, SMALL, Withheld, is_small, known_range, withhold
from geo.indicator_ratio import amounts
from geo.ledgers import Ledgers
from geo.scorecard_area import COUNTY
from geo.scorecard_indicator import evidence_id, scored
from geo.told_sums import ToldSums
from layers.vocabulary import PRIORITY
from maps.public_counts import counted_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.study import Study
    from layers.indicators import Indicator
    from maps.public_counts import Marks

_FIGURES = ("numerator", "denominator", "value", "low", "high", "gap_to_target")
_SWINGS = ("swing_low", "swing_high")
_OF_PEOPLE = ("people", "dwellings")


def public_scorecard(study: Study, marks: Marks, withheld: dict[str, Withheld]) -> pd.DataFrame:
    """Give the scorecard without small counts of people and what they could be worked back from.

    Amounts out of ledgers (staff, visits, volunteers) are told of the county alone. Priority shares
    are left out, and so is the swing of townships, and one that a few people make.
    """
    found, sums = study.scorecard.copy(), _Sums(study, marks, withheld)
    for indicator in scored(study.project, study.coverage, basis=study.basis):
        rows = found[found["indicator"] == indicator.id]
        if indicator.numerator is not None:
            hidden = rows["level"].ne("county") | _is_small_amount(rows)
            if not sums.tells_amounts(indicator):
                hidden[:] = True
        elif rows["over"].isin(_OF_PEOPLE).any():
            hidden = rows["area_id"].isin(sums.hidden_areas(indicator))
        else:
            continue
        at = rows.index[hidden]
        found.loc[at, [*_FIGURES, *_SWINGS]] = np.nan
        found.loc[at, "met"] = pd.NA
    of_few = found["over"].isin(_OF_PEOPLE) & _swings_by_few(found)
    found.loc[of_few | (found["level"] != "county"), list(_SWINGS)] = np.nan
    return found.assign(**{f"{cohort}_share": np.nan for cohort in PRIORITY})


def _swings_by_few(rows: pd.DataFrame) -> pd.Series[bool]:
    """Say where a few people are between a share and its swing, or between both ends of that."""
    low, high = (rows[name] * rows["denominator"] for name in _SWINGS)
    now = rows["numerator"]
    apart = pd.concat([high - low, now - low, high - now], axis=1).abs().round(6)
    few: pd.Series[bool] = is_small(apart).any(axis=1)
    return few


def _is_small_amount(rows: pd.DataFrame) -> pd.Series[bool]:
    rest = rows["denominator"] - rows["numerator"]
    small: pd.Series[bool] = is_small(rows["numerator"]) | is_small(rest)
    return small


def _areas(withheld: Withheld) -> set[str]:
    return {*withheld.areas} | ({COUNTY} if withheld.total else set())


class _Sums:
    """The sums of people that are told: of the units' own counts, and of those covered."""

    def __init__(self, study: Study, marks: Marks, withheld: dict[str, Withheld]) -> None:
        self._marks, self._withheld = marks, withheld
        area, rules = study.area, study.project.rules
        self._ledgers = Ledgers(area.units, area.facilities, area.registers, rules.statuses)
        self._people = {}
        for name, cells in marks.cells.items():
            mark = marks.by_column[name]
            self._people[name] = _Table(cells, mark.cells.to_numpy())
            self._people[name].tell_areas(cells, mark)
        self._rows = _marked(counted_rows(study, marks.township), withheld)
        cells = self._rows.drop_duplicates("cell").set_index("cell")
        self._covered = _Table(cells, cells["mark"].to_numpy(dtype=object))
        for name, mark in withheld.items():
            own = cells[cells["indicator"] == name]
            self._covered.tell_areas(own, mark)

    def tells_amounts(self, indicator: Indicator) -> bool:
        """Say whether totals of the units' own counts can be told, and if so that they are.

        A share of two columns is taken over the units that know both, its bounds over all.
        """
        asked = [each for each in (indicator.numerator, indicator.denominator) if each is not None]
        counted = [amounts(self._ledgers, each) for each in asked]
        both = pd.concat([each["amount"] for each in counted], axis=1).notna().all(axis=1)
        totals = [
            (amount.column, rows.loc[known.reindex(rows.index, fill_value=False), "unit_id"])
            for amount, rows in zip(asked, counted, strict=True)
            if amount.frame == "units" and amount.column in self._people
            for known in (rows["amount"].notna(), both)
        ]
        return all(self._people[str(column)].may_tell(units) for column, units in totals)

    def hidden_areas(self, indicator: Indicator) -> set[str]:
        """Give the areas of which a share of people is withheld; the county by its own id."""
        of_units = self._marks.by_column.get(indicator.cohort)
        hidden = _areas(of_units) if of_units else set()
        if indicator.id in self._withheld:
            return hidden | _areas(self._withheld[indicator.id])
        rows = self._rows[self._rows["indicator"] == evidence_id(indicator)]
        by_area = {COUNTY: rows} | dict(iter(rows.groupby("area")))
        sums = rows.groupby("area")[["people", "covered"]].sum().assign(area=COUNTY)
        own = withhold(sums)
        hidden |= set(own.cells.index[own.cells != ""]) | ({COUNTY} if own.total else set())
        for area in own.cells.index[own.cells == SMALL]:
            self._covered.guard(by_area[area]["cell"])
        for area, counted in by_area.items():
            if area not in hidden and not self._may_tell(indicator, counted):
                hidden.add(str(area))
        return hidden

    def _may_tell(self, indicator: Indicator, rows: pd.DataFrame) -> bool:
        """Say whether a share can be told: who is covered by a list is all of a unit's people."""
        people = self._people[indicator.cohort]
        listed = rows.loc[rows["listed"] & (rows["covered"] > 0), "unit_id"]
        whole = people.may_tell(rows["unit_id"]) and people.may_tell(listed)
        return whole and self._covered.may_tell(rows["cell"])


class _Table:
    """Cells, of which some are withheld, and the sums of them that are told."""

    def __init__(self, cells: pd.DataFrame, marks: NDArray[np.object_]) -> None:
        self._index = cells.index
        self._hidden = marks != ""
        count = cells["covered" if "covered" in cells else "people"].to_numpy(dtype=np.float64)
        self._sums = ToldSums(count, *known_range(cells))
        for at in np.flatnonzero(marks == SMALL):
            self._sums.guard([int(at)])

    def guard(self, keys: pd.Series[Any]) -> None:
        """Say that the sum of some cells may not be known."""
        self._sums.guard(self._withheld(keys))

    def may_tell(self, keys: pd.Series[Any]) -> bool:
        """Say whether the sum of some cells can be told, and if so that it is."""
        return self._sums.may_tell(self._withheld(keys))

    def tell_areas(self, cells: pd.DataFrame, withheld: Withheld) -> None:
        """Say that the totals of areas, and of all of them, are told where they are."""
        keys = cells.index.to_series()
        for area, own in keys.groupby(cells["area"]):
            if area not in withheld.areas:
                self._sums.tell(self._withheld(own))
        if not withheld.total:
            self._sums.tell(self._withheld(keys))

    def _withheld(self, keys: pd.Series[Any]) -> list[int]:
        """Give the withheld ones of some cells by number: of their sum the others can be taken."""
        at = self._index.get_indexer(pd.Index(keys))
        found: list[int] = at[(at >= 0) & self._hidden[at]].tolist()
        return found


def _marked(rows: pd.DataFrame, withheld: dict[str, Withheld]) -> pd.DataFrame:
    """Give rows with ``cell`` and ``mark``: why it is withheld, and "" of one that is told.

    A row that counts the same people as a category does of its unit is the same cell. Of others
    none is told by unit, and the small ones may not be known.
    """
    rows = rows.assign(cell=rows["indicator"] + "@" + rows["unit_id"], mark=BESIDE)
    small = is_small(rows["covered"]) | is_small(rows["people"] - rows["covered"])
    rows["mark"] = rows["mark"].mask(small, SMALL)
    free = ~rows["indicator"].isin([*withheld])
    for name, told in withheld.items():
        own = rows["indicator"] == name
        rows.loc[own, "mark"] = told.cells.reindex(rows.loc[own, "unit_id"]).to_numpy()
        there = rows[own].set_index("unit_id").reindex(rows["unit_id"])
        same = (
            free
            & np.isclose(there["covered"], rows["covered"])
            & np.isclose(there["people"], rows["people"])
        )
        rows.loc[same, ["cell", "mark"]] = there.loc[same.to_numpy(), ["cell", "mark"]].to_numpy()
        free &= ~same
    return rows
