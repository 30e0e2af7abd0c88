"""A prepared network found on the shelf, beside the same one built.

``python -m bench.kept_networks`` takes Andorra and Porto on foot (../shared/data), the streets of a
simulated province (``--nodes`` of it) and some of them, and prints the least seconds of CPU of a
few tries: to build the network, to build and keep it, and to find it again, of which a part is
spent on the usable streets and on the key; and the bytes of its file. What is found must be what
was built, or the bench fails.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import numpy as np
import shapely

import geo
from bench.province_land import simulated_units
from bench.province_streets import simulated_streets
from geo import prepared
from geo.network import usable_streets
from layers.catalogue import load_modes
from layers.made_of import made_by
from layers.shelf import Shelf
from layers.streets import read_osm_streets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geo.network import Network

    Found = TypeVar("Found")

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
NODES = 1_000_000
SMALL = (1_000, 10_000, 20_000, 50_000)  # vertices of what is cut out of the simulated province
TRIES = 3
SEED = 35
_TEXTS = ("name", "layer", "access", "foot", "bicycle", "oneway_bicycle", "motor_vehicle")


def real(place: str) -> gpd.GeoDataFrame:
    """Read the streets of a real place."""
    (source,) = (DATA / place).glob("*.pbf")
    streets = read_osm_streets(source)
    return streets.to_crs(streets.estimate_utm_crs())


def simulated(nodes: int) -> gpd.GeoDataFrame:
    """Simulate the streets of a province in the columns of a reader."""
    rng = np.random.default_rng(SEED)
    streets = simulated_streets(simulated_units("35", None, rng), nodes, rng)
    return gpd.GeoDataFrame(
        {
            "street_id": streets["street_id"].astype(object),
            "class": streets["class"],
            "oneway": streets["oneway"].eq("yes").astype(np.int8),
            "speed_kmh": streets["speed_kmh"].astype(np.float64),
            "bridge": streets["bridge"].eq("yes"),
            "tunnel": False,
            **dict.fromkeys(_TEXTS),
        },
        geometry=streets.geometry.array,
        crs=streets.crs,
    )


def places(nodes: int) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Give what is measured by name."""
    province = simulated(nodes)
    vertices = np.cumsum(shapely.get_num_coordinates(province.geometry.to_numpy()))
    for few in SMALL:
        yield "some simulated streets", province[vertices <= few]
    yield "Andorra", real("andorra")
    yield "Porto", real("porto")
    yield "simulated province", province


def cpu(work: Callable[[], Found]) -> tuple[float, Found]:
    """Give the least seconds of CPU that some work takes, and what it gives."""
    least = np.inf
    for _ in range(TRIES):
        began = time.process_time()
        found = work()
        least = min(least, time.process_time() - began)
    return least, found


def is_same(one: Network, other: Network) -> bool:
    """Say whether all arrays that are kept of two networks are the same."""
    first, second = (prepared.network_arrays(each) for each in (one, other))
    return first.keys() == second.keys() and all(
        first[name].dtype == second[name].dtype and np.array_equal(first[name], second[name])
        for name in first
    )


def measured(streets: gpd.GeoDataFrame, folder: Path) -> str:
    """Give the figures of one network."""
    shelf, mode = Shelf(folder), load_modes()["walk"]
    prepared._FEW = 0  # noqa: SLF001 - what is not worth keeping is measured, too
    usable = usable_streets(streets, mode)
    vertices = int(shapely.get_num_coordinates(usable.geometry.to_numpy()).sum())
    building, built = cpu(lambda: geo.build_network(streets, mode))
    began = time.process_time()
    prepared.prepared_network(streets, mode, shelf=shelf)
    keeping = time.process_time() - began
    finding, found = cpu(lambda: prepared.prepared_network(streets, mode, shelf=shelf))
    if not is_same(built, found):
        message = "what was found is not what was built"
        raise SystemExit(message)
    choosing, _ = cpu(lambda: usable_streets(streets, mode))
    telling, _ = cpu(lambda: prepared.network_key(usable, mode, None))
    size = sum(path.stat().st_size for path in folder.iterdir())
    return (
        f"{vertices:>11,}{building:9.3f}{keeping:9.3f}{finding:9.3f}{choosing:9.3f}{telling:9.3f}"
        f"{building / finding:8.1f}{size / 1e6:9.1f}{size / vertices:8.0f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=NODES, help="of the simulated province")
    asked = parser.parse_args()
    began = time.process_time()
    made_by()
    print(f"what program and libraries are known by, once: {time.process_time() - began:.3f} s")
    heads = ("built", "kept", "found", "usable", "key", "times", "MB", "a vertex")
    print(f"{'':<24}{'vertices':>11}{''.join(f'{head:>9}' for head in heads)}")
    for name, streets in places(asked.nodes):
        with tempfile.TemporaryDirectory() as folder:
            print(f"{name:<24}{measured(streets, Path(folder))}", flush=True)


if __name__ == "__main__":
    main()
