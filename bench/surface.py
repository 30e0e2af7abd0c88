"""How quick and how true the polygons of living circles are, on a mountain country.

``python -m bench.surface`` fetches Andorra (kept in ../shared/data) and, for cells of 14, 10 and
7 m, draws walking circles of 5, 10 and 15 minutes and prints

* seconds per polygon;
* agreement: the share of (circle, residence) pairs of which the polygon says what the
  residence's own travel time says, over all residences and over those in the polygon's bounds;
* IoU with the union of street pieces (5 m at most), each as wide as the time left goes off the
  road. A place belongs to its nearest street, not to the street that would be quickest, so the
  second IoU is with the same pieces, each within the land nearest to it (measured on random
  points, one in every 5 m square). Medians and minima of all circles of all sizes.

Times of the pieces are recomputed from the streets by tests/oracle.py, which uses nothing of geo.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

import geo
import layers
from geo.demand import demand
from geo.surface import Surface
from tests.oracle import Oracle, nearest_of
from tests.turned import turned_round

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.network import Network
    from layers.project import Mode, Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "andorra"
CELLS = (14.0, 10.0, 7.0)
LIMITS_MS = (300_000, 600_000, 900_000)
ORIGINS, WITH_REFERENCE = 60, 20
PIECE = POINTS_APART = 5.0
SEED = 20250101
_SIDES_OF_A_CIRCLE = 16


@dataclass(frozen=True)
class Place:
    """One place measured on foot: its homes, its streets, and the origins drawn."""

    streets: gpd.GeoDataFrame
    mode: Mode
    rules: Rules
    homes: Demand
    network: Network
    origins: Ints

    @property
    def points(self) -> gpd.GeoSeries:
        """Every home's point."""
        return self.homes.frame.geometry


class Reference(NamedTuple):
    """What one circle should cover: the union of pieces; points, and which are in by rule."""

    union: shapely.Geometry
    points: Floats
    inside: NDArray[np.bool_]


def read_place(folder: Path) -> Place:
    """Fetch Andorra and draw the origins among the homes on its main network."""
    path = layers.fetch_extract(
        DATA / "andorra.osm.pbf", elevation=DATA / "andorra_srtm3.tif", out=folder / "andorra"
    )
    project = layers.read_project(path)
    area = layers.read_study_area(project)
    mode, homes = project.modes["walk"], demand(area.units, area.residences)
    network = geo.build_network(area.streets, mode)
    joins = geo.attach(network, homes.x, homes.y, project.rules)
    main = joins.on_network & (network.arc_component()[joins.arc] == network.main)
    drawn = np.random.default_rng(SEED).choice(np.flatnonzero(main), ORIGINS, replace=False)
    return Place(area.streets, mode, project.rules, homes, network, drawn)


def draw(place: Place, cell: float) -> tuple[list[tuple[shapely.Geometry, ...]], float]:
    """Draw every origin's circles; give them and the seconds per polygon, sampling included."""
    rules = replace(place.rules, cell_metres=cell)
    begun = time.perf_counter()
    joins = geo.attach(place.network, place.homes.x, place.homes.y, rules).take(place.origins)
    surface = Surface(place.network, rules, reverse=False)
    drawn = [tuple(filter(None, shapes)) for shapes in surface.polygons(joins, LIMITS_MS)]
    return drawn, (time.perf_counter() - begun) / (ORIGINS * len(LIMITS_MS))


def own_times(place: Place) -> list[Ints]:
    """Give the milliseconds from each origin to every home, -1 where there is no way."""
    network = geo.build_network(turned_round(place.streets), place.mode)
    joins = geo.attach(network, place.homes.x, place.homes.y, place.rules)
    travel = geo.NetworkTravel(network, joins, joins, place.rules)
    return [travel.nearest(np.array([origin])).milliseconds for origin in place.origins]


def agreement(
    place: Place, drawn: list[tuple[shapely.Geometry, ...]], times: list[Ints]
) -> tuple[float, float]:
    """Give the share of pairs that agree: of all homes, and of those in the polygons' bounds."""
    agree: list[NDArray[np.bool_]] = []
    near: list[NDArray[np.bool_]] = []
    x, y = place.homes.x, place.homes.y
    for shapes, own in zip(drawn, times, strict=True):
        for shape, limit in zip(shapes, LIMITS_MS, strict=True):
            within = (own >= 0) & (own <= limit)
            agree.append(shapely.intersects_xy(shape, x, y) == within)
            near.append(shapely.intersects_xy(shapely.box(*shapely.bounds(shape)), x, y))
    every, bounds = np.concatenate(agree), np.concatenate(near)
    return float(every.mean()), float(every[bounds].mean())


@dataclass(frozen=True)
class Pieces:
    """Every piece of street by itself, timed from any origin without geo."""

    oracle: Oracle

    @cached_property
    def open(self) -> pd.DataFrame:
        """Give the segments one may step on, short islands left out."""
        segments = self.oracle.segments
        return segments[segments["may_step"] & ~segments["island"]]

    @cached_property
    def ends(self) -> tuple[Ints, Ints, int]:
        """Give the vertex numbers of every segment's start and end, and how many there are."""
        segments = self.oracle.segments
        both = pd.concat([segments["start"], segments["end"]], ignore_index=True)
        code, names = pd.factorize(both)
        half = len(segments)
        return code[:half].astype(np.int64), code[half:].astype(np.int64), len(names)

    def from_origin(self, origin: gpd.GeoSeries) -> Timed:
        """Time every vertex from one origin."""
        segments, (start, end, size) = self.oracle.segments, self.ends
        joined = self.oracle.attach(origin).iloc[0]
        at, fraction = int(joined["segment"]), float(joined["fraction"])
        access = joined["metres"] / (self.oracle.mode.off_road_kmh / 3.6)
        mine = segments.loc[at]
        tail = np.concatenate((start, end, [size, size]))
        head = np.concatenate((end, start, [start[at], end[at]]))
        legs = [access + fraction * mine["backward"], access + (1 - fraction) * mine["forward"]]
        seconds = np.concatenate((segments["forward"], segments["backward"], legs))
        order = np.lexsort((seconds, head, tail))
        order = order[np.isfinite(seconds[order])]
        keep = np.ones(order.size, dtype=bool)
        keep[1:] = (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)
        way = order[keep]
        graph = csr_array((seconds[way], (tail[way], head[way])), shape=(size + 1, size + 1))
        reached = dijkstra(graph, indices=np.array([size]), limit=LIMITS_MS[-1] / 1000)
        return Timed(self, reached.ravel(), at, fraction, access)


@dataclass(frozen=True)
class Timed:
    """The seconds from one origin to any spot of any street."""

    pieces: Pieces
    reached: Floats
    at: int
    fraction: float
    access: float

    def seconds(self, segment: Ints, fraction: Floats) -> Floats:
        """Give the seconds to spots so far along segments."""
        start, end, _ = self.pieces.ends
        ways = self.pieces.oracle.segments
        forward = ways["forward"].to_numpy()[segment]
        backward = ways["backward"].to_numpy()[segment]
        found = np.minimum(
            self.reached[start[segment]] + fraction * forward,
            self.reached[end[segment]] + (1 - fraction) * backward,
        )
        ahead = fraction >= self.fraction
        along = np.where(ahead, forward, backward) * np.abs(fraction - self.fraction)
        direct = np.where(segment == self.at, self.access + along, np.inf)
        seconds: Floats = np.minimum(found, direct)
        return seconds

    def union(self, limit: float) -> shapely.Geometry:
        """Give every piece reached within the limit, as wide as the rest of the time goes."""
        oracle, ways = self.pieces.oracle, self.pieces.open
        count = np.ceil(ways["metres"].to_numpy() / PIECE).astype(np.int64)
        which = np.repeat(np.arange(len(ways)), count)
        step = np.arange(which.size) - np.repeat(np.cumsum(count) - count, count)
        left = limit - self.seconds(ways.index.to_numpy()[which], (step + 0.5) / count[which])
        some = left > 0
        which, step, left = which[some], step[some], left[some]
        a, b = (np.array(ways[name].tolist())[which] for name in ("start", "end"))
        low, high = ((step + more)[:, None] / count[which][:, None] for more in (0, 1))
        lines = shapely.linestrings(np.stack((a + low * (b - a), a + high * (b - a)), axis=1))
        wide = np.minimum(left * oracle.mode.off_road_kmh / 3.6, oracle.rules.max_access_metres)
        return shapely.union_all(shapely.buffer(lines, wide, quad_segs=_SIDES_OF_A_CIRCLE))

    def inside(self, points: Floats, limit: float) -> NDArray[np.bool_]:
        """Say which points are reached by way of their nearest street."""
        oracle = self.pieces.oracle
        spots = gpd.GeoSeries(shapely.points(points))
        near = nearest_of(self.pieces.open, spots)
        metres = near["metres"].to_numpy()
        seconds = self.seconds(near["segment"].to_numpy(), near["fraction"].to_numpy())
        reached = seconds + metres / (oracle.mode.off_road_kmh / 3.6) <= limit
        within: NDArray[np.bool_] = reached & (metres <= oracle.rules.max_access_metres)
        return within


def references(place: Place) -> Iterator[tuple[Reference, ...]]:
    """Give what the circles of the first origins should cover."""
    pieces = Pieces(Oracle(place.streets, place.mode, place.rules))
    rng = np.random.default_rng(SEED)
    for origin in place.origins[:WITH_REFERENCE]:
        timed = pieces.from_origin(place.points.iloc[[origin]])
        found = []
        for limit in LIMITS_MS:
            union = timed.union(limit / 1000)
            points = scattered(shapely.bounds(union), rng)
            found.append(Reference(union, points, timed.inside(points, limit / 1000)))
        yield tuple(found)


def scattered(bounds: Floats, rng: np.random.Generator) -> Floats:
    """Give one random point in each square around some bounds."""
    west, south, east, north = bounds
    x, y = (
        np.arange(low - POINTS_APART, high + POINTS_APART, POINTS_APART)
        for low, high in ((west, east), (south, north))
    )
    corners = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return corners + rng.uniform(0, POINTS_APART, corners.shape)


def ious(shape: shapely.Geometry, reference: Reference) -> tuple[float, float]:
    """Give a polygon's IoU with the union, and with the pieces restricted to their own land."""
    union = reference.union
    free = shapely.area(shapely.intersection(shape, union)) / shapely.area(
        shapely.union(shape, union)
    )
    drawn = shapely.intersects_xy(shape, *reference.points.T)
    both, either = (drawn & reference.inside).sum(), (drawn | reference.inside).sum()
    return float(free), float(both / either)


def main() -> None:
    """Print one line per cell size."""
    with tempfile.TemporaryDirectory() as folder:
        place = read_place(Path(folder))
    times, known = own_times(place), list(references(place))
    head = "cell m   s/polygon   agree all   in bounds   IoU union med/min   IoU nearest med/min"
    print(f"Andorra on foot, {ORIGINS} origins, {WITH_REFERENCE} with reference\n{head}")
    for cell in CELLS:
        drawn, seconds = draw(place, cell)
        every, bounds = agreement(place, drawn, times)
        pairs = [
            ious(shape, reference)
            for shapes, wanted in zip(drawn, known, strict=False)
            for shape, reference in zip(shapes, wanted, strict=True)
        ]
        free, own = np.array(pairs).T
        print(
            f"{cell:6.0f}{seconds:12.4f}{every:12.5f}{bounds:12.5f}"
            f"{np.median(free):14.4f}/{free.min():.4f}{np.median(own):16.4f}/{own.min():.4f}"
        )


if __name__ == "__main__":
    main()
