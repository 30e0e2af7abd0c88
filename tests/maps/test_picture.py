"""A map as a picture: colours where they belong, and a scale that measures."""

from __future__ import annotations

from io import BytesIO

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from shapely import Point, box

from maps.fonts import chinese_font
from maps.picture import HEIGHT, WIDTH, MapPicture, draw_map, round_length

CRS = "EPSG:4548"
RED, BLUE = "#ff0000", "#0000ff"


def picture(**changes):
    units = gpd.GeoDataFrame(
        {"colour": [RED, BLUE]},
        geometry=[
            box(0, 0, 3000, 4000).difference(box(1000, 1000, 2000, 2000)),
            box(3000, 0, 4000, 4000),
        ],
        crs=CRS,
    )
    told = {
        "title": "某县",
        "units": units,
        "legend": [(RED, "远"), (BLUE, "近")],
        "townships": gpd.GeoDataFrame({"name": []}, geometry=[], crs=CRS),
        "streets": None,
        "points": None,
        "points_label": "",
        "notes": ["坐标系"],
    }
    return MapPicture(**told | changes)


@pytest.fixture(scope="module")
def font():
    found = chinese_font()
    if found is None:
        pytest.skip("this computer has no Chinese font")
    return found


def pixels(png):
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def near(image, colour):
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return (np.abs(image - wanted).sum(axis=2)) < 60


def test_areas_take_as_many_pixels_as_they_are_large(font):
    image = pixels(draw_map(picture(legend=[]), font))
    assert image.shape == (HEIGHT, WIDTH, 3)
    red, blue = near(image, RED).sum(), near(image, BLUE).sum()
    assert red / blue == pytest.approx(11 / 4, rel=0.03)


def test_east_is_right_north_is_up_and_a_hole_is_empty(font):
    hill = box(3000, 3000, 4000, 4000)
    units = picture().units.assign(geometry=[picture().units.geometry[0], hill])
    image = pixels(draw_map(picture(units=units, legend=[]), font))
    ys, xs = np.nonzero(near(image, BLUE))
    red_ys, red_xs = np.nonzero(near(image, RED))
    assert xs.mean() > red_xs.mean()
    assert ys.mean() < red_ys.mean()
    whole = image[red_ys.min() : red_ys.max(), red_xs.min() : red_xs.max()]
    assert near(whole, "#ffffff").mean() == pytest.approx(1 / 12, abs=0.02)


def test_the_legend_shows_its_colours_right_of_the_map(font):
    plain = pixels(draw_map(picture(legend=[]), font))
    told = pixels(draw_map(picture(), font))
    right = slice(WIDTH - 380, None)
    assert near(plain[:, right], RED).sum() == 0
    assert near(told[:, right], RED).sum() > 500
    assert near(told[:, right], BLUE).sum() > 500


def test_facilities_are_dots_inside_the_map(font):
    points = gpd.GeoDataFrame(geometry=[Point(3500, 2000)], crs=CRS)
    plain = pixels(draw_map(picture(), font))
    dotted = pixels(draw_map(picture(points=points, points_label="药店"), font))
    assert (plain != dotted).any(axis=2)[:, : WIDTH - 380].sum() > 30


def test_the_same_map_gives_the_same_bytes(font):
    assert draw_map(picture(), font) == draw_map(picture(), font)


@given(st.floats(1e-3, 1e8))
def test_a_scale_bar_is_of_a_round_length_that_is_no_longer_than_the_room(metres):
    found = round_length(metres)
    assert found <= metres * (1 + 1e-9)
    assert metres < found * 2.5 * (1 + 1e-9)
    assert f"{found:e}"[0] in "125"
