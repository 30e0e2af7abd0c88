"""Street samples, one per grid cell: where the time of a surface is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.distance import MICROMETRES
from geo.entries import legs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network
    from geo.snap import Joins
    from layers.project import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FAR = 1e15
"""Milliseconds that no limit reaches: a way that is closed."""


@dataclass(frozen=True)
class Samples:
    """Samples of the streets one may step on, sorted by row and column of the grid.

    ``from_start`` and ``from_end`` are the milliseconds from the ends of its arc to a sample,
    ``to_start`` and ``to_end`` those back; FAR where the arc is closed that way. ``island`` is
    the component of samples on islands too short to join, else -1.
    """

    x: Floats
    y: Floats
    row: Ints
    col: Ints
    arc: Ints
    offset_um: Ints
    from_start: Floats
    from_end: Floats
    to_start: Floats
    to_end: Floats
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
    ) -> Floats:
        """Give the time of samples from one origin, whose time to every node is known.

        With ``reverse`` it is the time to the origin.
        """
        arcs, arc = network.arcs, self.arc[at]
        start, end = (self.to_start, self.to_end) if reverse else (self.from_start, self.from_end)
        times: Floats = np.minimum(
            node_ms[arcs.start[arc]] + start[at], node_ms[arcs.end[arc]] + end[at]
        )
        mine = np.flatnonzero(arc == origin.arc[0])
        on = at[mine]
        to_start, to_end = legs(origin, arriving=reverse)
        whole = arcs.forward_ms[origin.arc], arcs.backward_ms[origin.arc]
        ahead_ms, back_ms = whole[::-1] if reverse else whole
        # What lies beyond the origin on its own arc takes the whole arc's part less the origin's.
        ahead = np.where(to_end >= 0, start[on] - (ahead_ms - to_end), FAR)
        back = np.where(to_start >= 0, end[on] - (back_ms - to_start), FAR)
        direct = np.where(self.offset_um[on] >= origin.offset_um, ahead, back)
        times[mine] = np.minimum(times[mine], direct + origin.access_ms)
        return times


def sample_streets(network: Network, rules: Rules) -> Samples:
    """Sample the streets every half cell and keep one per cell: a junction, or the most central."""
    cell = rules.cell_metres
    arcs, segments = network.arcs, network.segments
    keep = np.flatnonzero(network.step_on[segments.street])
    low, share = _spots(network, keep, cell / 2)
    arc = segments.arc[keep][low]
    low = segments.at[keep][low]

    def along(values: NDArray[np.generic]) -> Floats:
        begin, end = values[low].astype(np.float64), values[low + 1].astype(np.float64)
        blend: Floats = begin + share * (end - begin)
        return blend

    x, y = along(arcs.x), along(arcs.y)
    offset = np.rint(along(arcs.micrometres)).astype(np.int64)
    first, last = offset == 0, offset == arcs.micrometres[arcs.first[1:] - 1][arc]
    forward = np.where(arcs.forward_ms[arc] >= 0, along(arcs.forward_ns) / 1e6, FAR)
    backward = np.where(arcs.backward_ms[arc] >= 0, along(arcs.backward_ns) / 1e6, FAR)
    rest_forward = np.where(forward < FAR, arcs.forward_ms[arc] - forward, FAR)
    rest_backward = np.where(backward < FAR, arcs.backward_ms[arc] - backward, FAR)
    col, row = np.floor(x / cell).astype(np.int64), np.floor(y / cell).astype(np.int64)
    off = np.hypot(x / cell - col - 0.5, y / cell - row - 0.5)
    component = network.arc_component()[arc]
    island = np.where(network.is_island(rules.min_island_metres)[component], component, -1)
    order = np.lexsort((offset, arc, off.round(9), ~(first | last), island, col, row))
    new = np.ones(order.size, dtype=bool)
    new[1:] = (
        (np.diff(row[order]) != 0) | (np.diff(col[order]) != 0) | (np.diff(island[order]) != 0)
    )
    chosen = order[new]
    return Samples(
        x=x[chosen],
        y=y[chosen],
        row=row[chosen],
        col=col[chosen],
        arc=arc[chosen],
        offset_um=offset[chosen],
        # A junction is the junction, whatever way the arc it was found on is open.
        from_start=np.where(first, 0.0, forward)[chosen],
        from_end=np.where(last, 0.0, rest_backward)[chosen],
        to_start=np.where(first, 0.0, backward)[chosen],
        to_end=np.where(last, 0.0, rest_forward)[chosen],
        island=island[chosen],
    )


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
