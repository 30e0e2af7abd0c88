"""CPU time and memory of the search beside its peers, on the same contracted, directed graphs.

``python -m bench.engine`` measures a simulated town of a million nodes; ``--nodes 100000`` another
size, ``--place porto`` (or las_palmas, wuhan) a real one, ``--growth`` one and four million.
Twenty categories of 500 facilities at random nodes. Every row is a process of its own; times are
CPU seconds of all its threads, the least of three runs where one takes less than ten seconds.
Slow peers run some of the categories or sources, scaled. Compilation is not counted; pandana is
measured where it is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.graphs import Town, along_a_curve, real, simulated
from geo.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

CATEGORIES, FACILITIES = 20, 500
LIMIT_MS, FAR = 900_000, 10**9
PLACES, CANDIDATES = 10_000, 2_000
SEED, REPEATS, QUICK = 350_421, 3, 10.0


class Task(NamedTuple):
    """A town and what is searched on it."""

    town: Town
    facilities: Ints
    places: Ints
    candidates: Ints


def task_on(town: Town) -> Task:
    """Draw facilities, places and candidates from a fixed seed."""
    rng = np.random.default_rng(SEED)
    size = town.x.size
    few = min(FACILITIES, size // 20)
    drawn = np.stack([rng.choice(size, few, replace=False) for _ in range(CATEGORIES)])
    places, candidates = (
        np.sort(rng.choice(size, min(count, size // 2), replace=False))
        for count in (PLACES, CANDIDATES)
    )
    return Task(town, drawn, places, candidates)


def in_order(task: Task) -> Task:
    """Give the task with everything numbered along the curve of Hilbert."""
    town, rank = along_a_curve(task.town)
    return Task(town, *(rank[nodes] for nodes in task[1:]))


def seeds_of(task: Task) -> list[object]:
    """Give the seeds of every category: its facilities by number, at no distance."""
    from geo.keys import Seeds, pack  # noqa: PLC0415 - a peer's process loads its own

    return [
        Seeds(nodes, pack(np.zeros_like(nodes), np.arange(nodes.size)), np.zeros_like(nodes))
        for nodes in np.sort(task.facilities, axis=1)
    ]


def matrix(graph: Graph) -> object:
    """Give the graph to scipy, in milliseconds."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - a peer's process loads its own

    data = graph.weights.astype(np.float64)
    return csr_array((data, graph.heads, graph.indptr), shape=(graph.size, graph.size))


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


def own(task: Task, module: str, limit: int, *, some: int = CATEGORIES) -> float:
    """Run a kernel of geo for every node: time, facility and length."""
    from importlib import import_module  # noqa: PLC0415 - a peer's process loads its own

    kernel, seeds = import_module(f"geo.{module}"), seeds_of(task)[:some]
    at = np.arange(task.town.x.size)

    def run() -> None:
        for _ in kernel.search_all(task.town.graph, seeds, at=at, limit_ms=limit):
            pass

    return cpu(run, scale=CATEGORIES / some)


def swept(task: Task) -> Parts:
    """Order, prepare and solve with all output, then solve again."""
    from geo import sweeps  # noqa: PLC0415 - a peer's process loads its own

    own(task_on(simulated(2_000)), "sweeps", FAR)  # compiles
    begun = time.process_time()
    ordered = in_order(task)
    order = time.process_time() - begun
    begun = time.process_time()
    sweeps.prepared(ordered.town.graph)
    prepare = time.process_time() - begun
    solve = own(ordered, "sweeps", FAR)
    return {"order": order, "prepare": prepare, "warm": solve, "cold": order + prepare + solve}


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
    columns = (each.tolist() for each in (arcs.tails(), arcs.heads, arcs.weights))
    graph.add_weighted_edges_from(zip(*columns, strict=True))
    sources = set(task.facilities[0].tolist())
    return {"": cpu(lambda: nx.multi_source_dijkstra_path_length(graph, sources), scale=CATEGORIES)}


def pandana_capped(task: Task) -> Parts:
    """Build pandana's hierarchy and ask for the nearest of every category."""
    import pandana  # noqa: PLC0415 - measured where it is installed
    import pandas as pd  # noqa: PLC0415 - a peer's process loads its own

    graph, (x, y) = task.town.graph, task.town[1:]
    ends = pd.Series(graph.tails()), pd.Series(graph.heads)
    weights = pd.DataFrame({"ms": graph.weights.astype(np.float64)})
    begun = time.process_time()
    made = pandana.Network(pd.Series(x), pd.Series(y), *ends, weights, twoway=False)
    built = time.process_time() - begun
    for number, nodes in enumerate(task.facilities):
        name = str(number)
        made.set_pois(name, LIMIT_MS, 1, pd.Series(x[nodes]), pd.Series(y[nodes]))
        made.nearest_pois(LIMIT_MS, name, num_pois=1)
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
    from geo.ways import through_nodes  # noqa: PLC0415

    kernels._LARGE = 0  # noqa: SLF001 - compiled whatever the size
    task = in_order(task)
    near, far = (
        Stops(np.arange(nodes.size), nodes, np.zeros_like(nodes), np.zeros_like(nodes))
        for nodes in (task.candidates, task.places)
    )

    def run() -> int:
        return sum(each.place.size for each in through_nodes(task.town.graph, near, far, LIMIT_MS))

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
SMALL = 150_000  # nodes up to which networkx and pandana are asked


def save(task: Task, folder: Path) -> None:
    """Write a task for the processes to come."""
    rest = {"x": task.town.x, "y": task.town.y}
    rest |= {name: getattr(task, name) for name in Task._fields[1:]}
    for name, values in (vars(task.town.graph) | rest).items():
        np.save(folder / f"{name}.npy", values)


def load(folder: Path) -> Task:
    """Read a task."""
    held = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    graph = Graph(**{field.name: held[field.name] for field in fields(Graph)})
    return Task(Town(graph, held["x"], held["y"]), *(held[name] for name in Task._fields[1:]))


def measured(subject: str, path: Path) -> tuple[Parts, float]:
    """Measure a subject in a process of its own: seconds, and MiB beyond the graph."""
    done = subprocess.run(  # noqa: S603 - runs this very file
        [sys.executable, "-m", "bench.engine", "--child", subject, "--graph", str(path)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    parts, mib = json.loads(done.stdout)
    return parts, mib


def child(subject: str, path: Path) -> None:
    """Measure a subject here and print what was found as JSON."""
    task = load(path)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    parts = SUBJECTS[subject](task)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # in KiB on Linux
    print(json.dumps([parts, peak - pages * resource.getpagesize() / 2**20]))


def report(name: str, town: Town, subjects: list[str]) -> None:
    """Print the table of one town."""
    task = task_on(town)
    size, few = town.x.size, task.facilities.shape[1]
    print(f"\n{name}: {size:,} nodes, {town.graph.heads.size:,} arcs, {CATEGORIES} x {few}")
    print(f"{'':<42}{'CPU s':>9}{'MiB':>8}  parts")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        save(task, path)
        for subject in subjects:
            if (size > SMALL and "networkx" in subject) or (
                "pandana" in subject and (size > SMALL or find_spec("pandana") is None)
            ):
                continue
            parts, mib = measured(subject, path)
            whole = parts.get("cold", parts.get("", parts.get("warm", 0.0)))
            rest = ", ".join(f"{key} {value:,.3f}" for key, value in parts.items() if key)
            print(f"{subject:<42}{whole:>9.3f}{mib:>8,.0f}  {rest}", flush=True)


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--nodes", type=int, default=1_000_000)
    asked.add_argument("--place", choices=("porto", "las_palmas", "wuhan"))
    asked.add_argument("--growth", action="store_true")
    asked.add_argument("--only", default="", help="rows whose name holds this")
    asked.add_argument("--child", help=argparse.SUPPRESS)
    asked.add_argument("--graph", type=Path, help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if chosen.child:
        child(chosen.child, chosen.graph)
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    rows = [name for name in SUBJECTS if chosen.only in name]
    if chosen.growth:
        for nodes in (1_000_000, 4_000_000):
            report("simulated", simulated(nodes), ["uncapped: sweeps", "900 s: buckets"])
    elif chosen.place:
        report(chosen.place, real(chosen.place), rows)
    else:
        report("simulated", simulated(chosen.nodes), rows)


if __name__ == "__main__":
    main()
