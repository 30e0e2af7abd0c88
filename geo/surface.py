"""How far one gets in a given time, as a polygon: a raster of times and its contour.

Around an origin, each grid cell takes the time of its nearest street sample and walks the rest
off the road, the same way a place there would be joined; the contour at the limit is the polygon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import contourpy
import numpy as np
import shapely

from geo.entries import entries
from geo.graph import search_graph
from geo.kernels import reach
from geo.land import MAINLAND, Land
from geo.samples import FAR, sample_streets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.network import Network
    from geo.snap import Joins
    from layers.project import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_BATCH = 64
_MS_PER_METRE_AT_1_KMH = 3600.0


class Surface:
    """Draws what is reached from places on one network, or (``reverse``) what reaches them."""

    def __init__(
        self, network: Network, rules: Rules, *, reverse: bool, land: Land | None = None
    ) -> None:
        """Sample the streets once for every polygon to come, unless the land is known."""
        self.network = network
        self.rules = rules
        self.reverse = reverse
        self.land = land or Land(
            sample_streets(network, rules), cell=rules.cell_metres, bound=rules.max_access_metres
        )
        self.graph = search_graph(network, reverse=reverse)
        component = network.arc_component()
        self._island = np.where(
            network.is_island(rules.min_island_metres)[component], component, MAINLAND
        )

    def turned(self) -> Surface:
        """Draw the other way on the same land."""
        return Surface(self.network, self.rules, reverse=not self.reverse, land=self.land)

    def polygons(
        self, origins: Joins, limits_ms: tuple[int, ...]
    ) -> Iterator[tuple[shapely.Geometry | None, ...]]:
        """Give each origin's polygons, one per limit (whole milliseconds); None off the network."""
        node_ms = np.full(self.graph.size, FAR)
        sample_ms = np.full(self.land.samples.x.size + 1, FAR)
        for begin in range(0, origins.x.size, _BATCH):
            batch = origins.take(np.arange(begin, min(begin + _BATCH, origins.x.size)))
            there = np.flatnonzero(batch.on_network)
            start = entries(self.network, batch, there, arriving=self.reverse)
            reached = reach(self.graph, start, limit_ms=max(limits_ms))
            for place in range(batch.x.size):
                low, high = np.searchsorted(reached.origin, (place, place + 1))
                node_ms[reached.node[low:high]] = reached.milliseconds[low:high]
                one = batch.take(np.array([place]))
                raster = self._raster(one, (node_ms, sample_ms), max(limits_ms))
                node_ms[reached.node[low:high]] = FAR
                yield tuple(raster and self._contour(*raster, limit) for limit in limits_ms)

    def _raster(
        self, origin: Joins, times: tuple[Floats, Floats], limit_ms: int
    ) -> tuple[Floats, Floats, Floats] | None:
        """Give milliseconds by cell, with the cells' x and y, around what is reached.

        ``times`` are those of all nodes, and of all samples, FAR and left so.
        """
        if not origin.on_network[0]:
            return None
        mode, samples, island = self.network.mode, self.land.samples, self._island[origin.arc[0]]
        far = limit_ms * mode.max_kmh / _MS_PER_METRE_AT_1_KMH + self.rules.max_access_metres
        at = samples.inside(self._cells(origin.y, far), self._cells(origin.x, far), island)
        node_ms, sample_ms = times
        found = samples.milliseconds(self.network, at, origin, node_ms, reverse=self.reverse)
        within = found <= limit_ms
        if not within.any():
            return None
        at, found = at[within], found[within]
        spread = (limit_ms - found) * mode.off_road_kmh / _MS_PER_METRE_AT_1_KMH
        spread = np.minimum(spread, self.rules.max_access_metres)
        rows, cols = self._cells(samples.y[at], spread), self._cells(samples.x[at], spread)
        sample_ms[at] = found
        filled = self._fill(sample_ms, rows, cols, int(island))
        sample_ms[at] = FAR
        return filled

    def _cells(self, values: Floats, spread: Floats | float) -> tuple[int, int]:
        """Give the first and last cell within ``spread`` metres of values."""
        cell = self.rules.cell_metres
        return (
            int((values - spread).min() // cell) - 1,
            int((values + spread).max() // cell) + 1,
        )

    def _fill(
        self, sample_ms: Floats, rows: tuple[int, int], cols: tuple[int, int], island: int
    ) -> tuple[Floats, Floats, Floats]:
        """Give each cell the time of its nearest sample and the walk from there."""
        cell = self.rules.cell_metres
        x, y = ((np.arange(low, high + 1.0) + 0.5) * cell for low, high in (cols, rows))
        nearest, metres = self.land.nearest(rows, cols, island)
        walk = _MS_PER_METRE_AT_1_KMH / self.network.mode.off_road_kmh
        near = np.nan_to_num(metres.astype(np.float64), posinf=FAR)
        beyond = (near - self.rules.max_access_metres) * walk
        return np.stack((sample_ms[nearest] + near * walk, beyond)), x, y

    def _contour(
        self, times: Floats, x: Floats, y: Floats, limit_ms: int
    ) -> shapely.Geometry | None:
        """Draw the polygon of everything within the limit; None where it is empty.

        ``times`` are those of the cells and, behind them, the walk beyond the greatest access,
        which ends the area like the limit. Times count as one cell's walk beyond the limit at
        most, so that the contour passes between a cell that is reached and one that is not,
        wherever the times jump.
        """
        step = self.rules.cell_metres * _MS_PER_METRE_AT_1_KMH / self.network.mode.off_road_kmh
        ended = np.maximum(times[0], limit_ms + times[1])
        capped = np.clip(ended, limit_ms - step, limit_ms + step)
        made = contourpy.contour_generator(
            x, y, capped, fill_type=contourpy.FillType.OuterOffset
        ).filled(-FAR, float(limit_ms))
        polygons = []
        for points, cuts in zip(*made, strict=True):
            outer, *holes = np.split(points.round(2), cuts[1:-1])
            polygons.append(shapely.Polygon(outer, holes))
        # Rounded to centimetres a sliver may collapse to a line: areas alone are kept.
        drawn = shapely.make_valid(
            shapely.MultiPolygon(polygons), method="structure", keep_collapsed=False
        )
        return None if drawn.is_empty else drawn
