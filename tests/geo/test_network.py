"""The network of one mode: what is joined to what, and that no time or length is lost."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

import geo
from layers.errors import NetworkError
from layers.project import Rules
from tests.oracle import segments_of
from tests.random_town import random_streets
from tests.town import EAST, NORTH, street, streets_frame
from tests.town_settings import town_drive, town_walk

if TYPE_CHECKING:
    from geo.network import Network
    from layers.project import Mode

WALK, DRIVE = town_walk(), town_drive()

towns = st.integers(0, 2**32 - 1)
ways = st.sampled_from([WALK, DRIVE])


def walking(*rows: dict[str, object]) -> Network:
    """Build the walking network of some streets."""
    return geo.build_network(streets_frame(list(rows)), WALK)


def ends(network: Network) -> list[tuple[float, float, float, float]]:
    """Give the ends of every arc in the town's own metres."""
    x, y, arcs = network.node_x - EAST, network.node_y - NORTH, network.arcs
    return sorted(zip(x[arcs.start], y[arcs.start], x[arcs.end], y[arcs.end], strict=True))


def test_streets_that_share_a_vertex_are_joined_there() -> None:
    network = walking(street("a", (0, 0), (100, 0), (200, 0)), street("b", (100, 0), (100, 50)))
    assert ends(network) == [(0, 0, 100, 0), (100, 0, 100, 50), (100, 0, 200, 0)]


def test_streets_that_only_cross_are_not_joined() -> None:
    network = walking(street("a", (0, 0), (100, 0)), street("b", (50, -50), (50, 50)))
    assert np.unique(network.component).size == 2


def test_a_centimetre_apart_is_apart() -> None:
    network = walking(street("a", (0, 0), (100, 0)), street("b", (100.01, 0), (200, 0)))
    assert np.unique(network.component).size == 2
    # what is less than half a centimetre off is the same place
    network = walking(street("a", (0, 0), (100, 0)), street("b", (100.004, 0), (200, 0)))
    assert ends(network) == [(0, 0, 200, 0)]


def test_streets_end_to_end_are_one_arc_and_a_place_between_is_no_node() -> None:
    network = walking(street("b", (100, 0), (200, 0)), street("a", (100, 0), (0, 0)))
    assert ends(network) == [(0, 0, 200, 0)]
    assert network.arcs.forward_ms.tolist() == [120_000]


def test_repeated_vertices_are_passed_over() -> None:
    network = walking(street("a", (0, 0), (0, 0), (100, 0), (100, 0), (200, 0)))
    assert network.segments.arc.size == 2
    assert network.arcs.length_metres().tolist() == [200.0]


def test_one_way_streets_are_closed_against_their_sign_and_walkers_ignore_it() -> None:
    rows = [
        street("a", (0, 0), (100, 0), oneway=1),
        street("b", (0, 9), (100, 9), oneway=-1),
        street("c", (0, 19), (100, 19)),
    ]
    arcs = geo.build_network(streets_frame(rows), DRIVE).arcs
    assert arcs.forward_ms.tolist() == [12_000, -1, 12_000]
    assert arcs.backward_ms.tolist() == [-1, 12_000, 12_000]
    arcs = walking(*rows).arcs
    assert arcs.forward_ms.tolist() == arcs.backward_ms.tolist() == [60_000] * 3


def test_a_hill_takes_longer_up_than_down() -> None:
    arcs = walking(street("hill", (0, 0, 0), (100, 0, 10))).arcs
    assert arcs.forward_ms.tolist() == [round(60_000 * np.exp(0.35))]
    # 10 % down is as quick as the flat
    assert arcs.backward_ms.tolist() == [60_000]


def test_without_heights_streets_are_flat() -> None:
    flat = streets_frame([street("a", (0, 0), (100, 0))]).assign(
        geometry=[LineString([(EAST, NORTH), (EAST + 100, NORTH)])]
    )
    assert geo.build_network(flat, WALK).arcs.forward_ms.tolist() == [60_000]


@given(towns, ways)
def test_no_time_and_no_length_is_lost_in_contraction(seed: int, mode: Mode) -> None:
    streets = random_streets(np.random.default_rng(seed), sloped=True)
    arcs = geo.build_network(streets, mode).arcs
    alone = segments_of(streets, mode).replace(np.inf, 0.0)  # no time where it is closed
    last = arcs.first[1:] - 1
    # whole nanoseconds and micrometres of segments add up exactly, in any order
    nanoseconds = sum(
        int(np.rint(seconds * 1e9).sum()) for seconds in (alone["forward"], alone["backward"])
    )
    rounding = 2 * len(alone)  # the last digit of a float may fall on the other side of a half
    assert abs((arcs.forward_ns + arcs.backward_ns)[last].sum() - nanoseconds) <= rounding
    length = np.rint(alone["metres"] * 1e6).astype("int64").sum()
    assert abs(arcs.micrometres[last].sum() - length) <= rounding


@given(towns, ways)
def test_an_arc_is_the_exact_sum_of_its_pieces_rounded_once(seed: int, mode: Mode) -> None:
    streets = random_streets(np.random.default_rng(seed), sloped=True)
    network = geo.build_network(streets, mode)
    arcs, at, arc = network.arcs, network.segments.at, network.segments.arc
    assert (np.diff(np.sort(at)) > 0).all()
    for totals, whole in (
        (arcs.forward_ns, arcs.forward_ms),
        (arcs.backward_ns, arcs.backward_ms),
    ):
        assert (totals[arcs.first[:-1]] == 0).all()
        for each in range(arcs.start.size):
            pieces = at[arc == each]
            total = sum((totals[pieces + 1] - totals[pieces]).tolist())
            assert whole[each] in (-1, int(Fraction(total, 10**6) + Fraction(1, 2)))


@given(towns, ways)
def test_a_segment_lies_where_its_street_runs(seed: int, mode: Mode) -> None:
    streets = random_streets(np.random.default_rng(seed))
    network = geo.build_network(streets, mode)
    arcs, segments = network.arcs, network.segments
    assert (np.diff(segments.street) >= 0).all()
    low, high = segments.at, segments.at + 1
    begin, end = np.where(segments.flipped, high, low), np.where(segments.flipped, low, high)
    alone = segments_of(streets, mode)
    for vertex, name in ((begin, "start"), (end, "end")):
        found = list(zip(arcs.x[vertex], arcs.y[vertex], strict=True))
        np.testing.assert_allclose(found, alone[name].tolist(), atol=1e-6)


def test_the_longest_piece_is_the_main_network_and_never_an_island() -> None:
    network = walking(street("a", (0, 0), (100, 0)), street("b", (0, 50), (90, 50)))
    main = network.arc_component()[network.arcs.length_metres() == 100.0]
    assert network.main == main[0]
    island = network.is_island(Rules().min_island_metres)
    assert not island[network.main]
    assert island.sum() == 1
    # an island is shorter than the rule says, not as short
    assert not network.is_island(90.0).any()
    assert network.is_island(90.01).sum() == 1


def test_one_way_streets_belong_together_whatever_their_way() -> None:
    rows = [street("a", (0, 0), (9, 0), oneway=1), street("b", (19, 0), (9, 0), oneway=1)]
    network = geo.build_network(streets_frame(rows), DRIVE)
    assert np.unique(network.component).size == 1


def test_a_mode_that_may_use_no_street_is_refused() -> None:
    with pytest.raises(NetworkError) as told:
        walking(street("a", (0, 0), (100, 0), access="private"))
    assert [problem.code for problem in told.value.problems] == ["empty_network"]


def test_neighbours_in_town_are_neighbours_in_memory() -> None:
    side, block = 32, 100
    rows = [
        street(f"{way}{line:02}-{at:02}", *(ends if way == "we" else [end[::-1] for end in ends]))
        for way in ("we", "sn")
        for line in range(side)
        for at in range(side - 1)
        for ends in [[(block * at, block * line), (block * (at + 1), block * line)]]
    ]
    network = geo.build_network(streets_frame(rows), town_walk())
    apart = np.abs(network.arcs.start - network.arcs.end)
    assert network.node_x.size == side * side - 4  # a corner is no junction
    # numbered row by row, half of the arcs would lie a whole row apart
    assert np.median(apart) <= 3
    assert (apart < side).mean() > 0.75
