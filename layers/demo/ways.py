"""The ways chosen on the ground, from trunk road to footpath: which edges, of which class."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import cKDTree

from layers.demo.facts import chance, numbers
from layers.demo.settlements import BLOCK_METRES

if TYPE_CHECKING:
    from layers.demo.facts import Facts
    from layers.demo.ground import Ground
    from layers.demo.mesh import Flags, Floats, Ints

CLASSES = (
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "track",
    "path",
)
NONE = len(CLASSES)
TRUNK, PRIMARY, SECONDARY, TERTIARY, UNCLASSIFIED, RESIDENTIAL, TRACK, PATH = range(NONE)


def choose_ways(facts: Facts, ground: Ground, lonely: Ints) -> tuple[Ints, Flags]:
    """Give the class of every edge (NONE where no way runs) and which edges are local streets.

    ``lonely`` are the settlements that nothing is joined to; their own streets are given too.
    """
    open_ = ground.open_edges(lonely)
    by_road = np.where(open_, ground.road_cost(), np.inf)
    seats = ground.mesh.nearest(facts.seats[["x", "y"]].to_numpy())
    chosen = _between_seats(facts, ground, by_road, seats)
    local = _local_streets(ground)
    chosen = np.minimum(
        chosen, _to_villages(facts, ground, _easier(by_road, chosen, local), seats, lonely)
    )
    chosen = np.minimum(chosen, np.where(local, RESIDENTIAL, NONE))
    chosen = np.minimum(
        chosen, _to_the_rest(ground, _easier(by_road, chosen, local), chosen, lonely)
    )
    uphill = np.where(open_ & ~ground.wet, ground.mesh.lengths * (1 + 2 * ground.grades), np.inf)
    chosen = np.minimum(chosen, _tracks(ground, uphill, chosen))
    return np.minimum(chosen, _footpaths(ground, uphill, lonely)), local


def without(chosen: Ints, ground: Ground, settlements: Ints) -> Ints:
    """Take away every way of some settlements."""
    theirs = np.isin(ground.of, settlements)[ground.mesh.edges].any(axis=1)
    return np.where(theirs, NONE, chosen)


def _easier(cost: Floats, chosen: Ints, local: Flags) -> Floats:
    """Make it cheap to follow a road that is there already."""
    return np.where(chosen < RESIDENTIAL, cost * 0.35, np.where(local, cost * 0.8, cost))


def _between_seats(facts: Facts, ground: Ground, cost: Floats, seats: Ints) -> Ints:
    """Run the trunk road through its seats and out of the county; join the other seats to it."""
    order = facts.seats["township_id"].tolist()
    along = [seats[order.index(township)] for township in numbers()["roads"]["trunk"]]
    exits = ground.mesh.nearest(np.array(numbers()["relief"]["outlets"], dtype=np.float64))
    chosen = np.full(len(cost), NONE)
    links = [*pairwise(along), (along[0], exits[0])]
    for start, end in links:
        _, before, _ = ground.mesh.cheapest(cost, np.array([start]))
        chosen[ground.used(before, np.array([end])) > 0] = TRUNK
    joined = list(along)
    for seat in [*(seat for seat in seats if seat not in along), *exits[1:]]:
        _, before, _ = ground.mesh.cheapest(
            np.where(chosen < NONE, cost * 0.5, cost), np.array(joined)
        )
        chosen = np.minimum(
            chosen, np.where(ground.used(before, np.array([seat])) > 0, PRIMARY, NONE)
        )
        joined.append(seat)
    return chosen


def _local_streets(ground: Ground) -> Flags:
    """Keep a tree of short edges within each settlement, and most of the others."""
    start, end = ground.of[ground.mesh.edges].T
    kind = ground.places.places["kind"].map(BLOCK_METRES).to_numpy()
    short = ground.mesh.lengths < 1.32 * kind[np.maximum(start, 0)]
    inside = np.flatnonzero((start == end) & (start >= 0) & short)
    rng = chance(50)
    ends, size = ground.mesh.edges[inside], len(ground.mesh.xy)
    weight = rng.uniform(0.5, 1, len(inside)) * ground.mesh.lengths[inside]
    graph: Any = csr_array((weight, ends.T.astype(np.int32)), shape=(size, size))  # SciPy 1.15
    low, high = np.sort(minimum_spanning_tree(graph).nonzero(), axis=0).astype(np.int64)
    needed = np.isin(ends[:, 0] * size + ends[:, 1], low * size + high)
    kept = np.zeros(len(start), dtype=np.bool_)
    kept[inside] = needed | (rng.random(len(inside)) < numbers()["roads"]["street_share"])
    return kept


def _to_villages(facts: Facts, ground: Ground, cost: Floats, seats: Ints, lonely: Ints) -> Ints:
    """Join every main village to its seat: tertiary, or secondary where many ways run together."""
    places, centres = ground.places.places, ground.centres
    main = ((places["kind"] == "village") & ~places.index.isin(lonely)).to_numpy()
    roads = numbers()["roads"]
    second = chance(51).choice(np.flatnonzero(main), roads["second_ways"], replace=False)
    used = np.zeros(len(cost), dtype=np.int64)
    for seat, township in zip(seats, facts.seats["township_id"], strict=True):
        _, before, _ = ground.mesh.cheapest(cost, np.array([seat]))
        own = main & (places["township_id"] == township).to_numpy()
        away = np.hypot(*(ground.mesh.xy[centres[second]] - ground.mesh.xy[seat]).T)
        near = second[away < roads["second_way_metres"]]
        used += ground.used(before, centres[np.union1d(np.flatnonzero(own), near)])
    return np.where(
        used >= roads["ways_of_a_secondary"], SECONDARY, np.where(used > 0, TERTIARY, NONE)
    )


def _to_the_rest(ground: Ground, cost: Floats, chosen: Ints, lonely: Ints) -> Ints:
    """Join every piece of local streets that hangs on nothing to the nearest road."""
    streets = chosen < NONE
    ends, size = ground.mesh.edges[streets], len(ground.mesh.xy)
    _, piece = connected_components(csr_array((np.ones(len(ends)), ends.T), shape=(size, size)))
    network = ground.mesh.edges[chosen <= TERTIARY].ravel()
    points = np.flatnonzero((ground.of >= 0) & ~np.isin(ground.of, lonely))
    points = points[~np.isin(piece[points], piece[network])]
    _, first = np.unique(piece[points], return_index=True)
    found, before, _ = ground.mesh.cheapest(cost, network)
    starts = points[first]
    return np.where(ground.used(before, starts[np.isfinite(found[starts])]) > 0, UNCLASSIFIED, NONE)


def _tracks(ground: Ground, cost: Floats, chosen: Ints) -> Ints:
    """Lead forest tracks from the roads up into the hills."""
    network = np.unique(ground.mesh.edges[chosen < NONE])
    found, before, _ = ground.mesh.cheapest(cost, network)
    roads = numbers()["roads"]
    shortest, longest = roads["track_metres"]
    ends = np.flatnonzero((found > shortest) & (found < longest))
    starts = chance(52).choice(ends, roads["tracks"], replace=False)
    return np.where(ground.used(before, starts) > 0, TRACK, NONE)


def _footpaths(ground: Ground, cost: Floats, lonely: Ints) -> Ints:
    """Lead footpaths over the ridges between places that lie near each other."""
    roads = numbers()["roads"]
    centres = np.delete(ground.centres, lonely)
    near = cKDTree(ground.mesh.xy[centres])
    pairs = near.query_pairs(roads["footpath_metres"], output_type="ndarray")
    pairs = pairs[np.lexsort(pairs.T)]
    pairs = pairs[chance(53).permutation(len(pairs))[: roads["footpaths"]]]
    starts, source = np.unique(pairs[:, 0], return_inverse=True)
    found, before = dijkstra(
        ground.mesh.graph(cost), indices=centres[starts], limit=9000, return_predecessors=True
    )
    ends = centres[pairs[:, 1]]
    there = np.isfinite(found[source, ends])
    used = np.zeros(len(cost), dtype=np.int64)
    for row, end in zip(source[there].tolist(), ends[there], strict=True):
        used += ground.used(before[row].astype(np.int64), np.array([end]))
    return np.where(used > 0, PATH, NONE)
