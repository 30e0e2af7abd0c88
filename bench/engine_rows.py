"""The rows of bench.engine: the search of geo and its peers, each timed by itself.

A row loads its own libraries: what it needs beyond the graph is counted.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from bench.engine_task import CATEGORIES, FAR, LIMIT_MS, Task, in_order, matrix, seeds_of, task_on
from bench.graphs import simulated

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

REPEATS, QUICK = 3, 10.0

Parts = dict[str, float]


def cpu(work: Callable[[], object], *, scale: float = 1.0) -> float:
    """Give the least CPU seconds of a few runs; scaled where the run was a part."""
    best = np.inf
    for _ in range(REPEATS):
        begun = time.process_time()
        work()
        took = time.process_time() - begun
        best = min(best, took)
        if took > QUICK:
            break
    return best * scale


def scipy_nearest(task: Task, limit: float, *, some: int) -> float:
    """Run scipy's min_only for some of the categories: times alone."""
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - a peer's process loads its own

    graph = matrix(task.town.graph)
    return cpu(
        lambda: [
            dijkstra(graph, indices=nodes, min_only=True, limit=limit)
            for nodes in task.facilities[:some]
        ],
        scale=CATEGORIES / some,
    )


def own(
    task: Task, module: str, limit: int, *, some: int = CATEGORIES, at: Ints | None = None
) -> float:
    """Run a kernel of geo for some nodes, or for every one: time, facility and length."""
    from importlib import import_module  # noqa: PLC0415 - a peer's process loads its own

    kernel, seeds = import_module(f"geo.{module}"), seeds_of(task)[:some]
    at = np.arange(task.town.x.size) if at is None else at

    def run() -> None:
        for _ in kernel.search_all(task.town.graph, seeds, at=at, limit_ms=limit):
            pass

    return cpu(run, scale=CATEGORIES / some)


def swept(task: Task) -> Parts:
    """Order, prepare and solve for every node, and solve again; the same for the places alone."""
    from geo import elimination, sweeps  # noqa: PLC0415 - a peer's process loads its own

    own(task_on(simulated(2_000)), "sweeps", FAR)  # compiles
    order, ordered = cpu(lambda: in_order(task)), in_order(task)
    prepare = cpu(lambda: elimination.take_apart(ordered.town.graph))
    sweeps.apart_of(ordered.town.graph)  # kept for those who search
    solve = own(ordered, "sweeps", FAR)
    few = own(ordered, "sweeps", FAR, at=ordered.places)
    ready = order + prepare
    found = {"order": order, "prepare": prepare, "warm": solve, "cold": ready + solve}
    return found | {"warm, at places": few, "cold, at places": ready + few}


def pull(task: Task) -> Parts:
    """Sweep the arcs once for each category: 32-bit times pulled from the neighbours."""
    from geo.compiled import compiled  # noqa: PLC0415 - a peer's process loads its own

    @compiled
    def sweep(first: Ints, head: Ints, weight: Ints, had: Ints, found: Ints) -> None:
        for node in range(first.size - 1):
            best = had[node]
            for arc in range(first[node], first[node + 1]):
                best = min(best, had[head[arc]] + weight[arc])
            found[node] = best

    graph = in_order(task).town.graph
    had = np.random.default_rng(1).integers(0, 2**30, graph.size).astype(np.int32)
    weight = graph.weights.astype(np.int32)
    args = graph.indptr, graph.heads, weight, had, np.empty_like(had)
    sweep(*args)
    return {"": cpu(lambda: sweep(*args), scale=CATEGORIES)}


def networkx_nearest(task: Task) -> Parts:
    """Run networkx for one category."""
    import networkx as nx  # noqa: PLC0415 - a peer's process loads its own

    graph = nx.DiGraph()
    arcs = task.town.graph
    graph.add_nodes_from(range(arcs.size))
    columns = (each.tolist() for each in (arcs.tails(), arcs.heads, arcs.weights))
    graph.add_weighted_edges_from(zip(*columns, strict=True))
    sources = set(task.facilities[0].tolist())
    return {"": cpu(lambda: nx.multi_source_dijkstra_path_length(graph, sources), scale=CATEGORIES)}


def pandana_capped(task: Task) -> Parts:
    """Build pandana's hierarchy and ask for the nearest of every category.

    In seconds: it keeps thousandths of what it is given in 32 bits, which milliseconds overflow.
    """
    import pandana  # noqa: PLC0415 - measured where it is installed
    import pandas as pd  # noqa: PLC0415 - a peer's process loads its own

    graph, (x, y) = task.town.graph, task.town[1:]
    ends = pd.Series(graph.tails()), pd.Series(graph.heads)
    weights = pd.DataFrame({"seconds": graph.weights / 1000})
    begun = time.process_time()
    made = pandana.Network(pd.Series(x), pd.Series(y), *ends, weights, twoway=False)
    built = time.process_time() - begun
    for number, nodes in enumerate(task.facilities):
        name = str(number)
        made.set_pois(name, LIMIT_MS / 1000, 1, pd.Series(x[nodes]), pd.Series(y[nodes]))
        made.nearest_pois(LIMIT_MS / 1000, name, num_pois=1)
    return {"prepare": built, "warm": time.process_time() - begun - built}


def scipy_pairs(task: Task) -> Parts:
    """Run scipy from some of the candidates, in chunks, and keep the pairs."""
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - a peer's process loads its own

    graph, some = matrix(task.town.graph), task.candidates[:: len(task.candidates) // 20][:20]

    def run() -> int:
        return sum(
            int(np.isfinite(dijkstra(graph, indices=part, limit=LIMIT_MS)[:, task.places]).sum())
            for part in np.array_split(some, 4)
        )

    return {"": cpu(run, scale=len(task.candidates) / some.size)}


def own_pairs(task: Task) -> Parts:
    """Find the pairs as geo does, from the smaller side, with time and length."""
    from geo import kernels  # noqa: PLC0415 - a peer's process loads its own
    from geo.keys import Stops  # noqa: PLC0415
    from geo.pairs import put_together  # noqa: PLC0415

    kernels._LARGE = 0  # noqa: SLF001 - compiled whatever the size
    task = in_order(task)
    near, far = (
        Stops(np.arange(nodes.size), nodes, np.zeros_like(nodes), np.zeros_like(nodes))
        for nodes in (task.candidates, task.places)
    )

    def run() -> int:
        every = kernels.meet(task.town.graph, near, far, put_together([]), limit_ms=LIMIT_MS)
        return every.place.size

    found = run()
    return {"": cpu(run), "pairs": float(found)}


SUBJECTS: dict[str, Callable[[Task], Parts]] = {
    "uncapped: networkx": networkx_nearest,
    "uncapped: scipy min_only, file order": lambda t: {"": scipy_nearest(t, np.inf, some=2)},
    "uncapped: scipy min_only, curve order": lambda t: {
        "": scipy_nearest(in_order(t), np.inf, some=2)
    },
    "uncapped: scipy, facility and length too": lambda t: {
        "": own(t, "kernels_scipy", FAR, some=2)
    },
    "uncapped: buckets": lambda t: {"": own(in_order(t), "buckets", FAR)},
    "uncapped: sweeps": swept,
    "one pull sweep for each category": pull,
    "900 s: scipy min_only, file order": lambda t: {"": scipy_nearest(t, LIMIT_MS, some=5)},
    "900 s: scipy, facility and length too": lambda t: {
        "": own(t, "kernels_scipy", LIMIT_MS, some=5)
    },
    "900 s: buckets": lambda t: {"": own(in_order(t), "buckets", LIMIT_MS)},
    "900 s: pandana": pandana_capped,
    "pairs: scipy, chunked": scipy_pairs,
    "pairs: buckets": own_pairs,
}
