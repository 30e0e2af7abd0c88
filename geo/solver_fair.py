"""Fairest across townships: the worst-served one as well off as can be, then the most people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack

from geo.solver_answer import TOLERANCE, Answer
from geo.solver_cover import Cover, merged
from geo.solver_program import Program, ones, picked_sites
from geo.solver_rules import keep_rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Groups:
    """The townships: each place's (a row), what each has covered already, and its whole weight."""

    of_place: Ints
    covered: Floats
    total: Floats

    def shares(self, cover: Cover, chosen: Ints) -> Floats:
        """Give the covered share of every group with some candidates chosen."""
        newly = np.where(cover.covered(chosen), cover.weight, 0.0)
        added = np.bincount(self.of_place, weights=newly, minlength=self.total.size)
        shares: Floats = (self.covered + added) / self.total
        return shares


def fairest(
    cover: Cover,
    purse: Purse,
    groups: Groups,
    *,
    rules: Rules | None = None,
    clock: Clock,
) -> tuple[Answer, Answer]:
    """Choose so that the lowest share of any group is greatest, then so that most are covered.

    Places of ``cover`` are those not covered yet. The first answer's objective is the lowest
    share, the second's the weight newly covered; both have the same choice.
    """
    small, of_place = _merged_within(cover, groups.of_place)
    within = Groups(of_place, groups.covered, groups.total)
    program, sites, _ = _program(small, purse, within, rules, (0.0, 1.0, 0.0))
    chosen, bound = picked_sites(program.solve(clock.share(0.5)), sites, cover.candidates)
    lowest = float(groups.shares(cover, chosen).min())
    # Shares of whole people never differ by so little; HiGHS keeps its rows to one in a million.
    ceiling = lowest if -bound <= lowest + 2 * TOLERANCE else min(1.0, -bound)
    program, sites, _ = _program(small, purse, within, rules, (1.0, 0.0, lowest - TOLERANCE))
    solved = program.solve(clock)
    better, most = picked_sites(solved, sites, cover.candidates, otherwise=chosen)
    most = max(most, -float(cover.weight.sum()))
    share = float(groups.shares(cover, better).min())
    value = cover.value(better)
    return (
        Answer(better, share, max(share, ceiling), "most", "highs").within(clock),
        Answer(better, value, max(value, -most), "most", "highs").within(clock),
    )


def _program(
    cover: Cover,
    purse: Purse,
    groups: Groups,
    rules: Rules | None,
    stage: tuple[float, float, float],
) -> tuple[Program, int, int]:
    """Lay out a stage: what weight covered and the lowest share are worth, and the least share."""
    per_weight, per_share, floor = stage
    program = Program()
    sites = program.columns(np.zeros(cover.candidates), whole=True)
    served = program.columns(-per_weight * cover.weight)
    lowest = program.columns([-per_share])
    program.rows((cover.matrix, sites), (-ones(cover.places), served), low=0.0)
    at = (groups.of_place, np.arange(cover.places))
    share = cover.weight / groups.total[groups.of_place]
    sums = csr_array((share, at), shape=(groups.total.size, cover.places))
    minus = csr_array(-np.ones((groups.total.size, 1)))
    had = groups.covered / groups.total
    program.rows((sums, served), (minus, lowest), low=-had)
    program.row((np.ones(1), lowest), low=max(0.0, floor))
    keep_rules(program, sites, purse, rules)
    return program, sites, served


def _merged_within(cover: Cover, group: Ints) -> tuple[Cover, Ints]:
    """Merge places covered alike within each group."""
    rows = np.arange(cover.places)
    size = int(group.max(initial=-1)) + 1
    marks = csr_array((np.ones(rows.size), (rows, group)), shape=(cover.places, size))
    reached = np.diff(cover.matrix.indptr) > 0
    marked = Cover(csr_array(hstack([cover.matrix, marks])), cover.weight).take(places=reached)
    small = merged(marked)
    of_place = small.matrix[:, cover.candidates :] @ np.arange(size, dtype=np.float64)
    sites = csr_array(small.matrix[:, : cover.candidates])
    return Cover(sites, small.weight), np.rint(of_place).astype(np.int64)
