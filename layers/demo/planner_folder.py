"""The simulated county as a planner's folder: the files of a county bureau, as it keeps them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio

from layers.catalogue.ledger import load_attributes, load_register_kinds
from layers.datum import from_wgs84
from layers.demo.bureau_files import (
    BUREAUS,
    CENTRE,
    CENTRES,
    DRAWN,
    PEOPLE,
    PHARMACY,
    PHARMACY_COLUMNS,
    POINT_COLUMNS,
    POLICE,
    POLICE_COLUMNS,
    SHEET,
    STATUSES,
    STREET_COLUMNS,
    UNIT_COLUMNS,
    UNIT_LEDGER,
)
from layers.demo.bureau_ledgers import Ledger, write_bureau_ledger
from layers.demo.county import simulate
from layers.demo.facilities import short_names
from layers.demo.facts import numbers, read_facts
from layers.demo.terrain import NODATA
from layers.demo.unjoined import JOIN_METRES, unjoined
from layers.project_file import PROJECT_FILE, project_toml
from layers.store import write_frames
from layers.vocabulary import text, texts_of

if TYPE_CHECKING:
    from pathlib import Path

    from layers.demo.county import County
    from layers.demo.mesh import Floats
    from layers.demo.terrain import Relief
    from layers.frame_schema import Column

GEOGRAPHIC = "EPSG:4490"
_OLD = ("age_60_plus", "age_65_plus")
DEGREES = 9  # decimals: a tenth of a millimetre, so that whole centimetres come back


def write_files(new: Path) -> None:
    """Write the simulated county into an empty folder as a planner's, all but the note of it.

    The same bytes every time, on one machine.
    """
    county = simulate(read_facts())
    listed = county.facilities["category"]
    _write_shapefile(county.units, UNIT_COLUMNS, new / "单元.shp", cpg=False)
    write_frames({"townships": county.townships}, new / "乡镇.gpkg")
    _write_shapefile(unjoined(county.streets), STREET_COLUMNS, new / "道路.shp", cpg=True)
    named = county.units.assign(unit=short_names(county.units))
    write_bureau_ledger(_reported(named), PEOPLE, new / "人口台账.xlsx")
    told = named[["township", "unit", "unit_id"]].merge(county.ledger, on="unit_id")
    write_bureau_ledger(
        told,
        _with_attributes(BUREAUS, told, load_register_kinds()[UNIT_LEDGER].columns),
        new / "单元台账.xlsx",
    )
    centres = _on_phone_map(_in_units(county.facilities[listed == CENTRE], named))
    kept = _with_attributes(CENTRES, centres, load_attributes("facilities"))
    write_bureau_ledger(centres, kept, new / "服务设施台账.xlsx")
    others = county.facilities[~listed.isin([CENTRE, POLICE, PHARMACY])]
    points = _on_phone_map(others)
    columns = _attributes(points, load_attributes("facilities")) | POINT_COLUMNS
    _write_csv(points.map(_ticked), columns, new / "设施点位.csv")
    police = _on_phone_map(county.facilities[listed == POLICE])
    _write_csv(police, POLICE_COLUMNS, new / "警务室台账.csv")
    pharmacies = county.facilities[listed == PHARMACY].to_crs(GEOGRAPHIC)
    _write_shapefile(pharmacies, PHARMACY_COLUMNS, new / "药店.shp", cpg=True)
    _reported(_with_degrees(county.residences)).to_csv(
        new / "residences.csv", index=False, encoding="utf-8", lineterminator="\n"
    )
    _write_registers(county, new)
    _write_relief(county.relief, new / "elevation.tif")
    content = project_toml(_settings(county), comment=text("demo.comment"))
    (new / PROJECT_FILE).write_text(content, encoding="utf-8", newline="\n")


def _reported(rows: pd.DataFrame) -> pd.DataFrame:
    """Give rows of people as handed in: of one village nobody has counted the old yet."""
    open_ = rows["unit_id"] == numbers()["reporting"]["ages_open"]
    known = {name: rows[name].astype("Int64").mask(open_) for name in _OLD}
    return pd.DataFrame(rows).assign(**known)


def _degrees(points: gpd.GeoSeries) -> tuple[Floats, Floats]:
    """Give longitudes and latitudes, CGCS2000, NaN where there is no point."""
    geographic = points.to_crs(GEOGRAPHIC)
    return geographic.x.to_numpy(), geographic.y.to_numpy()


def _with_degrees(residences: gpd.GeoDataFrame) -> pd.DataFrame:
    lon, lat = _degrees(residences.geometry)
    plain = pd.DataFrame(residences.drop(columns="geometry"))
    return plain.assign(lon=np.round(lon, DEGREES), lat=np.round(lat, DEGREES))


def _on_phone_map(facilities: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give facilities as they come off a phone map: GCJ-02, in words."""
    lon, lat = from_wgs84(*_degrees(facilities.geometry), "gcj02")
    plain = pd.DataFrame(facilities.drop(columns="geometry"))
    status = facilities["status"].map(STATUSES)
    return plain.assign(status=status, x=np.round(lon, DEGREES), y=np.round(lat, DEGREES))


def _in_units(facilities: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give facilities with the name and the township of their unit, township by township."""
    of_unit = units.set_index("unit_id")[["unit", "township"]]
    named = facilities.join(of_unit, on="unit_id")
    return gpd.GeoDataFrame(named.sort_values(["unit_id", "facility_id"]), crs=facilities.crs)


def _attributes(rows: pd.DataFrame, columns: tuple[Column, ...]) -> dict[str, str]:
    """Give the ledger columns that some of the rows fill in, and their headings."""
    return {
        column.name: column.heading
        for column in columns
        if column.name in rows and rows[column.name].notna().any()
    }


def _with_attributes(ledger: Ledger, rows: pd.DataFrame, columns: tuple[Column, ...]) -> Ledger:
    more = _attributes(rows, columns)
    more = {name: said for name, said in more.items() if name not in ledger.columns}
    return replace(ledger, columns=ledger.columns | more)


def _ticked(cell: object) -> object:
    """Give a tick or a cross for a yes or a no."""
    if isinstance(cell, bool | np.bool_):
        return "√" if cell else "×"
    return cell


def _write_csv(table: pd.DataFrame, columns: dict[str, str], path: Path) -> None:
    whole = table.convert_dtypes()[list(columns)].rename(columns=columns)
    whole.to_csv(path, index=False, encoding="gbk", lineterminator="\r\n")


def _write_shapefile(
    frame: gpd.GeoDataFrame, columns: dict[str, str], path: Path, *, cpg: bool
) -> None:
    """Write a shapefile in GBK, with or without the file that says so."""
    table = frame[[*columns, "geometry"]].rename(columns=columns)
    # A .dbf holds the day it was written; this one is always the same.
    pyogrio.write_dataframe(table, path, encoding="GBK", DBF_DATE_LAST_UPDATE="2020-12-31")
    if not cpg:
        path.with_suffix(".cpg").unlink()


def _write_registers(county: County, new: Path) -> None:
    """Write each register as a table of its own, what is drawn as areas as a layer of its own."""
    for kind, register in county.registers.items():
        if kind in DRAWN:
            write_frames({kind: register}, new / f"{kind}.gpkg")
        else:
            table = _with_places(register)
            table.to_csv(new / f"{kind}.csv", index=False, encoding="utf-8", lineterminator="\n")


def _with_places(register: gpd.GeoDataFrame) -> pd.DataFrame:
    if register.geometry.isna().all():
        return pd.DataFrame(register.drop(columns="geometry"))
    return _with_degrees(register)


def _register(kind: str, county: County) -> dict[str, Any]:
    """Give the settings of one register's layer."""
    settings: dict[str, Any] = {"role": "registers", "values": {"kind": kind}}
    if kind in DRAWN:
        return _layer(f"{kind}.gpkg", **settings)
    if county.registers[kind].geometry.notna().any():
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
        "layers": _layers(county),
    }


def _layers(county: County) -> dict[str, Any]:
    place = {"x": "lon", "y": "lat"}
    return {
        "units": _layer("单元.shp", columns=UNIT_COLUMNS),
        "people": _layer(
            "人口台账.xlsx",
            role="registers",
            columns={"township": SHEET} | PEOPLE.columns,
            values={"kind": UNIT_LEDGER},
        ),
        "ledger": _layer(
            "单元台账.xlsx",
            role="registers",
            columns={"township": SHEET} | BUREAUS.columns,
            values={"kind": UNIT_LEDGER},
        ),
        "townships": _layer("乡镇.gpkg"),
        "streets": _layer("道路.shp", columns=STREET_COLUMNS, join_metres=JOIN_METRES),
        "residences": _layer("residences.csv", crs=GEOGRAPHIC, columns=place),
        "elevation": _layer("elevation.tif"),
        "centres": _facilities(
            "服务设施台账.xlsx",
            datum="gcj02",
            columns={"township": SHEET} | CENTRES.columns,
            values={"category": CENTRE},
        ),
        "facilities": _facilities(
            "设施点位.csv", encoding="gbk", datum="gcj02", columns=POINT_COLUMNS
        ),
        "police": _facilities(
            "警务室台账.csv",
            encoding="gbk",
            datum="gcj02",
            columns=POLICE_COLUMNS,
            values={"category": POLICE},
        ),
        "pharmacies": _facilities(
            "药店.shp", encoding="gbk", columns=PHARMACY_COLUMNS, values={"category": PHARMACY}
        ),
        **{kind: _register(kind, county) for kind in county.registers},
    }


def _facilities(source: str, **settings: object) -> dict[str, Any]:
    return _layer(source, role="facilities", **settings)


def _layer(source: str, **settings: object) -> dict[str, Any]:
    return {"source": source, "datum": "cgcs2000", **settings}
