"""Street samples, one per grid cell, with the bit of street around each: where times are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.distance import MICROMETRES
from geo.entries import legs
from geo.stretches import Stretches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.network import Network
    from geo.snap import Joins
    from layers.project import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Box = tuple[float, float, float, float]

FAR = 1e15
"""Milliseconds that no limit reaches: a way that is closed."""
STRETCH = 2.0
"""Cells that a stretch goes at most, either way."""


@dataclass(frozen=True)
class Samples:
    """Samples of the streets one may step on, sorted by row and column of the grid.

    ``stretches`` are the bits of street around them, with one more behind that is far from
    everywhere. ``from_start`` and ``from_end`` are the milliseconds from the ends of its arc to a
    sample, ``to_start`` and ``to_end`` those back; FAR where the arc is closed that way.
    ``along_pace`` and ``against_pace`` are the milliseconds a metre of its stretch. ``island`` is
    the component of samples on islands too short to join, else -1.
    """

    stretches: Stretches
    row: Ints
    col: Ints
    arc: Ints
    offset_um: Ints
    from_start: Floats
    from_end: Floats
    to_start: Floats
    to_end: Floats
    along_pace: Floats
    against_pace: Floats
    island: Ints

    def inside(self, rows: tuple[int, int], cols: tuple[int, int], island: int) -> Ints:
        """Give the samples in a window of the grid, bounds included, of one island and the rest.

        Places beside other islands are joined to the main network.
        """
        begin = np.searchsorted(self.row, rows[0], side="left")
        end = np.searchsorted(self.row, rows[1], side="right")
        col, on = self.col[begin:end], self.island[begin:end]
        open_to = (on < 0) | (on == island)
        found: Ints = begin + np.flatnonzero(open_to & (col >= cols[0]) & (col <= cols[1]))
        return found

    def milliseconds(
        self, network: Network, at: Ints, origin: Joins, node_ms: Floats, *, reverse: bool
    ) -> tuple[Floats, Floats]:
        """Give the time of samples from one origin, and what each metre ahead adds to it.

        The origin's time to every node is known. With ``reverse`` it is the time to the origin.
        """
        arcs, arc = network.arcs, self.arc[at]
        start, end = (self.to_start, self.to_end) if reverse else (self.from_start, self.from_end)
        by_start = node_ms[arcs.start[arc]] + start[at]
        by_end = node_ms[arcs.end[arc]] + end[at]
        mine = np.flatnonzero(arc == origin.arc[0])
        on = at[mine]
        to_start, to_end = legs(origin, arriving=reverse)
        whole = arcs.forward_ms[origin.arc], arcs.backward_ms[origin.arc]
        ahead_ms, back_ms = whole[::-1] if reverse else whole
        # What lies beyond the origin on its own arc takes the whole arc's part less the origin's.
        beyond = self.offset_um[on] >= origin.offset_um
        ahead = np.where(beyond & (to_end >= 0), start[on] - (ahead_ms - to_end), FAR)
        back = np.where(~beyond & (to_start >= 0), end[on] - (back_ms - to_start), FAR)
        by_start[mine] = np.minimum(by_start[mine], ahead + origin.access_ms)
        by_end[mine] = np.minimum(by_end[mine], back + origin.access_ms)
        out, home = self.along_pace[at], self.against_pace[at]
        pace: Floats = np.where(by_start <= by_end, *((home, -out) if reverse else (out, -home)))
        return np.minimum(by_start, by_end), pace


def sample_streets(network: Network, rules: Rules, *, within: Box | None = None) -> Samples:
    """Sample the streets every half cell and keep one per cell: a junction, or the most central.

    Streets that have no part ``within`` a box (west, south, east, north) are left out: its cells
    are as they would be with them.
    """
    cell = rules.cell_metres
    arcs, segments = network.arcs, network.segments
    keep = np.flatnonzero(network.step_on[segments.street])
    if within is not None:
        keep = keep[_meets(network, segments.at[keep], within)]
    which, share = _spots(network, keep, cell / 2)
    arc, low = segments.arc[keep][which], segments.at[keep][which]
    offset = np.rint(_along(arcs.micrometres, low, share)).astype(np.int64)
    first, last = offset == 0, offset == arcs.micrometres[arcs.first[1:] - 1][arc]
    x, y = _along(arcs.x, low, share) / cell, _along(arcs.y, low, share) / cell
    col, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    off = np.hypot(x - col - 0.5, y - row - 0.5)
    component = network.arc_component()[arc]
    island = np.where(network.is_island(rules.min_island_metres)[component], component, -1)
    among = _number(_number(row, col), island)
    chosen = first_of(among, (~(first | last), off.round(9), arc, offset))
    low, share, arc, first, last = (
        low[chosen],
        share[chosen],
        arc[chosen],
        first[chosen],
        last[chosen],
    )
    (forward, along), (backward, against) = _times(network, arc, low, share)
    # A junction is the junction, whatever way the arc it was found on is open: not so beside it.
    bound = (first | last) & ((forward >= FAR) | (backward >= FAR))
    return Samples(
        stretches=_stretches(network, low, share, np.where(bound, 0.0, STRETCH * cell)),
        row=row[chosen],
        col=col[chosen],
        arc=arc,
        offset_um=offset[chosen],
        from_start=np.where(first, 0.0, forward),
        from_end=np.where(last, 0.0, _rest(arcs.backward_ms[arc], backward)),
        to_start=np.where(first, 0.0, backward),
        to_end=np.where(last, 0.0, _rest(arcs.forward_ms[arc], forward)),
        along_pace=along,
        against_pace=against,
        island=island[chosen],
    )


def _meets(network: Network, at: Ints, box: Box) -> Flags:
    """Say which pieces of street may have a part in a box: their own boxes meet it."""
    west, south, east, north = box
    (x, x_next), (y, y_next) = ((of[at], of[at + 1]) for of in (network.arcs.x, network.arcs.y))
    meets: Flags = (np.maximum(x, x_next) >= west) & (np.minimum(x, x_next) <= east)
    meets &= (np.maximum(y, y_next) >= south) & (np.minimum(y, y_next) <= north)
    return meets


def _number(high: Ints, low: Ints) -> Ints:
    """Give pairs of whole numbers as one number each that keeps their order."""
    least = int(low.min(initial=0))
    width = int(low.max(initial=0)) - least + 1
    numbers: Ints = (high - high.min(initial=0)) * width + (low - least)
    return numbers


def first_of(group: Ints, by: Sequence[NDArray[Any]]) -> Ints:
    """Give of every group, in order, its first member by some keys, the most telling key first.

    A sort by all of them would tell the same, and much that nobody asks.
    """
    left = np.argsort(group, kind="stable")
    for key in by:
        of = group[left]
        begins = np.flatnonzero(np.diff(of, prepend=of[:1] - 1))
        if begins.size == left.size:
            break
        values = key[left]
        size = np.diff(begins, append=left.size)
        left = left[values == np.repeat(np.minimum.reduceat(values, begins), size)]
    of = group[left]
    found: Ints = left[np.diff(of, prepend=of[:1] - 1) != 0]
    return found


def _along(values: NDArray[np.generic], low: Ints, share: Floats) -> Floats:
    """Give values of the arcs' vertices at spots so far between one vertex and the next."""
    begin, end = values[low].astype(np.float64), values[low + 1].astype(np.float64)
    blend: Floats = begin + share * (end - begin)
    return blend


def _rest(whole: Ints, part: Floats) -> Floats:
    return np.where(part < FAR, whole - part, FAR)


def _times(
    network: Network, arc: Ints, low: Ints, share: Floats
) -> tuple[tuple[Floats, Floats], ...]:
    """Give milliseconds from the arc's start to spots, and of a metre there; then those back.

    Where an arc is closed that way it is FAR to the spot, and a metre takes nothing.
    """
    arcs = network.arcs
    metres = (arcs.micrometres[low + 1] - arcs.micrometres[low]) / MICROMETRES
    found = []
    for whole, ns in ((arcs.forward_ms, arcs.forward_ns), (arcs.backward_ms, arcs.backward_ns)):
        closed = whole[arc] < 0
        pace = (ns[low + 1] - ns[low]) / 1e6 / metres
        times = np.where(closed, FAR, _along(ns, low, share) / 1e6), np.where(closed, 0.0, pace)
        found.append(times)
    return tuple(found)


def _stretches(network: Network, low: Ints, share: Floats, most: Floats) -> Stretches:
    """Give the straight bits around spots, ``most`` metres each way; the last one is nowhere."""
    x, y = network.arcs.x, network.arcs.y
    dx, dy = x[low + 1] - x[low], y[low + 1] - y[low]
    metres = np.hypot(dx, dy)
    bits = Stretches(
        x=_along(x, low, share),
        y=_along(y, low, share),
        east=dx / metres,
        north=dy / metres,
        behind=-np.minimum(share * metres, most),
        ahead=np.minimum((1 - share) * metres, most),
    )
    return bits.with_nowhere()


def _spots(network: Network, pieces: Ints, spacing: float) -> tuple[Ints, Floats]:
    """Divide pieces of street evenly: which piece each spot is on, and the share along it.

    The ends of arcs are spots too: what lies round a corner is nearest to the corner itself.
    """
    first, um = network.arcs.first, network.arcs.micrometres
    at = network.segments.at[pieces]
    length = (um[at + 1] - um[at]) / MICROMETRES
    count = np.maximum(1, np.ceil(length / spacing)).astype(np.int64)
    which = np.repeat(np.arange(pieces.size), count)
    step = np.arange(which.size) - np.repeat(np.cumsum(count) - count, count)
    begin, end = (np.flatnonzero(np.isin(*v)) for v in ((at, first[:-1]), (at + 1, first[1:] - 1)))
    return (
        np.concatenate((which, begin, end)),
        np.concatenate(((step + 0.5) / count[which], np.zeros(begin.size), np.ones(end.size))),
    )
