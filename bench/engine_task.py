"""What bench.engine searches: a town with facilities, places and candidates, kept as files."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.graphs import Town, in_curve_order
from geo.graph import Graph

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

CATEGORIES, FACILITIES = 20, 500
LIMIT_MS, FAR = 900_000, 10**9
PLACES, CANDIDATES = 10_000, 2_000
SEED = 350_421


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
    town, rank = in_curve_order(task.town)
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
