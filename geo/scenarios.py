"""What if an assumption were a little off: speeds, limits, the longest access leg, lost streets."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from geo.times import measure_times
from layers.errors import NetworkError
from layers.project import Limit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from geo.coverage import Coverage
    from geo.times import ModeTimes
    from layers.project import Category

    Flags = NDArray[np.bool_]
    _Limited = tuple[str, float | None, str | None]
    Stretch = Callable[[float], float]
    Searched = Mapping[str, Collection[str]]

_HASHES = 1 << 64


@dataclass(frozen=True)
class Scenario:
    """One assumption changed: a judge with its times, and what becomes of a limit's minutes."""

    id: str
    judge: Coverage
    stretch: Stretch
    _known: dict[_Limited, Flags] = field(default_factory=dict, init=False, repr=False)

    def within(self, category: str, minutes: float | None, mode: str | None) -> Flags:
        """Say which places lie within a limit, or their unit's own, under this assumption."""
        asked = (category, minutes, mode)
        if asked not in self._known:
            self._known[asked] = self._within(*asked)
        return self._known[asked]

    def _within(self, category: str, minutes: float | None, mode: str | None) -> Flags:
        asked = self.judge.project.categories[category]
        if minutes is not None:
            return self.judge.within(
                asked, self._limit(Limit(minutes, mode or asked.urban.mode, ""))
            )
        return self.judge.within(self._stretched(asked))

    def _stretched(self, category: Category) -> Category:
        urban, rural = self._limit(category.urban), self._limit(category.rural)
        return replace(category, urban=urban, rural=rural)

    def _limit(self, limit: Limit) -> Limit:
        return replace(limit, minutes=self.stretch(limit.minutes))


def as_it_is(judge: Coverage) -> Scenario:
    """Give the study itself as a scenario."""
    return Scenario("as_it_is", judge, lambda minutes: minutes)


def scenarios(judge: Coverage, asked: Searched) -> Iterator[Scenario]:
    """Give what ``project.margins`` asks for, one assumption at a time.

    ``asked`` names by mode the categories whose times are needed.

    Speeds need no search: all of them, off the road too, changed by one factor change every time
    by it, so that the limit is changed instead. Access legs and streets are searched anew; not of
    a tile, whose neighbours and answers are those of the whole as it is.
    """
    margins = judge.project.margins
    searched = judge.area.streets is not None and judge.area.around is None
    for name, sign in (("less", -1), ("more", 1)):
        if margins.speed_share:
            yield Scenario(f"speed_{name}", judge, _times(1 + sign * margins.speed_share))
        if margins.limit_minutes:
            yield Scenario(f"limit_{name}", judge, _plus(sign * margins.limit_minutes))
        if margins.access_share and searched:
            factor = 1 + sign * margins.access_share
            yield _with_access(f"access_{name}", judge, factor, asked)
    if margins.street_share and searched:
        fewer = _with_fewer_streets(judge, margins.street_share, asked)
        if fewer is not None:
            yield Scenario("streets_less", fewer, lambda minutes: minutes)


def _times(factor: float) -> Stretch:
    return lambda minutes: minutes * factor


def _plus(more: float) -> Stretch:
    return lambda minutes: max(0.0, minutes + more)


def _with_access(name: str, judge: Coverage, factor: float, asked: Searched) -> Scenario:
    rules = judge.project.rules
    rules = replace(rules, max_access_metres=rules.max_access_metres * factor)
    project = replace(judge.project, rules=rules)
    changed = replace(judge, project=project)
    times = {mode: _measured(changed, like) for mode, like in _searched(judge, asked).items()}
    return Scenario(name, replace(changed, times=times), lambda minutes: minutes)


def _with_fewer_streets(judge: Coverage, share: float, asked: Searched) -> Coverage | None:
    """Measure without some streets; None where a mode would have none left."""
    streets = judge.area.streets
    area = replace(judge.area, streets=streets[~lost_streets(streets["street_id"], share)])  # type: ignore[index] # asked for where there are streets
    changed = replace(judge, area=area)
    try:
        times = {
            mode: _measured(changed, replace(like, network=None, near=None))
            for mode, like in _searched(judge, asked).items()
        }
    except NetworkError:
        return None
    return replace(changed, times=times)


def _searched(judge: Coverage, asked: Searched) -> dict[str, ModeTimes]:
    """Give the times that are asked for."""
    return {
        mode: replace(times, nearest={name: times.nearest[name] for name in sorted(asked[mode])})
        for mode, times in judge.times.items()
        if mode in asked
    }


def _measured(judge: Coverage, like: ModeTimes) -> ModeTimes:
    return measure_times(judge.area, judge.demand, like.mode, judge.project, like=like)


def lost_streets(street_ids: pd.Series[str], share: float) -> Flags:
    """Draw a share of streets by the SHA-256 of their ids: the same ones on every machine."""
    drawn = [
        int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") for name in street_ids
    ]
    return np.array(drawn, dtype=np.float64) < share * _HASHES
