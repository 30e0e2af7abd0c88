"""What siting is tried on: the OR-Library's medians, and random counties by published laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geo.solver_cover import Cover, cover_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def read_median(path: Path) -> tuple[Floats, int]:
    """Give the distances between all nodes, and the number of sites, of an OR-Library file.

    Of edges given twice the last one counts.
    """
    numbers = np.array(path.read_text().split(), dtype=np.int64)
    nodes, edges, count = numbers[:3]
    length = np.zeros((nodes, nodes))
    for tail, head, metres in numbers[3 : 3 + 3 * edges].reshape(-1, 3):
        length[tail - 1, head - 1] = length[head - 1, tail - 1] = metres
    return dijkstra(csr_array(length), directed=False), int(count)


def known_medians(folder: Path) -> dict[int, int]:
    """Give the optimum of every OR-Library file by its number."""
    lines = (line.split() for line in (folder / "pmedopt.txt").read_text().splitlines())
    return {
        int(name[4:]): int(value) for name, value in (w for w in lines if w and w[0][:4] == "pmed")
    }


def within(sites: Floats, places: Floats, weight: Floats, reach: float) -> Cover:
    """Give who is covered within a straight distance."""
    pairs = cKDTree(places).sparse_distance_matrix(cKDTree(sites), reach, output_type="ndarray")
    place, candidate = pairs["i"].astype(np.int64), pairs["j"].astype(np.int64)
    return cover_of(place, candidate, weight=weight, candidates=len(sites))


def random_cover(candidates: int, places: int, *, seed: int, reach: float) -> Cover:
    """Give points spread evenly over a square of side 1, with whole weights up to 99."""
    dice = np.random.default_rng(seed)
    sites, homes = dice.random((candidates, 2)), dice.random((places, 2))
    return within(sites, homes, dice.integers(1, 100, places).astype(float), reach)


def even_square(places: int, *, candidates: int = 100, reach: float = 5.5, seed: int = 1) -> Cover:
    """Give the law of Cordeau, Furini and Ljubic (2019): a square of side 30, demand 1 to 100."""
    dice = np.random.default_rng(seed)
    sites, homes = dice.random((candidates, 2)) * 30, dice.random((places, 2)) * 30
    return within(sites, homes, dice.integers(1, 101, places).astype(float), reach)


def clustered(candidates: int, places: int, *, seed: int, coverers: float = 8.0) -> Cover:
    """Give a county of villages in clusters, heavy-tailed in people, sites near some of them.

    The reach is such that a place has ``coverers`` candidates in it on average.
    """
    dice = np.random.default_rng(seed)
    clusters = max(20, places // 400)
    middle = dice.random((clusters, 2))
    spread = dice.gamma(2.0, 0.006, clusters) * np.sqrt(25 / clusters) * 3
    share = dice.pareto(1.3, clusters) + 0.3
    inside = int(places * 0.65)
    of = dice.choice(clusters, inside, p=share / share.sum())
    villages = middle[of] + dice.normal(size=(inside, 2)) * spread[of][:, None]
    homes = np.vstack([villages, dice.random((places - inside, 2))])
    weight = np.maximum(1, np.round(dice.lognormal(4.2, 1.1, places)))
    chosen = dice.choice(places, candidates, replace=False)
    sites = homes[chosen] + dice.normal(size=(candidates, 2)) * 1e-3
    sample = homes[dice.choice(places, min(places, 3000), replace=False)]
    return within(sites, homes, weight, _reach(sites, sample, coverers))


def _reach(sites: Floats, sample: Floats, coverers: float) -> float:
    low, high, tree = 1e-5, 0.5, cKDTree(sites)
    for _ in range(30):
        middle = (low + high) / 2
        found = np.mean(tree.query_ball_point(sample, middle, return_length=True))
        low, high = (low, middle) if found > coverers else (middle, high)
    return (low + high) / 2
