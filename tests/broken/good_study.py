"""A study in which nothing is wrong, small enough to write anew for every way to break it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import rasterio
from rasterio import Affine
from shapely import LineString, box

from layers.catalogue import load_categories, load_circle, load_modes
from layers.project import LayerSource, Project

CRS = "EPSG:4548"
EAST, NORTH = 500_000.0, 2_900_000.0
SIDE = 2000.0
UNITS = tuple(f"35042110000{number}" for number in range(1, 5))


def degrees(x: Any, y: Any) -> tuple[Any, Any]:
    """Give longitude and latitude (CGCS2000) of metres east and north of the corner."""
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)
    lon, lat = to_degrees.transform(EAST + np.asarray(x), NORTH + np.asarray(y))
    return lon, lat


def write_grid(
    path: Path, *, crs: str | None = CRS, east: float = EAST, hole: bool = False
) -> None:
    """Write an elevation grid of 100 m that rises 10 m a cell towards the east."""
    heights = np.tile(np.arange(60, dtype=np.float32) * 10, (60, 1))
    if hole:
        heights[:, :] = -9999
    transform = Affine(100, 0, east - 1000, 0, -100, NORTH + 5000)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=60,
        height=60,
        count=1,
        dtype="float32",
        nodata=-9999,
        crs=crs,
        transform=transform,
    ) as grid:
        grid.write(heights, 1)


def _sources() -> dict[str, LayerSource]:
    place = {"x": "经度", "y": "纬度"}
    listed = (
        LayerSource("units", "units", Path("units.gpkg")),
        LayerSource("townships", "townships", Path("townships.gpkg")),
        LayerSource(
            "residences", "residences", Path("residences.csv"), datum="cgcs2000", columns=place
        ),
        LayerSource(
            "facilities", "facilities", Path("facilities.csv"), datum="cgcs2000", columns=place
        ),
        LayerSource("streets", "streets", Path("streets.gpkg")),
        LayerSource("dem", "elevation", Path("dem.tif")),
    )
    return {source.name: source for source in listed}


def _units() -> gpd.GeoDataFrame:
    corners = [(0, 0), (SIDE, 0), (0, SIDE), (SIDE, SIDE)]
    squares = [box(EAST + x, NORTH + y, EAST + x + SIDE, NORTH + y + SIDE) for x, y in corners]
    return gpd.GeoDataFrame(
        {
            "unit_id": UNITS,
            "name": ["城东社区", "城西社区", "龙湖村", "大焦村"],
            "kind": ["community", "community", "village", "village"],
            "urban_class": ["121", "122", "220", None],
            "people": [100.0, 203.0, 40.0, 0.0],
            "age_60_plus": [20.0, 30.0, 13.0, 0.0],
            "age_65_plus": [10.0, 20.0, 9.0, 0.0],
        },
        geometry=squares,
        crs=CRS,
    )


def _townships() -> gpd.GeoDataFrame:
    whole = box(EAST, NORTH, EAST + 2 * SIDE, NORTH + 2 * SIDE)
    return gpd.GeoDataFrame(
        {"township_id": ["350421100"], "name": ["雪峰镇"]}, geometry=[whole], crs=CRS
    )


def _residences() -> pd.DataFrame:
    """Ten dwellings in each unit, along its street, in its eastern half."""
    number = np.arange(40)
    unit = number // 10
    x = (unit % 2) * SIDE + 1050 + (number % 10) * 90
    y = (unit // 2) * SIDE + 980 + (number % 2) * 40
    lon, lat = degrees(x, y)
    return pd.DataFrame(
        {
            "residence_id": [f"r{n:03d}" for n in number],
            "unit_id": [UNITS[n] for n in unit],
            "weight": 1.0 + number % 3,
            "经度": lon,
            "纬度": lat,
        }
    )


def _facilities() -> pd.DataFrame:
    lon, lat = degrees([950.0, 2950.0, 950.0, 1000.0], [1000.0, 1000.0, 3000.0, 1000.0])
    return pd.DataFrame(
        {
            "facility_id": ["f1", "f2", "f3", "f4", "f5"],
            "name": ["警务室甲", "警务室乙", "卫生所", "药店", "流动警务"],
            "category": ["police-room", "police-room", "village-clinic", "pharmacy", "police-room"],
            "serves": [None, f"{UNITS[1]}、{UNITS[2]}", None, None, UNITS[3]],
            "status": ["existing", "已建", "在建", None, "existing"],
            "year": ["2019", None, "2024", "2001", None],
            "area_m2": ["60", "1,200", None, "80.5", None],
            "经度": [*lon, np.nan],
            "纬度": [*lat, np.nan],
        }
    )


def _streets() -> gpd.GeoDataFrame:
    stops = (0, 1000, 3000, 2 * SIDE)  # they meet where they cross
    across = [[(x, y) for x in stops] for y in (1000, 3000)]
    along = [[(x, y) for y in stops] for x in (1000, 3000)]
    lines = [LineString([(EAST + x, NORTH + y) for x, y in line]) for line in (*across, *along)]
    return gpd.GeoDataFrame(
        {
            "street_id": ["a", "b", "c", "d"],
            "class": "residential",
            "oneway": [None, "yes", "-1", "no"],
        },
        geometry=lines,
        crs=CRS,
    )


@dataclass
class GoodStudy:
    """Frames and sources of a study that reads without a problem; change them, then write."""

    units: gpd.GeoDataFrame = field(default_factory=_units)
    townships: gpd.GeoDataFrame = field(default_factory=_townships)
    residences: pd.DataFrame = field(default_factory=_residences)
    facilities: pd.DataFrame = field(default_factory=_facilities)
    streets: gpd.GeoDataFrame = field(default_factory=_streets)
    encoding: str = "utf-8"
    crs: str = CRS
    sources: dict[str, LayerSource] = field(default_factory=_sources)

    def change(self, name: str, /, **changes: Any) -> None:
        """Change what project.toml says of a layer."""
        self.sources[name] = replace(self.sources[name], **changes)

    def write(self, folder: Path) -> Project:
        """Write every file into a folder, and give the project that names them."""
        (folder / "project.toml").write_text('name = "小县"\n', encoding="utf-8")
        for name in ("units", "townships", "streets"):
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "'crs' was not provided")  # one way to break it
                getattr(self, name).to_file(folder / f"{name}.gpkg", layer=name)
        for name in ("residences", "facilities"):
            table: pd.DataFrame = getattr(self, name)
            table.to_csv(folder / f"{name}.csv", index=False, encoding=self.encoding)
        write_grid(folder / "dem.tif")
        sources = (replace(s, path=folder / s.path) for s in self.sources.values())
        return Project(
            name="小县",
            folder=folder,
            crs=self.crs,
            layers=tuple(sources),
            modes=load_modes(),
            categories=load_categories(),
            circle=load_circle("basic-15"),
        )
