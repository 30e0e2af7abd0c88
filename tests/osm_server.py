"""A small server on this machine that answers as Nominatim and Overpass do, out of an extract."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import as_file, files
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import osmnx
import pyogrio
import shapely

from layers.fetch_source import fetch_rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

BOX = (1.515, 42.503, 1.525, 42.510)  # the middle of Andorra la Vella
NUMBER = "R2804756"  # of the place that the server calls Andorra la Vella
STREET_METRES = 500  # around the box
_AROUND = (1.50, 42.49, 1.54, 42.525)  # what an answer can be about
_CLAUSE = re.compile(r"\((node|way|relation)\['([^']+)'(?:='([^']+)')?\]\(poly:'([^']+)'\)")
_STATUS = "Connected as: 1\nCurrent time: now\nEndpoint: none\nRate limit: 2\n2 slots available\n"
_OWN_COLUMNS = ("osm_id", "osm_way_id", "geometry")


Fault = Callable[[int], "tuple[()] | tuple[int, str | None]"]


def no_fault(_number: int) -> tuple[()]:
    """Let the map answer."""
    return ()


@dataclass
class Osm:
    """The elements of a map, and what was asked of it.

    ``fault`` is told every request by its number, from 0, and may answer in the map's place:
    a status and a body, ``None`` for one that breaks off.
    """

    extract: Path
    asked: list[str] = field(default_factory=list)
    fault: Fault = no_fault

    def search(self, query: str) -> list[dict[str, Any]]:
        """Answer as Nominatim."""
        known = {
            "Andorra la Vella": [_place(2804756, "Andorra la Vella, Andorra", BOX)],
            NUMBER: [_place(2804756, "Andorra la Vella, Andorra", BOX)],
            "Escaldes": [
                _place(1, "Escaldes, Andorra", BOX),
                _place(2, "Escaldes, Elsewhere", BOX),
                {**_place(3, "Escaldes, a park", BOX), "class": "leisure"},
            ],
            "Pas de la Casa": [{**_place(4, "Pas de la Casa", BOX), "geojson": {"type": "Point"}}],
            "Andorra": [_place(9407, "Andorra", (0, 41, 3, 43))],
        }
        return known.get(query, [])

    def interpret(self, query: str) -> dict[str, Any]:
        """Answer as Overpass."""
        elements = _elements(self.extract)
        found: dict[tuple[str, int], dict[str, Any]] = {}
        for kind, key, value, poly in set(_CLAUSE.findall(query)):
            for element in elements.matching(kind, key, value, poly):
                elements.with_parts(element, found)
        stamp = {"timestamp_osm_base": "2025-01-19T21:21:03Z"}
        return {"version": 0.6, "osm3s": stamp, "elements": list(found.values())}


def _place(number: int, name: str, box: tuple[float, ...]) -> dict[str, Any]:
    west, south, east, north = map(str, box)
    return {
        "osm_type": "relation",
        "osm_id": number,
        "class": "boundary",
        "type": "administrative",
        "name": name.partition(",")[0],
        "display_name": name,
        "importance": 1 / number,
        "lat": south,
        "lon": west,
        "boundingbox": [south, north, west, east],
        "geojson": json.loads(shapely.to_geojson(shapely.box(*box))),
    }


@contextmanager
def serving(osm: Osm) -> Iterator[str]:
    """Serve a map and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith("/status"):
                osm.asked.append(self.path)
                self._send(200, _STATUS)
                return
            told = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            self._answer(lambda: osm.search(told.get("q") or told["osm_ids"]))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(lambda: osm.interpret(parse_qs(body)["data"][0]))

        def _answer(self, answer: Any) -> None:
            osm.asked.append(self.path.partition("?")[0])
            fault = osm.fault(len(osm.asked) - 1)
            status, body = fault or (200, json.dumps(answer()))
            self._send(status, body)

        def _send(self, status: int, body: str | None) -> None:
            content = body.encode() if body is not None else b'{"elements": ['
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content) + 1000 * (body is None)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Elements:
    """Nodes, ways and relations out of GDAL's layers, with numbers of their own for corners."""

    def __init__(self) -> None:
        self.every: dict[tuple[str, int], dict[str, Any]] = {}
        self.shapes: dict[str, tuple[list[int], list[Any]]] = {}
        self.corners: dict[tuple[float, float], int] = {}

    def add(self, kind: str, number: int, shape: Any, **content: Any) -> None:
        self.every[kind, number] = {"type": kind, "id": number, **content}
        numbers, shapes = self.shapes.setdefault(kind, ([], []))
        numbers.append(number)
        shapes.append(shape)

    def corner(self, at: tuple[float, float]) -> int:
        """Give the number of the node at a place."""
        if at not in self.corners:
            self.corners[at] = 20_000_000_000 + len(self.corners)
            number = self.corners[at]
            self.every["node", number] = {"type": "node", "id": number, "lon": at[0], "lat": at[1]}
        return self.corners[at]

    def line(self, number: int, line: Any, tags: dict[str, str]) -> None:
        nodes = [self.corner(at) for at in line.coords]
        self.add("way", number, line, nodes=nodes, tags=tags)

    def relation(self, number: int, area: Any, tags: dict[str, str]) -> None:
        members = []
        for part in shapely.get_parts(area):
            for role, ring in (("outer", part.exterior), *(("inner", r) for r in part.interiors)):
                way = 30_000_000_000 + len(self.every)
                nodes = [self.corner(at) for at in ring.coords]
                self.every["way", way] = {"type": "way", "id": way, "nodes": nodes}
                members.append({"type": "way", "ref": way, "role": role})
        self.add("relation", number, area.boundary, members=members, tags=tags)

    def matching(self, kind: str, key: str, value: str, poly: str) -> Iterator[dict[str, Any]]:
        """Give those of a kind and tag that have a part in a polygon, given as "lat lon ..."."""
        corners = np.array(poly.split(), dtype=float).reshape(-1, 2)[:, ::-1]
        numbers, shapes = self.shapes[kind]
        inside = shapely.intersects(shapely.polygons(corners), np.array(shapes))
        for row in np.flatnonzero(inside):
            element = self.every[kind, numbers[row]]
            if element["tags"].get(key) in ({value} if value else element["tags"].values()):
                yield element

    def with_parts(self, element: dict[str, Any], found: dict[Any, Any]) -> None:
        """Collect an element, its ways and its nodes."""
        key = element["type"], element["id"]
        if key in found:
            return
        found[key] = element
        for node in element.get("nodes", ()):
            found["node", node] = self.every["node", node]
        for member in element.get("members", ()):
            self.with_parts(self.every["way", member["ref"]], found)


@cache
def _elements(extract: Path) -> Elements:
    elements = Elements()
    for row, shape, tags in _rows(extract, "points"):
        number = int(row["osm_id"])
        elements.add("node", number, shape, lon=shape.x, lat=shape.y, tags=tags)
    for row, shape, tags in _rows(extract, "lines"):
        elements.line(int(row["osm_id"]), shape, tags)
    for row, shape, tags in _rows(extract, "multipolygons"):
        if isinstance(row["osm_way_id"], str):
            elements.line(int(row["osm_way_id"]), shapely.get_geometry(shape, 0).exterior, tags)
        else:
            elements.relation(int(row["osm_id"]), shape, {"type": "multipolygon", **tags})
    return elements


def _rows(extract: Path, layer: str) -> Iterator[tuple[dict[str, Any], Any, dict[str, str]]]:
    with as_file(files("layers").joinpath("catalogue", "osmconf.ini")) as config:
        found: gpd.GeoDataFrame = pyogrio.read_dataframe(
            extract,
            layer=layer,
            bbox=_AROUND,
            use_arrow=True,
            on_invalid="ignore",
            CONFIG_FILE=str(config),
        )
    for row in found.to_dict("records"):
        tags = {
            key: value
            for key, value in row.items()
            if key not in _OWN_COLUMNS and isinstance(value, str)
        }
        yield row, row["geometry"], tags


def use_server(address: str, monkeypatch: Any) -> None:
    """Let osmnx ask this server, at once, and for few streets: each answer is made here."""
    monkeypatch.setitem(fetch_rules()["boundary"], "street_metres", STREET_METRES)
    for name, value in {
        "nominatim_url": address,
        "overpass_url": f"{address}/api",
        "overpass_rate_limit": False,
        "requests_timeout": 20,
    }.items():
        monkeypatch.setattr(osmnx.settings, name, value)
