"""The search itself: one seam, so that a faster kernel can take its place.

Of equally early ways to one facility the shortest counts: no answer depends on the order in which
a search happens to meet them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo import kernels_scipy

if TYPE_CHECKING:
    from geo.graph import Graph
    from geo.keys import Reached, Seeds, Stops


def search(graph: Graph, seeds: Seeds, *, limit_ms: int) -> Reached:
    """Search from seeds as far as ``limit_ms``, the nearest seed of every node."""
    return kernels_scipy.search(graph, seeds.first(), limit_ms)


def reach(graph: Graph, origins: Stops, *, limit_ms: int) -> Stops:
    """Search from every origin by itself as far as ``limit_ms``; rows by origin, then node."""
    entries = origins.first(graph.size)
    return kernels_scipy.reach(graph, entries.take(entries.milliseconds <= limit_ms), limit_ms)
