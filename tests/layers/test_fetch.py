from __future__ import annotations

import hashlib
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
from affine import Affine
from shapely.geometry import box

from layers import fetch as fetching
from layers.errors import LayerError, MissingLayerError
from layers.fetch import fetch_extract
from layers.project_file import read_project

WEST, SOUTH, STEP = 117.0, 26.0, 0.01  # a made-up county on a grid of about one kilometre


class Map:
    """A map of a made-up county, in grid steps, written as an OpenStreetMap file."""

    def __init__(self):
        self.lines = []
        self.count = 0

    def point(self, x, y, **tags):
        self.count += 1
        at = f'lon="{WEST + x * STEP:.7f}" lat="{SOUTH + y * STEP:.7f}"'
        self.lines.append(f'<node id="{self.count}" version="1" {at}>{self._tags(tags)}</node>')
        return self.count

    def way(self, *corners, **tags):
        nodes = [self.point(*corner) for corner in corners]
        return self._way(nodes, tags)

    def area(self, west, south, east, north, **tags):
        corners = ((west, south), (east, south), (east, north), (west, north))
        nodes = [self.point(*corner) for corner in corners]
        return self._way([*nodes, nodes[0]], tags)

    def write(self, path):
        nodes = [line for line in self.lines if line.startswith("<node")]
        ways = [line for line in self.lines if line.startswith("<way")]
        body = "".join([*nodes, *ways])
        path.write_text(f'<osm version="0.6">{body}</osm>', encoding="utf-8")
        return path

    def _way(self, nodes, tags):
        self.count += 1
        inside = "".join(f'<nd ref="{node}"/>' for node in nodes) + self._tags(tags)
        self.lines.append(f'<way id="{self.count}" version="1">{inside}</way>')
        return self.count

    def _tags(self, tags):
        named = {key.replace("__", ":"): value for key, value in tags.items()}
        return "".join(
            f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in named.items()
        )


def border(drawing, west, east, name, level):
    drawing.area(west, 0, east, 2, boundary="administrative", admin_level=level, name=name)


@pytest.fixture
def county():
    drawing = Map()
    border(drawing, 0, 6, "某县", "6")
    for number, name in enumerate(("甲镇", "乙镇", "丙乡")):
        border(drawing, number * 2, number * 2 + 2, name, "8")
    border(drawing, 6, 8, "邻县丁镇", "8")
    drawing.point(0.5, 1, place="town", name="甲", population="12,345")
    drawing.point(2.2, 1, place="village", name="乙村")
    drawing.point(5, 1, place="hamlet", name="丙村", population="about 90")
    drawing.point(7, 1, place="village", name="丁村")
    drawing.way((0, 1), (6, 1), highway="primary")
    return drawing


@pytest.fixture
def fetch(tmp_path):
    def fetch(drawing, **options):
        source = drawing.write(tmp_path / "county.osm")
        return fetch_extract(source, out=tmp_path / "study", **options)

    return fetch


def layer(project, name):
    return pyogrio.read_dataframe(project.parent / "area.gpkg", layer=name)


def test_townships_are_the_coarsest_level_that_divides_the_county_without_its_neighbours(
    fetch, county
):
    project = fetch(county)
    assert list(layer(project, "townships")["name"]) == ["甲镇", "乙镇", "丙乡"]
    assert read_project(project).name == "某县"


def test_a_county_that_no_level_divides_is_one_township(fetch):
    drawing = Map()
    border(drawing, 0, 6, "某县", "6")
    border(drawing, 0, 2, "甲镇", "8")
    drawing.point(1, 1, place="village", name="甲村")
    drawing.point(5, 1, place="village", name="乙村")
    project = fetch(drawing)
    assert list(layer(project, "townships")["name"]) == ["某县"]


def test_settlements_inside_the_boundary_are_units(fetch, county):
    units = layer(fetch(county), "units")
    assert list(units["name"]) == ["甲", "乙村", "丙村"]
    assert list(units["kind"]) == ["community", "village", "village"]
    assert list(units["urban"]) == [True, False, False]
    assert list(units["township"]) == ["甲镇", "乙镇", "丙乡"]


def test_people_are_known_only_where_the_map_gives_a_number(fetch, county):
    people = layer(fetch(county), "units")["people"]
    assert people.iloc[0] == 12345
    assert people.iloc[1:].isna().all()


def test_an_id_tells_what_it_was_and_its_number(fetch, county):
    number = county.area(0.1, 0.1, 0.2, 0.2, place="hamlet", name="戊村")
    units = layer(fetch(county), "units")
    assert f"2{number:011d}" in set(units["unit_id"])
    assert units["unit_id"].str.fullmatch(r"[123]\d{11}").all()


def test_a_settlement_drawn_as_an_area_too_counts_once(fetch, county):
    county.area(0.4, 0.9, 0.6, 1.1, place="town", name="甲")
    assert list(layer(fetch(county), "units")["name"]) == ["甲", "乙村", "丙村"]


def test_a_city_gives_way_to_its_parts_in_the_same_township(fetch, county):
    county.point(3.0, 1, place="city", name="市", population="100000")
    county.point(3.5, 1, place="suburb", name="东区")
    county.point(4.5, 1, place="city", name="孤市")
    names = set(layer(fetch(county), "units")["name"])
    assert {"东区", "孤市"} <= names
    assert "市" not in names


def test_a_place_belongs_to_the_nearest_settlement_of_its_own_township(fetch, county):
    county.point(1.9, 1, amenity="pharmacy", name="药店")
    project = fetch(county)
    units = layer(project, "units").set_index("unit_id")["name"]
    pharmacy = layer(project, "facilities").iloc[0]
    assert units[pharmacy["unit_id"]] == "甲"  # 乙村 is nearer, across the township's border


def test_streets_are_kept_two_kilometres_around(fetch, county):
    county.way((3, 3.5), (4, 3.5), highway="residential", name="近")
    county.way((3, 5), (4, 5), highway="residential", name="远")
    names = set(layer(fetch(county), "streets")["name"].dropna())
    assert names == {"近"}


def test_layers_with_nothing_in_them_are_left_out(fetch, county):
    project = read_project(fetch(county))
    assert {source.name for source in project.layers} == {
        *("units", "townships", "boundary", "streets"),
    }


def test_the_project_says_where_it_comes_from(fetch, county):
    project = read_project(fetch(county))
    assert project.attribution == ("© OpenStreetMap contributors, ODbL 1.0",)
    assert project.crs == "EPSG:32650"
    assert {source.datum for source in project.layers} == {"wgs84"}


def test_the_same_extract_gives_the_same_bytes(tmp_path, county):
    county.area(0.5, 0.5, 0.51, 0.51, building="yes")
    source = county.write(tmp_path / "county.osm")
    digests = {
        hashlib.sha256((path.parent / file).read_bytes()).hexdigest()
        for path in (fetch_extract(source, out=tmp_path / name) for name in ("one", "two"))
        for file in ("area.gpkg", "project.toml")
    }
    assert len(digests) == 2


def test_a_boundary_of_ones_own_is_used(fetch, county, tmp_path):
    half = box(WEST, SOUTH, WEST + 2 * STEP, SOUTH + 2 * STEP)
    file = tmp_path / "half.geojson"
    gpd.GeoDataFrame({"NAME": ["半县"]}, geometry=[half], crs=4326).to_file(file)
    project = fetch(county, boundary=file)
    assert read_project(project).name == "半县"
    assert list(layer(project, "units")["name"]) == ["甲"]


def test_what_lies_elsewhere_in_the_extract_is_never_read_and_never_missed(
    fetch, county, tmp_path, monkeypatch
):
    county.way((1, 1), (1, 30), highway="residential")  # leaves the county far behind
    county.way((40, 0), (40, 1), highway="residential")
    county.point(40, 1, place="village", name="远村")
    half = box(WEST, SOUTH, WEST + 2 * STEP, SOUTH + 2 * STEP)
    file = tmp_path / "half.geojson"
    gpd.GeoDataFrame({"NAME": ["半县"]}, geometry=[half], crs=4326).to_file(file)
    read = []
    plain = pyogrio.read_dataframe

    def watched(*args, **options):
        read.append(plain(*args, **options))
        return read[-1]

    monkeypatch.setattr(pyogrio, "read_dataframe", watched)
    project = fetch(county, boundary=file)
    seen = [found for found in read if "highway" in found or "place" in found]
    assert len(seen) == 4
    assert all((found.bounds["minx"] < WEST + 20 * STEP).all() for found in seen)
    parts = (project.parent / "area.gpkg").read_bytes()
    monkeypatch.setattr(fetching, "degrees_around", lambda _: (-180, -90, 180, 90))
    whole = fetch_extract(tmp_path / "county.osm", out=tmp_path / "whole", boundary=file)
    assert (whole.parent / "area.gpkg").read_bytes() == parts


def test_a_boundary_without_polygons_is_refused(fetch, county, tmp_path):
    file = tmp_path / "dots.geojson"
    gpd.GeoDataFrame(geometry=gpd.points_from_xy([WEST], [SOUTH]), crs=4326).to_file(file)
    assert codes(fetch, county, boundary=file) == ["boundary_unusable"]


def test_an_extract_without_settlements_is_refused(fetch):
    drawing = Map()
    border(drawing, 0, 6, "某县", "6")
    assert codes(fetch, drawing) == ["extract_no_settlements"]


def codes(fetch, drawing, **options):
    with pytest.raises(LayerError) as caught:
        fetch(drawing, **options)
    return [problem.code for problem in caught.value.problems]


def test_a_project_that_is_there_is_not_written_over(fetch, county):
    project = fetch(county)
    project.write_text("# mine", encoding="utf-8")
    assert codes(fetch, county) == ["project_exists"]
    assert project.read_text(encoding="utf-8") == "# mine"


def test_nothing_is_left_behind_by_a_failure(fetch, county, tmp_path):
    assert codes(fetch, county, elevation=tmp_path / "none.tif") == ["elevation_absent"]
    assert not (tmp_path / "study").exists()


def test_elevation_is_cut_to_the_area_and_keeps_its_values(fetch, county, tmp_path):
    file = tmp_path / "dem.tif"
    grid = Affine(STEP / 2, 0, WEST - 20 * STEP, 0, -STEP / 2, SOUTH + 20 * STEP)
    profile = {"driver": "GTiff", "count": 1, "dtype": "int16", "nodata": -32768, "crs": 4326}
    with rasterio.open(file, "w", width=100, height=100, transform=grid, **profile) as raster:
        raster.write(rows_of_numbers(), 1)
    project = fetch(county, elevation=file)
    with rasterio.open(project.parent / "elevation.tif") as cut, rasterio.open(file) as whole:
        assert cut.width * cut.height < whole.width * whole.height
        assert cut.nodata == -32768
        at = [(WEST + 1.26 * STEP, SOUTH + 0.76 * STEP)]
        assert next(cut.sample(at)) == next(whole.sample(at))
    assert read_project(project).layers_of("elevation")


def rows_of_numbers():
    return np.arange(10_000, dtype="int16").reshape(100, 100)


def test_elevation_that_lies_elsewhere_is_refused(fetch, county, tmp_path):
    file = tmp_path / "dem.tif"
    profile = {"driver": "GTiff", "count": 1, "dtype": "int16", "crs": 4326}
    grid = Affine(STEP, 0, 10, 0, -STEP, 10)
    with rasterio.open(file, "w", width=100, height=100, transform=grid, **profile) as raster:
        raster.write(rows_of_numbers(), 1)
    assert codes(fetch, county, elevation=file) == ["elevation_unusable"]


def test_every_stage_is_told_with_how_much_is_done(fetch, county):
    told = []
    fetch(county, progress=lambda *stage: told.append(stage))
    assert [done for _, done, _ in told] == [0, 1, 2, 3]
    assert {total for _, _, total in told} == {4}


@pytest.mark.parametrize("content", [b"", b"hello world" * 100, b"<osm/>"])
def test_a_file_that_is_no_whole_extract_is_refused(tmp_path, content):
    file = tmp_path / "a.osm.pbf"
    file.write_bytes(content)
    with pytest.raises(LayerError) as caught:
        fetch_extract(file, out=tmp_path / "study")
    assert [problem.code for problem in caught.value.problems] == ["extract_broken"]


def test_a_missing_extract_is_told(tmp_path):
    with pytest.raises(MissingLayerError) as caught:
        fetch_extract(tmp_path / "none.osm.pbf", out=tmp_path / "study")
    assert caught.value.problems[0].code == "extract_absent"


@pytest.mark.real
def test_andorra_has_the_places_its_extract_holds(real_data, tmp_path):
    project = fetch_extract(real_data / "andorra" / "andorra.osm.pbf", out=tmp_path / "study")
    units, facilities = layer(project, "units"), layer(project, "facilities")
    assert len(layer(project, "townships")) == 7
    assert units.groupby("urban").size().to_dict() == {False: 62, True: 8}
    counts = facilities["category"].value_counts()
    assert counts["pharmacy"] == 33
    assert counts["primary-school"] + counts["middle-school"] == 22  # 26, four drawn twice
    assert 6500 < len(layer(project, "residences")) < 7391
    assert set(facilities["unit_id"]) <= set(units["unit_id"])
    assert read_project(project).data_date == "2025-01-19"


@pytest.mark.real
def test_a_bad_ring_does_not_cost_las_palmas(real_data, tmp_path):
    folder = real_data / "las_palmas"
    project = fetch_extract(
        folder / "las_palmas_osm_20230221.osm.pbf",
        boundary=folder / "boundary_cnig.geojson",
        out=tmp_path / "study",
    )
    assert (layer(project, "facilities")["category"] == "pharmacy").sum() == 79
    assert len(layer(project, "residences")) > 20_000


@pytest.mark.real
def test_half_an_extract_is_refused(real_data, tmp_path):
    content = (real_data / "andorra" / "andorra.osm.pbf").read_bytes()
    half = tmp_path / "half.osm.pbf"
    half.write_bytes(content[: len(content) // 2])
    with pytest.raises(LayerError) as caught:
        fetch_extract(half, out=tmp_path / "study")
    assert [problem.code for problem in caught.value.problems] == ["extract_broken"]
