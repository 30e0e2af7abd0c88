"""The search, against networkx and against every simple path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import pairwise

import networkx as nx  # type: ignore[import-untyped]  # publishes no types
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo import (
    buckets,
    elimination,
    kernels,
    kernels_numba,
    kernels_scipy,
    meetings,
    neighbours,
    sweeps,
)
from geo.graph import Graph, search_graph
from geo.keys import MAX_RANK, UNREACHED, Reached, Seeds, Stops, pack, unpack
from geo.pairs import Pairs
from geo.thinning import thinned
from tests.town import EAST, NORTH, street, streets_frame
from tests.town_settings import town_drive

EVERY_SEARCH = pytest.mark.parametrize(
    "search_all",
    [kernels_scipy.search_all, buckets.search_all, sweeps.search_all, kernels_numba.search_all],
    ids=["scipy", "buckets", "sweeps", "compiled"],
)
EVERY_MEET = pytest.mark.parametrize(
    "meet", [kernels_scipy.meet, meetings.meet], ids=["scipy", "compiled"]
)
EVERY_REACH = pytest.mark.parametrize(
    "reach", [kernels_scipy.reach, buckets.reach], ids=["scipy", "buckets"]
)

Search = Callable[..., Iterator[Reached]]
Arcs = dict[tuple[int, int], tuple[int, int]]  # tail, head: milliseconds, micrometres
Start = tuple[int, int, int, int]  # node, milliseconds, rank, micrometres

SIZE = 6
nodes = st.integers(0, SIZE - 1)
# few values and many zeros: ties everywhere
ways = st.dictionaries(
    st.tuples(nodes, nodes).filter(lambda pair: pair[0] != pair[1]),
    st.tuples(st.integers(0, 3), st.integers(0, 9)),
    max_size=16,
)
starts = st.lists(
    st.tuples(nodes, st.integers(0, 3), st.integers(0, 3), st.integers(0, 9)),
    min_size=1,
    max_size=4,
)


def laid_out(arcs: Arcs, size: int = SIZE) -> Graph:
    """Lay arcs out in rows of tails."""
    pairs = np.array(sorted(arcs), dtype=np.int64).reshape(-1, 2)
    values = np.array([arcs[pair] for pair in sorted(arcs)], dtype=np.int64).reshape(-1, 2)
    indptr = np.concatenate(([0], np.cumsum(np.bincount(pairs[:, 0], minlength=size))))
    return Graph(indptr, pairs[:, 1].astype(np.int32), values[:, 0].copy(), values[:, 1].copy())


def seeds_of(rows: list[Start]) -> Seeds:
    """Give seeds as the search takes them."""
    node, milliseconds, rank, length = (np.array(part) for part in zip(*rows, strict=True))
    return Seeds(node, pack(milliseconds, rank), length)


def searched(search_all: Search, graph: Graph, rows: list[Start], limit: int) -> Reached:
    """Search from one group of seeds, for every node."""
    (found,) = search_all(graph, [seeds_of(rows).first()], at=np.arange(graph.size), limit_ms=limit)
    return found


def directed(arcs: Arcs) -> nx.DiGraph:
    """Give the arcs to networkx."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(SIZE))
    graph.add_edges_from(
        (tail, head, {"ms": ms, "um": um}) for (tail, head), (ms, um) in arcs.items()
    )
    return graph


def earliest(graph: nx.DiGraph, rows: list[Start]) -> dict[int, tuple[int, int]]:
    """Give the earliest time of every node, and of equally early ones the lowest rank."""
    found: dict[int, tuple[int, int]] = {}
    for node, start, rank, _ in rows:
        for head, ms in nx.single_source_dijkstra_path_length(graph, node, weight="ms").items():
            found[head] = min(found.get(head, (start + ms, rank)), (start + ms, rank))
    return found


@EVERY_SEARCH
@settings(max_examples=150)
@given(arcs=ways, rows=starts, limit=st.integers(0, 8))
def test_every_node_gets_its_earliest_facility_up_to_the_limit(
    search_all: Search, arcs: Arcs, rows: list[Start], limit: int
) -> None:
    expected = earliest(directed(arcs), rows)
    found = searched(search_all, laid_out(arcs), rows, limit).key
    milliseconds, rank = unpack(found)
    for node in range(SIZE):
        time = expected.get(node, (limit + 1, 0))
        if time[0] > limit:  # the limit itself is within
            assert found[node] == UNREACHED
        else:
            assert (milliseconds[node], rank[node]) == time


@EVERY_SEARCH
@settings(max_examples=100)
@given(arcs=ways, rows=starts)
def test_the_length_is_that_of_the_shortest_of_the_earliest_ways(
    search_all: Search, arcs: Arcs, rows: list[Start]
) -> None:
    graph = directed(arcs)
    expected = earliest(graph, rows)
    reached = searched(search_all, laid_out(arcs), rows, 99)

    def lengths(node: int) -> Iterator[int]:
        for seed, start, rank, beyond in rows:
            for path in [[node]] if seed == node else nx.all_simple_paths(graph, seed, node):
                ways = [graph.edges[pair] for pair in pairwise(path)]
                if (start + sum(way["ms"] for way in ways), rank) == expected[node]:
                    yield beyond + sum(way["um"] for way in ways)

    for node in expected:
        assert reached.micrometres[node] == min(lengths(node))


@EVERY_REACH
@settings(max_examples=150)
@given(arcs=ways, rows=starts, limit=st.integers(0, 8))
def test_every_origin_reaches_what_lies_within_the_limit_by_the_shortest_of_the_earliest_ways(
    reach: Callable[..., Stops], arcs: Arcs, rows: list[Start], limit: int
) -> None:
    node, ms, origin, um = np.array(rows).T
    first = Stops(origin, node, ms, um).first(SIZE)
    found = reach(laid_out(arcs), first.take(first.milliseconds <= limit), limit)
    assert found.origin.tolist() == sorted(found.origin.tolist())
    # time and length in one number: no way is longer than 100
    graph = directed({pair: (100 * ms + um, 0) for pair, (ms, um) in arcs.items()})
    expected: dict[tuple[int, int], int] = {}
    for node, start, rank, beyond in rows:
        ways = nx.single_source_dijkstra_path_length(graph, node, weight="ms")
        for head, both in ways.items():
            pair, total = (rank, head), 100 * start + beyond + both
            expected[pair] = min(expected.get(pair, total), total)
    assert {
        (int(rank), int(node)): 100 * int(ms) + int(um)
        for rank, node, ms, um in zip(*vars(found).values(), strict=True)
    } == {pair: both for pair, both in expected.items() if both // 100 <= limit}


@EVERY_MEET
@settings(max_examples=150)
@given(arcs=ways, sides=st.tuples(starts, starts), limit=st.integers(0, 9), data=st.data())
def test_origins_of_two_sides_meet_by_the_shortest_of_the_earliest_ways(
    meet: Callable[..., Pairs],
    arcs: Arcs,
    sides: tuple[list[Start], list[Start]],
    limit: int,
    data: st.DataObject,
) -> None:
    here, there = sides
    # time and length in one number: no way is longer than 100
    graph = directed({pair: (100 * ms + um, 0) for pair, (ms, um) in arcs.items()})
    expected: dict[tuple[int, int], int] = {}

    def offer(near: int, far: int, total: int) -> None:
        if total // 100 <= limit:
            expected[near, far] = min(expected.get((near, far), total), total)

    for node, start, near, beyond in here:
        reached = nx.single_source_dijkstra_path_length(graph, node, weight="ms")
        for head, left, far, rest in there:
            if head in reached:
                offer(near, far, 100 * (start + left) + beyond + rest + reached[head])
    few = st.integers(0, 4)
    others = data.draw(st.lists(st.tuples(few, few, few, few), max_size=4))
    others = [row for row in others if row[2] <= limit]
    for near, far, ms, um in others:
        offer(near, far, 100 * ms + um)
    near_side, far_side = (
        Stops(origin, node, ms, um)
        for node, ms, origin, um in (np.array(here).T, np.array(there).T)
    )
    first = near_side.first(SIZE)
    first = first.take(first.milliseconds <= limit)
    given_ = Pairs(*np.array(others, dtype=np.int64).reshape(-1, 4).T)
    found = meet(laid_out(arcs), first, far_side, given_, limit)
    rows = list(zip(*(column.tolist() for column in vars(found).values()), strict=True))
    assert rows == [(*pair, total // 100, total % 100) for pair, total in sorted(expected.items())]


@EVERY_SEARCH
def test_lengths_on_a_large_graph_are_those_of_networkx_paths(search_all: Search) -> None:
    rng = np.random.default_rng(5)
    size, count = 300, 1500
    drawn = rng.integers(0, size, (count, 2))
    # large random times: no two ways are equally long
    arcs: Arcs = {
        (int(tail), int(head)): (int(ms), int(um))
        for (tail, head), ms, um in zip(
            drawn, rng.integers(1, 10**7, count), rng.integers(1, 10**9, count), strict=True
        )
        if tail != head
    }
    graph = directed(arcs)
    sources = {7, 70, 170}
    milliseconds, paths = nx.multi_source_dijkstra(graph, sources, weight="ms")
    rows = [(node, 0, rank, 0) for rank, node in enumerate(sorted(sources))]
    reached = searched(search_all, laid_out(arcs, size), rows, 10**9)
    assert len(paths) > size / 2
    assert set(np.flatnonzero(reached.key < UNREACHED)) == set(paths)
    for node, path in paths.items():
        assert unpack(reached.key)[0][node] == milliseconds[node]
        assert reached.micrometres[node] == sum(graph.edges[pair]["um"] for pair in pairwise(path))


def random_graph(rng: np.random.Generator, size: int) -> Graph:
    """Draw a graph with islands, many zero weights, many ties and a few arcs of hours."""
    ends = rng.integers(0, size, (3 * size, 2))
    near = ends[:, 0] + rng.integers(-9, 9, 3 * size)
    ends[:, 1] = np.where(rng.random(3 * size) < 0.9, np.clip(near, 0, size - 1), ends[:, 1])
    ms = rng.choice([0, 0, 1, 2, 1000, 60_000, 9_000_000], 3 * size)
    um = rng.integers(0, 5, 3 * size)
    rows = zip(ends.tolist(), ms.tolist(), um.tolist(), strict=True)
    return laid_out({(a, b): (one, two) for (a, b), one, two in rows if a != b}, size)


@pytest.mark.parametrize("most", [1, 4, 20])
@pytest.mark.parametrize("processors", [1, 3])
def test_whatever_searches_on_however_many_processors_finds_the_same(
    monkeypatch: pytest.MonkeyPatch, most: int, processors: int
) -> None:
    monkeypatch.setattr(elimination, "_MOST", most)  # a large kernel graph, a small one, none
    monkeypatch.setattr(buckets, "_PIECE", 100 * most)  # from five parts of the graph, two, one
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    rng = np.random.default_rng(most)
    size = 400
    graph, at = random_graph(rng, size), rng.integers(0, size, 500)
    groups = [
        seeds_of(
            list(
                zip(
                    *(rng.integers(0, top, count).tolist() for top in (size, 3, 50, 5)),
                    strict=True,
                )
            )
        ).first()
        for count in (1, 40, 1, 2, 3, 5, 8, 13, 21, 1)
    ]
    for limit in (0, 60_001, 10**9):
        answers = [
            [
                (found.key.tolist(), found.micrometres.tolist())
                for found in search_all(graph, groups, at=at, limit_ms=limit)
            ]
            for search_all in (
                kernels_scipy.search_all,
                buckets.search_all,
                sweeps.search_all,
                kernels_numba.search_all,
            )
        ]
        assert len(answers[0]) == len(groups)
        assert answers[1:] == answers[:1] * 3
    origins = Stops(*(rng.integers(0, top, 60) for top in (40, size, 3, 5))).first(size)
    for limit in (0, 60_001, 10**9):
        one, two = (
            each.reach(graph, origins.take(origins.milliseconds <= limit), limit)
            for each in (kernels_scipy, buckets)
        )
        assert sorted(zip(*vars(one).values(), strict=True)) == sorted(
            zip(*vars(two).values(), strict=True)
        )


def test_however_little_room_there_is_at_first_the_same_graph_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = random_graph(np.random.default_rng(8), 200)
    plenty = elimination.take_apart(graph)
    grown = {"roomier": 0, "_higher": 0}

    def full(of: Graph) -> neighbours.Rows:
        rows = neighbours.rows_of(of)
        blocks = int(rows.store[0])
        some = (each[: blocks * neighbours.BLOCK] for each in rows[2:5])
        return neighbours.Rows(*rows[:2], *some, rows.link[:blocks], rows.store)

    def counted(name: str) -> Callable[..., object]:
        work = getattr(elimination, name)

        def count(*arguments: object) -> object:
            grown[name] += 1
            return work(*arguments)

        return count

    monkeypatch.setattr(elimination, "rows_of", full)
    monkeypatch.setattr(elimination, "empty_row", lambda _: neighbours.empty_row(1))
    for name in grown:
        monkeypatch.setattr(elimination, name, counted(name))
    little = elimination.take_apart(graph)
    assert min(grown.values()) > 0
    for one, two in zip(
        (plenty.rank, *plenty.ladder, *plenty.kernel),
        (little.rank, *little.ladder, *little.kernel),
        strict=True,
    ):
        assert one.tolist() == two.tolist()


@given(arcs=ways)
def test_arcs_are_left_out_only_where_two_others_are_better(arcs: Arcs) -> None:
    left = thinned(buckets.lay(laid_out(arcs)))
    tails = np.repeat(np.arange(SIZE), np.diff(left.first))
    columns = (tails, left.head, left.ms, left.um)
    kept = {(a, b): (ms, um) for a, b, ms, um in zip(*(c.tolist() for c in columns), strict=True)}

    def is_beaten(one: int, two: int) -> bool:
        over = [
            (arcs[one, at], arcs[at, two])
            for at in range(SIZE)
            if {(one, at), (at, two)} <= {*arcs}
        ]
        return any((a[0] + b[0], a[1] + b[1]) < arcs[one, two] for a, b in over)

    assert kept == {pair: way for pair, way in arcs.items() if not is_beaten(*pair)}


def test_ways_of_weeks_are_found_too_if_the_limit_allows() -> None:
    chain = laid_out({(node, node + 1): (400_000_000, node) for node in range(5)})
    groups, at = [seeds_of([(0, 7, 2, 1)])] * 12, np.arange(SIZE)
    for limit in (sweeps.FARTHEST, 10**10):
        expected = [min(7 + 400_000_000 * node, limit + 1) for node in range(SIZE)]
        for found in kernels_numba.search_all(chain, groups, at=at, limit_ms=limit):
            milliseconds = np.where(found.key < UNREACHED, unpack(found.key)[0], limit + 1)
            assert milliseconds.tolist() == expected
            assert found.micrometres[2] == 1 + 0 + 1


def test_of_groups_without_seeds_nothing_is_reached() -> None:
    graph = random_graph(np.random.default_rng(1), 30)
    nothing = np.empty(0, dtype=np.int64)
    none = Seeds(nothing, nothing, nothing)
    for search_all in (kernels_scipy.search_all, buckets.search_all, sweeps.search_all):
        for found in search_all(graph, [none] * 9, at=np.arange(30), limit_ms=99):
            assert (found.key == UNREACHED).all()
            assert not found.micrometres.any()
    for reach in (kernels_scipy.reach, buckets.reach):
        assert reach(graph, Stops(nothing, nothing, nothing, nothing), 99).node.size == 0


def test_a_small_study_never_waits_for_a_compiler_and_a_large_one_is_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert kernels._kernel(kernels._LARGE - 1) is kernels_scipy
    assert kernels._kernel(kernels._LARGE) is kernels_numba
    monkeypatch.setattr(kernels, "_LARGE", 0)
    graph = random_graph(np.random.default_rng(1), 30)
    (found,) = kernels.search_all(
        graph, [seeds_of([(0, 5, 0, 0), (0, 3, 1, 0)])], at=np.array([0]), limit_ms=9
    )
    assert unpack(found.key) == (3, 1)


@pytest.mark.parametrize("missing", [ImportError("numba"), RuntimeError("no folder for caches")])
def test_a_large_study_without_the_compiler_says_so_once_and_runs_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, missing: Exception
) -> None:
    def fail(_: str) -> None:
        raise missing

    monkeypatch.setattr(kernels, "import_module", fail)
    kernels._compiled.cache_clear()
    try:
        for _ in range(2):
            assert kernels._kernel(kernels._LARGE) is kernels_scipy
    finally:
        kernels._compiled.cache_clear()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "livingcircle[fast]" in caplog.text


@given(st.integers(0, 2**32), st.integers(0, MAX_RANK), st.integers(0, 2**32), st.integers(0, 9))
def test_keys_order_by_time_then_rank_and_come_apart_again(
    one_ms: int, one_rank: int, two_ms: int, two_rank: int
) -> None:
    ms, rank = np.array([one_ms, two_ms]), np.array([one_rank, two_rank])
    key = pack(ms, rank)
    assert [part.tolist() for part in unpack(key)] == [ms.tolist(), rank.tolist()]
    assert (key[0] < key[1]) == ((one_ms, one_rank) < (two_ms, two_rank))
    # exact as a float, too
    assert key.astype(np.float64).astype(np.int64).tolist() == key.tolist()
    assert (key < UNREACHED).all()


def test_of_parallel_arcs_the_quickest_is_searched_and_loops_are_not() -> None:
    rows = [
        street("long", (0, 0), (50, 40), (100, 0), speed_kmh=90.0),
        street("short", (0, 0), (100, 0), speed_kmh=20.0),
        street("one-way", (0, 0), (60, -30), (100, 0), speed_kmh=90.0, oneway=-1),
        street("loop", (100, 0), (120, 10), (120, -10), (100, 0)),
        street("stub", (0, 0), (-10, 0)),
    ]
    network = geo.build_network(streets_frame(rows), town_drive())
    place = {
        (round(x - EAST), round(y - NORTH)): node
        for node, (x, y) in enumerate(zip(network.node_x, network.node_y, strict=True))
    }
    west, east = place[0, 0], place[100, 0]
    # 90 km/h are 40 ms a metre: the shortest arc is the slowest
    bent = round(2 * np.hypot(50, 40) * 40)
    quickest = round((np.hypot(60, 30) + 50) * 40)
    for reverse, there, back in ((False, bent, quickest), (True, quickest, bent)):
        graph = search_graph(network, reverse=reverse)
        found = dict(zip(zip(graph.tails(), graph.heads, strict=True), graph.weights, strict=True))
        assert found[west, east] == there
        assert found[east, west] == back
        assert len(found) == graph.heads.size == 4  # those two, and the stub both ways
