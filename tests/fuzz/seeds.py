"""Small valid files of every kind that is read, out of the good study: damage begins with them."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import osmnx
import pandas as pd

from layers.plan import Addition, Plan
from layers.project import LayerSource
from layers.read_area import read_study_area
from tests.broken.good_study import CRS, EAST, NORTH, GoodStudy, degrees
from tests.fuzz.extracts import pbf_block, pbf_field, pbf_number
from tests.population_raster import write_people

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.project import Project
    from layers.study_area import StudyArea

ROADS = ((0, 1, 2, 3), (4, 5, 6, 7), (8, 1, 5, 9), (10, 2, 6, 11))
"""The streets of the good study as numbers of nodes."""
_X = (0, 1000, 3000, 4000, 0, 1000, 3000, 4000, 1000, 1000, 3000, 3000)
_Y = (1000, 1000, 1000, 1000, 3000, 3000, 3000, 3000, 0, 4000, 0, 4000)

PROJECT = """\
name = "小县"
crs = "EPSG:4548"
policy = "mingxi-2023-16"
circle = "basic-15"
circle_unsure = true
simulated = true
attribution = ["甲", "乙"]
data_date = "2024-01-31"
absent = ["pharmacy"]

[layers.units]
source = "units.gpkg"
layer = "units"
crs = "EPSG:4548"
columns = { unit_id = "unit_id", name = "name", people = "people" }

[layers.homes]
role = "residences"
source = "residences.csv"
datum = "cgcs2000"
encoding = "utf-8"
columns = { residence_id = "residence_id", x = "经度", y = "纬度" }

[layers.places]
role = "facilities"
source = "facilities.csv"
datum = "gcj02"
columns = { x = "经度", y = "纬度" }
values = { category = "police-room", year = 2024 }

[layers.streets]
source = "streets.gpkg"
join_metres = 2.5
planarise = true

[layers.free]
role = "candidates"
source = "free.csv"

[limits.police-room.rural]
minutes = 20
mode = "drive"

[modes.walk]
flat_kmh = 4.5

[rules]
max_access_metres = 300
unit_share = 0.5
statuses = ["existing"]

[supply]
method = "2sfca"

[sites.rooms]
category = "police-room"
count = 2
within = 15
candidates = ["free"]
"""


def write_seeds(folder: Path) -> tuple[Project, StudyArea]:
    """Write every file into a folder, and give the good study of it, read."""
    study = GoodStudy()
    project = study.write(folder)
    area = read_study_area(project)
    (folder / "project.toml").write_text(PROJECT, encoding="utf-8")
    named = study.units.rename(columns={"age_60_plus": "age60", "age_65_plus": "age65"})
    named.to_file(folder / "units.shp", encoding="gb18030")
    study.streets.to_file(folder / "streets.shp", encoding="utf-8")
    with zipfile.ZipFile(folder / "units.zip", "w") as archive:
        for part in sorted(folder.glob("units.*")):
            if part.suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                archive.write(part, f"数据/{part.name}")
    study.units.to_crs("EPSG:4490").to_file(folder / "units.geojson", driver="GeoJSON")
    study.units.to_parquet(folder / "units.parquet")
    study.facilities.to_excel(folder / "facilities.xlsx", index=False)
    _ledger(study.units).to_excel(folder / "ledger.xlsx", index=False)
    write_people(folder / "people.tif", np.arange(64).reshape(8, 8))
    _write_extract(folder / "streets.osm.pbf")
    _write_osm(folder / "streets.osm")
    _write_graph(folder / "streets.graphml")
    (folder / "plan.json").write_text(_plan(project).text(), encoding="utf-8")
    return project, area


def sources(folder: Path) -> dict[str, LayerSource]:
    """Give how each layer among the seeds is read, by its file."""
    place = {"x": "经度", "y": "纬度"}
    short = {"age_60_plus": "age60", "age_65_plus": "age65"}
    listed = (
        LayerSource("units", "units", Path("units.gpkg")),
        LayerSource("units", "units", Path("units.shp"), columns=short),
        LayerSource("units", "units", Path("units.zip"), columns=short),
        LayerSource("units", "units", Path("units.geojson"), datum="cgcs2000"),
        LayerSource("units", "units", Path("units.parquet")),
        LayerSource("residences", "residences", Path("residences.csv"), datum="cgcs2000"),
        LayerSource("facilities", "facilities", Path("facilities.csv"), datum="cgcs2000"),
        LayerSource("facilities", "facilities", Path("facilities.xlsx"), datum="cgcs2000"),
        LayerSource("ledger", "registers", Path("ledger.xlsx"), values={"kind": "unit"}),
        LayerSource("streets", "streets", Path("streets.gpkg")),
        LayerSource("streets", "streets", Path("streets.shp")),
        LayerSource("streets", "streets", Path("streets.osm.pbf")),
        LayerSource("streets", "streets", Path("streets.osm")),
        LayerSource("streets", "streets", Path("streets.graphml")),
        LayerSource("dem", "elevation", Path("dem.tif")),
        LayerSource("people", "population", Path("people.tif")),
    )
    return {
        source.path.name: replace(
            source,
            path=folder / source.path,
            columns=place if source.role in ("residences", "facilities") else source.columns,
        )
        for source in listed
    }


def _ledger(units: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {"unit_id": units["unit_id"], "单元": units["name"], "households": [30, 40, 12, 0]}
    )


def _plan(project: Project) -> Plan:
    new = {"facility_id": "new-1", "name": "新", "category": "police-room", "year": 2027}
    at = {"x_cm": round((EAST + 900) * 100), "y_cm": round((NORTH + 900) * 100)}
    return Plan("加一处", project.name, CRS, (Addition(**new, **at, capacity=60),), ("f4",))


def _nodes() -> list[tuple[float, float]]:
    lon, lat = degrees(_X, _Y)
    return list(zip(lon.tolist(), lat.tolist(), strict=True))


def _write_extract(path: Path) -> None:
    """Write the streets as .osm.pbf: a header, a block of nodes, a block of ways."""
    header = pbf_field(4, b"OsmSchema-V0.6") + pbf_field(4, b"DenseNodes")
    lon, lat = (np.rint(np.array(axis) * 1e7).astype(int) for axis in zip(*_nodes(), strict=True))
    dense = pbf_field(1, _packed(range(1, len(lon) + 1)))
    dense += pbf_field(8, _packed(lat)) + pbf_field(9, _packed(lon))
    words = (b"", b"highway", b"residential", b"name", "中山路".encode(), b"oneway", b"yes")
    strings = pbf_field(1, b"".join(pbf_field(1, word) for word in words))
    ways = b"".join(
        pbf_field(3, pbf_field(1, 100 + number) + pbf_field(2, b"\1\3\5") + pbf_field(3, b"\2\4\6")
        + pbf_field(8, _packed([node + 1 for node in road])))
        for number, road in enumerate(ROADS)
    )  # fmt: skip
    blocks = (pbf_field(2, dense), ways)
    data = b"".join(pbf_block(b"OSMData", strings + pbf_field(2, group)) for group in blocks)
    path.write_bytes(pbf_block(b"OSMHeader", header) + data)


def _packed(values: Iterable[int]) -> bytes:
    """Give whole numbers as differences, the sign in the last bit."""
    steps = np.diff(np.array(list(values), dtype=np.int64), prepend=0).tolist()
    return b"".join(pbf_number(step << 1 if step >= 0 else (-step << 1) - 1) for step in steps)


def _write_osm(path: Path) -> None:
    """Write the streets as OpenStreetMap's XML."""
    nodes = [
        f'<node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>'
        for number, (lon, lat) in enumerate(_nodes(), 1)
    ]
    ways = [
        f'<way id="{100 + number}" version="1">'
        + "".join(f'<nd ref="{node + 1}"/>' for node in road)
        + '<tag k="highway" v="residential"/><tag k="maxspeed" v="30 mph"/></way>'
        for number, road in enumerate(ROADS)
    ]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">', *nodes, *ways]
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")


def _write_graph(path: Path) -> None:
    """Write the streets as osmnx keeps them."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for number, (lon, lat) in enumerate(_nodes()):
        graph.add_node(number, x=lon, y=lat)
    for number, road in enumerate(ROADS):
        for one, other in pairwise(road):
            graph.add_edge(one, other, osmid=number, highway="residential", length=1000.0)
            graph.add_edge(other, one, osmid=number, highway="residential", length=1000.0)
    osmnx.save_graphml(graph, path)
