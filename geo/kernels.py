"""The search itself: one seam; behind it scipy serves small studies, compiled code large ones.

Of equally early ways to one facility the shortest counts: no answer depends on which of the two
searched, nor on the order in which it met the ways.
"""

from __future__ import annotations

import logging
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from geo import kernels_scipy
from layers.vocabulary import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from geo.graph import Graph
    from geo.keys import Reached, Seeds, Stops
    from geo.pairs import Pairs

    Ints = NDArray[np.int64]

_LOG = logging.getLogger(__name__)
_LARGE = 3_000_000  # nodes to search: scipy then takes longer than it takes to load compiled code


class Kernel(Protocol):
    """What a kernel offers. Seeds and origins come as ``first`` gives them."""

    def search_all(
        self, graph: Graph, groups: Sequence[Seeds], *, at: Ints, limit_ms: int
    ) -> Iterator[Reached]:
        """Search from each group of seeds by itself, for the nodes ``at``."""

    def reach(self, graph: Graph, origins: Stops, limit_ms: int) -> Stops:
        """Search from each origin by itself; none starts beyond the limit."""

    def meet(self, graph: Graph, near: Stops, far: Stops, others: Pairs, limit_ms: int) -> Pairs:
        """Search from each near origin by itself for the far ones; none starts beyond the limit."""


def search_all(
    graph: Graph, groups: Sequence[Seeds], *, at: Ints, limit_ms: int
) -> Iterator[Reached]:
    """Search from each group of seeds by itself as far as ``limit_ms``.

    Gives, group by group, the nearest seed of the nodes ``at``.
    """
    first = [seeds.first() for seeds in groups]
    return _kernel(graph.size * len(first)).search_all(graph, first, at=at, limit_ms=limit_ms)


def reach(graph: Graph, origins: Stops, *, limit_ms: int) -> Stops:
    """Search from every origin by itself as far as ``limit_ms``; rows are sorted by origin."""
    first = origins.first(graph.size)
    first = first.take(first.milliseconds <= limit_ms)
    return _kernel(graph.size * first.node.size).reach(graph, first, limit_ms)


def meet(graph: Graph, near: Stops, far: Stops, others: Pairs, *, limit_ms: int) -> Pairs:
    """Find the best way within ``limit_ms`` from every near origin to every far one.

    The graph is searched from ``near``; ``far`` says what is left of the way from the nodes where
    far origins are arrived at. ``others`` are ways that need no search, none beyond the limit.
    Near origins are the places of what is given, far ones the facilities; one row per pair, sorted
    by both.
    """
    first = near.first(graph.size)
    first = first.take(first.milliseconds <= limit_ms)
    return _kernel(graph.size * first.node.size).meet(graph, first, far, others, limit_ms)


def _kernel(nodes: int) -> Kernel:
    """Choose by the nodes to search, were there no limit."""
    return cast("Kernel", (_compiled() if nodes >= _LARGE else None) or kernels_scipy)


@cache
def _compiled() -> object:
    """Load the compiled kernels, or say once that they are missing."""
    try:
        return import_module("geo.kernels_numba")
    except (ImportError, RuntimeError) as missing:
        # numba is not installed, or finds no folder to keep what it compiles
        sentences = (text("cli.without_fast", lang) for lang in ("zh", "en"))
        _LOG.warning("%s (%s)", " ".join(sentences), missing)
        return None
