"""Compiled searches for large studies: in buckets, or swept where most of a graph is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo import buckets, sweeps
from geo.buckets import reach
from geo.keys import UNREACHED
from geo.meetings import meet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from geo.graph import Graph
    from geo.keys import Reached, Seeds

    Ints = NDArray[np.int64]

__all__ = ["meet", "reach", "search_all"]

_PAYS = 4  # searches of a whole graph in buckets that take as long as taking it apart


def search_all(
    graph: Graph, groups: Sequence[Seeds], *, at: Ints, limit_ms: int
) -> Iterator[Reached]:
    """Search from each group of seeds; how far the first gets tells how to go on."""
    search = buckets.search_all
    for probe in search(graph, groups[:1], at=at, limit_ms=limit_ms):
        yield probe
        share = (probe.key < UNREACHED).mean() if at.size else 0.0
        if share * (len(groups) - 1) >= _PAYS and limit_ms <= sweeps.FARTHEST:
            search = sweeps.search_all
    yield from search(graph, groups[1:], at=at, limit_ms=limit_ms)
