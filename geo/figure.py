"""One figure of the scorecard, with what the missing data leave open."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from layers.indicators import Target

    Columns = Mapping[str, NDArray[Any]] | pd.DataFrame


@dataclass(frozen=True)
class Figure:
    """A value between the lowest and the highest that the unknown part allows.

    ``value`` is ``numerator / denominator``, missing over nothing; a count has no denominator.
    A bound that the unknown part does not allow is missing too. ``unknown`` counts the rows left
    open.
    """

    numerator: float
    denominator: float | None
    low: float
    high: float
    unknown: int = 0

    @property
    def value(self) -> float:
        """Divide; missing over a zero denominator, never 0 or 1.

        >>> Figure(1.0, 4.0, 0.25, 0.25).value
        0.25
        """
        if self.denominator is None:
            return self.numerator
        return divided(self.numerator, self.denominator)

    def met(self, target: Target | None) -> bool | None:
        """Say whether the target is met; None where the range straddles it or is open.

        >>> from layers.indicators import Target
        >>> Figure(1.0, 2.0, 0.4, 0.9, unknown=5).met(Target(0.8)) is None
        True
        """
        if target is None:
            return None
        rising = target.comparison in (">=", ">")
        worst, best = (self.low, self.high) if rising else (self.high, self.low)
        if worst == worst and target.met_by(worst):  # noqa: PLR0124  # a missing bound is no bound
            return True
        if best == best and not target.met_by(best):  # noqa: PLR0124  # the same
            return False
        return None


UNKNOWN = Figure(nan, nan, nan, nan)
"""Nothing is known: the data that would tell are not there."""


def divided(numerator: float, denominator: float) -> float:
    """Divide, missing over nothing."""
    return numerator / denominator if denominator > 0 else nan


def share(tally: Columns, *, of_all: bool = False, at_most: int | None = None) -> Figure:
    """Give the share of a tally: what counts (``of``), what meets (``yes``), what is ``unknown``.

    The value is over what is known, or ``of_all`` (a ledger says what is there; what it leaves
    open is then not counted as there). The range takes all the unknown to fail, and all to pass,
    or of those ``capped`` at most so many. A row whose ``of`` is missing cannot be weighed: the
    range is then missing.
    """
    of, met = (np.asarray(tally[name], dtype=np.float64) for name in ("of", "yes"))
    unknown, capped = (np.asarray(tally[name], dtype=bool) for name in ("unknown", "capped"))
    weighed = ~np.isnan(of)
    known, free = of[weighed & ~unknown], of[weighed & unknown & ~capped]
    few = np.sort(of[weighed & unknown & capped])[::-1][:at_most]
    yes, total = float(met[weighed & ~unknown].sum()), float(of[weighed].sum())
    most = yes + float(free.sum()) + float(few.sum())
    unweighed = int((~weighed).sum())
    return Figure(
        numerator=yes,
        denominator=total if of_all else float(known.sum()),
        low=nan if unweighed else divided(yes, total),
        high=nan if unweighed else divided(most, total),
        unknown=len(free) + len(few) + unweighed,
    )
