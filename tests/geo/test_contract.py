"""Chains between junctions, against a plain walk from vertex to vertex."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.contract import Chains, Ends, chains

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

Segment = tuple[int, int, bool, bool]  # from, to, open that way, open back
Path = tuple[int, ...]

BOTH, ALONG, AGAINST = (True, True), (True, False), (False, True)

segments = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from([BOTH, BOTH, ALONG, AGAINST]))
    .filter(lambda drawn: drawn[0] != drawn[1])
    .map(lambda drawn: (drawn[0], drawn[1], *drawn[2])),
    min_size=1,
    max_size=14,
)


def contracted(rows: list[Segment]) -> Chains:
    """Contract segments given as rows."""
    a, b, forward, backward = (np.array(column) for column in zip(*rows, strict=True))
    return chains(Ends(a, b, forward, backward))


def steps_of(rows: list[Segment], found: Chains) -> list[list[Segment]]:
    """Give each chain as the segments it runs, each turned the way it runs them."""
    made: list[list[Segment]] = [[] for _ in found.start]
    for row, flipped, chain in zip(found.order, found.flipped, found.chain, strict=True):
        a, b, forward, backward = rows[row]
        made[chain].append((b, a, backward, forward) if flipped else (a, b, forward, backward))
    return made


def vertices(steps: list[Segment]) -> Path:
    """Give the vertices that steps pass."""
    return (steps[0][0], *(step[1] for step in steps))


def paths_of(rows: list[Segment]) -> list[Path]:
    """Give the vertices of every chain, in the chains' order."""
    return [vertices(steps) for steps in steps_of(rows, contracted(rows))]


def walked(rows: list[Segment]) -> list[Path]:
    """Walk every chain with nothing but a list of neighbours; each from its lower end."""
    around: dict[int, list[Segment]] = defaultdict(list)
    for number, (a, b, forward, backward) in enumerate(rows):
        around[a].append((number, b, forward, backward))
        around[b].append((number, a, backward, forward))

    def passes(vertex: int) -> bool:
        if len(around[vertex]) != 2:
            return False
        (_, _, *one), (_, _, *two) = around[vertex]
        return one == two[::-1]

    left = set(range(len(rows)))

    def walk(vertex: int) -> Iterator[Path]:
        for number, head, *_ in around[vertex]:
            if number not in left:
                continue
            left.remove(number)
            path, last = [vertex, head], number
            while passes(path[-1]) and path[-1] != vertex:
                last, onward = next(way[:2] for way in around[path[-1]] if way[0] != last)
                left.remove(last)
                path.append(onward)
            yield min(tuple(path), tuple(path[::-1]))

    found = [path for vertex in sorted(around) if not passes(vertex) for path in walk(vertex)]
    # what is left are rings without a junction; each begins at its lowest vertex
    return sorted(found + [path for vertex in sorted(around) for path in walk(vertex)])


@settings(max_examples=200)
@given(segments)
def test_chains_are_those_of_a_plain_walk(rows: list[Segment]) -> None:
    assert sorted(paths_of(rows)) == walked(rows)


@given(segments, st.randoms(use_true_random=False))
def test_shuffled_and_flipped_segments_give_the_same_chains(
    rows: list[Segment], random: Random
) -> None:
    other = [
        (b, a, back, on) if random.random() < 0.5 else (a, b, on, back) for a, b, on, back in rows
    ]
    random.shuffle(other)
    assert paths_of(other) == paths_of(rows)


@given(segments)
def test_every_segment_is_in_one_chain_and_the_way_stays_open(rows: list[Segment]) -> None:
    found = contracted(rows)
    assert sorted(found.order.tolist()) == list(range(len(rows)))
    for steps, start, end in zip(steps_of(rows, found), found.start, found.end, strict=True):
        assert (steps[0][0], steps[-1][1]) == (start, end)
        assert all(one[1] == two[0] for one, two in pairwise(steps))
        assert len({(forward, backward) for _, _, forward, backward in steps}) == 1


def ring(*path: int, ways: tuple[bool, bool] = BOTH) -> list[Segment]:
    """Give the segments along a path."""
    return [(a, b, *ways) for a, b in pairwise(path)]


def test_a_ring_without_a_junction_begins_at_its_lowest_vertex_towards_the_lower_neighbour() -> (
    None
):
    assert paths_of(ring(7, 3, 5, 4, 7)) == [(3, 5, 4, 7, 3)]


def test_two_rings_stay_two() -> None:
    assert paths_of(ring(7, 3, 5, 7) + ring(8, 9, 2, 8)) == [(2, 8, 9, 2), (3, 5, 7, 3)]


def test_a_figure_eight_is_two_loops_at_its_waist() -> None:
    assert paths_of(ring(5, 1, 2, 5) + ring(5, 8, 9, 5)) == [(5, 1, 2, 5), (5, 8, 9, 5)]


def test_parallel_chains_stay_apart() -> None:
    # two ways from 0 to 9, joined by a stub at each end so that both are junctions
    rows = ring(0, 1, 9) + ring(0, 2, 9) + ring(0, 5) + ring(9, 6)
    assert paths_of(rows) == [(0, 5), (0, 1, 9), (0, 2, 9), (6, 9)]


def test_a_loop_hangs_on_its_junction() -> None:
    assert paths_of(ring(0, 4, 6, 8, 4)) == [(0, 4), (4, 6, 8, 4)]


def test_a_one_way_change_breaks_a_chain() -> None:
    assert paths_of(ring(0, 1, 2) + ring(2, 3, ways=ALONG)) == [(0, 1, 2), (2, 3)]
    # two one-way segments that meet head on do not run on either
    assert paths_of([(0, 1, *ALONG), (1, 2, *AGAINST)]) == [(0, 1), (1, 2)]
    # drawn against each other they run one way all the same
    assert paths_of([(0, 1, *ALONG), (2, 1, *AGAINST)]) == [(0, 1, 2)]


def test_a_ring_with_one_one_way_piece_breaks_at_that_piece() -> None:
    assert paths_of(ring(0, 1, 2, 3) + ring(3, 0, ways=ALONG)) == [(0, 1, 2, 3), (0, 3)]


def test_a_long_chain_keeps_its_order() -> None:
    there = np.random.default_rng(1).permutation(1000).tolist()
    path = (there, there[::-1])[there[0] > there[-1]]
    assert paths_of(ring(*there)) == [tuple(path)]
