"""Real places run whole, and what was found: the figures of docs/places.md.

``python -m bench.places`` runs every place that is in ../shared/data; ``--place andorra`` one of
them, ``--out folder`` keeps the project folders and all results there.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

import geo
import layers
import maps
from layers.project_file import PROJECT_FILE, project_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.study import Study

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def write_andorra(data: Path, folder: Path) -> Path:
    """Write Andorra's project folder, from its extract and elevation."""
    source = data / "andorra"
    pbf, heights = source / "andorra.osm.pbf", source / "andorra_srtm3.tif"
    return layers.fetch_extract(pbf, elevation=heights, out=folder)


def write_las_palmas(data: Path, folder: Path) -> Path:
    """Write the project folder of Las Palmas, inside its official boundary."""
    source = data / "las_palmas"
    pbf = source / "las_palmas_osm_20230221.osm.pbf"
    return layers.fetch_extract(pbf, boundary=source / "boundary_cnig.geojson", out=folder)


def write_porto_alegre(data: Path, folder: Path) -> Path:
    """Write the project folder of Porto Alegre: hexagons with people, schools and health care.

    Each hexagon is a unit by its middle, all in one township made up for the purpose; those with
    schools or health care hold one facility of the kind, its capacity the number of them.
    """
    source = data / "porto_alegre"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("poa_hexgrid.csv", "poa_osm.pbf", "poa_elevation.tif"):
        shutil.copyfile(source / name, folder / name)
    hexagons = pd.read_csv(source / "poa_hexgrid.csv", dtype={"id": str})
    place = {"x": "lon", "y": "lat"}
    settings = {
        "name": "Porto Alegre",
        "crs": "EPSG:31982",
        "attribution": ["© OpenStreetMap contributors, ODbL 1.0"],
        "layers": {
            "units": {
                "source": "poa_hexgrid.csv",
                "datum": "wgs84",
                "columns": {"unit_id": "id", "name": "id", "people": "population", **place},
                "values": {"kind": "community", "township_id": "1", "township": "Porto Alegre"},
            },
            "streets": {"source": "poa_osm.pbf"},
            "elevation": {"source": "poa_elevation.tif"},
        },
    }
    for column, category in (("schools", "primary-school"), ("healthcare", "health-center")):
        there = hexagons.loc[hexagons[column] > 0, ["id", "lon", "lat", column]]
        there.assign(facility=f"{column}-" + there["id"]).to_csv(
            folder / f"{column}.csv", index=False
        )
        settings["layers"][column] = {  # type: ignore[index]  # settings of a project.toml
            "role": "facilities",
            "source": f"{column}.csv",
            "datum": "wgs84",
            "columns": {
                "facility_id": "facility",
                "unit_id": "id",
                "capacity": column,
                **place,
            },
            "values": {"category": category},
        }
    (folder / PROJECT_FILE).write_text(project_toml(settings), encoding="utf-8")
    return folder / PROJECT_FILE


PLACES = {
    "andorra": write_andorra,
    "las_palmas": write_las_palmas,
    "porto_alegre": write_porto_alegre,
}


def run(project_file: Path, out: Path) -> Study:
    """Run a project into all its results."""
    project = layers.read_project(project_file)
    study = geo.assess(layers.read_study_area(project), project)
    with layers.results_folder(out) as folder:
        layers.write_frames(study.frames(), folder / "results.gpkg")
        maps.write_page(study, folder / "map.html")
        maps.write_workbook(study, folder / "report.xlsx")
    return study


def found(study: Study) -> Iterator[tuple[str, str]]:
    """Give what was found, in order: a label and its figure."""
    area, units = study.area, study.area.units["people"]
    yield "units", f"{len(units):,}, {units.notna().sum():,} of them with {units.sum():,.0f} people"
    yield "residences", f"{len(area.residences):,}"
    yield "counted", study.basis
    yield "facilities", f"{len(area.facilities):,}, {area.facilities['category'].nunique()} kinds"
    if area.streets is not None:
        metres = area.streets.length.sum()
        yield "streets", f"{len(area.streets):,}, {metres / 1000:,.0f} km"
    yield "elevation", "yes" if area.has_elevation else "no"
    for mode, places in study.places.groupby("mode"):
        status = places["status"].value_counts()
        off, moved = status.get("off_network", 0), status.get("moved_to_main", 0)
        yield f"{mode}: off the network", f"{off:,} of {len(places):,}, {moved:,} off an island"
    yield from circle_found(study)
    yield from coverage_found(study)
    yield from supply_found(study)
    for code, count in pd.Series([each.code for each in area.problems]).value_counts().items():
        yield f"told: {code}", f"{count:,}"


def coverage_found(study: Study) -> Iterator[tuple[str, str]]:
    """Give the share within the limit of each category there is, and the gaps by reason."""
    rows = study.coverage[study.coverage["category"].isin(study.area.facilities["category"])]
    for category, of in rows.groupby("category")[["people_covered", "people"]].sum().iterrows():
        yield f"within the limit: {category}", f"{of['people_covered'] / of['people']:.1%}"
    covered = study.coverage["covered"]
    yield "units x categories covered", f"{covered.sum():,} of {len(covered):,}"
    for reason, gaps in study.gaps.groupby("reason"):
        detour = (gaps["metres"] / gaps["straight_metres"]).median()
        told = "" if pd.isna(detour) else f", way {detour:.2f} x the straight line (median)"
        yield f"gaps: {reason}", f"{len(gaps):,}{told}"


def supply_found(study: Study) -> Iterator[tuple[str, str]]:
    """Give what the people of the county share of the places that are known, and how evenly."""
    spread = study.equity[study.equity["level"] == "county"].set_index(["category", "measure"])
    tenths = study.lorenz.set_index(["category", "measure", "share_of_people"])["share_of_value"]
    for row in study.supply_areas.query("level == 'county'").to_dict("records"):
        category = str(row["category"])
        units = study.supply.query("level == 'unit' and category == @category")
        key = (category, "places_per_1000")
        none = units["people"][units["places"] == 0].sum() / units["people"].sum()
        yield (
            f"places per 1000: {category}",
            f"{row['places_per_1000']:.3f}; none in reach for {none:.1%} of people",
        )
        yield (
            f"spread of them: {category}",
            f"Gini {spread.loc[key, 'gini']:.2f}, the worst off half has {tenths[(*key, 0.5)]:.1%}",
        )


def circle_found(study: Study) -> Iterator[tuple[str, str]]:
    """Give the share of units whose circle is whole: of all categories, and of those found."""
    circle = study.project.circle
    there = set(study.area.facilities["category"])
    asked = [name for name in circle.categories if name in there]
    units = study.circles[
        (study.circles["level"] == "unit") & (study.circles["limit_minutes"] == circle.minutes[-1])
    ]
    missing = units["missing"].str.split(";")
    whole = missing.map(lambda names: not set(names) & set(asked))
    label = f"{circle.minutes[-1]:g}-minute circle whole"
    yield f"{label}, all {len(circle.categories)}", f"{(units['missing'] == '').mean():.1%}"
    yield f"{label}, the {len(asked)} found", f"{whole.mean():.1%}"
    yield "categories in reach, mean", f"{units['reached'].mean():.2f}"


def main() -> None:
    """Print the figures of every place that is here."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--place", choices=PLACES)
    asked.add_argument("--out", type=Path)
    chosen = asked.parse_args()
    for name, write in PLACES.items():
        if chosen.place not in (None, name):
            continue
        if not (DATA / name).is_dir():
            print(f"\n{name}: not here")
            continue
        with tempfile.TemporaryDirectory() as temporary:
            folder = (chosen.out or Path(temporary)) / name
            study = run(write(DATA, folder), folder / "out")
        print(f"\n{name}")
        for label, figure in found(study):
            print(f"  {label:<40}{figure}")


if __name__ == "__main__":
    main()
