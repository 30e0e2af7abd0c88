"""What-if in the page: how long a click takes, and that it is Python's answer.

``python -m bench.whatif`` lets node run the page's engine on the block of a page: the simulated
county, Andorra (kept in ../shared/data) and a simulated grid of 100,000 junctions. It prints what
the networks add to the page (all modes, KB), and milliseconds of the processor, median and 95th
percentile: to lay the network out, for the first click, for one new facility, five, one new where
another closes, and for a circle of 15 minutes.

``--proof 200`` draws so many plans on the first two, lets the page answer and Python run each
exported plan again, and counts the milliseconds, facilities, units, people and reasons that differ.
``--proof 200 --browser`` makes so many real clicks on each of the two pages in Chromium instead:
places anywhere on the map, closings, drags and steps back, ten to a plan, which the page exports.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import geo
import layers
from layers.catalogue import load_categories, load_modes
from layers.project import CircleProfile, Project, Rules
from layers.study_area import StudyArea
from maps.content import page_content
from maps.packed import Columns
from maps.packed_network import add_networks
from maps.second_process import SecondProcess
from maps.simulating import simulated_county
from tests.browser.clicks import proof as proof_by_clicks
from tests.browser.conftest import Browser, started
from tests.panel.node import node
from tests.panel.what_if import disagreements

if TYPE_CHECKING:
    from collections import Counter

    from geo.study import Study

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "andorra"
CLOCK = Path(__file__).with_suffix(".mjs")
CRS, CATEGORY = "EPSG:4548", "pharmacy"
CLICKS_A_PLAN = 10
SIDE, BLOCK = 317, 150.0  # junctions on a side, metres apart
HOMES, FACILITIES, UNITS_ON_A_SIDE = 50_000, 60, 20
EAST, NORTH = 480_000.0, 2_900_000.0


def place(name: str, folder: Path) -> Study:
    """Assess the simulated county or Andorra."""
    if name == "demo":
        path = simulated_county(folder / "county", SecondProcess())
    else:
        pbf, heights = DATA / "andorra.osm.pbf", DATA / "andorra_srtm3.tif"
        path = layers.fetch_extract(pbf, elevation=heights, out=folder / "andorra")
    project = layers.read_project(path)
    return geo.assess(layers.read_study_area(project), project)


def grid() -> Study:
    """Assess a simulated county: a grid of bent streets with gaps, and homes all over it."""
    modes, categories = load_modes(), load_categories()
    circle = CircleProfile("one", "一", "one", (CATEGORY,), (15.0,), "walk", "simulated")
    project = Project(
        name="模拟网格",
        folder=Path(),
        crs=CRS,
        layers=(),
        modes={"walk": modes["walk"]},
        categories={CATEGORY: categories[CATEGORY]},
        circle=circle,
        rules=Rules(cell_metres=1000.0),  # nobody looks at the areas
    )
    return geo.assess(_area(np.random.default_rng(1)), project)


def _area(rng: np.random.Generator) -> StudyArea:
    homes = rng.uniform(0, SIDE * BLOCK, (HOMES, 2)).round(2)
    block = SIDE * BLOCK / UNITS_ON_A_SIDE
    cell = (homes // block).astype(int)
    unit = np.char.zfill((cell[:, 0] * UNITS_ON_A_SIDE + cell[:, 1]).astype(str), 12)
    names = np.unique(unit)
    residences = _points("residence_id", homes).assign(
        unit_id=unit, people=rng.integers(1, 9, HOMES) + 0.0
    )
    services = _points("facility_id", rng.uniform(0, SIDE * BLOCK, (FACILITIES, 2)).round(2))
    corner = np.array(
        [[int(name) // UNITS_ON_A_SIDE, int(name) % UNITS_ON_A_SIDE] for name in names]
    )
    west, south = (corner * block).T + np.array([[EAST], [NORTH]])
    units = gpd.GeoDataFrame(
        {"unit_id": names, "name": names, "kind": "village", "urban": False}
        | {"township_id": "350421001", "township": "模拟镇"},
        geometry=shapely.box(west, south, west + block, south + block),
        crs=CRS,
    )
    unknown = dict.fromkeys(("age_0_14", "age_60_plus", "age_65_plus", "disabled"), np.nan)
    return StudyArea(
        crs=CRS,
        units=units.assign(urban=units["urban"].astype("boolean"), people=np.nan, **unknown),
        residences=residences.assign(**unknown),
        facilities=services.assign(
            name="模拟", category=CATEGORY, status="existing", capacity=np.nan
        ),
        streets=_streets(rng),
        townships=gpd.GeoDataFrame({"township_id": [], "name": []}, geometry=[], crs=CRS),
    )


def _points(key: str, spots: np.ndarray) -> gpd.GeoDataFrame:
    ids = [f"{number:06d}" for number in range(len(spots))]
    points = gpd.points_from_xy(spots[:, 0] + EAST, spots[:, 1] + NORTH)
    return gpd.GeoDataFrame({key: ids}, geometry=points, crs=CRS)


def _streets(rng: np.random.Generator) -> gpd.GeoDataFrame:
    i, j = (part.ravel() for part in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    begin = np.column_stack((np.concatenate((i, i)), np.concatenate((j, j))))
    end = begin + np.repeat([[1, 0], [0, 1]], SIDE * SIDE, axis=0)
    kept = (end < SIDE).all(axis=1) & (rng.random(len(end)) < 0.9)  # noqa: PLR2004 - one in ten is missing
    begin, end = begin[kept] * BLOCK, end[kept] * BLOCK
    bend = ((begin + end) / 2 + rng.normal(0, 15, begin.shape)).round(2)
    corners = np.stack((begin, bend, end), axis=1) + np.array([EAST, NORTH])
    texts = dict.fromkeys(
        ("access", "foot", "bicycle", "oneway_bicycle", "motor_vehicle", "name", "layer"), None
    )
    flags = {"bridge": False, "tunnel": False, "oneway": 0, "speed_kmh": np.nan}
    heights = np.zeros((*corners.shape[:2], 1))
    return gpd.GeoDataFrame(
        pd.DataFrame({"street_id": [f"{row:06d}" for row in range(len(corners))]}).assign(
            **{"class": "residential"}, **texts, **flags
        ),
        geometry=shapely.linestrings(np.concatenate((corners, heights), axis=2)),
        crs=CRS,
    )


def clicks(study: Study, mode: str) -> dict[str, Any]:
    """Let node time what-ifs on the block of a page, and say what the networks weigh in it."""
    header, columns = page_content(study, "zh")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "block"
        path.write_text(columns.block(header), encoding="ascii")
        ran = node(str(CLOCK), str(path), CATEGORY, mode)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    found: dict[str, Any] = json.loads(ran.stdout)
    alone = Columns()
    add_networks(alone, study)
    return found | {"kilobytes": len(alone.block({})) / 1024}


HEAD = (
    "nodes",
    "vertices",
    "homes",
    "kilobytes",
    "network",
    "first",
    "one",
    "five",
    "close",
    "circle",
)


def tell(name: str, mode: str, told: dict[str, Any]) -> None:
    """Print one line of the table: medians, and what one in twenty exceeds."""
    cells = [f"{told[key]:,.0f}" for key in HEAD[:6]]
    cells += [f"{told[key]['median']:.1f} ({told[key]['p95']:.0f})" for key in HEAD[6:]]
    print(f"{name:<9}{mode:<7}" + "".join(f"{cell:>11}" for cell in cells))


def clicked(study: Study, clicks: int) -> tuple[Counter[str], list[str]]:
    """Make so many real clicks on the page of a study, and give what differs from Python."""
    driver = started()
    try:
        return proof_by_clicks(
            Browser(driver),
            study,
            np.random.default_rng(1),
            plans=-(-clicks // CLICKS_A_PLAN),
            clicks=CLICKS_A_PLAN,
        )
    finally:
        driver.quit()


def main() -> None:
    """Print milliseconds of clicks, or prove that they are Python's answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--proof", type=int, metavar="PLANS", help="draw so many plans a place")
    parser.add_argument("--browser", action="store_true", help="make them by clicks in Chromium")
    asked = parser.parse_args()
    proof = asked.proof
    if not proof:
        print(f"{'':16}" + "".join(f"{name:>11}" for name in HEAD))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("demo", "andorra"):
            study = place(name, Path(folder))
            if proof:
                began = time.perf_counter()
                if asked.browser:
                    done, found = clicked(study, proof)
                    print(", ".join(f"{count} {what}" for what, count in done.items()))
                else:
                    found = disagreements(study, proof)
                seconds = time.perf_counter() - began
                what = "clicks" if asked.browser else "plans"
                print(
                    f"{name}: {proof} {what}, {len(found)} differences, {seconds:.0f} s", flush=True
                )
                print(*found[:20], sep="\n")
                continue
            for mode in ("walk", "drive"):
                tell(name, mode, clicks(study, mode))
    if not proof:
        tell("grid", "walk", clicks(grid(), "walk"))


if __name__ == "__main__":
    main()
