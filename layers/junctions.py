"""Streets that do not meet where they should: told always, and joined where it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.columns import to_number
from layers.crossings import Crossings, crossings
from layers.dead_ends import Ways, near_ends
from layers.joining import Joined, join
from layers.vertices import PER_METRE, Vertices, vertices_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from layers.check import Findings
    from layers.project import LayerSource
    from layers.vertices import Ints

    Flags = NDArray[np.bool_]

# A dead end so near to another street (metres) is worth a look; so near, it was likely meant to
# meet it.
_NEAR, _CLOSE = 20, 2
# What a layer looks unjoined by. In OpenStreetMap extracts of four places, which are joined, at
# most 0.3 % of the ends are that close, 7 % that near, and there are 1.2 crossings for 100 streets.
_CLOSE_SHARE, _NEAR_SHARE, _CROSSING_SHARE = 0.01, 0.10, 0.03


@dataclass(frozen=True)
class StreetLayer:
    """One layer of streets: what project.toml says of it, its rows, and where to tell."""

    source: LayerSource
    frame: gpd.GeoDataFrame
    findings: Findings


@dataclass(frozen=True)
class _Suspects:
    """Dead ends, and how far each is from a street it does not touch (cm; NaN for none near)."""

    vertex: Ints
    distance: NDArray[np.float64]


def with_junctions(layers: Sequence[StreetLayer]) -> list[tuple[gpd.GeoDataFrame, pd.DataFrame]]:
    """Give every layer with its ends and crossings joined as asked, and its suspicious dead ends.

    Streets are joined across layers: the ends of one layer to all others too. Dead ends that lie
    near a street they do not touch come as points: street_id, metres, geometry. Whether rows are
    in another order makes no difference. Tells streets_unjoined or streets_joined.
    """
    if not layers:
        return []
    sizes = [len(each.frame) for each in layers]
    of_layer = np.repeat(np.arange(len(layers)), sizes)
    lines = np.concatenate([each.frame.geometry.to_numpy() for each in layers])
    ways = _ways(pd.concat([each.frame for each in layers]))
    before = vertices_of(lines)
    done = _joined(before, ways, layers, of_layer)
    suspects = _suspects(done.vertices, ways)
    left = crossings(done.vertices, ways, np.ones(lines.size, dtype=bool))
    lines = _changed(lines, before, done.vertices)
    for number, layer in enumerate(layers):
        _tell(layer, done, suspects, left, of_layer == number)
    parts = np.split(lines, np.cumsum(sizes)[:-1])
    return [
        (_with_lines(layer.frame, part), _points(layer.frame, done, suspects, of_layer == number))
        for number, (layer, part) in enumerate(zip(layers, parts, strict=True))
    ]


def _ways(streets: pd.DataFrame) -> Ways:
    span = (streets["bridge"] | streets["tunnel"]).to_numpy(dtype=bool)
    level = to_number(streets["layer"]).fillna(0.0)  # what is no number is no level
    return Ways(span, level.to_numpy(dtype=np.float64))


def _joined(
    vertices: Vertices, ways: Ways, layers: Sequence[StreetLayer], of_layer: Ints
) -> Joined:
    metres = np.array([each.source.join_metres for each in layers])
    planarise = np.array([each.source.planarise for each in layers])
    reach = np.floor(metres * PER_METRE + 0.5).astype(np.int64)
    return join(vertices, ways, reach=reach[of_layer], planarise=planarise[of_layer])


def _suspects(vertices: Vertices, ways: Ways) -> _Suspects:
    ends = vertices.dead_ends()
    found = near_ends(vertices, ways, ends, np.full(ends.size, _NEAR * PER_METRE))
    square = np.full(ends.size, np.inf)
    np.minimum.at(square, found.end, found.square)
    return _Suspects(ends, np.sqrt(np.where(np.isinf(square), np.nan, square)))


def _changed(lines: NDArray[np.object_], before: Vertices, after: Vertices) -> NDArray[np.object_]:
    """Give the lines as joined; those that are as they were stay themselves."""
    if after is before:
        return lines
    drawn = after.lines()
    same = shapely.equals_exact(drawn, lines, tolerance=0.0)
    return np.where(same, lines, drawn)


def _with_lines(frame: gpd.GeoDataFrame, lines: NDArray[np.object_]) -> gpd.GeoDataFrame:
    return frame.set_geometry(gpd.GeoSeries(lines, index=frame.index, crs=frame.crs))


def _points(
    frame: gpd.GeoDataFrame, done: Joined, suspects: _Suspects, theirs: Flags
) -> gpd.GeoDataFrame:
    """Give the suspicious dead ends of one layer (flags of lines) as points."""
    line = done.vertices.line[suspects.vertex]
    near = theirs[line] & ~np.isnan(suspects.distance)
    vertex = suspects.vertex[near]
    x, y = done.vertices.x[vertex] / PER_METRE, done.vertices.y[vertex] / PER_METRE
    row = line[near] - np.argmax(theirs)
    table = pd.DataFrame(
        {
            "street_id": frame["street_id"].to_numpy()[row],
            "metres": (suspects.distance[near] / PER_METRE).round(2),
        }
    )
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(x, y), crs=frame.crs)


def _tell(
    layer: StreetLayer, done: Joined, suspects: _Suspects, left: Crossings, theirs: Flags
) -> None:
    distance = suspects.distance[theirs[done.vertices.line[suspects.vertex]]]
    counts = {
        "ends": 2 * int(theirs.sum()),
        "dead": distance.size,
        "near": int((distance <= _NEAR * PER_METRE).sum()),
        "close": int((distance <= _CLOSE * PER_METRE).sum()),
        "crossings": left.places(theirs),
    }
    if layer.source.join_metres or layer.source.planarise:
        joined = {"joined": int(theirs[done.ends].sum()), "crossed": done.crossings.places(theirs)}
        _say(layer.findings, "streets_joined", counts | joined)
    elif _looks_unjoined(counts):
        _say(layer.findings, "streets_unjoined", counts)


def _looks_unjoined(counts: Mapping[str, int]) -> bool:
    ends, streets = counts["ends"], counts["ends"] / 2
    return (
        counts["close"] > _CLOSE_SHARE * ends
        or counts["near"] > _NEAR_SHARE * ends
        or counts["crossings"] > _CROSSING_SHARE * streets
    )


def _say(findings: Findings, code: str, counts: Mapping[str, int]) -> None:
    shown = {name: str(count) for name, count in counts.items()}
    findings.tell(code, row=None, column=None, value=None, fatal=False, **shown)
