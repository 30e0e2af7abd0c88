"""The relief of the ground as a small grey raster of the page, shaded by a light in the northwest.

Cells are squares of web Mercator, so that the browser lays the raster down without a projection.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import Transformer

from layers.elevation import heights_at
from maps.shapes import EQUATOR_METRES, MERCATOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.study import Study
    from maps.packed import Columns
    from maps.shapes import Grid

    Floats = NDArray[np.float64]
    Json = dict[str, Any]

MOST_CELLS = 360  # along one side
LEVELS = 32  # of grey, from shadow to light; flat ground is in the middle
_LIGHT_FROM = math.radians(315)  # northwest, as maps are lit
_LIGHT_HEIGHT = math.radians(45)
_EXAGGERATED = 3.0  # heights, so that hills are seen


def add_relief(columns: Columns, study: Study, grid: Grid) -> Json | None:
    """Add the shade of the ground, row by row from the northwest; None where there is no relief."""
    heights, units = study.area.relief, study.area.units
    if heights is None:
        return None
    west, south, east, north = units.to_crs(MERCATOR).total_bounds.tolist()
    side = max(east - west, north - south, 1.0) / MOST_CELLS
    width, height = (max(2, math.ceil(span / side)) for span in (east - west, north - south))
    x, y = np.meshgrid(
        west + (np.arange(width) + 0.5) * side, north - (np.arange(height) + 0.5) * side
    )
    there, degrees = (
        Transformer.from_crs(MERCATOR, crs, always_xy=True).transform(x.ravel(), y.ravel())
        for crs in (study.area.crs, "EPSG:4326")
    )
    found = heights_at(heights, np.column_stack(there), study.area.crs)
    metres = side * math.cos(math.radians(degrees[1].mean()))  # Mercator stretches
    light = shade(found.reshape(height, width), metres)
    columns.whole("relief/shade", np.rint((light + 1) / 2 * LEVELS), steps=True)
    scale, half = 2.0**grid.bits / EQUATOR_METRES, 2.0 ** (grid.bits - 1)
    box = [west, north, west + width * side, north - height * side]
    steps = [half + value * scale * (1 if at % 2 == 0 else -1) for at, value in enumerate(box)]
    return {"width": width, "height": height, "levels": LEVELS, "box": steps}


def shade(heights: Floats, metres: float) -> Floats:
    """Give how much lighter (up to 1) or darker (down to -1) ground is than flat ground.

    ``heights`` from the northwest, row by row, in cells of so many metres; 0 where unknown. The
    light is a lamp's on a matt surface (Lambert), halfway up in the northwest.

    >>> slope = np.tile(np.arange(3.0) * 2, (3, 1))  # rises gently eastward, towards the shadow
    >>> bool((shade(slope, 10.0) > 0).all()), bool((shade(slope[:, ::-1], 10.0) < 0).all())
    (True, True)
    """
    southward, eastward = np.gradient(heights * _EXAGGERATED, metres)
    flat = math.sin(_LIGHT_HEIGHT)
    toward_light = eastward * math.sin(_LIGHT_FROM) - southward * math.cos(_LIGHT_FROM)
    lit = (flat - math.cos(_LIGHT_HEIGHT) * toward_light) / np.sqrt(1 + eastward**2 + southward**2)
    found = np.where(lit > flat, (lit - flat) / (1 - flat), (lit - flat) / flat)
    light: Floats = np.nan_to_num(np.clip(found, -1, 1))
    return light
