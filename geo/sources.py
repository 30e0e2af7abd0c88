"""From which facility, and how long: found from least times alone, compiled.

An arc is on an earliest way if the times of its ends differ by what it takes. Back along such arcs
every node asked for finds the facility of the lowest number and the shortest way from there; what
one finds is known to all who come after.

A note is two numbers for a node: its time, a bit that tells whether the rest is still OPEN, and the
facility's number, in one; then the micrometres from there. Of two notes of one time, the lesser is
the better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.compiled import compiled
from geo.keys import RANK_BITS, UNREACHED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Shorts = NDArray[np.int32]

NOTE_BITS = RANK_BITS + 1
OPEN = 1 << RANK_BITS
NOBODY = OPEN - 1  # the number of no facility


class Turned(NamedTuple):
    """A graph in rows of heads: every arc's tail beside its milliseconds, and its micrometres."""

    first: Ints
    arc: Shorts
    um: Ints


@compiled
def turned(first: Ints, head: Shorts, ms: Ints, um: Ints, most: int) -> Turned:
    """Turn a graph; see Graph. No arc takes more than ``most`` milliseconds."""
    begins = np.zeros(first.size + 1, np.int64)
    for each in head:
        begins[each + 2] += 1
    for node in range(2, begins.size):
        begins[node] += begins[node - 1]
    arcs, length = np.empty((head.size, 2), np.int32), np.empty_like(um)
    for node in range(first.size - 1):
        for arc in range(first[node], first[node + 1]):
            at = begins[head[arc] + 1]
            begins[head[arc] + 1] += 1
            arcs[at, 0], arcs[at, 1], length[at] = node, min(ms[arc], most), um[arc]
    return Turned(begins[:-1], arcs, length)


@compiled
def trace(back: Turned, note: Ints, at: Ints, limit_ms: int) -> None:
    """Find facility and length of nodes reached up to a limit; seeds are in their open notes."""
    first, arcs, um = back
    waits = np.empty(2 * um.size + first.size, np.int32)
    for asked in at:
        waits[0] = asked
        depth = int(note[asked, 0] >> NOTE_BITS <= limit_ms)
        while depth > 0:
            node = waits[depth - 1]
            if not note[node, 0] & OPEN:
                depth -= 1
                continue
            best, far, time = note[node, 0] - OPEN, note[node, 1], note[node, 0] >> NOTE_BITS
            before, level = depth, False
            for arc in range(first[node], first[node + 1]):
                came, ms = arcs[arc, 0], np.int64(arcs[arc, 1])
                one = note[came, 0] + (ms << NOTE_BITS)
                if one >> NOTE_BITS != time:
                    continue
                if one & OPEN:
                    level |= ms == 0
                    waits[depth] = came
                    depth += 1
                elif one < best or (one == best and note[came, 1] + um[arc] < far):
                    best, far = one, note[came, 1] + um[arc]
            if level:
                depth = _trace_level(back, note, waits, before)
            elif depth == before:
                note[node, 0], note[node, 1] = best, far


@compiled
def told(note: Ints, at: Ints, limit_ms: int) -> Ints:
    """Give the keys of some nodes and the lengths, as far as a limit."""
    found = np.empty((2, at.size), np.int64)
    for i in range(at.size):
        time = note[at[i], 0] >> NOTE_BITS
        if time > limit_ms:
            found[0, i], found[1, i] = UNREACHED, 0
        else:
            found[0, i] = (time << RANK_BITS) | (note[at[i], 0] & NOBODY)
            found[1, i] = note[at[i], 1]
    return found


@compiled
def _trace_level(back: Turned, note: Ints, waits: Shorts, depth: int) -> int:
    """Find facility and length of the node on top and all from which it is no time away.

    If one of them waits for an earlier node, that is put on top instead. Gives how many wait.
    """
    first, arcs, before = back.first, back.arc, depth
    level = [waits[depth - 1]]
    for node in level:
        for arc in range(first[node], first[node + 1]):
            came, ms = arcs[arc, 0], np.int64(arcs[arc, 1])
            one = note[came, 0] + (ms << NOTE_BITS)
            if not one & OPEN or (one ^ note[node, 0]) >> NOTE_BITS:
                continue
            if ms > 0:
                waits[depth] = came
                depth += 1
            elif came not in level:
                level.append(came)
    if depth == before:
        while _improve(back, note, level):
            pass
        for node in level:
            note[node, 0] -= OPEN
    return depth


@compiled
def _improve(back: Turned, note: Ints, level: list[np.int32]) -> bool:
    """Better the open notes of nodes by those before them; tell whether any became better."""
    better = False
    for node in level:
        for arc in range(back.first[node], back.first[node + 1]):
            came, ms = back.arc[arc, 0], np.int64(back.arc[arc, 1])
            one, far = (note[came, 0] + (ms << NOTE_BITS)) | OPEN, note[came, 1] + back.um[arc]
            if (one ^ note[node, 0]) >> NOTE_BITS or one & NOBODY == NOBODY:
                continue
            if one < note[node, 0] or (one == note[node, 0] and far < note[node, 1]):
                note[node, 0], note[node, 1] = one, far
                better = True
    return better
