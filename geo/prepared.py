"""Networks that were built before, found on a shelf by all they depend on.

A network is kept as its plain arrays: its lines and ids are those of the streets it is built of,
and its settings are the mode's.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
import shapely

from geo.network import Arcs, Network, Segments, network_of, usable_streets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.project import Mode
    from layers.study_area import Islands

    Array = NDArray[Any]

_FEW = 50_000
"""Vertices: fewer are built in less than a tenth of a second (``bench.kept_networks``)."""
_PARTS = ("arcs", "segments")
_NOT_KEPT = frozenset({"mode", "street_ids", "lines", *_PARTS})


class Shelf(Protocol):
    """Keeps arrays for whoever asks for the same again; a network is the same without it."""

    def find(self, key: str) -> Mapping[str, Array] | None:
        """Give the arrays that were kept under a key, or None."""

    def keep(self, key: str, arrays: Mapping[str, Array]) -> None:
        """Keep arrays under a key, if that can be done."""


def prepared_network(
    streets: gpd.GeoDataFrame,
    mode: Mode,
    islands: Islands | None = None,
    *,
    shelf: Shelf | None = None,
) -> Network:
    """Give the network of ``geo.network.build_network``, from a shelf where it is on one.

    Raises NetworkError where the mode may use none of the streets.
    """
    streets = usable_streets(streets, mode)
    vertices = shapely.get_num_coordinates(streets.geometry.to_numpy()).sum()
    if shelf is None or vertices < _FEW:
        return network_of(streets, mode, islands)
    key = network_key(streets, mode, islands)
    kept = shelf.find(key)
    if kept is not None:
        return _from_arrays(kept, streets, mode)
    network = network_of(streets, mode, islands)
    shelf.keep(key, network_arrays(network))
    return network


def network_key(streets: gpd.GeoDataFrame, mode: Mode, islands: Islands | None) -> str:
    """Give the SHA-256 of all that the network of usable streets depends on but the program.

    Whatever a street is said to be is in it, whether or not the mode asks for that.
    """
    digest = hashlib.sha256()
    for part in _told(streets, mode, islands):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def _told(streets: gpd.GeoDataFrame, mode: Mode, islands: Islands | None) -> Iterator[bytes]:
    """Tell everything, piece by piece."""
    yield json.dumps([sys.byteorder, asdict(mode)], default=sorted, sort_keys=True).encode()
    shapes = streets.geometry.to_numpy()
    yield shapely.get_coordinates(shapes, include_z=True).tobytes()
    yield shapely.get_num_coordinates(shapes).tobytes()
    for name in sorted(streets.columns.drop(streets.geometry.name)):
        yield name.encode()
        yield from _cells(streets[name])
    if islands is not None:
        yield islands.number.reindex(streets["street_id"]).to_numpy(dtype=np.float64).tobytes()
        yield islands.metres.tobytes()


def _cells(column: pd.Series[Any]) -> Iterator[bytes]:
    """Tell the cells of a column: numbers as they are, texts each once and where it stands."""
    if isinstance(column.dtype, np.dtype) and column.dtype != object:
        yield column.dtype.str.encode()
        yield column.to_numpy().tobytes()
        return
    which, texts = pd.factorize(column)
    yield json.dumps([*texts], default=str).encode()
    yield which.tobytes()


def network_arrays(network: Network) -> dict[str, Array]:
    """Give the plain arrays of a network; those of its parts are named ``arcs.start``."""
    found = {name: each for name, each in vars(network).items() if name not in _NOT_KEPT}
    for part in _PARTS:
        found |= {f"{part}.{name}": each for name, each in vars(getattr(network, part)).items()}
    return found


def _from_arrays(kept: Mapping[str, Array], streets: gpd.GeoDataFrame, mode: Mode) -> Network:
    """Give the network of usable streets of which the plain arrays were kept."""
    found: dict[str, dict[str, Array]] = {part: {} for part in ("", *_PARTS)}
    for name, array in kept.items():
        part, _, own = name.rpartition(".")
        found[part][own] = array
    return Network(
        mode=mode,
        street_ids=streets["street_id"].to_numpy(dtype=object),
        lines=shapely.force_2d(streets.geometry.to_numpy()),
        arcs=Arcs(**found["arcs"]),
        segments=Segments(**found["segments"]),
        **found[""],
    )
