"""Distances as whole micrometres between points at whole centimetres.

Centimetres are whole numbers, so that their differences and products are exact; the one square
root and the one product left are rounded by IEEE 754 alike on every machine. The map page takes
the same steps (``maps/panel/distance.js``) and so finds the same number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MICROMETRES = 1_000_000
_CENTIMETRES = 100.0
_MICROMETRES_A_CENTIMETRE = 10_000.0


def rounded(values: Floats) -> Ints:
    """Round to whole numbers, halves up."""
    return np.floor(values + 0.5).astype(np.int64)


def centimetres(metres: Floats) -> Floats:
    """Give metres as whole centimetres, kept as float64."""
    whole: Floats = np.floor(metres * _CENTIMETRES + 0.5)
    return whole


def length_um(dx: Floats, dy: Floats) -> Ints:
    """Give the whole micrometres of a straight line so many centimetres east and north."""
    return rounded(np.sqrt(dx * dx + dy * dy) * _MICROMETRES_A_CENTIMETRE)


def apart_um(x: Floats, y: Floats, to_x: Floats, to_y: Floats) -> Ints:
    """Give the whole micrometres between points in metres, both to the centimetre."""
    return length_um(centimetres(to_x) - centimetres(x), centimetres(to_y) - centimetres(y))
