"""Ways to break a good study: a cell, a column, a geometry, a file, a claim of project.toml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np

from layers.datum import from_wgs84
from layers.project import LayerSource
from tests.broken.good_study import GoodStudy, write_grid

Break = Callable[[GoodStudy], None]
"""Changes a study before it is written."""

Damage = Callable[[Path], None]
"""Changes the files of a study after it was written."""


def cell(layer: str, row: int, column: str, value: object) -> Break:
    """Change one cell; rows count from 1."""

    def change(study: GoodStudy) -> None:
        table = getattr(study, layer)
        cells = table[column].astype(object) if column in table else np.full(len(table), None)
        cells[row - 1] = value
        setattr(study, layer, table.assign(**{column: cells}))

    return change


def without(layer: str, column: str) -> Break:
    return lambda study: setattr(study, layer, getattr(study, layer).drop(columns=column))


def renamed(layer: str, column: str, other: str) -> Break:
    return lambda study: setattr(
        study, layer, getattr(study, layer).rename(columns={column: other})
    )


def empty(layer: str) -> Break:
    return lambda study: setattr(study, layer, getattr(study, layer).iloc[:0])


def shape(layer: str, row: int, shape: object) -> Break:
    """Change one geometry; rows count from 1."""

    def change(study: GoodStudy) -> None:
        frame = getattr(study, layer)
        shapes = list(frame.geometry)
        shapes[row - 1] = shape
        setattr(study, layer, frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs)))

    return change


def source(name: str, /, **changes: object) -> Break:
    return lambda study: study.change(name, **changes)


def both(*breaks: Break) -> Break:
    def change(study: GoodStudy) -> None:
        for one in breaks:
            one(study)

    return change


def said_crs(layer: str, crs: str | None) -> Break:
    """Let a file claim another CRS for the same coordinates."""
    return lambda study: setattr(
        study, layer, getattr(study, layer).set_crs(crs, allow_override=True)
    )


def moved(layer: str, east: float) -> Break:
    return lambda study: setattr(
        study, layer, getattr(study, layer).set_geometry(getattr(study, layer).translate(east))
    )


def swapped(layer: str) -> Break:
    return lambda study: setattr(
        study,
        layer,
        getattr(study, layer).rename(columns={"经度": "纬度", "纬度": "经度"}),
    )


def in_datum(layer: str, datum: str) -> Break:
    def change(study: GoodStudy) -> None:
        table = getattr(study, layer)
        place = table["经度"].to_numpy(), table["纬度"].to_numpy()
        lon, lat = from_wgs84(*place, datum)  # type: ignore[arg-type]  # a datum
        setattr(study, layer, table.assign(经度=lon, 纬度=lat))

    return change


def streets_in_gcj02(study: GoodStudy) -> None:
    streets = study.streets.to_crs("EPSG:4490")
    study.streets = streets.set_geometry(
        streets.geometry.transform(
            lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "gcj02"))
        )
    )


def shapefile(*, encoding: str, cpg: str | None) -> Damage:
    """Write the units as a shapefile in one encoding that claims another, or none."""

    def damage(folder: Path) -> None:
        frame = GoodStudy().units[["unit_id", "name", "kind", "people", "geometry"]]
        frame.to_file(folder / "units.shp", encoding=encoding)
        if cpg is None:
            (folder / "units.cpg").unlink()
        else:
            (folder / "units.cpg").write_text(cpg, encoding="ascii")

    return damage


def delete(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def garbage(name: str) -> Damage:
    def damage(folder: Path) -> None:
        (folder / name).write_bytes(b"this is no such file")

    return damage


def named(name: str, other: str) -> Damage:
    """Give a file another name, and so another kind."""

    def damage(folder: Path) -> None:
        (folder / name).rename(folder / other)

    return damage


def grid(**options: object) -> Damage:
    return lambda folder: write_grid(folder / "dem.tif", **options)  # type: ignore[arg-type]  # its own


def second_grid(study: GoodStudy) -> None:
    study.sources["dem2"] = LayerSource("dem2", "elevation", Path("dem.tif"))


def second_facilities(study: GoodStudy) -> None:
    first = study.sources["facilities"]
    study.sources["clinics"] = LayerSource(
        "clinics", "facilities", first.path, datum=first.datum, columns=first.columns
    )


def counted_facilities(folder: Path) -> None:
    """Write a layer of clinics whose ids are the numbers of its rows."""
    table = GoodStudy().facilities
    rows = [str(number) for number in range(1, len(table) + 1)]
    table.assign(facility_id=rows).to_csv(folder / "clinics.csv", index=False)


def beside_counted_facilities(study: GoodStudy) -> None:
    """Name a layer of clinics beside the facilities, one of whose codes is a small number."""
    second_facilities(study)
    study.change("clinics", path=Path("clinics.csv"))
    cell("facilities", 2, "facility_id", "2")(study)


def no_units(study: GoodStudy) -> None:
    del study.sources["units"]
