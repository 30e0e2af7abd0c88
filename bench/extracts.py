"""Streets out of OpenStreetMap extracts: GDAL's driver, which the program uses, beside osmium.

``python -m bench.extracts`` reads Andorra, Porto and Las Palmas (kept in ../shared/data); other
extracts can be named. Each reader reads three times in a process of its own: the least CPU seconds
are told, of all threads. Both must find as many lines and vertices. osmium may be missing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from configparser import ConfigParser
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
KEPT = ("andorra/andorra", "porto/porto_portugal", "las_palmas/las_palmas_osm_20230221")
CONFIG = files("layers").joinpath("catalogue", "osmconf.ini").read_text("utf-8")


def told(section: str, key: str) -> list[str]:
    """Give what GDAL is told in a section of its file, of which the first has no name."""
    config = ConfigParser(delimiters="=")
    config.read_string(f"[all]\n{CONFIG}")
    return config[section][key].split(",")


def by_gdal(path: Path) -> shapely.Geometry:
    """Read highways as ``layers.streets`` does."""
    from layers.streets import read_highways  # noqa: PLC0415 - each reader loads its own

    return read_highways(path, "lines").geometry.array


def by_osmium(path: Path) -> shapely.Geometry:
    """Read ways and where their nodes are in a loop of Python, with the same tags."""
    import osmium  # noqa: PLC0415 - measured where it is installed

    tags, areas = told("lines", "attributes"), told("all", "closed_ways_are_polygons")
    drawn = osmium.geom.WKBFactory()

    def line(way: osmium.osm.Way) -> str | None:
        try:
            return str(drawn.create_linestring(way, osmium.geom.ALL))
        except osmium.InvalidLocationError:  # at the edge of the extract: what is left of it
            places = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
            return shapely.LineString(places).wkb_hex if len(places) > 1 else None

    def is_area(way: osmium.osm.Way) -> bool:
        of_one = way.tags.get("area") == "yes" or any(key in way.tags for key in areas)
        return of_one and way.is_closed()

    ways = (
        osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.KeyFilter("highway"))
    )
    lines = (way for way in ways if len(way.nodes) > 1 and not is_area(way))
    found = [(way.id, *map(way.tags.get, tags), line(way)) for way in lines]
    table = pd.DataFrame(found, columns=["id", *tags, "geometry"]).dropna(subset="geometry")
    return shapely.from_wkb(table.pop("geometry").to_numpy(dtype=object))


READERS: dict[str, Callable[[Path], shapely.Geometry]] = {"gdal": by_gdal, "osmium": by_osmium}


def child(reader: str, path: Path) -> None:
    """Read here; print the least seconds, MiB, how many lines and vertices as JSON."""
    took = []
    for _ in range(3):
        begun = time.process_time()
        lines = READERS[reader](path)
        took.append(time.process_time() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # in KiB on Linux
    print(json.dumps([min(took), peak, len(lines), len(shapely.get_coordinates(lines))]))


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("extracts", nargs="*", type=Path)
    asked.add_argument("--child", choices=READERS, help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if chosen.child:
        child(chosen.child, chosen.extracts[0])
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores: CPU s, MiB, lines, vertices")
    readers = [name for name in READERS if name == "gdal" or find_spec(name)]
    if len(readers) < len(READERS):
        print("osmium is not installed (pip install osmium): GDAL alone")
    for path in chosen.extracts or [DATA / f"{name}.osm.pbf" for name in KEPT]:
        counts = set()
        for reader in readers:
            command = [sys.executable, "-m", "bench.extracts", "--child", reader, str(path)]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603 - this very file
            seconds, mib, *count = json.loads(done.stdout)
            print(f"{path.name:<34}{reader:<8}{seconds:>6.2f}{mib:>6.0f}", *count)
            counts.add(tuple(count))
        if len(counts) > 1:
            sys.exit(f"{path.name}: not the same lines")


if __name__ == "__main__":
    main()
