"""Layers checked against one another, and filled in with what one tells of another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from layers.datum_check import Claim, tell_datum, tell_datum_by_streets
from layers.extent import extent_of, tell_elsewhere, tell_outside
from layers.facilities import finish_facilities
from layers.junctions import StreetLayer, with_junctions
from layers.names import Gazetteer
from layers.read_layer import combined
from layers.registers import LEDGERS, finish_registers, with_ledger
from layers.residences import finish_residences
from layers.row_numbers import only_counts, with_layer_name
from layers.schema import SCHEMAS
from layers.street_layer import finish_streets
from layers.unit_names import REVIEW_COLUMNS, named_units
from layers.units import finish_units

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyproj

    from layers.check import Findings
    from layers.project import LayerSource, Project, Role


_OF_UNITS = ("residences", "facilities", "registers")
_REFERRED = ("units", "townships")  # other layers name their rows by the id


@dataclass(frozen=True)
class Layer:
    """One layer as far as it was read; ``frame`` is None where it could not be.

    ``counted`` says that its ids are nothing but row numbers.
    """

    source: LayerSource
    path: Path
    findings: Findings
    frame: gpd.GeoDataFrame | None = None
    dead_ends: gpd.GeoDataFrame | None = None
    names: pd.DataFrame | None = None
    counted: bool = False


def finished(layers: Iterable[Layer], project: Project, crs: pyproj.CRS) -> list[Layer]:
    """Give the layers with townships, units, ledgers and networks worked out, and tell problems."""
    layers = [_counted(layer) for layer in layers]
    townships = joined(layers, "townships", crs)
    layers = [_in_townships(layer, townships, project.urban) for layer in layers]
    units = joined(layers, "units", crs)
    if units is not None:
        gazetteer = Gazetteer(units)
        layers = [_named(layer, gazetteer) for layer in layers]
        for layer in layers:
            _tell_place(layer, units, crs)
        _tell_datums(layers, units, crs)
    layers = [_in_units(layer, units, project) for layer in layers]
    registers = joined(layers, "registers", crs)
    if registers is not None:
        layers = [_with_ledger(layer, registers) for layer in layers]
    layers = _with_own_ids(layers)
    _tell_shared_ids(layers)
    return _at_junctions(layers)


def joined(layers: Iterable[Layer], role: Role, crs: pyproj.CRS) -> gpd.GeoDataFrame | None:
    """Give the layers of one role as one frame, None where none could be read."""
    frames = [
        layer.frame for layer in layers if layer.source.role == role and layer.frame is not None
    ]
    return combined(frames, SCHEMAS[role], crs) if frames else None


def dead_ends(layers: Iterable[Layer], crs: pyproj.CRS) -> gpd.GeoDataFrame | None:
    """Give the suspicious dead ends of all streets, None where there are no streets."""
    found = [layer.dead_ends for layer in layers if layer.dead_ends is not None]
    if not found:
        return None
    points = pd.concat(found, ignore_index=True)
    places = points.geometry.get_coordinates()
    order = points.assign(**places).sort_values(["street_id", "x", "y"]).index
    return gpd.GeoDataFrame(points.loc[order].reset_index(drop=True), crs=crs)


def names_review(layers: Iterable[Layer]) -> pd.DataFrame:
    """Give every unit that a layer names in words, and how it was found, layer by layer."""
    found = [layer.names for layer in layers if layer.names is not None and len(layer.names)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=REVIEW_COLUMNS)


def _named(layer: Layer, units: Gazetteer) -> Layer:
    """Give a layer whose rows are of units with the codes of those that are named."""
    if layer.frame is None or layer.source.role not in _OF_UNITS:
        return layer
    frame, names = named_units(layer.frame, units, layer.source, layer.findings)
    return replace(layer, frame=frame, names=names)


def _in_townships(layer: Layer, townships: gpd.GeoDataFrame | None, urban: str) -> Layer:
    if layer.source.role != "units" or layer.frame is None:
        return layer
    frame = finish_units(layer.frame, townships, layer.findings, urban=urban)
    return replace(layer, frame=frame)


def _with_ledger(layer: Layer, registers: gpd.GeoDataFrame) -> Layer:
    if layer.source.role != "units" or layer.frame is None:
        return layer
    return replace(layer, frame=with_ledger(layer.frame, registers))


def _tell_place(layer: Layer, units: gpd.GeoDataFrame, crs: pyproj.CRS) -> None:
    """Tell rows that lie far from the units."""
    role, frame, extent = layer.source.role, layer.frame, extent_of(units)
    if frame is None or extent is None:
        return
    if role in ("units", "residences", "facilities", "candidates"):
        tell_outside(frame, extent, layer.findings, crs=crs)
    if role == "streets":
        tell_elsewhere(frame, extent, layer.findings)


def _tell_datums(layers: list[Layer], units: gpd.GeoDataFrame, crs: pyproj.CRS) -> None:
    """Tell layers that are likely in another datum: places by their units, the rest by streets."""
    drawn = next(layer for layer in layers if layer.source.role == "units" and _has_rows(layer))
    streets = joined(layers, "streets", crs)
    silent = []
    for layer in layers:
        if layer.source.role in _OF_UNITS and _has_rows(layer):
            claim = _claim(layer, crs)
            if not tell_datum(layer.frame, units, claim, _claim(drawn, crs)):
                silent.append((layer, claim))
    if streets is None or streets.empty:
        return
    residences = joined(layers, "residences", crs)
    told = _told(layers, "datum_suspect")
    for layer in layers:
        if (
            layer.source.role == "streets"
            and _has_rows(layer)
            and residences is not None
            and not told
        ):
            claim = _claim(layer, crs)
            tell_datum_by_streets(residences, layer.frame, _claim(drawn, crs), blamed=claim)
    told = told or _told(layers, "datum_of_streets")
    for layer, claim in silent:
        if not told and layer.frame is not None:
            tell_datum_by_streets(layer.frame, streets, claim, blamed=claim)


def _in_units(layer: Layer, units: gpd.GeoDataFrame | None, project: Project) -> Layer:
    frame, findings = layer.frame, layer.findings
    if frame is None:
        return layer
    if layer.source.role == "residences":
        frame = finish_residences(frame, units, findings)
    elif layer.source.role == "facilities":
        frame = finish_facilities(frame, units, project.all_categories(), findings)
    elif layer.source.role == "registers":
        frame = finish_registers(frame, units, findings)
    elif layer.source.role == "streets":
        frame = finish_streets(frame, project.modes, findings)
    return replace(layer, frame=frame)


def _at_junctions(layers: list[Layer]) -> list[Layer]:
    """Give the layers with streets joined as asked, and their suspicious dead ends."""
    streets = [
        (number, StreetLayer(layer.source, layer.frame, layer.findings))
        for number, layer in enumerate(layers)
        if layer.source.role == "streets" and layer.frame is not None and _has_rows(layer)
    ]
    layers = list(layers)
    found = with_junctions([layer for _, layer in streets])
    for (number, _), (frame, dead_ends) in zip(streets, found, strict=True):
        layers[number] = replace(layers[number], frame=frame, dead_ends=dead_ends)
    return layers


def _told(layers: list[Layer], code: str) -> bool:
    return any(each.code == code for layer in layers for each in layer.findings.problems)


def _claim(layer: Layer, crs: pyproj.CRS) -> Claim:
    return Claim(layer.source.datum, crs, layer.findings)


def _has_rows(layer: Layer) -> bool:
    return layer.frame is not None and len(layer.frame) > 0


def _counted(layer: Layer) -> Layer:
    """Say of a layer whether its ids only count its rows, before any row of it is left out."""
    role, frame = layer.source.role, layer.frame
    if frame is None or role not in SCHEMAS or role in _REFERRED:
        return layer
    ids = frame.get(SCHEMAS[role].key)
    return layer if ids is None else replace(layer, counted=only_counts(ids, layer.findings))


def _with_own_ids(layers: list[Layer]) -> list[Layer]:
    """Give layers whose ids are row numbers that another layer of the role has too their name."""
    roles = Counter(layer.source.role for layer in layers)
    several = [layer for layer in layers if roles[layer.source.role] > 1]
    used = Counter((layer.source.role, each) for layer in several for each in set(_ids(layer)))
    shared = {each for each, number in used.items() if number > 1}
    return [_named_rows(layer, shared) if layer.counted else layer for layer in layers]


def _named_rows(layer: Layer, shared: set[tuple[Role, object]]) -> Layer:
    role, ids = layer.source.role, _ids(layer)
    if layer.frame is None or not any((role, each) in shared for each in ids):
        return layer
    key = SCHEMAS[role].key
    column = layer.frame[key].astype(object)
    column[ids.index] = with_layer_name(column[ids.index], layer.findings)
    return replace(layer, frame=layer.frame.assign(**{key: column}))


def _ids(layer: Layer) -> pd.Series[Any]:
    """Give what no other row of the role may be called, by row; none of ledgers of places.

    Registers share no ids within a kind; the ledgers of one place are one row.
    """
    role, frame = layer.source.role, layer.frame
    key = SCHEMAS[role].key if role in SCHEMAS else ""
    if frame is None or key not in frame:
        return pd.Series(dtype=object)
    rows = frame.dropna(subset=key)
    if role == "registers":
        rows = rows[~rows["kind"].isin(LEDGERS)]
    unique = list(SCHEMAS[role].sorted_by)
    return pd.Series([tuple(row) for row in rows[unique].to_numpy()], rows.index, dtype=object)


def _tell_shared_ids(layers: list[Layer]) -> None:
    """Tell ids of one layer that another layer of the same role has already."""
    taken: dict[str, set[object]] = {}
    roles = Counter(layer.source.role for layer in layers)
    for layer in (each for each in layers if roles[each.source.role] > 1):
        ids = _ids(layer)
        if layer.frame is None or ids.empty:
            continue
        earlier = taken.setdefault(layer.source.role, set())
        double = ids.index[ids.map(earlier.__contains__).astype(bool)]
        key = SCHEMAS[layer.source.role].key
        layer.findings.tell_rows("shared_id", layer.frame.loc[double, key], column=key)
        earlier.update(ids)
