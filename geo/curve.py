"""Hilbert's curve: points that are near each other in the plane come near each other in order."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_LEVEL = 16  # halvings of the square: its sides have 65,536 cells
_STEP = 4  # halvings looked up at once


def along_a_curve(x: Floats, y: Floats) -> Ints:
    """Give the rows of points in the order in which the curve comes by; in one cell, as they come.

    The curve is laid over the box around all points.
    """
    across, up = _cells(x), _cells(y)
    place, turned = np.zeros(x.size, np.uint32), np.zeros(x.size, np.uint16)
    digits, turns = _table()
    for shift in range(_LEVEL - _STEP, -1, -_STEP):
        mask = (1 << _STEP) - 1
        quarter = (
            (turned << 2 * _STEP) | (((across >> shift) & mask) << _STEP) | (up >> shift) & mask
        )
        place = (place << 2 * _STEP) | digits[quarter]
        turned = turns[quarter]
    return np.argsort(place, kind="stable")


def _cells(at: Floats) -> NDArray[np.uint16]:
    """Give the row or column of cells in which points lie."""
    if at.size == 0 or (width := at.max() - at.min()) == 0:
        return np.zeros(at.size, np.uint16)
    whole = (1 << _LEVEL) - 1
    cells: NDArray[np.uint16] = np.clip((at - at.min()) * (whole / width), 0, whole).astype("u2")
    return cells


@cache
def _table() -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """Give how far along a square the curve comes by each of its cells, and how it is turned there.

    Both by how the curve is turned in the square (bit 0: the corners are swapped over the diagonal,
    bit 1: over both axes), then by column and row.
    """
    side = 1 << _STEP
    digits, turns = np.zeros((4, side, side), np.uint32), np.zeros((4, side, side), np.uint16)
    for turned, across, up in np.ndindex(digits.shape):
        state, place = turned, 0
        for bit in reversed(range(_STEP)):
            right, high = across >> bit & 1, up >> bit & 1
            if state & 1:
                right, high = high, right
            if state & 2:
                right, high = 1 - right, 1 - high
            place = place << 2 | ((3 * right) ^ high)
            if not high:
                state ^= 3 if right else 1
        digits[turned, across, up], turns[turned, across, up] = place, state
    return digits.ravel(), turns.ravel()
