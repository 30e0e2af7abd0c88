"""Joining places to the network, against every street measured one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo
from layers.project import Rules
from tests.random_town import place, random_streets
from tests.town import EAST, NORTH, street, streets_frame
from tests.town_settings import town_drive, town_walk

if TYPE_CHECKING:
    from geo.network import Network
    from geo.snap import Joins
    from layers.project import Mode

WALK, DRIVE = town_walk(), town_drive()
RULES = Rules()
ANYWHERE = Rules(min_island_metres=0.0, max_access_metres=1e9)

towns = st.integers(0, 2**32 - 1)
ways = st.sampled_from([WALK, DRIVE])


def network_of(*rows: dict[str, object], mode: Mode = WALK) -> Network:
    """Build the network of some streets."""
    return geo.build_network(streets_frame(list(rows)), mode)


def join(network: Network, *spots: tuple[float, float], rules: Rules = RULES) -> Joins:
    """Join spots given in the town's own metres."""
    x, y = np.array(spots, dtype=np.float64).T
    return geo.attach(network, EAST + x, NORTH + y, rules)


def spots_on(network: Network, joins: Joins) -> list[tuple[float, float]]:
    """Give where each place meets its street, from the offset along its arc."""
    arcs, found = network.arcs, []
    for arc, offset in zip(joins.arc, joins.offset_um, strict=True):
        at = slice(arcs.first[arc], arcs.first[arc + 1])
        found.append(
            (
                np.interp(offset, arcs.micrometres[at], arcs.x[at]) - EAST,
                np.interp(offset, arcs.micrometres[at], arcs.y[at]) - NORTH,
            )
        )
    return found


@given(towns, ways)
def test_a_place_joins_the_nearest_point_of_all_streets(seed: int, mode: Mode) -> None:
    rng = np.random.default_rng(seed)
    network = geo.build_network(random_streets(rng), mode)
    places = np.array([place(rng) for _ in range(10)])
    joins = geo.attach(network, shapely.get_x(places), shapely.get_y(places), ANYWHERE)
    apart = shapely.distance(places[:, None], network.lines[None, :])
    np.testing.assert_allclose(joins.access_metres, apart.min(axis=1), atol=1e-6)
    assert (apart[np.arange(10), joins.street] - joins.access_metres < 1e-6).all()
    met = shapely.points(np.add(spots_on(network, joins), (EAST, NORTH)))
    np.testing.assert_allclose(shapely.distance(places, met), joins.access_metres, atol=1e-5)
    assert joins.access_ms.tolist() == np.rint(joins.access_metres * 1200).tolist()


@given(towns, ways)
def test_the_parts_of_a_split_arc_sum_to_the_whole(seed: int, mode: Mode) -> None:
    rng = np.random.default_rng(seed)
    network = geo.build_network(random_streets(rng, sloped=True), mode)
    places = [place(rng) for _ in range(10)]
    joins = geo.attach(network, shapely.get_x(places), shapely.get_y(places), ANYWHERE)
    arcs = network.arcs
    whole = arcs.micrometres[arcs.first[1:] - 1][joins.arc]
    within = (joins.offset_um > 0) & (joins.offset_um < whole)
    for total, one, two in (
        (arcs.forward_ms[joins.arc], joins.from_start_ms, joins.to_end_ms),
        (arcs.backward_ms[joins.arc], joins.from_end_ms, joins.to_start_ms),
    ):
        way = within & (total >= 0)
        assert (one[way] + two[way] == total[way]).all()
        assert (np.minimum(one, two)[way] >= 0).all()
        closed = within & (total < 0)
        assert (one[closed] == -1).all()
        assert (two[closed] == -1).all()


def test_a_place_joins_beside_it_whichever_way_its_street_is_drawn() -> None:
    for line in (((0, 0), (100, 0)), ((100, 0), (0, 0))):
        network = network_of(street("a", *line), street("b", (100, 0), (300, 0)))
        joins = join(network, (30, 10))
        assert spots_on(network, joins) == [pytest.approx((30, 0))]
        assert joins.offset_um.tolist() == [30_000_000]
        assert joins.to_start_ms.tolist() == joins.from_start_ms.tolist() == [18_000]
        assert joins.to_end_ms.tolist() == joins.from_end_ms.tolist() == [162_000]
        assert joins.access_ms.tolist() == [12_000]


def test_a_place_on_a_bend_is_the_bend() -> None:
    network = network_of(street("a", (0, 0), (100, 0), (100, 80)))
    joins = join(network, (100, 0), (130, -40))
    assert joins.offset_um.tolist() == [100_000_000] * 2
    assert joins.access_metres.tolist() == [0.0, 50.0]
    assert joins.to_end_ms.tolist() == [48_000] * 2


def test_a_place_at_a_junction_is_the_junction_whatever_way_its_street_is_open() -> None:
    network = network_of(street("a", (0, 0), (100, 0), oneway=1), mode=DRIVE)
    joins = join(network, (0, 0), (-3, 4), (100, 0), (50, 0))
    assert joins.to_start_ms.tolist() == [0, 0, -1, -1]
    assert joins.from_start_ms.tolist() == [0, 0, 12_000, 6_000]
    assert joins.to_end_ms.tolist() == [12_000, 12_000, 0, 6_000]
    assert joins.from_end_ms.tolist() == [-1, -1, 0, -1]


def test_a_place_beside_a_short_island_joins_the_main_network_within_reach() -> None:
    network = network_of(street("main", (0, 0), (2000, 0)), street("alley", (0, 300), (200, 300)))
    joins = join(network, (100, 290), (100, 499.99), (100, 500), (100, 500.01), (100, -20))
    moved, main, island = ("moved_to_main", 0.0), ("joined", 0.0), ("joined", 300.0)
    found = zip(joins.status(), [y for _, y in spots_on(network, joins)], strict=True)
    assert list(found) == [moved, moved, moved, island, main]
    assert joins.access_metres.tolist() == pytest.approx([290, 499.99, 500, 200.01, 20])
    # a long island is a network of its own
    long = replace(RULES, min_island_metres=200.0)
    assert join(network, (100, 290), rules=long).status().tolist() == ["joined"]


def test_a_place_beyond_the_greatest_access_is_off_the_network() -> None:
    network = network_of(street("main", (0, 0), (2000, 0)))
    joins = join(network, (100, 500), (100, 500.01))
    assert joins.status().tolist() == ["joined", "off_network"]
    assert joins.on_network.tolist() == [True, False]
    off = joins.take(np.array([1]))
    assert off.arc.tolist() == off.street.tolist() == [-1]
    for leg in (off.to_end_ms, off.to_start_ms, off.from_start_ms, off.from_end_ms):
        assert leg.tolist() == [-1]
    # how far the street is, is told all the same
    assert off.access_metres.tolist() == pytest.approx([500.01])


def test_far_from_an_island_and_from_the_main_network_is_off_the_network() -> None:
    network = network_of(street("main", (0, 0), (2000, 0)), street("alley", (0, 300), (200, 300)))
    joins = join(network, (100, 900))
    assert joins.status().tolist() == ["off_network"]
    assert not joins.moved.any()


def test_without_a_street_to_step_on_every_place_is_off_the_network() -> None:
    joins = join(network_of(street("a", (0, 0), (100, 0), bridge=True)), (50, 0))
    assert joins.status().tolist() == ["off_network"]
    assert np.isnan(joins.access_metres).all()


def test_no_places_are_no_joins() -> None:
    network = network_of(street("a", (0, 0), (100, 0)))
    assert geo.attach(network, np.empty(0), np.empty(0), RULES).status().size == 0


def test_of_equally_near_streets_the_westernmost_then_southernmost_point_is_taken() -> None:
    cross = {"w": ((-50, -60), (-50, 60)), "e": ((50, -60), (50, 60))}
    bars = {"s": ((-60, -50), (60, -50)), "n": ((-60, 50), (60, 50))}
    for names in ("wesn", "nsew"):  # whatever the streets are called
        lines = {**cross, **bars}
        for drawn, expected in (("wesn", (-50, 0)), ("esn", (0, -50)), ("en", (0, 50))):
            rows = [street(f"{names.index(name)}", *lines[name]) for name in drawn]
            network = network_of(*rows)
            assert spots_on(network, join(network, (0, 0), rules=ANYWHERE)) == [
                pytest.approx(expected, abs=1e-6)
            ]


@given(towns, ways)
def test_every_corner_of_a_street_is_just_there(seed: int, mode: Mode) -> None:
    rng = np.random.default_rng(seed)
    network = geo.build_network(random_streets(rng), mode)
    arcs, last = network.arcs, network.arcs.first[1:] - 1
    joins = geo.attach(network, arcs.x, arcs.y, ANYWHERE)
    assert (joins.access_ms == 0).all()
    # an end is an end to the micrometre, or a one-way street would hold its guests
    ends = np.concatenate((arcs.first[:-1], last))
    whole = arcs.micrometres[last][joins.arc]
    assert ((joins.offset_um == 0) | (joins.offset_um == whole))[ends].all()
    # and a bend is as far along as its arc says
    inner = np.setdiff1d(np.arange(arcs.x.size), ends)
    assert joins.offset_um[inner].tolist() == arcs.micrometres[inner].tolist()
