"""Polygons of what is reached, against shapes known beforehand and against travel times."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo.land import MAINLAND, Land
from geo.samples import first_of, sample_streets
from geo.surface import Surface, land_of
from layers.project import Rules
from tests.random_town import place, random_streets
from tests.town import EAST, NORTH, street, streets_frame
from tests.town_settings import town_drive, town_walk
from tests.turned import turned_round

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Point

    from geo.network import Network
    from geo.snap import Joins
    from geo.study import Study
    from layers.project import Mode

WALK, DRIVE = town_walk(), town_drive()
RULES = Rules()
OFF_ROAD_MS = 1200  # a metre off the road, in both modes of the town

Spot = tuple[float, float]

towns = st.integers(0, 2**32 - 1)
ways = st.sampled_from([WALK, DRIVE])


def network_of(*rows: dict[str, object], mode: Mode = WALK) -> Network:
    """Build the network of some streets."""
    return geo.build_network(streets_frame(list(rows)), mode)


def join(network: Network, spots: list[Spot], rules: Rules = RULES) -> Joins:
    """Join spots given in the town's own metres."""
    x, y = np.array(spots, dtype=np.float64).T
    return geo.attach(network, EAST + x, NORTH + y, rules)


def shape(
    network: Network, spot: Spot, minutes: float, *, rules: Rules = RULES, reverse: bool = False
) -> shapely.Geometry | None:
    """Draw what is reached from a spot, in the town's own metres."""
    surface = Surface(network, rules, reverse=reverse)
    ((drawn,),) = surface.polygons(join(network, [spot], rules), (round(minutes * 60_000),))
    if drawn is None:
        return None
    return shapely.transform(drawn, lambda xy: xy - (EAST, NORTH))


def joined_at(network: Network, spot: Point, rules: Rules) -> Joins:
    """Join one point."""
    return geo.attach(network, np.array([spot.x]), np.array([spot.y]), rules)


def iou(one: shapely.Geometry | None, two: shapely.Geometry | None) -> float:
    """Give what two shapes share of what they cover together."""
    both, either = shapely.intersection(one, two), shapely.union(one, two)
    return float(shapely.area(both) / shapely.area(either))


def has(drawn: shapely.Geometry | None, *spots: Spot) -> list[bool]:
    """Say which spots lie in a shape."""
    return [bool(shapely.intersects_xy(drawn, *spot)) for spot in spots]


def test_along_a_straight_street_it_is_a_diamond() -> None:
    # in 10 minutes 1000 m along the street or 500 m off it
    network = network_of(street("a", (-3000, 0), (3000, 0)))
    diamond = shapely.Polygon([(1000, 0), (0, 500), (-1000, 0), (0, -500)])
    drawn = {cell: shape(network, (0, 0), 10, rules=Rules(cell_metres=cell)) for cell in (5, 10)}
    assert iou(drawn[10], diamond) > 0.998
    assert iou(drawn[5], diamond) > 0.999


def test_with_time_to_spare_it_is_the_streets_and_the_greatest_access_around_them() -> None:
    # an hour for a ring of 4 km: 120 m to either side, and nobody gets to its middle
    rules = replace(RULES, max_access_metres=120.0)
    corners = [(0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0)]
    drawn = shape(network_of(street("ring", *corners)), (0, 0), 60, rules=rules)
    assert iou(drawn, shapely.buffer(shapely.LineString(corners), 120.0, quad_segs=32)) > 0.99
    assert has(drawn, (500, 500), (500, 100), (-100, 500), (-140, 500)) == [
        False,
        True,
        True,
        False,
    ]
    (part,) = shapely.get_parts(drawn)
    assert shapely.get_num_interior_rings(part) == 1


def test_land_ends_half_way_to_a_street_that_is_not_reached_wherever_the_cells_lie() -> None:
    # the second street is an hour away; half way to it is 31 m, in the middle of no cell
    rows = [
        street("here", (0, 0), (400, 0)),
        street("way", (400, 0), (4000, 0)),
        street("back", (4000, 0), (4000, 62)),
        street("there", (4000, 62), (0, 62)),
    ]
    for cell in (5.0, 10.0):
        drawn = shape(network_of(*rows), (200, 0), 3, rules=Rules(cell_metres=cell))
        _, south, _, north = shapely.bounds(drawn)
        assert north == pytest.approx(31.0, abs=0.05)
        # 3 minutes are 150 m off the road; a tip between two cells is cut off
        assert south == pytest.approx(-150.0, abs=0.3 * cell)


@settings(max_examples=20)
@given(towns, ways, st.sampled_from([1.0, 4.0, 25.0]))
def test_shapes_are_valid_and_the_smaller_lies_in_the_larger(
    seed: int, mode: Mode, cell: float
) -> None:
    rng, rules = np.random.default_rng(seed), Rules(cell_metres=cell)
    network = geo.build_network(random_streets(rng, sloped=True), mode)
    surface = Surface(network, rules, reverse=False)
    limits = (20_000, 45_000, 90_000)
    (shapes,) = surface.polygons(joined_at(network, place(rng), rules), limits)
    for drawn in filter(None, shapes):
        assert shapely.is_valid(drawn)
        assert shapely.area(drawn) > 0
    for small, large in pairwise(shapes):
        assert small is None or shapely.area(shapely.difference(small, large)) < cell


@given(towns)
def test_every_cell_of_land_knows_the_nearest_street(seed: int) -> None:
    network = geo.build_network(random_streets(np.random.default_rng(seed)), WALK)
    rules = Rules(min_island_metres=0.0)
    land = Land(sample_streets(network, rules), cell=rules.cell_metres, bound=150.0)
    rows, cols = (int(at // rules.cell_metres) for at in (NORTH, EAST))
    window = (rows - 20, rows + 40), (cols - 20, cols + 40)
    found = land.nearest(*window, MAINLAND)
    y, x = ((np.arange(low, high + 1) + 0.5) * rules.cell_metres for low, high in window)
    points = shapely.points(*np.meshgrid(x, y))
    streets = shapely.MultiLineString(list(network.lines))
    metres = shapely.distance(streets, points)
    near = np.isfinite(found.metres)
    assert near[metres < 150].all()
    assert not near[metres > 180].any()
    # no nearer than the streets, and hardly ever farther by more than a tenth of a cell
    more = found.metres[near] - metres[near]
    assert more.min() > -0.01
    assert more.max() < rules.cell_metres
    assert (more < 0.1 * rules.cell_metres).mean() > 0.98


def test_what_is_reached_may_lie_apart() -> None:
    # by car over a bridge nobody steps on: land on both sides, none between
    rows = [
        street("west", (-500, 0), (0, 0)),
        street("bridge", (0, 0), (2000, 0), bridge=True),
        street("east", (2000, 0), (2500, 0)),
    ]
    rules = replace(RULES, max_access_metres=300.0)
    drawn = shape(network_of(*rows, mode=DRIVE), (-100, 0), 10, rules=rules)
    assert shapely.get_num_geometries(drawn) == 2
    assert has(drawn, (-250, 0), (1000, 0), (2250, 0)) == [True, False, True]


def test_a_one_way_street_reaches_ahead_and_is_reached_from_behind() -> None:
    network = network_of(street("a", (-3000, 0), (3000, 0), oneway=1), mode=DRIVE)
    # 3 minutes: 1500 m by car, or 150 m on foot at most
    ahead = shape(network, (0, 0), 3)
    behind = shape(network, (0, 0), 3, reverse=True)
    assert has(ahead, (1400, 0), (-200, 0), (1550, 0)) == [True, False, False]
    assert has(behind, (-1400, 0), (200, 0), (-1550, 0)) == [True, False, False]
    mirrored = shapely.transform(behind, lambda xy: xy * (-1, 1))
    assert iou(ahead, mirrored) > 0.97


def test_uphill_one_gets_less_far_than_one_comes_down() -> None:
    hill = network_of(street("hill", (0, 0, 0), (4000, 0, 400)))
    up, down = shape(hill, (0, 0), 10), shape(hill, (0, 0), 10, reverse=True)
    # exp(-0.35) of 1000 m, and all of it
    assert has(up, (690, 0), (720, 0)) == [True, False]
    assert has(down, (980, 0), (1020, 0)) == [True, False]


def test_off_the_network_there_is_no_shape() -> None:
    network = network_of(street("a", (0, 0), (1000, 0)))
    assert shape(network, (0, 500.01), 15) is None


def test_who_does_not_even_get_to_the_street_has_no_shape() -> None:
    # 200 m off the road are 4 minutes
    network = network_of(street("a", (0, 0), (1000, 0)))
    surface = Surface(network, RULES, reverse=False)
    ((early, late),) = surface.polygons(join(network, [(500, 200)]), (200_000, 300_000))
    assert early is None
    assert late is not None


def test_land_round_the_end_of_a_one_way_street_belongs_to_the_junction() -> None:
    # nobody drives into the street that ends at the corner, but the corner itself is passed
    rows = [
        street("in", (-200, 0), (100, 0), oneway=1),
        street("side", (100, 0), (100, 300)),
    ]
    drawn = shape(network_of(*rows, mode=DRIVE), (100, 200), 2)
    # 200 m by car are 24 s; 80 m on foot are left
    assert has(drawn, (120, -50), (110, -65), (40, -40), (110, -90)) == [True, True, False, False]


def test_land_beside_a_short_island_belongs_to_the_main_street() -> None:
    rows = [street("main", (0, 0), (3000, 0)), street("alley", (1000, 200), (1200, 200))]
    network = network_of(*rows)
    # 100 m along the street is a minute; 210 m off it are 4.2 minutes
    assert has(shape(network, (1100, 0), 5), (1100, 210), (1100, 260)) == [True, False]


def test_an_origin_s_own_island_counts_where_the_main_street_is_far() -> None:
    rows = [street("main", (0, 0), (3000, 0)), street("far", (0, 700), (500, 700))]
    drawn = shape(network_of(*rows), (100, 710), 5)
    assert has(drawn, (300, 700), (300, 0)) == [True, False]


@given(towns)
def test_there_and_back_reach_alike_on_two_way_flat_streets(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = geo.build_network(random_streets(rng), WALK)
    origin = joined_at(network, place(rng), RULES)
    circle, area = (
        next(Surface(network, RULES, reverse=reverse).polygons(origin, (180_000,)))[0]
        for reverse in (False, True)
    )
    if circle is None:
        assert area is None
    else:
        assert shapely.area(shapely.symmetric_difference(circle, area)) < 1.0


def test_many_origins_are_drawn_as_each_alone() -> None:
    rng = np.random.default_rng(4)
    network = geo.build_network(random_streets(rng, sloped=True), DRIVE)
    spots = np.array([(spot.x, spot.y) for spot in (place(rng) for _ in range(70))])
    origins = geo.attach(network, spots[:, 0], spots[:, 1], RULES)
    surface = Surface(network, RULES, reverse=False)
    together = list(surface.polygons(origins, (60_000, 90_000)))
    assert len(together) == 70
    for row in (0, 63, 64, 69):
        (alone,) = surface.polygons(origins.take(np.array([row])), (60_000, 90_000))
        assert shapely.equals_exact(alone, together[row], 0.0).all()


@pytest.mark.parametrize("reverse", [False, True])
def test_streets_that_nobody_gets_to_change_no_polygon(*, reverse: bool) -> None:
    streets = [street(f"on {x}", (x, 0), (x + 100, 0)) for x in range(0, 12_000, 100)]
    network, limit = network_of(*streets, street("lane", (400, 0), (400, 500))), 300_000
    origins = join(network, [(100, 20), (420, 300)])
    land = land_of(network, RULES, origins=[origins], limit_ms=limit)
    whole = Surface(network, RULES, reverse=reverse)
    assert land.samples.arc.size < 0.5 * whole.land.samples.arc.size
    part = Surface(network, RULES, reverse=reverse, land=land)
    for (one,), (other,) in zip(
        *(each.polygons(origins, (limit,)) for each in (part, whole)), strict=True
    ):
        assert one is not None
        assert shapely.equals_exact(one, other, 0.0)


@given(
    st.lists(
        st.tuples(st.integers(-2, 2), st.booleans(), st.sampled_from([0.0, 0.5, 1.0])), max_size=40
    )
)
def test_the_first_of_each_group_is_that_of_a_sort_by_all_keys(
    members: list[tuple[int, bool, float]],
) -> None:
    group = np.array([each[0] for each in members], dtype=np.int64)
    flag = np.array([each[1] for each in members], dtype=bool)
    size = np.array([each[2] for each in members], dtype=np.float64)
    order = sorted(range(len(members)), key=lambda at: (*members[at], at))
    first = {}
    for at in order:
        first.setdefault(members[at][0], at)
    assert first_of(group, (flag, size)).tolist() == list(first.values())


@settings(max_examples=20)
@given(towns, ways, st.sampled_from(["circle", "service area"]))
def test_a_place_is_inside_if_its_own_time_is_within_the_limit(
    seed: int, mode: Mode, kind: str
) -> None:
    limit, cell, reverse = 90_000, 4.0, kind == "service area"
    rules = Rules(
        direct_metres=0.0, min_island_metres=350.0, max_access_metres=120.0, cell_metres=cell
    )
    rng = np.random.default_rng(seed)
    streets = random_streets(rng, sloped=True)
    network, back = (geo.build_network(each, mode) for each in (streets, turned_round(streets)))
    spot, xy = place(rng), rng.uniform(-150, 450, (400, 2)).round(2) + np.array([EAST, NORTH])
    surface = Surface(network, rules, reverse=reverse)
    ((drawn,),) = surface.polygons(joined_at(network, spot, rules), (limit,))
    along = network if reverse else back
    homes = geo.attach(along, xy[:, 0], xy[:, 1], rules)
    travel = geo.NetworkTravel(along, homes, joined_at(along, spot, rules), rules)
    times = travel.nearest(np.array([0])).milliseconds
    within = (times >= 0) & (times <= limit)
    differ = within != shapely.intersects_xy(drawn, *xy.T)
    # a cell rounds: to a cell's walk of the limit, and to a cell's diagonal where times jump
    close = np.abs(times - limit) <= cell * OFF_ROAD_MS
    edge = shapely.distance(shapely.boundary(drawn), shapely.points(xy)) <= 1.5 * cell
    assert not (differ & ~close & ~edge).any()
    assert differ.mean() <= 0.02


@given(towns, ways)
def test_samples_lie_on_their_streets_one_in_each_cell(seed: int, mode: Mode) -> None:
    network = geo.build_network(random_streets(np.random.default_rng(seed)), mode)
    samples = sample_streets(network, RULES)
    key = list(zip(samples.row, samples.col, samples.island, strict=True))
    assert len(set(key)) == len(key)
    assert [at[:2] for at in key] == sorted(at[:2] for at in key)
    cell, (*spots, east, north, behind, ahead) = RULES.cell_metres, samples.stretches
    x, y, *way = (each[:-1] for each in (*spots, east, north))
    assert (x // cell == samples.col).all()
    assert (y // cell == samples.row).all()
    streets = shapely.MultiLineString(list(network.lines))
    # the whole stretch around each lies on the streets
    for along in (np.zeros(x.size), behind[:-1], ahead[:-1]):
        points = shapely.points(x + along * way[0], y + along * way[1])
        assert (shapely.distance(streets, points) < 1e-6).all()
    assert (ahead - behind <= 4 * cell).all()
    # a street that passes a cell for most of its side leaves one there
    found = set(zip(samples.col.tolist(), samples.row.tolist(), strict=True))
    for line in network.lines:
        marks = np.arange(0, shapely.length(line), cell / 4)
        points = shapely.get_coordinates(shapely.line_interpolate_point(line, marks))
        passed = Counter(map(tuple, (points // cell).astype(int).tolist()))
        assert {at for at, count in passed.items() if count > 3} <= found


LIMITS = (300_000, 600_000, 900_000)


class Drawn(NamedTuple):
    """One place's shapes and everybody's own time from there, or to there."""

    shapes: tuple[shapely.Geometry | None, ...]
    milliseconds: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


@pytest.fixture(scope="module", params=["circles", "service areas"])
def on_andorra(request: pytest.FixtureRequest, andorra_study: Study) -> list[Drawn]:
    """Draw thirty places of Andorra on foot."""
    study, reverse = andorra_study, request.param == "service areas"
    mode, rules, streets = study.project.modes["walk"], study.project.rules, study.area.streets
    assert streets is not None
    homes = study.places[study.places["mode"] == "walk"]
    x, y = np.asarray(homes.geometry.x), np.asarray(homes.geometry.y)
    network, back = (geo.build_network(each, mode) for each in (streets, turned_round(streets)))
    joined = np.flatnonzero((homes["status"] != "off_network").to_numpy())
    rows = np.random.default_rng(20250101).choice(joined, 30, replace=False)
    surface = Surface(network, rules, reverse=reverse)
    shapes = surface.polygons(geo.attach(network, x, y, rules).take(rows), LIMITS)
    along = network if reverse else back
    joins = geo.attach(along, x, y, rules)
    travel = geo.NetworkTravel(along, joins, joins, rules)
    times = (travel.nearest(np.array([row])).milliseconds for row in rows)
    return [Drawn(*pair, x, y) for pair in zip(shapes, times, strict=True)]


@pytest.mark.real
def test_on_andorra_homes_are_inside_if_their_own_time_is_within_the_limit(
    on_andorra: list[Drawn],
) -> None:
    agree, near = [], []
    for shapes, times, x, y in on_andorra:
        for drawn, limit in zip(shapes, LIMITS, strict=True):
            within = (times >= 0) & (times <= limit)
            agree.append(within == shapely.intersects_xy(drawn, x, y))
            near.append(shapely.intersects_xy(shapely.box(*shapely.bounds(drawn)), x, y))
    assert np.mean(agree) >= 0.99
    assert np.mean(np.concatenate(agree)[np.concatenate(near)]) >= 0.975


@pytest.mark.real
def test_on_andorra_a_smaller_limit_lies_in_a_larger(on_andorra: list[Drawn]) -> None:
    for place_drawn in on_andorra:
        for small, large in pairwise(place_drawn.shapes):
            assert shapely.area(shapely.difference(small, large)) < 1.0


@pytest.mark.real
def test_on_andorra_every_shape_is_a_valid_area(andorra_study: Study) -> None:
    drawn = andorra_study.areas.geometry
    assert len(drawn) > len(andorra_study.area.units)
    assert drawn.is_valid.all()
    assert set(drawn.geom_type) <= {"Polygon", "MultiPolygon"}
    assert not drawn.is_empty.any()
