"""How far one gets in a given time, as a polygon: a raster of times and its contour.

Around an origin, each grid cell takes the time of its nearest street sample and walks the rest
off the road, the same way a place there would be joined; the contour at the limit is the polygon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import contourpy
import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geo.entries import legs
from geo.graph import search_graph
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

    def __init__(self, network: Network, rules: Rules, *, reverse: bool) -> None:
        """Sample the streets once for every polygon to come."""
        self.network = network
        self.rules = rules
        self.samples = sample_streets(network, rules, reverse=reverse)
        self.graph = search_graph(network, reverse=reverse)

    def polygons(
        self, origins: Joins, limits_ms: tuple[int, ...]
    ) -> Iterator[tuple[shapely.Geometry | None, ...]]:
        """Give each origin's polygons, one per limit (whole milliseconds); None off the network."""
        for begin in range(0, origins.x.size, _BATCH):
            batch = origins.take(np.arange(begin, min(begin + _BATCH, origins.x.size)))
            reached = self._search(batch, max(limits_ms))
            for place in range(batch.x.size):
                one = batch.take(np.array([place]))
                raster = self._raster(one, reached[place], max(limits_ms))
                yield tuple(raster and self._contour(*raster, limit) for limit in limits_ms)

    def _search(self, origins: Joins, limit_ms: int) -> Floats:
        """Give the milliseconds between origins (rows) and nodes, access legs included.

        Each origin is a node of its own, joined to the ends of its arc.
        """
        graph, size, count = self.graph, self.graph.size, origins.x.size
        arcs = self.network.arcs
        leg = np.stack(legs(origins, arriving=self.samples.reverse), axis=1)
        node = np.stack((arcs.start[origins.arc], arcs.end[origins.arc]), axis=1)
        cost = np.where(leg >= 0, leg + origins.access_ms[:, None], FAR)
        cost[~origins.on_network] = FAR
        # A loop has one node for both its ends: keep the nearer.
        loop = node[:, 0] == node[:, 1]
        cost[loop] = cost[loop].min(axis=1, keepdims=True)
        matrix = csr_array(
            (
                np.concatenate((graph.weights, cost.ravel())).astype(np.float64),
                np.concatenate((graph.heads, node.ravel())).astype(np.int32),
                np.append(graph.indptr, graph.indptr[-1] + 2 * np.arange(1, count + 1)),
            ),
            shape=(size + count, size + count),
        )
        found = dijkstra(matrix, indices=size + np.arange(count), limit=float(limit_ms))
        nodes: Floats = found[:, :size]
        return nodes

    def _raster(
        self, origin: Joins, node_ms: Floats, limit_ms: int
    ) -> tuple[Floats, Floats, Floats] | None:
        """Give milliseconds by cell, with the cells' x and y, around what is reached."""
        if not origin.on_network[0]:
            return None
        mode, samples = self.network.mode, self.samples
        reach = limit_ms * mode.max_kmh / _MS_PER_METRE_AT_1_KMH
        reach += self.rules.max_access_metres
        component = int(self.network.arc_component()[origin.arc[0]])
        at = samples.inside(self._cells(origin.y, reach), self._cells(origin.x, reach), component)
        times = samples.milliseconds(self.network, at, origin, node_ms)
        within = times <= limit_ms
        if not within.any():
            return None
        spread = (limit_ms - times[within]) * mode.off_road_kmh / _MS_PER_METRE_AT_1_KMH
        spread = np.minimum(spread, self.rules.max_access_metres)
        rows = self._cells(samples.y[at][within], spread)
        cols = self._cells(samples.x[at][within], spread)
        near = (samples.row[at] >= rows[0]) & (samples.row[at] <= rows[1])
        near &= (samples.col[at] >= cols[0]) & (samples.col[at] <= cols[1])
        return self._fill(at[near], times[near], rows, cols)

    def _cells(self, values: Floats, spread: Floats | float) -> tuple[int, int]:
        """Give the first and last cell within ``spread`` metres of values."""
        cell = self.rules.cell_metres
        return (
            int((values - spread).min() // cell) - 1,
            int((values + spread).max() // cell) + 1,
        )

    def _fill(
        self, at: Ints, times: Floats, rows: tuple[int, int], cols: tuple[int, int]
    ) -> tuple[Floats, Floats, Floats]:
        """Give each cell the time of its nearest sample and the walk from there."""
        samples, cell = self.samples, self.rules.cell_metres
        x, y = ((np.arange(low, high + 1.0) + 0.5) * cell for low, high in (cols, rows))
        across, up = np.meshgrid(x, y)
        tree = cKDTree(np.column_stack((samples.x[at], samples.y[at])))
        bound = self.rules.max_access_metres
        metres, nearest = tree.query(
            np.column_stack((across.ravel(), up.ravel())),
            distance_upper_bound=bound + 2 * cell,
            workers=-1,
        )
        # Where no street is near, the tree names a sample past the last, infinitely far.
        walk = _MS_PER_METRE_AT_1_KMH / self.network.mode.off_road_kmh
        near = np.nan_to_num(metres, posinf=FAR)
        filled = np.append(times, FAR)[nearest] + near * walk
        beyond = (near - bound) * walk
        return np.stack((filled, beyond)).reshape(2, *across.shape), x, y

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
