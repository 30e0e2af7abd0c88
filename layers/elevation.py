"""Heights of streets from an elevation grid, smoothed to what the grid can tell.

A grid of 30 or 90 metres knows nothing of the metres between its cells, so heights are taken at
stations about one cell apart along each street and run straight between them. Bridges and tunnels
do not follow the ground: they run straight between their two ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import rasterio
import rasterio.errors
import shapely
from rasterio import Affine
from rasterio.enums import Resampling

from layers.check import Findings
from layers.crs import PRECISION
from layers.raster import band_of, begun_at, grid_places, stretched, window_under
from layers.read import told_by
from layers.suspect import refuse_disguised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.project import LayerSource

    Floats = NDArray[np.float64]
    Groups = NDArray[np.intp]


@dataclass(frozen=True)
class Grid:
    """The part of an elevation grid under the streets: metres by row and column, NaN for none."""

    heights: Floats
    transform: Affine
    crs: pyproj.CRS


def with_heights(
    streets: gpd.GeoDataFrame,
    elevation: LayerSource,
    crs: str,
    *,
    findings: Findings | None = None,
) -> gpd.GeoDataFrame:
    """Give the streets with the height of every vertex as Z, whole centimetres.

    ``crs`` is that of the streets, in metres; the elevation's own ``crs`` serves a grid that does
    not say it, its ``layer`` names the band of one that has several. A station where the grid has
    no data is filled along its street from the others; a street with none at all is level at 0,
    so that its slope is nothing, and told. Raises LayerError where the file cannot be read, or no
    street lies on it.
    """
    told = findings or Findings(elevation.name)
    grid = read_grid(elevation, streets, crs, findings=told)
    lines = np.asarray(shapely.force_2d(streets.geometry.to_numpy()), dtype=object)
    spans = (streets["bridge"] | streets["tunnel"]).to_numpy(dtype=bool)
    stations, line = _stations(lines, _cell_metres(grid, streets, crs), ~spans)
    heights = _filled(heights_at(grid, _points(lines, stations, line), crs), stations, line)
    bare = len(np.unique(line[np.isnan(heights)]))
    if bare == len(lines):
        told.refuse("elevation_elsewhere", value=elevation.path.name)
    if bare:
        told.tell("no_height", fatal=False, count=str(bare))
    raised = _raised(lines, np.nan_to_num(heights, nan=0.0), stations, line)
    return streets.set_geometry(gpd.GeoSeries(raised, streets.index, crs=streets.crs))


def read_grid(
    elevation: LayerSource,
    frame: gpd.GeoDataFrame,
    crs: str,
    *,
    findings: Findings,
    most: int | None = None,
) -> Grid:
    """Read the part of a grid that lies under a frame; raises LayerError.

    With ``most`` cells are averaged together until no side has more than that many.
    """
    path = elevation.path
    refuse_disguised(path, findings)
    try:
        with rasterio.open(path) as source:
            said = source.crs.to_wkt() if source.crs else elevation.crs
            if said is None:
                findings.refuse("missing_crs", value=path.name)
            own = pyproj.CRS(said)
            to_grid = pyproj.Transformer.from_crs(crs, own, always_xy=True)
            window = window_under(source, to_grid.transform_bounds(*frame.total_bounds))
            if window is None:
                findings.refuse("elevation_elsewhere", value=path.name)
            band = band_of(source, elevation.layer, findings)
            step = max(1.0, max(window.height, window.width) / (most or np.inf))
            shape = (math.ceil(window.height / step), math.ceil(window.width / step))
            read = source.read(
                band, window=window, masked=True, out_shape=shape, resampling=Resampling.average
            ).astype(np.float64)
            begun = begun_at(source.transform, window.col_off, window.row_off)
            transform = stretched(begun, window.width / shape[1], window.height / shape[0])
    except (rasterio.errors.RasterioError, pyproj.exceptions.ProjError) as error:
        findings.refuse("unreadable_file", value=path.name, reason=told_by(error, path))
    return Grid(np.ma.filled(read, np.nan), transform, own)


def _cell_metres(grid: Grid, streets: gpd.GeoDataFrame, crs: str) -> float:
    """Give the side of a cell in metres, where the streets are."""
    west, south, east, north = streets.total_bounds
    there = pyproj.Transformer.from_crs(crs, grid.crs, always_xy=True)
    x, y = there.transform((west + east) / 2, (south + north) / 2)
    step = grid.transform
    right, below = (x + step.a, y + step.d), (x + step.b, y + step.e)
    across, along = np.array([(x, y), right, below]).T
    east_north = np.column_stack(there.transform(across, along, direction="INVERSE"))
    sides = np.hypot(*(east_north[1:] - east_north[0]).T)
    return float(sides.mean())


def _stations(
    lines: NDArray[np.object_], cell: float, follows_ground: NDArray[np.bool_]
) -> tuple[Floats, Groups]:
    """Give metres along the line, and the line, of every station; both ends are stations."""
    length = shapely.length(lines)
    parts = np.where(follows_ground, np.maximum(1, np.rint(length / cell)), 1).astype(np.intp)
    line = np.repeat(np.arange(len(lines)), parts + 1)
    first = np.cumsum(parts + 1) - (parts + 1)
    number = np.arange(len(line)) - first[line]
    return number * (length / parts)[line], line


def _points(lines: NDArray[np.object_], stations: Floats, line: Groups) -> Floats:
    return shapely.get_coordinates(shapely.line_interpolate_point(lines[line], stations))


def heights_at(grid: Grid, points: Floats, crs: str) -> Floats:
    """Give heights between the four nearest cell centres that have one; NaN where none has."""
    there = pyproj.Transformer.from_crs(crs, grid.crs, always_xy=True)
    x, y = there.transform(points[:, 0], points[:, 1])
    column, row = grid_places(grid.transform, np.asarray(x), np.asarray(y))
    height, width = grid.heights.shape
    inside = (column >= 0) & (column <= width) & (row >= 0) & (row <= height)
    if not inside.any():
        return np.full(len(points), np.nan)
    column, row = (np.where(inside, place, 0.0) - 0.5 for place in (column, row))
    left, top = np.floor(column).astype(np.intp), np.floor(row).astype(np.intp)
    total, weight = np.zeros(len(points)), np.zeros(len(points))
    for east in (0, 1):
        for south in (0, 1):
            c, r = left + east, top + south
            share = (1 - np.abs(column - c)) * (1 - np.abs(row - r))
            cell = grid.heights[np.clip(r, 0, height - 1), np.clip(c, 0, width - 1)]
            known = np.isfinite(cell) & (share > 0)
            total += np.where(known, share * np.nan_to_num(cell), 0.0)
            weight += np.where(known, share, 0.0)
    found = np.divide(total, weight, out=np.full(len(points), np.nan), where=weight > 0)
    return np.where(inside, found, np.nan)


def _filled(heights: Floats, stations: Floats, line: Groups) -> Floats:
    """Fill stations without a height along their own line; NaN where the whole line has none."""
    known = ~np.isnan(heights)
    if known.all() or not known.any():
        return heights
    found = pd.Series(np.where(known, heights, np.nan))
    ends = found.groupby(line).agg(["first", "last"])  # of those known
    last = stations[np.append(line[1:] != line[:-1], True)]
    place = np.concatenate([_along(stations, line, last)[known], *_end_places(last)])
    value = np.concatenate([heights[known], ends["first"].to_numpy(), ends["last"].to_numpy()])
    keep = ~np.isnan(value)
    # A known end station comes before the stand-in at the same place, and they agree.
    order = np.argsort(place[keep], kind="stable")
    filled = np.interp(_along(stations, line, last), place[keep][order], value[keep][order])
    empty = ends["first"].isna().to_numpy()[line]
    return np.where(known, heights, np.where(empty, np.nan, filled))


def _raised(
    lines: NDArray[np.object_], heights: Floats, stations: Floats, line: Groups
) -> NDArray[np.object_]:
    """Give the lines with heights that run straight between stations."""
    vertices, owner = shapely.get_coordinates(lines, return_index=True)
    begins = np.diff(owner, prepend=-1) > 0
    step = np.hypot(*np.diff(vertices, axis=0, prepend=vertices[:1]).T)
    run = np.cumsum(np.where(begins, 0.0, step))
    metres = run - run[begins][owner]
    last = stations[np.append(line[1:] != line[:-1], True)]
    z = np.interp(_along(metres, owner, last), _along(stations, line, last), heights)
    return np.asarray(
        shapely.linestrings(np.column_stack([vertices, z.round(PRECISION)]), indices=owner),
        dtype=object,
    )


def _along(metres: Floats, line: Groups, lengths: Floats) -> Floats:
    """Put all lines one after another on one axis, a metre apart."""
    begin = np.concatenate([[0.0], np.cumsum(lengths + 1.0)[:-1]])
    return np.asarray(begin[line] + np.minimum(metres, lengths[line]))


def _end_places(lengths: Floats) -> tuple[Floats, Floats]:
    lines = np.arange(len(lengths))
    return _along(np.zeros(len(lengths)), lines, lengths), _along(lengths, lines, lengths)
