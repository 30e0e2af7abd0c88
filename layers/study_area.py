"""The checked layers of one study, bundled: one CRS, one datum, whole centimetres."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from layers.elevation import Grid
    from layers.errors import Problem
    from layers.plan import Plan
    from layers.shelf import Shelf


@dataclass(frozen=True)
class InputFile:
    """One file that was read: its path inside the project folder, size and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Islands:
    """The connected pieces of one mode's streets, numbered once for a whole of many tiles.

    ``number`` is by street_id, ``metres`` the length of each piece by its number; pieces are
    numbered by the lowest street_id on them.
    """

    number: pd.Series[int]
    metres: NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """What one tile takes from the whole, of a mode that was measured on the whole.

    nearest  residence_id, category, facility_id, milliseconds, metres: reachable pairs only
    pairs    residence_id, facility_id, milliseconds, micrometres: within the catchments of what
             has a known capacity in the tile
    stands   category, x, y, island (-1 off the network): every facility of the whole
    """

    nearest: pd.DataFrame
    pairs: pd.DataFrame
    stands: pd.DataFrame


@dataclass(frozen=True)
class Around:
    """What a tile knows of the whole it was cut from.

    ``streets`` are its own, without those of the land around; ``neighbours`` the ids of its
    facilities that lie in other tiles, ``elsewhere`` (category, x, y) where those too far to be
    in it stand. ``islands`` and ``answers`` are by mode.
    """

    streets: gpd.GeoDataFrame | None

    neighbours: frozenset[str]
    elsewhere: pd.DataFrame
    islands: Mapping[str, Islands]
    answers: Mapping[str, Answers]


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
    ``plan`` is the what-if that is already in ``facilities``, if any, and ``closed`` are the
    categories of what it closes: known, even if nothing of them is left. ``around`` is what a tile
    knows of its whole, None for a study that stands alone. ``relief`` are coarse heights of the
    ground over the units, and ``water`` rivers and lakes, for the map's background alone. ``shelf``
    is where networks of its streets may have been kept by another run.
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
    closed: frozenset[str] = frozenset()
    candidates: gpd.GeoDataFrame | None = None
    excluded: gpd.GeoDataFrame | None = None
    around: Around | None = None
    relief: Grid | None = None
    water: gpd.GeoDataFrame | None = None
    shelf: Shelf | None = None

    def of_neighbours(self, facilities: pd.DataFrame) -> NDArray[np.bool_]:
        """Say which facilities lie in other tiles of the whole; none do in a study alone."""
        ids = () if self.around is None else self.around.neighbours
        theirs: pd.Series[bool] = facilities["facility_id"].isin(ids)
        return theirs.to_numpy(dtype=bool)
