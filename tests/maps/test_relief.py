"""The relief: lit from the northwest, and too faint to change what a colour says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pyproj import CRS
from rasterio import Affine

from layers.elevation import Grid
from maps.content import page_content
from maps.relief import LEVELS, shade
from maps.style import (
    CHANGE,
    COVERED,
    MINUTES,
    NO_DATA,
    NOT_COVERED,
    RELIEF,
    SHARE,
    UNREACHED,
)
from tests.page_block import Block
from tests.town import CRS as TOWN_CRS

PALETTES = {
    "minutes": (*MINUTES, UNREACHED, NO_DATA),
    "share": (*SHARE, NO_DATA),
    "change": (*CHANGE.values(), NO_DATA),
    "covered": (COVERED, NOT_COVERED, NO_DATA),
}


def lab(rgb: np.ndarray) -> np.ndarray:
    """Give CIE L*a*b* of sRGB: equal distances look about equally far apart."""
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    matrix = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = matrix @ linear / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def rgb(code: str) -> np.ndarray:
    return np.array([int(code[at : at + 2], 16) for at in (1, 3, 5)]) / 255


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize(("kind", "towards"), [("shadow", 0.0), ("light", 1.0)])
def test_in_the_deepest_shadow_and_the_brightest_light_a_colour_is_still_nearest_to_itself(
    name, kind, towards
):
    palette = PALETTES[name]
    for code in palette:
        shown = rgb(code) * (1 - RELIEF[kind]) + towards * RELIEF[kind]
        far = [np.linalg.norm(lab(shown) - lab(rgb(other))) for other in palette]
        assert palette[int(np.argmin(far))] == code


def test_slopes_towards_the_northwest_are_lighter_than_flat_ground_and_those_away_darker():
    east, south = np.meshgrid(np.arange(20.0), np.arange(20.0))
    cone = -np.hypot(east - 9.5, south - 9.5) * 5
    light = shade(cone, 30.0)
    assert light[3, 3] > 0.1
    assert light[16, 16] < -0.1
    assert abs(light).max() <= 1
    assert (shade(np.full((4, 4), 812.0), 30.0) == 0).all()


def test_ground_beside_unknown_heights_is_as_flat_ground():
    heights = np.tile(np.arange(6.0), (6, 1))
    heights[2, 2] = np.nan
    light = shade(heights, 1.0)
    assert np.isfinite(light).all()
    assert light[2, 1] == light[1, 2] == 0


def test_the_page_carries_the_shade_of_a_hill_over_its_units(town):
    units = town.area.units
    west, south, east, north = units.total_bounds
    cells = 40
    side = max(east - west, north - south) / (cells - 4)
    transform = Affine(side, 0, west - 2 * side, 0, -side, north + 2 * side)
    column, row = np.meshgrid(np.arange(cells), np.arange(cells))
    hill = -np.hypot(column - cells / 2, row - cells / 2) * side * 0.2
    relief = Grid(hill, transform, CRS.from_user_input(TOWN_CRS))
    study = replace(town, area=replace(town.area, relief=relief))
    header, columns = page_content(study, "zh")
    block = Block(columns.block(header))
    told = block.header["relief"]
    level = np.array(block.column("relief/shade")).reshape(told["height"], told["width"])
    assert level.min() >= 0
    assert level.max() <= LEVELS
    third = np.array(level.shape) // 3
    assert level[: third[0], : third[1]].mean() > LEVELS / 2 + 2  # the northwest is lit
    assert level[-third[0] :, -third[1] :].mean() < LEVELS / 2 - 2
    x = np.array(block.column("units/x"))
    y = np.array(block.column("units/y"))
    left, top, right, bottom = told["box"]
    assert ((x > left) & (x < right) & (y > top) & (y < bottom)).all()


def test_a_study_without_elevation_has_no_relief(town):
    header, columns = page_content(town, "zh")
    assert header["relief"] is None
    assert "relief/shade" not in columns.directory
