"""Between the study's coordinates and the page's steps, as polynomials the browser can work out.

A projection over a county is as smooth as can be: fitted at Chebyshev points of its extent, a
polynomial of moderate degree is closer to it than a millimetre. The page so turns a click into
centimetres of the study CRS without a projection library; what a plan then holds are those whole
centimetres, taken verbatim by Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
from numpy.polynomial import chebyshev
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from maps.shapes import Grid

    Floats = NDArray[np.float64]
    Json = dict[str, Any]

MARGIN = 0.1  # of the extent, on every side: clicks land beyond the borders too
LEAST_METRES = 2000.0  # of half an extent: one village still has room around it
DEGREE = 9


def warps(shapes: gpd.GeoSeries, grid: Grid) -> Json:
    """Give the polynomials ``to_steps`` (from metres of the CRS) and ``to_metres`` (back).

    Each has the middle and the half size of where it holds, and for x and for y the Chebyshev
    coefficients, row by row: ``c[i][j]`` of T_i(u) T_j(v), u and v from -1 to 1.
    """
    west, south, east, north = np.nan_to_num(shapes.total_bounds).tolist()
    middle = np.array([(west + east) / 2, (south + north) / 2])
    half = np.array([(east - west) / 2, (north - south) / 2]) * (1 + 2 * MARGIN)
    half = np.maximum(half, LEAST_METRES)
    nodes = chebyshev.chebpts1(DEGREE + 3)
    u, v = (axis.ravel() for axis in np.meshgrid(nodes, nodes))
    metres = np.column_stack((middle[0] + u * half[0], middle[1] + v * half[1]))
    points = gpd.GeoSeries(gpd.points_from_xy(*metres.T), crs=shapes.crs)
    there = grid.steps(points)
    steps = np.array([(point.x, point.y) for point in there])
    return {"to_steps": _fit(metres, steps), "to_metres": _fit(steps, metres)}


def _fit(source: Floats, target: Floats) -> Json:
    low, high = source.min(axis=0), source.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2
    u, v = ((source - middle) / half).T
    terms = chebyshev.chebvander2d(u, v, [DEGREE, DEGREE])
    # So small a system is solved in a millisecond; threads that wait for one another on processors
    # that have other work may take half a second.
    with threadpool_limits(1, "blas"):
        coefficients, *_ = np.linalg.lstsq(terms, target, rcond=None)
    return {
        "middle": middle.tolist(),
        "half": half.tolist(),
        "degree": DEGREE,
        "x": coefficients[:, 0].tolist(),
        "y": coefficients[:, 1].tolist(),
    }
