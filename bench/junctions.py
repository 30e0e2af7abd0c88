"""A real street layer joined, as it is and taken apart: the figures of Wuhan in docs/places.md.

``python -m bench.junctions`` reads the 92,667 lines of ../shared/data/wuhan and prints a table.
"""

from __future__ import annotations

import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

import geo
from layers.catalogue import load_modes
from layers.check import Findings
from layers.junctions import StreetLayer, with_junctions
from layers.project import LayerSource

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ASKED = ((0.0, False), (1.0, False), (2.0, False), (5.0, False), (2.0, True))
APART = 0.5  # metres that every end is moved east or west, and north or south, at most
SEED = 350_421


def wuhan() -> gpd.GeoDataFrame:
    """Give the streets in the columns that joining looks at, whole centimetres."""
    roads = gpd.read_parquet(DATA / "wuhan" / "streets.parquet")
    columns = {
        "street_id": [f"{row:05d}" for row in range(len(roads))],
        "class": "residential",  # one network of all
        "oneway": 0,
        "bridge": False,
        "tunnel": False,
        **dict.fromkeys(("layer", "access", "foot")),
    }
    return gpd.GeoDataFrame(columns, geometry=_moved(roads, 0.0), crs="EPSG:32650")


def taken_apart(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the streets with every end somewhere else."""
    return streets.set_geometry(_moved(streets, APART), crs=streets.crs)


def _moved(streets: gpd.GeoDataFrame, metres: float) -> np.ndarray:
    random = np.random.default_rng(SEED)
    moved = shapely.transform(
        streets.geometry.to_numpy(),
        lambda at: (at + random.uniform(-metres, metres, at.shape)).round(2),
    )
    return np.asarray(moved)


def report(name: str, streets: gpd.GeoDataFrame, *, metres: float, planarise: bool) -> None:
    """Print one row: what was joined, what is left, and the share of the largest part."""
    source = LayerSource("streets", "streets", DATA, join_metres=metres, planarise=planarise)
    findings = Findings("streets")
    began = time.perf_counter()
    ((joined, _),) = with_junctions([StreetLayer(source, streets, findings)])
    seconds = time.perf_counter() - began
    told = dict(findings.problems[0].values)
    parts = geo.build_network(joined, load_modes()["walk"]).component_metres
    share = parts.max() / parts.sum()
    counts = (told.get("joined", "0"), told["dead"], told["near"], told["close"])
    crossings = f"{told['crossings']:>9}"
    print(
        f"{name:12}{metres:5.1f} {planarise!s:6}{''.join(f'{count:>9}' for count in counts)}"
        f"{crossings}{parts.size:9}{share:10.2%}{seconds:7.1f} s"
    )


def main() -> None:
    """Print the table."""
    head = ("joined", "dead", "<= 20 m", "<= 2 m", "crossing", "parts", "largest")
    print(f"{'streets':12}{'join':5} {'cross':6}{''.join(f'{name:>9}' for name in head)}")
    streets = wuhan()
    for name, layer in (("as they are", streets), ("taken apart", taken_apart(streets))):
        for metres, planarise in ASKED:
            report(name, layer, metres=metres, planarise=planarise)


if __name__ == "__main__":
    main()
