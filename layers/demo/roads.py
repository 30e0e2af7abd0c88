"""Streets as lines: bends, bridges, a tunnel and one-way streets, joined at shared vertices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.demo.facts import chance, numbers
from layers.demo.ways import CLASSES, NONE, PATH, PRIMARY, RESIDENTIAL, TERTIARY

if TYPE_CHECKING:
    from layers.demo.ground import Ground
    from layers.demo.mesh import Flags, Floats, Ints

STEPS = NONE  # a footpath too steep to be one; its class follows the others
NAMES = (*CLASSES, "steps")


@dataclass(frozen=True)
class Bore:
    """A tunnel: the points of its mouths, and the edges of the old road over the pass."""

    mouths: tuple[int, int]
    over: Ints
    rank: int


def draw_streets(ground: Ground, chosen: Ints, town: int) -> gpd.GeoDataFrame:
    """Give the chosen edges as streets in the columns of ``layers.schema.STREETS``.

    ``town`` is the settlement that has one-way streets.
    """
    bore = _tunnel(ground, chosen)
    rank = chosen.copy()
    rank[bore.over] = TERTIARY
    rank[(rank == PATH) & (ground.grades > numbers()["roads"]["steps_grade"])] = STEPS
    used = np.flatnonzero((rank < NONE) | ((chosen == PATH) & (rank == STEPS)))
    kind = rank[used] * 2 + ground.wet[used]
    chains, of = follow_chains(ground.mesh.edges[used], kind, np.array(bore.mouths))
    kinds = kind[of]
    lines = [
        _bend(ground.mesh.xy[chain], straight=bool(kind % 2) or kind // 2 == RESIDENTIAL)
        for chain, kind in zip(chains, kinds.tolist(), strict=True)
    ]
    lines.append(ground.mesh.xy[list(bore.mouths)])
    kinds = np.append(kinds, bore.rank * 2)
    in_town = np.array([bool((ground.of[chain] == town).all()) for chain in chains] + [False])
    return _frame(lines, kinds, in_town)


def follow_chains(edges: Ints, kind: Ints, joints: Ints) -> tuple[list[list[int]], Ints]:
    """Join edges of one kind end to end, between points where ways meet, end or change.

    Gives the points of each chain, and one of its edges.
    """
    size = int(edges.max()) + 1
    ends = edges.ravel()
    both = np.repeat(kind, 2)
    low, high = np.full(size, kind.max() + 1), np.full(size, -1)
    np.minimum.at(low, ends, both)
    np.maximum.at(high, ends, both)
    joint = (np.bincount(ends, minlength=size) != 2) | (low != high)  # noqa: PLR2004  # two ends pass through
    joint[joints] = True
    at = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[at], np.arange(size + 1)).tolist()
    touching, pairs, done = (at // 2).tolist(), edges.tolist(), [False] * len(edges)
    chains, of = [], []
    starts = np.unique(ends)
    # Joints first; what is left then are rings that meet nothing.
    for start in starts[np.argsort(~joint[starts], kind="stable")].tolist():
        for edge in touching[first[start] : first[start + 1]]:
            if done[edge]:
                continue
            chain, step = [start], edge
            while not done[step]:
                done[step] = True
                chain.append(pairs[step][1] if pairs[step][0] == chain[-1] else pairs[step][0])
                end = chain[-1]
                if joint[end] or end == start:
                    break
                step = next(e for e in touching[first[end] : first[end + 1]] if e != step)
            chains.append(chain)
            of.append(edge)
    return chains, np.array(of)


def _bend(xy: Floats, *, straight: bool) -> Floats:
    """Round the corners of a way (Chaikin), its two ends kept; leave out what bends nothing."""
    if straight or len(xy) < 3:  # noqa: PLR2004  # a single piece has no corner
        return xy
    for _ in range(2):
        cut = np.stack([0.75 * xy[:-1] + 0.25 * xy[1:], 0.25 * xy[:-1] + 0.75 * xy[1:]], axis=1)
        xy = np.vstack([xy[:1], cut.reshape(-1, 2)[1:-1], xy[-1:]])
    return shapely.get_coordinates(shapely.simplify(shapely.linestrings(xy), 1.0))


def _tunnel(ground: Ground, chosen: Ints) -> Bore:
    """Bore under the highest pass of the main roads, from where the climb on each side begins."""
    main = np.flatnonzero(chosen <= PRIMARY)
    ends = ground.mesh.edges[main]
    degree = np.bincount(ends.ravel(), minlength=len(ground.mesh.xy))
    passes = np.where(degree == 2, ground.heights, -np.inf)  # noqa: PLR2004  # a road goes on through it
    top = int(np.argmax(passes))
    mouths, over = [], []
    for edge in np.flatnonzero((ends == top).any(axis=1)).tolist():
        point, step = top, edge
        for _ in range(numbers()["roads"]["tunnel_pieces"]):
            over.append(main[step])
            point = int(ends[step].sum()) - point
            onward = np.flatnonzero((ends == point).any(axis=1))
            if len(onward) != 2:  # noqa: PLR2004  # never past a junction
                break
            step = int(onward[onward != step][0])
        mouths.append(point)
    return Bore((mouths[0], mouths[1]), np.array(over), int(chosen[over[0]]))


def _frame(lines: list[Floats], kinds: Ints, in_town: Flags) -> gpd.GeoDataFrame:
    roads = numbers()["roads"]
    rank = kinds // 2
    named = pd.Series(np.array(NAMES)[rank])
    rng = chance(60)
    oneway = np.full(len(lines), "no", dtype=object)
    streets = np.flatnonzero(in_town & (rank == RESIDENTIAL))
    oneway[rng.choice(streets, roads["one_ways"], replace=False)] = "yes"
    against = rng.choice(np.flatnonzero(oneway == "yes"), roads["one_ways"] // 3, replace=False)
    oneway[against] = "-1"
    frame = pd.DataFrame(
        {
            "street_id": [f"S{number:05d}" for number in range(1, len(lines) + 1)],
            "name": named.map(roads["names"]),
            "class": named,
            "oneway": oneway,
            "speed_kmh": named.map(roads["posted_kmh"]).astype(float),
            "bridge": kinds % 2 == 1,
            "tunnel": np.arange(len(lines)) == len(lines) - 1,
        }
    )
    shapes = [shapely.linestrings(np.round(line, 2)) for line in lines]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=numbers()["crs"])
