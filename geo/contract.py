"""Chains of segments between junctions, found without a loop over segments.

Every segment is two half-edges, ``2 s`` from a to b and ``2 s + 1`` back. Where exactly two
segments meet, a half-edge that arrives goes on as the other one that leaves; following that
pointer and doubling it each round ranks every half-edge of every chain in log(n) rounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_MEETING = 2  # half-edges that leave a vertex where a chain runs through


@dataclass(frozen=True)
class Chains:
    """Chains in canonical order, each from its lower end vertex.

    ``order`` lists segments chain by chain, ``flipped`` says whether the chain runs a segment from
    b to a, ``chain`` is the chain of each entry, ``start`` and ``end`` the end vertices.
    """

    order: Ints
    flipped: Flags
    chain: Ints
    start: Ints
    end: Ints

    def along(self, number: Ints) -> Chains:
        """Give the chains in the order of numbers of their ends, those alike as they were."""
        moved = np.lexsort((number[self.end], number[self.start]))
        place = np.empty_like(moved)
        place[moved] = np.arange(moved.size)
        entries = np.argsort(place[self.chain], kind="stable")
        return Chains(
            order=self.order[entries],
            flipped=self.flipped[entries],
            chain=place[self.chain][entries],
            start=self.start[moved],
            end=self.end[moved],
        )


@dataclass(frozen=True)
class Ends:
    """The end vertices of segments and the ways they are open."""

    a: Ints
    b: Ints
    forward: Flags
    backward: Flags

    def tails(self) -> Ints:
        """Give the vertex each half-edge leaves."""
        return np.column_stack((self.a, self.b)).ravel()

    def heads(self) -> Ints:
        """Give the vertex each half-edge reaches."""
        return np.column_stack((self.b, self.a)).ravel()

    def opens(self) -> Flags:
        """Say which half-edges may be travelled."""
        return np.column_stack((self.forward, self.backward)).ravel()


def chains(ends: Ends) -> Chains:
    """Contract degree-2 vertices where both ways are equally open; rings break at their lowest.

    The result depends on the vertices' numbers alone, never on the order of segments.
    """
    follow = _followers(ends, np.empty(0, dtype=np.int64))
    last, count = _rank(follow)
    in_ring = follow[last] != last
    if in_ring.any():
        follow = _followers(ends, _ring_breaks(ends.tails(), follow, in_ring))
        last, count = _rank(follow)
    return _collect(ends, last, count)


def _followers(ends: Ends, breaks: Ints) -> Ints:
    """Give the half-edge that goes on where each one arrives; itself where a chain ends."""
    tails, opens = ends.tails(), ends.opens()
    follow = np.arange(tails.size)
    degree = np.bincount(tails)
    degree[breaks] = 0
    leaving = np.argsort(tails, kind="stable")
    leaving = leaving[degree[tails[leaving]] == _MEETING]
    one, two = leaving[0::2], leaving[1::2]
    alike = (opens[one ^ 1] == opens[two]) & (opens[two ^ 1] == opens[one]) & (one ^ 1 != two)
    one, two = one[alike], two[alike]
    follow[one ^ 1] = two
    follow[two ^ 1] = one
    return follow


def _rank(follow: Ints) -> tuple[Ints, Ints]:
    """Give the last half-edge of each one's chain and how many lie from it to there, both in."""
    jump = follow.copy()
    count = (follow != np.arange(follow.size)).astype(np.int64)
    for _ in range(int(follow.size).bit_length()):
        step = count[jump]
        if not step.any():
            break
        count += step
        jump = jump[jump]
    return jump, count + 1


def _ring_breaks(tails: Ints, follow: Ints, in_ring: Flags) -> Ints:
    """Give the lowest vertex of every ring that has no junction."""
    lowest = tails.copy()
    jump = follow.copy()
    for _ in range(int(follow.size).bit_length()):
        lowest = np.minimum(lowest, lowest[jump])
        jump = jump[jump]
    return np.unique(lowest[in_ring])


def _collect(ends: Ends, last: Ints, count: Ints) -> Chains:
    tails, heads = ends.tails(), ends.heads()
    halves = np.arange(tails.size)
    starts = last[halves ^ 1] ^ 1
    first = np.unique(starts)
    other = last[first] ^ 1
    keys = (tails, heads, halves)
    forward = np.zeros(first.size, dtype=bool)
    same = np.ones(first.size, dtype=bool)
    for key in keys:
        forward |= same & (key[first] < key[other])
        same &= key[first] == key[other]
    first = first[forward]
    first = first[np.lexsort((heads[first], heads[last[first]], tails[first]))]
    number = np.full(tails.size, -1)
    number[last[first]] = np.arange(first.size)
    chain = number[last]
    chosen = np.flatnonzero(chain >= 0)
    chosen = chosen[np.lexsort((-count[chosen], chain[chosen]))]
    return Chains(
        order=chosen >> 1,
        flipped=(chosen & 1).astype(bool),
        chain=chain[chosen],
        start=tails[first],
        end=heads[last[first]],
    )
