"""The connected pieces of a street network, numbered once for a whole that is read in parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.distance import MICROMETRES
from geo.network import street_pieces, usable_streets
from layers.study_area import Islands

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.project import Mode

    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pieces:
    """The pieces of the streets of one tile by themselves, for one mode.

    ``streets`` has street_id, piece and micrometres (of the street); ``corners`` x, y (whole
    centimetres) and piece: where a street of another tile may join.
    """

    streets: pd.DataFrame
    corners: pd.DataFrame


def pieces_of(streets: gpd.GeoDataFrame | None, mode: Mode) -> Pieces:
    """Find the pieces of a tile's streets; none where there are none, or none for the mode."""
    usable = None if streets is None else usable_streets(streets, mode)
    if usable is None or usable.empty:
        columns = {"piece": "int64", "micrometres": "int64"}
        nothing = pd.DataFrame({"street_id": pd.Series(dtype=object)})
        none = pd.DataFrame(columns=["x", "y", "piece"], dtype="int64")
        return Pieces(nothing.assign(piece=0, micrometres=0).astype(columns), none)
    found = street_pieces(usable, mode)
    size = found.vertex_x.size
    joined = coo_array((np.ones(found.street.size), (found.ends.a, found.ends.b)), (size, size))
    _, piece = connected_components(joined.tocsr(), directed=False)
    of_street = pd.DataFrame(
        {"row": found.street, "piece": piece[found.ends.a], "micrometres": found.micrometres}
    )
    each = of_street.groupby("row").agg({"piece": "first", "micrometres": "sum"}).reset_index()
    ids = usable["street_id"].to_numpy(dtype=object)[each.pop("row")]
    whole = (np.rint(at * 100).astype(np.int64) for at in (found.vertex_x, found.vertex_y))
    x, y = whole
    corners = pd.DataFrame({"x": x, "y": y, "piece": piece.astype(np.int64)})
    return Pieces(each.assign(street_id=ids, piece=each["piece"].astype("int64")), corners)


def islands_of(parts: Sequence[Pieces]) -> Islands:
    """Join the pieces of all tiles where their corners meet, and number them by first street."""
    size = [int(part.corners["piece"].max() + 1) if len(part.corners) else 0 for part in parts]
    first = np.concatenate(([0], np.cumsum(size)))[:-1]

    def together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
        moved = (
            frame.assign(piece=frame["piece"] + start)
            for frame, start in zip(frames, first, strict=True)
        )
        return pd.concat(moved, ignore_index=True)

    corners = together([part.corners for part in parts])
    streets = together([part.streets for part in parts]).sort_values("street_id")
    corner = corners.groupby(["x", "y"], sort=False).ngroup().to_numpy()
    pieces, count = corners["piece"].to_numpy(dtype=np.int64), sum(size)
    ends = (pieces, count + corner)
    every = count + int(corner.max(initial=-1)) + 1
    _, label = connected_components(coo_array((np.ones(pieces.size), ends), (every, every)))
    of_street = label[streets["piece"].to_numpy(dtype=np.int64)]
    number, _ = pd.factorize(of_street)  # in the order of street ids
    length = np.bincount(number, weights=streets["micrometres"].to_numpy(dtype=np.float64))
    return Islands(
        pd.Series(number.astype(np.int64), index=pd.Index(streets["street_id"])),
        length / MICROMETRES,
    )
