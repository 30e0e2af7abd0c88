"""Coordinate reference systems: known or refused, never guessed; everything to the study's own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from layers.datum import from_wgs84, to_wgs84
from layers.errors import CrsError, Problem
from layers.zones import crs_by_row, false_easting, likely_zone, north_first

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.check import Findings
    from layers.project import LayerSource
    from layers.vocabulary import Datum

    Floats = NDArray[np.float64]
    Geometries = NDArray[np.object_]

PRECISION = 2
"""Decimals of a metre that coordinates keep: whole centimetres."""

WGS84 = pyproj.CRS("EPSG:4326")
_GEOGRAPHIC = {"cgcs2000": pyproj.CRS("EPSG:4490")}
_OLD_DATUMS = ("beijing", "xian", "xi'an")
_OLD_ELLIPSOIDS = ("iag 1975", "iag_1975", "xian_1980", "krasov", "krassow")
_NO_DATUM = ("unknown", "krasov", "krassow", "based on", "not specified", "iag")
_DEGREES = (180.0, 90.0)
_NUMBERED = 1e7  # eastings above it begin with the number of their zone


def study_crs(name: str) -> pyproj.CRS:
    """Give the CRS of a study: projected, in metres. Raises CrsError."""
    crs = parse_crs(name)
    if crs is None:
        code = "unknown_crs"
    elif is_old(crs):
        code = "old_datum"
    elif not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        code = "crs_not_metres"
    else:
        return crs
    raise CrsError(Problem("project.toml", code, column="crs", value=name or None))


def parse_crs(name: str) -> pyproj.CRS | None:
    """Give the CRS that a text names, or None."""
    try:
        return pyproj.CRS(name)
    except pyproj.exceptions.CRSError:
        return None


def is_old(crs: pyproj.CRS) -> bool:
    """Say whether a CRS rests on Beijing 1954 or Xian 1980, whose parameters are secret."""
    geodetic = crs.geodetic_crs
    if geodetic is None or geodetic.datum is None or geodetic.ellipsoid is None:
        return False
    datum, ellipsoid = geodetic.datum.name.lower(), geodetic.ellipsoid.name.lower()
    named = any(old in f"{datum} {geodetic.name.lower()}" for old in _OLD_DATUMS)
    unnamed = any(word in datum for word in _NO_DATUM)
    return named or (unnamed and any(old in ellipsoid for old in _OLD_ELLIPSOIDS))


def layer_crs(
    source: LayerSource,
    said: pyproj.CRS | None,
    bounds: Floats,
    findings: Findings,
) -> pyproj.CRS:
    """Give the CRS of a layer: what the file says, else what project.toml says, else its datum's.

    ``bounds`` are those of each row. Raises LayerError where there is none, where it is refused,
    or where the coordinates are plainly not in it.
    """
    known = said is not None and (said.is_projected or said.is_geographic)
    crs = said if said is not None and known else _declared_crs(source, bounds, findings)
    if not _leads_somewhere(crs):
        findings.refuse("unknown_crs", value=crs.name)
    if is_old(crs):
        findings.refuse("old_datum", value=crs.name)
    fault = _misfit(crs, bounds)
    if fault:
        findings.refuse(fault, value=crs.name)
    return crs


def _leads_somewhere(crs: pyproj.CRS) -> bool:
    """Say whether PROJ can compute with a CRS; a damaged .prj may name one that it cannot."""
    try:
        _transformer(crs, WGS84)
    except pyproj.exceptions.ProjError:
        return False
    return True


def to_study(
    geometries: Geometries, source: pyproj.CRS, *, datum: Datum | None, target: pyproj.CRS
) -> Geometries:
    """Bring geometries (2D) to the study CRS, out of their datum, in whole centimetres.

    Of numbered Gauss-Krüger zones each row is in the zone its easting names.
    """
    found = np.asarray(shapely.force_2d(geometries), dtype=object)
    for rows, crs in crs_by_row(source, shapely.bounds(found)):

        def move(points: Floats, crs: pyproj.CRS = crs) -> Floats:
            x, y = _moved(points[:, 0], points[:, 1], crs, datum=datum, target=target)
            return np.column_stack([x, y]).round(PRECISION)

        found[rows] = shapely.transform(found[rows], move)
    return found


def as_if(points: Floats, crs: pyproj.CRS, *, declared: Datum | None, truly: Datum) -> Floats:
    """Give where points of the study would lie, had their layer been of another datum."""
    lon, lat = change(crs, WGS84, points[:, 0], points[:, 1])
    raw = from_wgs84(lon, lat, declared or "wgs84")
    lon, lat = to_wgs84(*raw, truly)
    return np.column_stack(change(WGS84, crs, lon, lat))


def change(source: pyproj.CRS, target: pyproj.CRS, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Give places of one CRS in another, east first."""
    if source == target:
        return x, y
    east, north = _transformer(source, target).transform(x, y)
    return np.asarray(east), np.asarray(north)


@cache
def _transformer(source: pyproj.CRS, target: pyproj.CRS) -> pyproj.Transformer:
    """Make a transformer, east first, once: that takes longer than to use it."""
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _moved(
    x: Floats, y: Floats, source: pyproj.CRS, *, datum: Datum | None, target: pyproj.CRS
) -> tuple[Floats, Floats]:
    if datum not in ("gcj02", "bd09"):
        return change(source, target, x, y)
    geographic = source.geodetic_crs or WGS84
    lon, lat = to_wgs84(*change(source, geographic, x, y), datum)
    return change(WGS84, target, lon, lat)


def _declared_crs(source: LayerSource, bounds: Floats, findings: Findings) -> pyproj.CRS:
    if source.crs:
        crs = parse_crs(source.crs)
        return crs or findings.refuse("unknown_crs", value=source.crs)
    if _mostly(_swapped(bounds)):
        findings.refuse("swapped_coordinates")
    if not _mostly(_in_degrees(bounds)):
        zone = likely_zone(bounds)
        if zone:
            likely, width = f"EPSG:{zone.crs.to_epsg()}", str(zone.width)
            findings.refuse("missing_zone", likely=likely, width=width, number=str(zone.number))
        findings.refuse("missing_crs")
    if source.datum is None:
        findings.refuse("missing_datum")
    return _GEOGRAPHIC.get(source.datum, WGS84)


def _misfit(crs: pyproj.CRS, bounds: Floats) -> str | None:
    """Name what is plainly wrong with the coordinates of most rows, if anything."""
    if crs.is_geographic:
        if _mostly(_in_degrees(bounds)):
            return None
        return "swapped_coordinates" if _mostly(_swapped(bounds)) else "metres_as_degrees"
    if _mostly(_in_degrees(bounds)):
        return "degrees_as_metres"
    if _mostly(north_first(crs, bounds)):
        return "swapped_coordinates"
    offset = false_easting(crs)
    numbered = bounds[:, 0] > _NUMBERED
    if crs.is_projected and offset and _mostly(numbered != (offset > _NUMBERED)):
        return "zone_prefix"
    return None


def _in_degrees(bounds: Floats) -> NDArray[np.bool_]:
    east, north = _DEGREES
    inside = np.abs(bounds) <= np.array([east, north, east, north])
    return np.asarray(inside.all(axis=1))


def _swapped(bounds: Floats) -> NDArray[np.bool_]:
    """Give rows that are degrees only if the first of their coordinates is the latitude."""
    return _in_degrees(bounds[:, [1, 0, 3, 2]]) & ~_in_degrees(bounds)


def _mostly(rows: NDArray[np.bool_]) -> bool:
    return bool(len(rows)) and float(rows.mean()) > 0.5  # noqa: PLR2004  # more than half
