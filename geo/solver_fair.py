"""Fairest across townships: the worst-served one as well off as can be, then the most people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from geo.solver_answer import TOLERANCE, YES, Answer, is_whole
from geo.solver_cover import merged_within
from geo.solver_curves import Curves, curves
from geo.solver_program import Program, ones, picked_sites
from geo.solver_rules import keep_rules, undominated_alike
from layers.errors import Problem, SitingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_cover import Cover
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_FOR_CURVES = 0.2
_HALF = 0.5


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
    left = undominated_alike(cover, purse.price, rules)
    small, of_place = merged_within(cover.take(candidates=left), groups.of_place)
    within = Groups(of_place, groups.covered, groups.total)
    limits = purse.take(left), None if rules is None else rules.take(left)
    known = curves(small, of_place, groups.total.size, limits[0], clock.share(_FOR_CURVES))
    asked = _Asked(small, within, limits, known)
    picked, ceiling = _highest(asked, clock.share(0.5))
    program, sites = asked.program(float(within.shares(small, picked).min()), worth=1.0)
    solved = program.solve(clock)
    better, most = picked_sites(solved, sites, left.size, otherwise=picked)
    chosen = left[better]
    share, value = float(groups.shares(cover, chosen).min()), cover.value(chosen)
    most = max(most, -float(cover.weight.sum()))
    return (
        Answer(chosen, share, max(share, ceiling), "most", "highs").within(clock),
        Answer(chosen, value, max(value, -most), "most", "highs").within(clock),
    )


@dataclass(frozen=True)
class _Asked:
    """The question with beaten candidates left out and places merged."""

    cover: Cover
    groups: Groups
    limits: tuple[Purse, Rules | None]
    curves: Curves

    def needs(self, floor: float) -> Floats:
        """Give the weight every group lacks of a floor under its share; whole where weights are."""
        lacking = np.maximum(floor * self.groups.total - self.groups.covered, 0.0)
        whole = is_whole(self.cover.weight)
        needs: Floats = np.ceil(lacking - TOLERANCE) if whole else lacking
        return needs

    def below(self, floor: float) -> float:
        """Give the greatest lowest share there can be that is below a floor."""
        needs = self.needs(floor)
        if not is_whole(self.cover.weight):
            return floor
        some = needs > 0
        last = (self.groups.covered + needs - 1.0)[some] / self.groups.total[some]
        return float(min(floor, last.max(initial=0.0)))

    def lacking(self, floor: float) -> tuple[_Asked, Ints]:
        """Leave out groups above a floor, and candidates beaten then; give those left."""
        inside = (self.needs(floor) > 0)[self.groups.of_place]
        own, some = self.limits
        left = undominated_alike(self.cover.take(places=inside), own.price, some)
        rest = self.cover.take(places=inside, candidates=left)
        small, of_place = merged_within(rest, self.groups.of_place[inside])
        groups = replace(self.groups, of_place=of_place)
        limits = own.take(left), None if some is None else some.take(left)
        return _Asked(small, groups, limits, self.curves.take(left)), left

    def too_few(self, floor: float, clock: Clock) -> bool:
        """Say whether counting sites shows already that nothing lifts every group to a floor."""
        program = Program()
        sites = program.columns(np.zeros(self.cover.candidates), whole=True)
        self.curves.ask(program, sites, self.needs(floor))
        keep_rules(program, sites, *self.limits)
        return program.solve(clock).infeasible

    def program(self, floor: float, *, worth: float) -> tuple[Program, int]:
        """Lay out a choice that lifts every group to a floor; covered weight is ``worth`` so much.

        Give where the site columns begin, too.
        """
        cover, groups, needs = self.cover, self.groups, self.needs(floor)
        program = Program()
        sites = program.columns(np.zeros(cover.candidates), whole=True)
        served = program.columns(-worth * cover.weight)
        program.rows((cover.matrix, sites), (-ones(cover.places), served), low=0.0)
        at = (groups.of_place, np.arange(cover.places))
        won = csr_array((cover.weight, at), shape=(needs.size, cover.places))
        # Half a person less is no choice's, and more than HiGHS may be wrong by.
        slack = _HALF if is_whole(cover.weight) else TOLERANCE * groups.total
        program.rows((won, served), low=np.where(needs > 0, needs - slack, -np.inf))
        self.curves.ask(program, sites, needs)
        if worth:
            self.curves.limit(program, sites, (won, served))
        keep_rules(program, sites, *self.limits)
        return program, sites


def _highest(asked: _Asked, clock: Clock) -> tuple[Ints, float]:
    """Give a choice whose lowest share is the greatest, and a share that none can pass.

    Floors are tried by halves: under a given floor it is known how many sites each group needs.
    """
    groups = asked.groups
    had = groups.covered / groups.total
    picked, refuted = _reaching(asked, float(had.min()), clock)
    if picked is None:
        why = "rules_out_of_reach" if refuted else "no_choice_in_time"
        raise SitingError(Problem("sites", why))
    low = float(groups.shares(asked.cover, picked).min())
    most = np.array([points[-1] for points in asked.curves.most])
    high = float((had + most / groups.total).min())
    hard = False
    # Shares of whole people never differ by so little.
    while high > low + 2 * TOLERANCE:
        least = low + 2 * TOLERANCE
        # What HiGHS has refuted once it mostly refutes down to the choice at hand.
        floor = least if hard else max((low + high) / 2, least)
        if asked.too_few(floor, clock):
            high = max(low, asked.below(floor))
            continue
        found, refuted = _reaching(asked, floor, clock)
        hard = found is None
        share = -np.inf if found is None else float(groups.shares(asked.cover, found).min())
        if found is not None and share > low:
            picked, low = found, share
        elif refuted:
            high = max(low, asked.below(floor))
        else:
            return picked, high
    return picked, low


def _reaching(asked: _Asked, floor: float, clock: Clock) -> tuple[Ints | None, bool]:
    """Give a choice that lifts every group to a floor; or none, and whether there is none."""
    small, left = asked.lacking(floor)
    program, sites = small.program(floor, worth=0.0)
    solved = program.solve(clock)
    if solved.values is None:
        return None, solved.infeasible
    return left[solved.part(sites, left.size) > YES], False
