"""Units in place of people: a unit is covered when enough of its people are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, diags_array

from geo.solver_answer import Answer, is_whole, rounded_bound
from geo.solver_cover import merged_within
from geo.solver_program import Program, ones, picked_sites
from geo.solver_rules import keep_rules, undominated_alike

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_cover import Cover
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Units:
    """Each place's unit (a row), and what weight of each must be newly covered for it to count."""

    of_place: Ints
    lacking: Floats

    def covered(self, cover: Cover, chosen: Ints) -> Flags:
        """Say which units are covered with some candidates chosen."""
        newly = np.where(cover.covered(chosen), cover.weight, 0.0)
        had = np.bincount(self.of_place, weights=newly, minlength=self.lacking.size)
        # Sums in another order differ by rounding of about 1e-12 of themselves.
        enough: Flags = had >= self.lacking * (1 - 1e-9)
        return enough


def most_units(
    cover: Cover, units: Units, purse: Purse, *, rules: Rules | None, clock: Clock
) -> Answer:
    """Choose so that most units are covered. The objective counts all that are."""
    program, sites, _, left = _program(cover, units, purse, rules, (0.0, 1.0))
    picked, bound = picked_sites(program.solve(clock), sites, left.size)
    chosen = left[picked]
    value = float(units.covered(cover, chosen).sum())
    most = max(value, rounded_bound(-bound, "most", whole=True))
    return Answer(chosen, value, most, "most", "highs").within(clock)


def least_for_units(
    cover: Cover, goal: tuple[Units, int], purse: Purse, *, rules: Rules | None, clock: Clock
) -> Answer:
    """Choose what covers at least so many units for the least price."""
    units, need = goal
    program, sites, counted, left = _program(cover, units, purse, rules, (1.0, 0.0))
    program.row((np.ones(units.lacking.size), counted), low=float(need))
    picked, bound = picked_sites(program.solve(clock), sites, left.size)
    chosen = left[picked]
    spent = float(purse.price[chosen].sum())
    bound = rounded_bound(bound, "least", whole=is_whole(purse.price))
    return Answer(chosen, spent, min(spent, bound), "least", "highs").within(clock)


def _program(
    cover: Cover, units: Units, purse: Purse, rules: Rules | None, worth: tuple[float, float]
) -> tuple[Program, int, int, Ints]:
    """Lay out sites, places and units; ``worth`` is what a price costs and a unit yields.

    Give where columns of sites and of units begin, and the candidates left that none beats.
    """
    left = undominated_alike(cover, purse.price, rules)
    cover, of_place = merged_within(cover.take(candidates=left), units.of_place)
    purse, rules = purse.take(left), None if rules is None else rules.take(left)
    program = Program()
    sites = program.columns(worth[0] * purse.price, whole=True)
    served = program.columns(np.zeros(cover.places))
    counted = program.columns(np.full(units.lacking.size, -worth[1]), whole=True)
    program.rows((cover.matrix, sites), (-ones(cover.places), served), low=0.0)
    # In parts of what is lacking, so that rows are of one size and rounding does no harm.
    lacking = np.maximum(units.lacking, 0.0)
    scale = np.where(lacking > 0, lacking, 1.0)[of_place]
    at = (of_place, np.arange(cover.places))
    sums = csr_array((cover.weight / scale, at), shape=(lacking.size, cover.places))
    asked = csr_array(diags_array(np.where(lacking > 0, 1.0 - 1e-9, 0.0)))
    program.rows((sums, served), (csr_array(-asked), counted), low=0.0)
    keep_rules(program, sites, purse, rules)
    return program, sites, counted, left
