"""Straight bits of street, and where on them a point is nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]
    Numbers = NDArray[np.integer[Any]]

_NOWHERE = 1e12


class Stretches(NamedTuple):
    """Bits of street: a spot, the way on (of length 1), how far it goes back (negative) and on."""

    x: Floats
    y: Floats
    east: Floats
    north: Floats
    behind: Floats
    ahead: Floats

    def nearest(self, which: Numbers, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Give how far points are from the stretches of some numbers, and where along them."""
        east, north = self.east[which], self.north[which]
        dx, dy = x - self.x[which], y - self.y[which]
        along = dx * east + dy * north
        along = np.minimum(np.maximum(along, self.behind[which]), self.ahead[which])
        return np.hypot(dx - along * east, dy - along * north), along

    def seen_from(self, which: Numbers, origin: tuple[float, float], unit: float) -> Stretches:
        """Give some of them measured from an origin, in other units and single precision."""
        x, y, east, north, *ends = (each[which] for each in self)
        moved = ((x - origin[0]) / unit, (y - origin[1]) / unit, east, north)
        return Stretches(
            *(each.astype(np.float32) for each in (*moved, *(end / unit for end in ends)))
        )

    def with_nowhere(self) -> Stretches:
        """Give them with one more behind them that is far from everywhere."""
        more = (_NOWHERE, _NOWHERE, 1.0, 0.0, 0.0, 0.0)
        return Stretches(*(np.append(each, end) for each, end in zip(self, more, strict=True)))
