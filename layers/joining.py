"""Lines joined where they ought to meet: at their ends, and where they cross.

Only an end that meets nothing is moved, and once it meets a line it stays: so nothing moves
twice, nothing moves farther than its tolerance, and joining once is joining for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from layers.crossings import Crossings, crossings
from layers.dead_ends import Nearby, back_along, near_ends

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.dead_ends import Ways
    from layers.vertices import Ints, Vertices

    Flags = NDArray[np.bool_]

Rows = TypeVar("Rows", Nearby, Crossings)

# Rounding a crossing to a centimetre can make another one beside it; so often at the very most.
_ROUNDS = 1000


@dataclass(frozen=True)
class Joined:
    """Lines joined: the line of each end that was moved, and the crossings that got vertices."""

    vertices: Vertices
    ends: Ints
    crossings: Crossings


def join(vertices: Vertices, ways: Ways, *, reach: Ints, planarise: Flags) -> Joined:
    """Join the dead ends of lines to what lies within their reach, and lines where they cross.

    ``reach`` (cm; 0 for none) and ``planarise`` say of every line whether its ends are joined,
    and whether it gets a vertex at crossings. Bridges and tunnels are joined at their ends only.
    """
    moved: list[Ints] = []
    crossed: list[Crossings] = []
    for _ in range(_ROUNDS):
        vertices, lines = _ends_joined(vertices, ways, reach)
        moved.append(lines)
        if lines.size:
            continue
        missing = crossings(vertices, ways, planarise)
        crossed.append(missing)
        if not missing.segment.size:
            break
        vertices = vertices.inserted(missing.segment, missing.x, missing.y)
    return Joined(vertices, np.concatenate(moved), _together(*crossed))


def _ends_joined(vertices: Vertices, ways: Ways, reach: Ints) -> tuple[Vertices, Ints]:
    """Move ends for one round, and say of which lines; none where none is left to move."""
    ends = vertices.dead_ends()
    ends = ends[reach[vertices.line[ends]] > 0]
    found = near_ends(vertices, ways, ends, reach[vertices.line[ends]])
    found = found.rows(~_collapsing(vertices, ends[found.end], found))
    moves = _one_of_short(vertices, ends, reach, _moves(vertices, ends, found))
    hinges = found.rows(~found.is_end & _same_place(found, moves, ends.size))
    hinges = hinges.rows(~_at_corner(vertices, hinges))
    line = vertices.line[ends[moves.end]]
    last = ends[moves.end] > vertices.first[line]
    vertices = vertices.inserted(hinges.at, hinges.x, hinges.y)
    vertex = np.where(last, vertices.first[line + 1] - 1, vertices.first[line])
    return vertices.moved(vertex, moves.x, moves.y), line


def _collapsing(vertices: Vertices, end: Ints, found: Nearby) -> Flags:
    """Say which moves would leave a line without length."""
    line = vertices.line[end]
    first, last = vertices.first[line], vertices.first[line + 1] - 1
    other = np.where(end == first, last, first)
    back = (vertices.x[other] == found.x) & (vertices.y[other] == found.y)
    return np.asarray(back & (last - first == 1))


def _moves(vertices: Vertices, ends: Ints, found: Nearby) -> Nearby:
    """Give the moves to make now; none is to an end that itself moves.

    The nearest line takes an end in where it runs through. Otherwise the end goes to an end that
    stays where it is, or if all around are loose, where they gather: at one place of a junction.
    """
    through = _onto_through_lines(found)
    rest = found.rows(found.is_end & ~np.isin(found.end, through.end))
    loose = np.full(vertices.x.size, -1)
    loose[ends] = np.arange(ends.size)
    fixed = _first(rest.rows(loose[rest.at] < 0))
    moving = np.concatenate([through.end, fixed.end])
    rest = rest.rows((loose[rest.at] >= 0) & ~np.isin(rest.end, moving))
    rest = rest.rows(~np.isin(loose[rest.at], moving))
    return _together(through, fixed, _gathered(vertices, ends, rest, loose[rest.at]))


def _onto_through_lines(found: Nearby) -> Nearby:
    """Give the moves of ends whose nearest line has no end within their reach."""
    nearest = _first(found)
    width = found.line.max(initial=0) + 1
    on_it = found.rows(_same_place(found, nearest, found.end.max(initial=-1) + 1))
    ending = found.rows(found.is_end)
    at_its_end = np.isin(on_it.end * width + on_it.line, ending.end * width + ending.line)
    return nearest.rows(~np.isin(nearest.end, on_it.end[at_its_end]))


def _gathered(vertices: Vertices, ends: Ints, found: Nearby, target: Ints) -> Nearby:
    """Give the moves of loose ends to those with the most loose ends around them."""
    around = np.bincount(target, minlength=ends.size)
    order = np.lexsort((vertices.y[ends], vertices.x[ends], -around))
    rank = np.empty(ends.size, dtype=np.int64)
    rank[order] = np.arange(ends.size)
    for value in (rank, -rank):  # the other way about where the better place cannot be moved to
        stays = np.ones(ends.size, dtype=bool)
        stays[found.end[value[target] < value[found.end]]] = False
        moves = found.rows(stays[target] & ~stays[found.end])
        if moves.end.size:
            break
    return _first(moves)


def _together(*rows: Rows) -> Rows:
    columns = zip(*(vars(each).values() for each in rows), strict=True)
    return type(rows[0])(*(np.concatenate(parts) for parts in columns))


def _first(found: Nearby) -> Nearby:
    """Give the nearest point of every end; of equally near ones the lowest."""
    ordered = found.rows(np.lexsort((found.y, found.x, found.square, found.end)))
    return ordered.rows(np.unique(ordered.end, return_index=True)[1])


def _one_of_short(vertices: Vertices, ends: Ints, reach: Ints, moves: Nearby) -> Nearby:
    """Leave out the longer move of a line so short that one of its ends joins the other as well."""
    at = ends[moves.end]
    ordered = moves.rows(np.lexsort((vertices.y[at], vertices.x[at], moves.square)))
    line = vertices.line[ends[ordered.end]]
    first = np.zeros(line.size, dtype=bool)
    first[np.unique(line, return_index=True)[1]] = True
    long = vertices.along[vertices.first[line + 1] - 1] > back_along(reach[line])
    return ordered.rows(first | long)


def _same_place(found: Nearby, moves: Nearby, ends: int) -> Flags:
    """Say which points are those that their ends move to."""
    place = np.full((2, ends), np.iinfo(np.int64).min)
    place[:, moves.end] = moves.x, moves.y
    x, y = place[:, found.end]
    return np.asarray((x == found.x) & (y == found.y))


def _at_corner(vertices: Vertices, found: Nearby) -> Flags:
    a, b = found.at, found.at + 1
    at_a = (vertices.x[a] == found.x) & (vertices.y[a] == found.y)
    at_b = (vertices.x[b] == found.x) & (vertices.y[b] == found.y)
    return np.asarray(at_a | at_b)
