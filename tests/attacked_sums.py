"""What can be worked back from sums of withheld counts: by linear programming."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Terms = dict[Any, float]

_FAR = 1e4  # people: more than any unit has, and no strain on the solver
_TRIES, _TOLERANCE = 8, 1e-6


@dataclass
class Knowledge:
    """Linear constraints over withheld counts; what is told is a number in them."""

    told: dict[Any, float] = field(default_factory=dict)
    bounds: dict[Any, tuple[float, float]] = field(default_factory=dict)
    same: dict[Any, Any] = field(default_factory=dict)
    at_most: list[tuple[Terms, float]] = field(default_factory=list)
    sums: list[tuple[Terms, float]] = field(default_factory=list)

    def know(self, name: Any, least: float, most: float) -> None:
        before = self.bounds.get(name, (0.0, np.inf))
        self.bounds[name] = (max(before[0], least), min(before[1], most))

    def terms(self, weights: Iterable[tuple[Any, float]]) -> tuple[Terms, float]:
        """Give a sum over withheld counts, and what those that are told add to it."""
        found: Terms = {}
        constant = 0.0
        for asked, weight in weights:
            name = self.same.get(asked, asked)
            if name in self.told:
                constant += weight * self.told[name]
            else:
                found[name] = found.get(name, 0.0) + weight
                self.bounds.setdefault(name, (0.0, np.inf))
        return found, constant

    def no_more(self, weights: Iterable[tuple[Any, float]], most: float = 0.0) -> None:
        terms, constant = self.terms(weights)
        if terms:
            self.at_most.append((terms, most - constant))

    def equal(self, names: Iterable[Any], total: float) -> None:
        terms, constant = self.terms((name, 1.0) for name in names)
        if terms:
            self.sums.append((terms, total - constant))


def unmoved(known: Knowledge, secret: dict[Any, float]) -> dict[Any, float]:
    """Give those of the secrets that stay within a person in all solutions that were looked for.

    Each solution moves many counts at once, this way or that, as far as all that is told allows.
    """
    program = _Program(known, list(known.bounds), sums=True)
    left, random = dict(secret), np.random.default_rng(1)
    for _ in range(_TRIES):
        names = [name for name in left if name in known.bounds]
        found = program.far(names, random.choice((-1.0, 1.0), len(names)))
        left = {
            name: real
            for name, real in left.items()
            if abs(found.get(name, real) - real) < 1.0 + _TOLERANCE
        }
    return left


def ranges(known: Knowledge, secret: dict[Any, float]) -> pd.DataFrame:
    """Give how low and how high each secret could be, by all that is told and without the sums."""
    names = list(known.bounds)
    place = {name: at for at, name in enumerate(names)}
    rows = [terms for terms, _ in (*known.at_most, *known.sums)]
    entries = [(at, place[name]) for at, terms in enumerate(rows) for name in terms]
    links = [(len(names) + at, column) for at, column in entries]
    size = len(names) + len(rows)
    ends = np.array(links).reshape(-1, 2).T
    graph = coo_array((np.ones(len(links)), ends), shape=(size, size))
    part = connected_components(graph, directed=False)[1]
    found = []
    for number, some in _by_part(secret, place, part):
        own = [name for name, at in place.items() if part[at] == number]
        by_all, alone = _Program(known, own, sums=True), _Program(known, own, sums=False)
        for name in some:
            low, high = by_all.range(name)
            least, most = alone.range(name)
            found.append((name, secret[name], low, high, most - least))
    told = [(name, real, real, real, 0.0) for name, real in secret.items() if name not in place]
    return pd.DataFrame([*found, *told], columns=["cell", "real", "low", "high", "own"])


def _by_part(secret: dict[Any, float], place: dict[Any, int], part: Any) -> Iterator[Any]:
    """Give the secrets that something joins, together; those that were told are left out."""
    numbers = {name: part[place[name]] for name in secret if name in place}
    for number in sorted({*numbers.values()}):
        yield number, [name for name, own in numbers.items() if own == number]


class _Program:
    """What is known of some counts that are joined, as a linear program."""

    def __init__(self, known: Knowledge, names: list[Any], *, sums: bool) -> None:
        self._place = {each: at for at, each in enumerate(names)}
        upper, most = self._matrix(known.at_most)
        equal, totals = self._matrix(known.sums) if sums else (None, None)
        bounds = [known.bounds[each] for each in names]
        self._words = {"A_ub": upper, "b_ub": most, "A_eq": equal, "b_eq": totals, "bounds": bounds}

    def range(self, name: Any) -> tuple[float, float]:
        asked = np.zeros(len(self._place))
        asked[self._place[name]] = 1.0
        low, high = (linprog(sign * asked, **self._words) for sign in (1.0, -1.0))
        assert low.success, low.message
        assert high.success or high.status == 3, high.message  # without a bound
        return low.fun, -high.fun if high.success else np.inf

    def far(self, names: list[Any], signs: Any) -> dict[Any, float]:
        """Give a solution in which the names together are as far to their sides as they can be."""
        asked = np.zeros(len(self._place))
        asked[[self._place[name] for name in names]] = signs
        bounds = [(least, min(most, _FAR)) for least, most in self._words["bounds"]]
        found = linprog(asked, **self._words | {"bounds": bounds})
        assert found.success, found.message
        return dict(zip(self._place, found.x, strict=True))

    def _matrix(self, rows: list[tuple[Terms, float]]) -> tuple[Any, Any]:
        used = [(terms, total) for terms, total in rows if set(terms) <= self._place.keys()]
        cells = [
            (at, self._place[each], weight)
            for at, (terms, _) in enumerate(used)
            for each, weight in terms.items()
        ]
        if not cells:
            return None, None
        at, column, weight = zip(*cells, strict=True)
        shape = (len(used), len(self._place))
        return coo_array((weight, (at, column)), shape=shape).tocsr(), [each for _, each in used]
