"""Streets of any source made fit for a network: single lines with length, ids, known classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from layers.check import ROWS_TOLD, nearest
from layers.schema import STREETS
from layers.streets import explode_streets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.check import Findings
    from layers.project import Mode


def finish_streets(
    streets: gpd.GeoDataFrame, modes: Mapping[str, Mode], findings: Findings
) -> gpd.GeoDataFrame:
    """Give numbered single lines, without repeated vertices and without those of no length."""
    streets = streets[[*(column.name for column in STREETS.columns), "geometry"]]
    streets = streets.assign(
        street_id=_numbered(streets["street_id"]),
        speed_kmh=streets["speed_kmh"].where(streets["speed_kmh"] > 0),
    )
    single = explode_streets(streets[streets.geometry.notna()])
    single = single.set_geometry(
        gpd.GeoSeries(
            shapely.remove_repeated_points(single.geometry.to_numpy()), single.index, crs=single.crs
        )
    )
    short = single.length.eq(0)
    if short.any():
        findings.tell("no_length", fatal=False, count=str(int(short.sum())))
    _tell_classes(single["class"], modes, findings)
    if short.all():
        findings.tell("no_usable_street")
    return single[~short]


def _numbered(ids: pd.Series[Any]) -> pd.Series[Any]:
    """Give the ids, or where there are none at all the number of the row, equally long."""
    if ids.notna().any():
        return ids
    rows = pd.Series(ids.index.astype(str), index=ids.index, dtype=object)
    return rows.str.zfill(len(str(ids.index.max()))).astype(object)


def _tell_classes(classes: pd.Series[Any], modes: Mapping[str, Mode], findings: Findings) -> None:
    """Tell classes that no mode knows; no street of them can be used."""
    known = sorted({name for mode in modes.values() for name in (*mode.classes, *mode.closed)})
    unknown = classes[classes.notna() & ~classes.isin(known)]
    counts = unknown.value_counts() if known else unknown.iloc[:0]
    fatal = len(unknown) == len(classes)
    for value, count in counts.iloc[:ROWS_TOLD].items():
        alike = nearest(str(value), known)
        findings.tell(
            "unknown_class",
            column="class",
            value=value,
            fatal=fatal,
            count=str(count),
            nearest=alike,
        )
    more = counts.iloc[ROWS_TOLD:].sum()
    if more:
        findings.tell("and_more", column="class", fatal=fatal, count=str(more))
