"""The simulated county as a planner's folder: the files of a county bureau, as it keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyogrio
import rasterio

from layers.datum import from_wgs84
from layers.demo.county import simulate
from layers.demo.facts import numbers, read_facts
from layers.demo.terrain import NODATA
from layers.project_file import PROJECT_FILE, project_toml
from layers.store import results_folder, write_frames
from layers.vocabulary import text, texts_of

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from layers.demo.county import County
    from layers.demo.mesh import Floats
    from layers.demo.terrain import Relief

GEOGRAPHIC = "EPSG:4490"
UNIT_LEDGER = "unit"
DRAWN = ("grid",)  # registers that are areas
POLICE, PHARMACY = "police-room", "pharmacy"  # kept in files of their own
UNIT_COLUMNS = {
    "unit_id": "区划代码",
    "name": "名称",
    "kind": "类型",
    "township_id": "乡镇代码",
    "township": "乡镇",
    "urban_class": "城乡分类",
    "households": "户数",
    "people": "常住人口",
    "age_0_14": "0至14岁",
    "age_60_plus": "60岁及以上",
    "age_65_plus": "65岁及以上",
}
POLICE_COLUMNS = {
    "facility_id": "编号",
    "name": "名称",
    "x": "经度",
    "y": "纬度",
    "unit_id": "所在村",
    "serves": "服务村",
    "status": "状态",
    "year": "建成年份",
    "area_m2": "面积",
}
# The .dbf of a shapefile holds ten bytes of a column's name: five characters in GBK.
PHARMACY_COLUMNS = {
    "facility_id": "编号",
    "name": "药店名称",
    "unit_id": "所在村",
    "year": "开业年份",
    "area_m2": "面积",
}


def write_county(folder: Path) -> Path:
    """Write the simulated county as a planner's folder and give the path of its project.toml.

    The same bytes every time, on one machine.
    """
    county = simulate(read_facts())
    units = county.units.drop(columns=["x", "y"]).rename(columns=UNIT_COLUMNS)
    listed = county.facilities["category"]
    with results_folder(folder) as new:
        write_frames(
            {"units": units, "townships": county.townships, "streets": county.streets},
            new / "county.gpkg",
        )
        others = county.facilities[~listed.isin([POLICE, PHARMACY])].to_crs(GEOGRAPHIC)
        write_frames({"facilities": others.reset_index(drop=True)}, new / "facilities.gpkg")
        _write_pharmacies(county.facilities[listed == PHARMACY], new / "药店.shp")
        _police_ledger(county.facilities[listed == POLICE]).to_csv(
            new / "警务室台账.csv", index=False, encoding="gbk", lineterminator="\r\n"
        )
        _with_degrees(county.residences).to_csv(
            new / "residences.csv", index=False, encoding="utf-8", lineterminator="\n"
        )
        _write_registers(county, new)
        _write_relief(county.relief, new / "elevation.tif")
        content = project_toml(_settings(county), comment=text("demo.comment"))
        (new / PROJECT_FILE).write_text(content, encoding="utf-8", newline="\n")
    return folder / PROJECT_FILE


def _degrees(points: gpd.GeoSeries) -> tuple[Floats, Floats]:
    """Give longitudes and latitudes, CGCS2000, NaN where there is no point."""
    geographic = points.to_crs(GEOGRAPHIC)
    return geographic.x.to_numpy(), geographic.y.to_numpy()


def _with_degrees(residences: gpd.GeoDataFrame) -> pd.DataFrame:
    lon, lat = _degrees(residences.geometry)
    plain = pd.DataFrame(residences.drop(columns="geometry"))
    return plain.assign(lon=np.round(lon, 7), lat=np.round(lat, 7))


def _police_ledger(rooms: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the ledger as it comes off a phone map: Chinese headings, GCJ-02."""
    lon, lat = from_wgs84(*_degrees(rooms.geometry), "gcj02")
    status = rooms["status"].map({"existing": "已建", "building": "在建", "planned": "规划"})
    table = rooms.assign(
        status=status, x=np.round(lon, 7), y=np.round(lat, 7), area_m2=rooms["area_m2"].astype(int)
    )
    return pd.DataFrame(table)[list(POLICE_COLUMNS)].rename(columns=POLICE_COLUMNS)


def _write_pharmacies(pharmacies: gpd.GeoDataFrame, path: Path) -> None:
    table = pharmacies[[*PHARMACY_COLUMNS, "geometry"]].rename(columns=PHARMACY_COLUMNS)
    # A .dbf holds the day it was written; this one is always the same.
    pyogrio.write_dataframe(
        table.to_crs(GEOGRAPHIC), path, encoding="GBK", DBF_DATE_LAST_UPDATE="2020-12-31"
    )


def _write_registers(county: County, new: Path) -> None:
    """Write each register as a table of its own, what is drawn as areas as a layer of its own."""
    tables = {UNIT_LEDGER: county.ledger}
    for kind, register in county.registers.items():
        if kind in DRAWN:
            write_frames({kind: register}, new / f"{kind}.gpkg")
        else:
            tables[kind] = _with_places(register)
    for name, table in tables.items():
        table.to_csv(new / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")


def _with_places(register: gpd.GeoDataFrame) -> pd.DataFrame:
    if register.geometry.isna().all():
        return pd.DataFrame(register.drop(columns="geometry"))
    return _with_degrees(register)


def _register(kind: str, county: County) -> dict[str, Any]:
    """Give the settings of one register's layer."""
    settings: dict[str, Any] = {"role": "registers", "values": {"kind": kind}}
    if kind in DRAWN:
        return _layer(f"{kind}.gpkg", **settings)
    placed = kind in county.registers and county.registers[kind].geometry.notna().any()
    if placed:
        settings |= {"crs": GEOGRAPHIC, "columns": {"x": "lon", "y": "lat"}}
    return _layer(f"{kind}.csv", **settings)


def _write_relief(relief: Relief, path: Path) -> None:
    rows, columns = relief.heights.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype="float32",
        crs=numbers()["crs"],
        transform=relief.transform,
        nodata=NODATA,
        compress="deflate",
        predictor=3,
        tiled=True,
    ) as raster:
        raster.write(relief.heights, 1)


def _settings(county: County) -> dict[str, Any]:
    """Give project.toml: what each file is and how its columns are called."""
    place = {"x": "lon", "y": "lat"}
    return {
        "name": text("demo.name"),
        "crs": numbers()["crs"],
        "simulated": True,
        "attribution": [
            line for key, line in texts_of("demo", "zh").items() if key.startswith("attribution.")
        ],
        "data_date": f"{numbers('rates')['base_year']}-12",
        "policy": "mingxi-2023-16",
        "circle": "basic-15",
        "layers": {
            "units": _layer("county.gpkg", layer="units", columns=UNIT_COLUMNS),
            "townships": _layer("county.gpkg", layer="townships"),
            "streets": _layer("county.gpkg", layer="streets"),
            "residences": _layer("residences.csv", crs=GEOGRAPHIC, columns=place),
            "elevation": _layer("elevation.tif"),
            "facilities": _layer("facilities.gpkg"),
            "police": _layer(
                "警务室台账.csv",
                role="facilities",
                encoding="gbk",
                datum="gcj02",
                crs=GEOGRAPHIC,
                columns=POLICE_COLUMNS,
                values={"category": POLICE},
            ),
            "pharmacies": _layer(
                "药店.shp",
                role="facilities",
                encoding="gbk",
                columns=PHARMACY_COLUMNS,
                values={"category": PHARMACY},
            ),
            **{kind: _register(kind, county) for kind in (UNIT_LEDGER, *county.registers)},
        },
    }


def _layer(source: str, **settings: object) -> dict[str, Any]:
    return {"source": source, "datum": "cgcs2000", **settings}
