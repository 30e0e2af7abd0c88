"""How far one gets in a given time, as a polygon.

Around an origin, each grid cell takes the time of the spot on its nearest street and walks the rest
off the road, the same way a place there would be joined; the outline of what is within the limit
is the polygon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo.entries import entries
from geo.graph import search_graph
from geo.kernels import reach
from geo.land import MAINLAND, Land
from geo.outline import Field, Raster, outlines
from geo.samples import FAR, STRETCH, sample_streets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import shapely
    from numpy.typing import NDArray

    from geo.network import Network
    from geo.snap import Joins
    from layers.project import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Span = tuple[int, int]
    Shapes = tuple[shapely.Geometry | None, ...]

_BATCH = 64
_MS_PER_METRE_AT_1_KMH = 3600.0
_ROUNDED = 20  # cells, more than all that is rounded outward comes to


def land_of(
    network: Network, rules: Rules, *, origins: Sequence[Joins] = (), limit_ms: int = 0
) -> Land:
    """Sample the streets once for every polygon to come.

    Where all its ``origins`` and the greatest limit are known, those streets alone that may matter
    to one of them: a tile has many more around it.
    """
    x, y = (
        np.concatenate([np.empty(0), *(getattr(each, axis) for each in origins)]) for axis in "xy"
    )
    within = None
    if x.size:
        # To whom it matters is off the road on both ends; blocks and cells are rounded outward.
        far = _far(network, rules, limit_ms) + 2 * rules.max_access_metres
        far += _ROUNDED * rules.cell_metres
        within = (x.min() - far, y.min() - far, x.max() + far, y.max() + far)
    samples = sample_streets(network, rules, within=within)
    return Land(samples, cell=rules.cell_metres, bound=rules.max_access_metres)


def _far(network: Network, rules: Rules, limit_ms: int) -> float:
    """Give the metres to the farthest sample that anybody reaches within a limit."""
    return limit_ms * network.mode.max_kmh / _MS_PER_METRE_AT_1_KMH + rules.max_access_metres


class Surface:
    """Draws what is reached from places on one network, or (``reverse``) what reaches them."""

    def __init__(
        self, network: Network, rules: Rules, *, reverse: bool, land: Land | None = None
    ) -> None:
        """Draw on ``land``; where it is not known yet, on that around all streets."""
        self.network = network
        self.rules = rules
        self.reverse = reverse
        self.land = land or land_of(network, rules)
        self.graph = search_graph(network, reverse=reverse)
        component = network.arc_component()
        self._island = np.where(
            network.is_island(rules.min_island_metres)[component], component, MAINLAND
        )

    def turned(self) -> Surface:
        """Draw the other way on the same land."""
        return Surface(self.network, self.rules, reverse=not self.reverse, land=self.land)

    def polygons(self, origins: Joins, limits_ms: tuple[int, ...]) -> Iterator[Shapes]:
        """Give each origin's polygons, one per limit (whole milliseconds); None off the network."""
        node_ms = np.full(self.graph.size, FAR)
        size = self.land.samples.arc.size + 1
        blank = np.full(size, -np.inf, dtype=np.float32), np.zeros(size, dtype=np.float32)
        field = Field(self.land.samples.stretches, *blank, self.rules.max_access_metres)
        for begin in range(0, origins.x.size, _BATCH):
            batch = origins.take(np.arange(begin, min(begin + _BATCH, origins.x.size)))
            there = np.flatnonzero(batch.on_network)
            start = entries(self.network, batch, there, arriving=self.reverse)
            reached = reach(self.graph, start, limit_ms=max(limits_ms))
            for place in range(batch.x.size):
                low, high = np.searchsorted(reached.origin, (place, place + 1))
                node_ms[reached.node[low:high]] = reached.milliseconds[low:high]
                yield self._shapes(batch.take(np.array([place])), node_ms, field, limits_ms)
                node_ms[reached.node[low:high]] = FAR

    def _shapes(
        self, origin: Joins, node_ms: Floats, field: Field, limits_ms: tuple[int, ...]
    ) -> Shapes:
        """Draw one origin's polygons; ``node_ms`` are the times of all nodes, FAR if not reached.

        What is left is written into the blank ``field``, which is left blank.
        """
        at, left, slope = self._left(origin, node_ms, max(limits_ms))
        if not at.size:
            return (None,) * len(limits_ms)
        field.left[at], field.slope[at] = left, slope
        lesses = [(max(limits_ms) - limit) * self._metres_per_ms for limit in limits_ms]
        spread = np.minimum(left + self._gained(at, slope), field.most) + STRETCH * self.land.cell
        window = (
            self._cells(field.stretches.y[at], spread),
            self._cells(field.stretches.x[at], spread),
        )
        raster = self._raster(field, lesses, window, int(self._island[origin.arc[0]]))
        drawn = outlines(raster, field, lesses)
        field.left[at], field.slope[at] = -np.inf, 0.0
        return drawn

    @property
    def _metres_per_ms(self) -> float:
        return self.network.mode.off_road_kmh / _MS_PER_METRE_AT_1_KMH

    def _left(self, origin: Joins, node_ms: Floats, limit_ms: int) -> tuple[Ints, Floats, Floats]:
        """Give the samples that may be of use, what is left there, and what a metre ahead takes.

        Both are in metres off the road.
        """
        samples = self.land.samples
        if not origin.on_network[0]:
            return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
        far = _far(self.network, self.rules, limit_ms)
        window = self._cells(origin.y, far), self._cells(origin.x, far)
        at = samples.inside(*window, int(self._island[origin.arc[0]]))
        ms, pace = samples.milliseconds(self.network, at, origin, node_ms, reverse=self.reverse)
        left, slope = (limit_ms - ms) * self._metres_per_ms, pace * self._metres_per_ms
        some = left + self._gained(at, slope) >= 0
        return at[some], left[some], slope[some]

    def _gained(self, at: Ints, slope: Floats) -> Floats:
        """Give how much more is left at the better end of samples' stretches."""
        stretches = self.land.samples.stretches
        gained: Floats = -np.minimum(slope * stretches.behind[at], slope * stretches.ahead[at])
        return gained

    def _raster(
        self, field: Field, lesses: list[float], window: tuple[Span, Span], island: int
    ) -> Raster:
        """Count for each cell of a window how many of the limits it misses."""
        (rows, cols), cell = window, self.rules.cell_metres
        near = self.land.nearest(*window, island)
        spare = field.left[near.sample] - field.slope[near.sample] * near.along - near.metres
        missed = np.zeros(spare.shape, dtype=np.uint8)
        for less in lesses:
            missed += spare < np.float32(less)
        missed[near.metres > field.most] = len(lesses)
        corner = (cols[0] + 0.5) * cell, (rows[0] + 0.5) * cell
        return Raster(missed, near.sample, corner, cell)

    def _cells(self, values: NDArray[np.floating[Any]], spread: Floats | float) -> Span:
        """Give the first and last cell within ``spread`` metres of values."""
        cell = self.rules.cell_metres
        return (
            int((values - spread).min() // cell) - 1,
            int((values + spread).max() // cell) + 1,
        )
