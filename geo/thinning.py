"""Arcs that no best way takes, because two others are better, left out of a graph; compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.buckets import Roads
from geo.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@compiled
def _by_time(roads: Roads) -> None:
    """Sort the arcs of every tail by time, where they are: rows are short."""
    first, head, ms, um = roads
    for tail in range(first.size - 1):
        for arc in range(first[tail] + 1, first[tail + 1]):
            there, time, length, at = head[arc], ms[arc], um[arc], arc
            while at > first[tail] and ms[at - 1] > time:
                head[at], ms[at], um[at] = head[at - 1], ms[at - 1], um[at - 1]
                at -= 1
            head[at], ms[at], um[at] = there, time, length


@compiled
def _needed(roads: Roads) -> Flags:
    """Say which arcs no two others are better than; arcs of a tail come by time.

    What is better is so strictly, earlier or as early and shorter: no best way is lost, however
    many arcs are not needed.
    """
    first, head, ms, um = roads
    needed = np.ones(head.size, np.bool_)
    spot = np.full(first.size - 1, -1)
    for tail in range(first.size - 1):
        low, high = first[tail], first[tail + 1]
        for arc in range(low, high):
            spot[head[arc]] = arc
        for one in range(low, high):
            over = head[one]
            for two in range(first[over], first[over + 1]):
                time = ms[one] + ms[two]
                if time > ms[high - 1]:
                    break
                arc = spot[head[two]]
                if arc >= 0 and (
                    time < ms[arc] or (time == ms[arc] and um[one] + um[two] < um[arc])
                ):
                    needed[arc] = False
        for arc in range(low, high):
            spot[head[arc]] = -1
    return needed


def thinned(roads: Roads) -> Roads:
    """Give a graph without the arcs that are not needed; no two of its arcs join the same nodes."""
    some = Roads(roads.first, roads.head.copy(), roads.ms.copy(), roads.um.copy())
    _by_time(some)
    needed = _needed(some)
    left = np.concatenate(([0], np.cumsum(needed)))[roads.first]
    return Roads(left, some.head[needed], some.ms[needed], some.um[needed])
