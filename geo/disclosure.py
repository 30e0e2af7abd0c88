"""Counts of people that are withheld, so that nobody can be told from a table.

A count of one to four is withheld, and so is what it could be worked back from: what is left of its
whole, other counts of its township, and totals. Nobody at all is no count of a person and is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

FEWEST = 5
"""The least count of people that is told."""
_TWO = 2
_NARROWEST = 1.0  # one person more or less
_TOLERANCE = 1e-6
_MOST = 1e9  # people: more than there are anywhere

SMALL, BESIDE = "<5", "*"
"""Why a count is withheld: it is small, or others could be worked back from it."""


def is_small(count: Any) -> Any:  # noqa: ANN401 - a number or an array of them
    """Say whether a count of people is too small to be told.

    >>> [bool(is_small(count)) for count in (0, 0.4, 4, 5)]
    [False, True, True, False]
    """
    return (count > 0) & (count < FEWEST)


@dataclass(frozen=True)
class Withheld:
    """What of one table is withheld: by cell SMALL, BESIDE or an empty text; areas; the total."""

    cells: pd.Series[str]
    areas: frozenset[str] = field(default_factory=frozenset)
    total: bool = False


def withhold(cells: pd.DataFrame) -> Withheld:
    """Choose what to withhold of one table of people and those of them that are covered.

    ``cells`` (one row per unit, any index): area, people, covered. Told otherwise are the people
    of a unit, its covered ones and the rest, and the same of every area and of all; without
    ``covered`` people alone. Whatever is withheld stands in sums with others that are, of at least
    FEWEST people on either side, and so that no count is known to within one person of them and of
    ``least`` and ``most``, which anybody knows it to be (columns, by default 0 and the people).
    """
    table = _Table(cells)
    for area in table.areas:
        table.protect_area(area)
    table.protect_areas()
    return Withheld(table.marks(), frozenset(table.hidden_areas), total=table.hidden_total)


def known_range(cells: pd.DataFrame) -> tuple[Floats, Floats]:
    """Give the least and the most that anybody knows the count of a cell to be, if it is withheld.

    Why it is withheld is told, so that it is small or is not; by ``least`` and ``most`` more may
    be known.
    """
    people = cells["people"].to_numpy(dtype=np.float64)
    of_whole = "covered" in cells
    count = cells["covered"].to_numpy(dtype=np.float64) if of_whole else people
    least, most = np.zeros(len(count)), people if of_whole else np.full(len(count), _MOST)
    if "least" in cells:
        least = np.minimum(count, cells["least"].to_numpy(dtype=np.float64))
    if "most" in cells:
        most = np.maximum(count, cells["most"].to_numpy(dtype=np.float64))
    least, most = _known_side(count, least, most)
    if of_whole:
        least, most = (people - each for each in (most, least))
        least, most = _known_side(people - count, least, most)
        least, most = (people - each for each in (most, least))
    return least, most


def _known_side(count: Floats, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    """Narrow what is known of a side that is small, or that is not and not nobody."""
    step = np.where(count == np.rint(count), 1.0, 0.0)  # of whole numbers <5 means 1 to 4
    small, many = is_small(count), count >= FEWEST
    least = np.where(small, np.maximum(least, step), least)
    most = np.where(small, np.minimum(most, FEWEST - step), most)
    return np.where(many, np.maximum(least, FEWEST), least), most


def narrowest(own: Floats) -> Floats:
    """Give how far apart a count's least and most must be by all that is told: a person.

    ``own`` is how far they are by what is known of the count alone, half of which is enough.
    """
    return np.minimum(_NARROWEST, own / 2) - _TOLERANCE


class _Table:
    """The table while it is worked on; both sides are (covered, not covered), or one."""

    def __init__(self, cells: pd.DataFrame) -> None:
        people = cells["people"].to_numpy(dtype=np.float64)
        self.index = cells.index
        self.area = cells["area"].to_numpy(dtype=object)
        self.sides = people[:, None]
        if "covered" in cells:
            covered = cells["covered"].to_numpy(dtype=np.float64)
            self.sides = np.column_stack((covered, people - covered))
        self.small: Flags = is_small(self.sides).any(axis=1) | is_small(people)
        self.least, self.most = known_range(cells)
        self.hidden = self.small.copy()
        self.areas: list[str] = sorted({str(area) for area in self.area})
        self.hidden_areas: set[str] = set()
        self.hidden_total = False

    def marks(self) -> pd.Series[str]:
        """Say why each cell is withheld."""
        marks = np.where(self.small, SMALL, np.where(self.hidden, BESIDE, ""))
        return pd.Series(marks, self.index, dtype=object)

    def protect_area(self, area: str) -> None:
        """Withhold more of an area until nothing can be told from its total; else the total."""
        own = self.area == area
        if is_small(self.sides[own].sum(axis=0)).any():
            self.hidden_areas.add(area)
        while (self.hidden & own).any() and not self._safe(own):
            if not self._hide_next(own):
                self.hidden_areas.add(area)
                return

    def protect_areas(self) -> None:
        """Withhold more areas until no withheld total can be told from the others; else all."""
        if is_small(self.sides.sum(axis=0)).any():
            self.hidden_total = True
        while self.hidden_areas and not self.hidden_total:
            within = np.isin(self.area, [*self.hidden_areas])
            if len(self.hidden_areas) >= _TWO and self._safe(within):
                return
            if len(self.hidden_areas) >= _TWO and self._hide_next(within):
                continue
            others = [area for area in self.areas if area not in self.hidden_areas]
            if not others:
                self.hidden_total = True
                return
            smallest = min(others, key=lambda area: (self.sides[self.area == area].sum(), area))
            self.hidden_areas.add(smallest)
            self._hide_next(self.area == smallest)

    def _safe(self, cells: Flags) -> bool:
        """Say whether what is withheld among some cells cannot be told from their sum."""
        hidden = self.hidden & cells
        if hidden.sum() < _TWO or (self.sides[hidden].sum(axis=0) < FEWEST).any():
            return False
        least, most = self.least[hidden], self.most[hidden]
        total = self.sides[hidden, 0].sum()
        lowest = np.maximum(least, total - (most.sum() - most))
        highest = np.minimum(most, total - (least.sum() - least))
        narrow = highest - lowest < narrowest(most - least)
        return not (narrow & self.small[hidden]).any()

    def _hide_next(self, cells: Flags) -> bool:
        """Withhold one more cell: the smallest that has FEWEST on both sides, else the smallest."""
        open_cells = np.flatnonzero(cells & ~self.hidden & (self.sides.sum(axis=1) > 0))
        if not open_cells.size:
            return False
        lacking = self.sides[open_cells].min(axis=1) < FEWEST
        order = np.lexsort((open_cells, self.sides[open_cells].sum(axis=1), lacking))
        self.hidden[open_cells[order[0]]] = True
        return True
