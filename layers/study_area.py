"""The checked layers of one study, bundled: one CRS, one datum, whole centimetres."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from layers.errors import Problem
    from layers.plan import Plan


@dataclass(frozen=True)
class InputFile:
    """One file that was read: its path inside the project folder, size and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class StudyArea:
    """What is there. Frames are those of ``layers.schema``, sorted by key, in the study CRS.

    ``streets`` is None where the study has none: distances are then straight lines.
    ``townships`` may be empty. ``registers`` is None where the study keeps none; the ledger of
    units is not among them: its columns stand in ``units``. ``problems`` are those that did not
    stop the study. ``dead_ends`` are ends of streets near a street they do not touch, as points:
    street_id, metres to it.
    ``names`` has a row for every unit that a file names in words, and how it was found:
    ``layers.unit_names.REVIEW_COLUMNS``. ``candidates`` are places where one could build and
    ``excluded`` areas where one must not, each row with the name of its ``layer``.
    ``plan`` is the what-if that is already in ``facilities``, if any.
    """

    crs: str
    units: gpd.GeoDataFrame
    residences: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame | None
    townships: gpd.GeoDataFrame
    has_elevation: bool = False
    problems: tuple[Problem, ...] = ()
    inputs: tuple[InputFile, ...] = field(default=())
    dead_ends: gpd.GeoDataFrame | None = None
    registers: gpd.GeoDataFrame | None = None
    names: pd.DataFrame | None = None
    plan: Plan | None = None
    candidates: gpd.GeoDataFrame | None = None
    excluded: gpd.GeoDataFrame | None = None
