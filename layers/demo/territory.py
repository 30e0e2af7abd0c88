"""Where the units lie and how far each reaches: borders along ridges, shared to the last vertex."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Voronoi, cKDTree

from layers.demo.facts import IN_TOWN, chance, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.demo.facts import Facts
    from layers.demo.mesh import Flags, Floats, Ints
    from layers.demo.terrain import Land

GENERALISED_METRES = 150.0


def lay_out_units(facts: Facts, land: Land) -> gpd.GeoDataFrame:
    """Give the units with ``x, y`` of their main settlement and the outline each reaches to."""
    cost = _walking_cost(land)
    township = _townships(facts, land, cost)
    at = _main_settlements(facts, land, township)
    same = township[land.mesh.edges[:, 0]] == township[land.mesh.edges[:, 1]]
    number = _seat_of(facts)
    starts = np.array(
        [_own_point(land, township == its, place) for its, place in zip(number, at, strict=True)]
    )
    _, _, source = land.mesh.cheapest(np.where(same, cost, np.inf), starts)
    unit_at = np.full(len(township), -1)
    unit_at[starts] = np.arange(len(starts))
    outlines = _outlines(land, np.where(land.inside, unit_at[source], -1))
    units = facts.units.assign(x=at[:, 0], y=at[:, 1])
    return gpd.GeoDataFrame(units, geometry=outlines, crs=numbers()["crs"])


def gather_townships(units: gpd.GeoDataFrame, facts: Facts) -> gpd.GeoDataFrame:
    """Join the outlines of the units of each township; name its seat and where that is from."""
    whole = units.dissolve("township_id", method="coverage", sort=True).geometry
    seats = facts.seats.set_index("township_id").reindex(whole.index)
    assumed = seats["geonameid"].isna()
    frame = pd.DataFrame(
        {
            "township_id": whole.index.astype(str),
            "name": seats["township"],
            "seat_lon": seats["lon"],
            "seat_lat": seats["lat"],
            "seat_source": np.where(assumed, "假定", "GeoNames"),
        }
    ).reset_index(drop=True)
    return gpd.GeoDataFrame(frame, geometry=whole.to_numpy(), crs=units.crs)


def _seat_of(facts: Facts) -> Ints:
    """Give the row of each unit's township among the seats."""
    seats = pd.Index(facts.seats["township_id"])
    return np.asarray(seats.get_indexer(facts.units["township_id"]), dtype=np.int64)


def _own_point(land: Land, own: Flags, place: Floats) -> int:
    """Give the point of a township that lies nearest to a place in it."""
    points = np.flatnonzero(own)
    return int(points[np.argmin(np.hypot(*(land.mesh.xy[points] - place).T))])


def _walking_cost(land: Land) -> Floats:
    closed = ~land.inside[land.mesh.edges].all(axis=1)
    return np.where(closed, np.inf, land.mesh.lengths * (1 + 5 * land.grades))


def _townships(facts: Facts, land: Land, cost: Floats) -> Ints:
    """Give every point the township it belongs to (-1 outside), as large as its units are many."""
    starts = land.mesh.nearest(facts.seats[["x", "y"]].to_numpy())
    reach = dijkstra(land.mesh.graph(cost), indices=starts)
    counts = facts.units["township_id"].value_counts().reindex(facts.seats["township_id"])
    wanted = counts.to_numpy() * 1.0
    seat = (facts.seats["township_id"] == numbers()["spread"]["county_seat"]).to_numpy()
    share = numbers()["area"]["county_seat_km2"] / numbers()["area"]["km2"]
    wanted = np.where(seat, share, wanted / wanted[~seat].sum() * (1 - share))
    haste = np.ones(len(starts))
    for _ in range(25):
        label = np.argmin(reach / haste[:, None], axis=0)
        label[~land.inside] = -1
        have = np.bincount(label[land.inside], minlength=len(starts)) / land.inside.sum()
        haste = haste * (wanted / np.maximum(have, 1e-4)) ** 0.25
    return _without_strays(label, starts, land, cost)


def _without_strays(label: Ints, starts: Ints, land: Land, cost: Floats) -> Ints:
    """Hand pieces cut off from their own seat to the township around them."""
    same = label[land.mesh.edges[:, 0]] == label[land.mesh.edges[:, 1]]
    found, _, _ = land.mesh.cheapest(np.where(same, cost, np.inf), starts)
    firm = np.flatnonzero(np.isfinite(found) & land.inside)
    _, _, source = land.mesh.cheapest(cost, firm)
    return np.where(land.inside, label[np.maximum(source, 0)], -1)


def _main_settlements(facts: Facts, land: Land, township: Ints) -> Floats:
    """Place each unit: seats where they are, the others evenly along their valleys."""
    at = _in_towns(facts)
    for number, township_id in enumerate(facts.seats["township_id"]):
        own = (facts.units["township_id"] == township_id).to_numpy()
        free = np.flatnonzero(own & np.isnan(at[:, 0]))
        known = at[own & ~np.isnan(at[:, 0])]
        places = land.mesh.xy[(township == number) & land.building_ground]
        at[free] = spread_evenly(places, known, len(free), chance(20, number))
    return np.round(at, 2)


def _in_towns(facts: Facts) -> Floats:
    """Place the units of the seats: after their names in the county town, else side by side."""
    units = facts.units
    seats = facts.seats.iloc[_seat_of(facts)][["x", "y"]].to_numpy()
    town = numbers()["settlements"]["town"]
    named = np.array([town.get(code, (np.nan, np.nan)) for code in units["unit_id"]])
    before = in_town(units).groupby(units["township_id"]).cumsum() - 1
    offset = np.where(np.isnan(named), np.outer(before, [330.0, -180.0]), named)
    return np.where(in_town(units).to_numpy()[:, None], seats + offset, np.nan)


def in_town(units: pd.DataFrame) -> pd.Series[bool]:
    """Say which units share the town at their township's seat."""
    listed = units["unit_id"].isin(numbers()["settlements"]["town"])
    return units["urban_class"].isin(IN_TOWN) | listed


def spread_evenly(places: Floats, known: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Choose places that lie evenly with the known ones (Lloyd's rounds): half of them at most."""
    chosen = known
    count = min(count, len(places) // 2)
    if count == 0:
        return np.empty((0, 2))
    for _ in range(count):
        away = cKDTree(chosen).query(places)[0] * rng.uniform(0.8, 1, len(places))
        chosen = np.vstack([chosen, places[np.argmax(away)]])
    for _ in range(8):
        nearest = cKDTree(chosen).query(places)[1]
        members = np.maximum(np.bincount(nearest, minlength=len(chosen)), 1)
        middle = np.column_stack([np.bincount(nearest, along, len(chosen)) for along in places.T])
        moved = places[cKDTree(places).query(middle / members[:, None])[1]]
        chosen = np.vstack([known, moved[len(known) :]])
    return np.asarray(chosen[len(known) :])


def _outlines(land: Land, unit: Ints) -> NDArray[np.object_]:
    """Join the cells of each unit's points and draw the borders smoothly, still shared."""
    diagram = Voronoi(land.mesh.xy)
    inside = np.flatnonzero(unit >= 0)
    corners = [diagram.regions[region] for region in diagram.point_region[inside]]
    offsets = np.cumsum([0, *map(len, corners)])
    rings = [[*corner, corner[0]] for corner in corners]
    cells = shapely.polygons(
        shapely.linearrings(
            np.round(diagram.vertices, 2)[np.concatenate(rings)],
            indices=np.repeat(np.arange(len(rings)), np.diff(offsets) + 1),
        )
    )
    joined = gpd.GeoSeries(cells).groupby(unit[inside]).agg(shapely.coverage_union_all)
    smooth = shapely.coverage_simplify(joined.to_numpy(), GENERALISED_METRES)
    rounded = shapely.transform(smooth, lambda xy: np.round(xy, 2))
    return np.asarray(rounded, dtype=object)
