from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st
from rasterio import Affine
from shapely import LineString

from layers.check import Findings
from layers.elevation import with_heights
from layers.errors import LayerError
from layers.project import LayerSource

CRS = "EPSG:4548"
WEST, NORTH, CELL = 500_000.0, 2_901_000.0, 10.0
SIZE = 100


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("grids")


def grid(path, heights, *, nodata=-9999.0):
    """Write heights in cells of 10 m whose north-west corner is (500000, 2901000)."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=heights.shape[1],
        height=heights.shape[0],
        count=1,
        dtype="float64",
        nodata=nodata,
        crs=CRS,
        transform=Affine(CELL, 0, WEST, 0, -CELL, NORTH),
    ) as file:
        file.write(heights, 1)
    return path


def dem(path, layer=None):
    return LayerSource("dem", "elevation", path, layer)


def plane(x, y):
    """Give the height of a slope: 0.1 to the east, -0.05 to the north."""
    return 300 + 0.1 * (x - WEST) - 0.05 * (y - NORTH)


def plane_heights():
    centres = (np.arange(SIZE) + 0.5) * CELL
    return plane(WEST + centres[None, :], NORTH - centres[:, None])


def streets(*lines, **flags):
    columns = {"bridge": False, "tunnel": False} | flags
    return gpd.GeoDataFrame(columns, geometry=list(lines), crs=CRS, index=range(len(lines)))


def line(*points):
    return LineString([(WEST + x, NORTH - y) for x, y in points])


def z_of(frame, row=0):
    return shapely.get_coordinates(frame.geometry.iloc[row], include_z=True)[:, 2]


places = st.tuples(st.floats(20, 980), st.floats(20, 980))


@given(points=st.lists(places, min_size=2, max_size=8, unique=True))
def test_an_even_slope_is_found_everywhere(folder, points):
    raised = with_heights(streets(line(*points)), dem(_plane_file(folder)), CRS)
    xyz = shapely.get_coordinates(raised.geometry.iloc[0], include_z=True)
    # A street that turns within a cell is smoothed over the turn: no more than a cell's slope.
    assert np.abs(xyz[:, 2] - plane(xyz[:, 0], xyz[:, 1])).max() <= 0.15 * CELL * 2
    assert xyz[0, 2] == pytest.approx(plane(*xyz[0, :2]), abs=0.01)
    assert xyz[-1, 2] == pytest.approx(plane(*xyz[-1, :2]), abs=0.01)


def _plane_file(folder):
    path = folder / "plane.tif"
    return path if path.exists() else grid(path, plane_heights())


def test_a_straight_street_on_an_even_slope_is_exact_at_every_vertex(folder):
    raised = with_heights(
        streets(line((100, 100), (103, 100), (250, 100), (700, 100))), dem(_plane_file(folder)), CRS
    )
    expected = [plane(WEST + x, NORTH - 100) for x in (100, 103, 250, 700)]
    assert z_of(raised).tolist() == pytest.approx(expected, abs=0.011)


def test_the_plan_of_a_street_is_not_changed(folder):
    flat = streets(line((100, 100), (103, 250), (250, 100)))
    raised = with_heights(flat, dem(_plane_file(folder)), CRS)
    assert shapely.equals_exact(shapely.force_2d(raised.geometry.iloc[0]), flat.geometry.iloc[0])


def test_bumps_between_stations_are_smoothed_over(folder):
    heights = np.zeros((SIZE, SIZE))
    heights[:, 30] = 50.0  # a wall one cell wide, between two stations of a street of 2 cells
    path = grid(folder / "wall.tif", heights)
    raised = with_heights(streets(line((300, 505), (305, 505), (310, 505))), dem(path), CRS)
    # One station at each end only: the vertex in the middle of the wall lies between them.
    ends = z_of(raised)[[0, 2]]
    assert z_of(raised)[1] == pytest.approx(ends.mean(), abs=0.01)


@pytest.mark.parametrize("flag", ["bridge", "tunnel"])
def test_bridges_and_tunnels_run_straight_between_their_ends(folder, flag):
    heights = np.full((SIZE, SIZE), 100.0)
    heights[:, 40:60] = 20.0  # a gorge
    path = grid(folder / f"{flag}.tif", heights)
    across = line((300, 500), (500, 500), (700, 500))
    raised = with_heights(streets(across, across, **{flag: [True, False]}), dem(path), CRS)
    assert z_of(raised, 0).tolist() == [100, 100, 100]
    assert z_of(raised, 1).tolist() == [100, 20, 100]


def test_a_hole_in_the_grid_is_filled_along_the_street(folder):
    heights = plane_heights()
    heights[:, 30:60] = -9999.0
    path = grid(folder / "hole.tif", heights)
    raised = with_heights(streets(line((100, 100), (450, 100), (800, 100))), dem(path), CRS)
    assert z_of(raised)[1] == pytest.approx(plane(WEST + 450, NORTH - 100), abs=0.02)


def test_a_street_that_ends_in_a_hole_keeps_the_last_known_height(folder):
    heights = np.full((SIZE, SIZE), 70.0)
    heights[:, :50] = 30.0
    heights[:, 60:] = -9999.0
    path = grid(folder / "edge.tif", heights)
    # The other street must not lend its height to the end of the first.
    raised = with_heights(
        streets(line((100, 100), (900, 100)), line((100, 300), (200, 300))), dem(path), CRS
    )
    assert z_of(raised, 0).tolist() == [30, 70]
    assert z_of(raised, 1).tolist() == [30, 30]


def test_a_street_without_any_height_is_level_and_told(folder):
    heights = np.full((SIZE, SIZE), 70.0)
    heights[:, 50:] = -9999.0
    path = grid(folder / "half.tif", heights)
    findings = Findings("dem")
    both = streets(line((100, 100), (200, 100)), line((700, 100), (800, 100)))
    raised = with_heights(both, dem(path), CRS, findings=findings)
    assert z_of(raised, 1).tolist() == [0, 0]
    assert [(p.code, p.fatal) for p in findings.problems] == [("no_height", False)]


def test_a_grid_elsewhere_is_refused(folder):
    away = streets(LineString([(WEST + 1e5, NORTH), (WEST + 1e5, NORTH - 10)]))
    with pytest.raises(LayerError):
        with_heights(away, dem(_plane_file(folder)), CRS)


def test_of_several_bands_the_one_named_is_read(folder):
    path = folder / "bands.tif"
    whole = _plane_file(folder)
    with (
        rasterio.open(whole) as source,
        rasterio.open(path, "w", **source.profile | {"count": 2}) as two,
    ):
        two.write(np.zeros((SIZE, SIZE)), 1)
        two.write(source.read(1), 2)
    flat = streets(line((100, 100), (700, 100)))
    by_name = with_heights(flat, dem(path, "2"), CRS)
    assert z_of(by_name).tolist() == z_of(with_heights(flat, dem(whole), CRS)).tolist()
    for layer, code in ((None, "several_bands"), ("3", "unknown_band"), ("0", "unknown_band")):
        with pytest.raises(LayerError) as refused:
            with_heights(flat, dem(path, layer), CRS)
        assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.real
def test_at_the_centres_of_cells_real_heights_are_those_of_the_cells(real_data):
    path = real_data / "andorra" / "andorra_srtm3.tif"
    rows, columns = np.array([120, 180, 222]), np.array([150, 260, 301])
    with rasterio.open(path) as source:
        expected = source.read(1)[rows, columns]
        lon, lat = (np.array(place) for place in source.xy(rows, columns))
    centres = gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326").to_crs("EPSG:25831")
    lines = [LineString([point, (point.x + 20, point.y)]) for point in centres]
    frame = streets(*lines).set_crs("EPSG:25831", allow_override=True)

    raised = with_heights(frame, dem(path), "EPSG:25831")

    found = [z_of(raised, row)[0] for row in range(3)]
    assert found == pytest.approx(expected.tolist(), abs=0.01)
