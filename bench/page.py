"""A province's page beside a naive one: python -m bench.page [UNITS].

17,500 units, 14 categories, 100,000 facilities and 100,000 junctions of streets, all simulated, in
one page; and the same units as folium.GeoJson draws them, with a popup, in the same run. Needs
chromedriver, and Linux to tell the memory.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from geo.circles import living_circles
from geo.coverage import Coverage
from geo.coverage_rows import COVERAGE_COLUMNS
from geo.demand import demand
from geo.gaps import gaps
from geo.study import Study
from geo.times import measure_times, times_frame, unit_times_frame
from layers.catalogue import load_categories, load_circle, load_modes
from layers.project import Limit, Project, Rules
from layers.study_area import StudyArea
from maps import write_page
from maps.offline import Verbatim, offline_map
from tests.town import frame, street, streets_frame

CRS = "EPSG:4548"
CORNER = np.array([400_000.0, 2_800_000.0])
SPACING = 1200.0  # metres between units
CATEGORIES, FACILITIES, JUNCTIONS = 14, 100_000, 100_000
KEPT_STREETS = 0.85  # of the grid: some ways are not through
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--window-size=1366,768",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
TWO_FRAMES = """
const done = arguments[arguments.length - 1], began = performance.now();
{what};
requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
"""


def outlines(count: int) -> gpd.GeoSeries:
    """Divide a square into units whose borders wander, shared to the last vertex."""
    side = math.ceil(math.sqrt(count))
    draw = np.random.default_rng(5)
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)[:count]
    points = (grid + draw.uniform(0.15, 0.85, (count, 2))) * SPACING
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.MultiPoint(points),
            ordered=True,
            extend_to=shapely.box(0, 0, *[side * SPACING] * 2),
        )
    )
    cells = shapely.intersection(cells, shapely.box(0, 0, side * SPACING, side * SPACING))

    def wander(xy: np.ndarray) -> np.ndarray:
        x, y = xy.T
        bend = [
            np.sin(x / a) * np.cos(y / b) * c
            for a, b, c in ((41, 37, 18), (97, 89, 40), (13, 17, 6))
        ]
        return (
            xy + CORNER + np.column_stack((sum(bend), sum(each[::1] for each in bend[::-1]) * 0.7))
        )

    return gpd.GeoSeries(shapely.transform(shapely.segmentize(cells, 60.0), wander), crs=CRS)


def study_of(count: int) -> Study:
    """Assess a simulated province on foot; nothing but its drawn areas is left out."""
    project = settings()
    area = layers_of(count, project)
    where = demand(area.units, area.residences)
    measured = {"walk": measure_times(area, where, project.modes["walk"], project)}
    judge = Coverage(area, where, measured, project)
    known = pd.concat([judge.rows(each) for each in project.categories.values()], ignore_index=True)
    places = where.frame.assign(
        mode="walk", status=measured["walk"].places.status(), access_metres=0.0
    )
    return Study(
        project=project,
        area=area,
        basis=where.basis,
        places=places,
        facility_access=pd.DataFrame(),
        times=times_frame(measured["walk"], where),
        unit_times=unit_times_frame(measured["walk"], where, area.units),
        circles=living_circles(area.units, where, measured["walk"], project.circle),
        coverage=known[list(COVERAGE_COLUMNS)],
        gaps=gaps(known, area.units, project),
        scorecard=pd.DataFrame(
            columns=[
                "area_id",
                "level",
                "indicator",
                "numerator",
                "denominator",
                "value",
                "low",
                "high",
                "unknown",
                "met",
                "over",
                "limit",
            ]
        ),
        areas=gpd.GeoDataFrame(
            {name: [] for name in ("kind", "from_id", "limit_minutes", "mode")},
            geometry=[],
            crs=CRS,
        ),
        measured=measured,
        **{
            name: pd.DataFrame()
            for name in ("supply", "facility_load", "supply_areas", "equity", "lorenz")
        },
    )


def settings() -> Project:
    """Give the settings: the first categories of the catalogue, all on foot in 15 minutes."""
    limit = Limit(15, "walk", "bench")
    some = list(load_categories().values())[:CATEGORIES]
    categories = {
        each.id: replace(each, urban=limit, rural=limit, capacity_per_1000=None) for each in some
    }
    circle = replace(load_circle("basic-15"), categories=tuple(categories), mode="walk")
    return Project(
        name="bench",
        folder=Path(),
        crs=CRS,
        layers=(),
        modes={"walk": load_modes()["walk"]},
        categories=categories,
        circle=circle,
        rules=Rules(),
    )


def layers_of(count: int, project: Project) -> StudyArea:
    """Simulate units, facilities and a grid of streets over the same square."""
    shapes = outlines(count)
    draw = np.random.default_rng(6)
    width = math.ceil(math.sqrt(count)) * SPACING
    ids = [f"{n // 200:09}{n % 200:03}" for n in range(count)]
    units = frame(
        "units",
        [
            {
                "unit_id": each,
                "name": f"第{n}村",
                "kind": "village",
                "township_id": each[:9],
                "township": f"{each[:9]}镇",
                "people": float(draw.integers(50, 3000)),
                "geometry": shape,
            }
            for n, (each, shape) in enumerate(zip(ids, shapes, strict=True))
        ],
    )
    spots = CORNER + draw.uniform(0, width, (FACILITIES, 2))
    names = list(project.categories)
    facilities = frame(
        "facilities",
        [
            {
                "facility_id": f"F{n:06}",
                "name": f"{names[n % CATEGORIES]} {n}",
                "category": names[n % CATEGORIES],
                "status": "existing",
                "geometry": shapely.Point(x, y),
            }
            for n, (x, y) in enumerate(spots.round(2))
        ],
    )
    side = round(math.sqrt(JUNCTIONS))
    step = width / (side - 1)
    at = (
        np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1) * step
        + draw.uniform(-step / 4, step / 4, (side, side, 2))
        + CORNER
    ).round(2)
    lines = [
        street(f"{axis}{row}-{n}", *(tuple(p - (500_000, 2_900_000)) for p in pair))
        for axis, mesh in enumerate((at, at.swapaxes(0, 1)))
        for row, line in enumerate(mesh)
        for n, pair in enumerate(pairwise(line))
        if draw.random() < KEPT_STREETS
    ]
    nobody = {"residence_id": "", "unit_id": "", "geometry": shapely.Point()}
    nothing = frame("residences", [nobody]).iloc[:0]
    return StudyArea(
        crs=CRS,
        units=units,
        residences=nothing,
        facilities=facilities,
        streets=streets_frame(lines),
        townships=gpd.GeoDataFrame({"township_id": [], "name": []}, geometry=[], crs=CRS),
    )


def naive_page(study: Study, path: Path) -> None:
    """Draw the units as folium does by default: GeoJSON with every column in a popup."""
    times = study.unit_times.pivot_table(index="unit_id", columns="category", values="minutes")
    units = study.area.units[["unit_id", "name", "people", "geometry"]].merge(
        times.round(1), on="unit_id", how="left"
    )
    bounds = units.to_crs(4326).total_bounds.reshape(2, 2)[:, ::-1].tolist()
    drawn = offline_map("naive", bounds)
    drawn.options["prefer_canvas"] = False
    columns = [name for name in units.columns if name != "geometry"]
    style = {"weight": 0.5, "fillOpacity": 0.7}
    shapes = folium.GeoJson(units.to_crs(4326), style_function=lambda _: style)
    shapes.add_child(folium.GeoJsonPopup(columns)).add_to(drawn)
    drawn.fit_bounds(bounds)
    name = drawn.get_name()
    restyle = f"{shapes.get_name()}.setStyle({{fillColor: '#c33'}})"
    ready = (
        f"window.map = {name}; window.restyle = () => {restyle}; window.ready = performance.now();"
    )
    script = f"window.addEventListener('load', () => {{ {ready} }});"
    drawn.get_root().script.add_child(Verbatim(script))
    path.write_text(drawn.get_root().render(), encoding="utf-8")


def opened(driver: webdriver.Chrome, page: Path, ready: str) -> float:
    """Open a page; give the seconds from navigation until two frames after it is ready."""
    driver.get("about:blank")
    driver.get(page.as_uri())
    WebDriverWait(driver, 600).until(lambda it: it.execute_script(f"return Boolean({ready})"))
    driver.execute_async_script(TWO_FRAMES.replace("{what}", ""))
    return driver.execute_script(f"return {ready}") / 1000


def milliseconds(driver: webdriver.Chrome, what: str, times: int = 5) -> float:
    """Give the median of an action, until two frames later."""
    return float(
        np.median(
            [driver.execute_async_script(TWO_FRAMES.replace("{what}", what)) for _ in range(times)]
        )
    )


def memory(driver: webdriver.Chrome) -> float:
    """Give the resident megabytes of the page's process, the largest renderer of this driver."""
    parents, renderers = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_text()
        except OSError:  # it has ended meanwhile
            continue
        parents[int(folder.name)] = int(status[1])
        if "--type=renderer" in command:
            renderers.append(int(folder.name))

    def ours(process: int) -> bool:
        while process in parents and process != driver.service.process.pid:
            process = parents[process]
        return process == driver.service.process.pid

    pages = [
        int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in renderers if ours(each)
    ]
    return max(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def zooms(name: str) -> tuple[str, ...]:
    """Give the actions of zooming in and out."""
    return tuple(f"{name}.{way}(1, {{animate: false}})" for way in ("zoomIn", "zoomOut"))


def measured(driver: webdriver.Chrome, page: Path, kind: str) -> dict[str, float]:
    """Give what a page costs to open and to use."""
    ours = kind == "ours"
    name = "livingcircle.map" if ours else "map"
    found = {"size MB": page.stat().st_size / 1e6}
    found["interactive s"] = opened(
        driver,
        page,
        "window.livingcircle?.ready && livingcircle.readyAt" if ours else "window.ready",
    )
    for label, action in zip(("zoom in ms", "zoom out ms"), zooms(name), strict=True):
        found[label] = milliseconds(driver, action, 1)
    choose = (
        "const c = document.getElementById('choose-category');"
        "c.selectedIndex = 1 + (c.selectedIndex % 13);"
    )
    change = f"{choose} c.dispatchEvent(new Event('change'))" if ours else "window.restyle()"
    found["change of measure ms"] = milliseconds(driver, change, 5 if ours else 1)
    found["pan ms"] = milliseconds(
        driver, f"{name}.panBy([25, 10], {{animate: false}})", 15 if ours else 3
    )
    if ours:
        slide = (
            "const s = document.getElementById('limit'); s.value = 5 + (s.value * 7) % 25;"
            "s.dispatchEvent(new Event('input'))"
        )
        found["slider ms"] = milliseconds(driver, slide)
        driver.execute_script("document.getElementById('tool-place').click();")
        click = (
            "const p = L.point(200 + 500 * Math.random(), 150 + 300 * Math.random());"
            f"{name}.fire('click', {{containerPoint: p, latlng: {name}.containerPointToLatLng(p)}})"
        )
        milliseconds(driver, click, 1)  # the first one lays the network out
        found["what-if ms"] = milliseconds(driver, click)
    found["renderer MB"] = memory(driver)
    return found


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 17_500
    options = webdriver.ChromeOptions()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        study = study_of(count)
        print(
            f"{count:,} units, {FACILITIES:,} facilities; "
            f"assessed in {time.process_time() - began:.0f} s of CPU"
        )
        table = {}
        for kind, write in (("ours", write_page), ("naive", naive_page)):
            page = Path(folder) / f"{kind}.html"
            began = time.process_time()
            write(study, page)
            built = time.process_time() - began
            with webdriver.Chrome(
                options=options, service=Service(shutil.which("chromedriver"))
            ) as driver:
                driver.set_script_timeout(600)
                driver.set_page_load_timeout(600)
                table[kind] = {"built, CPU s": built, **measured(driver, page, kind)}
            print(pd.Series(table[kind], name=kind).round(2).to_string(), flush=True)
        print(pd.DataFrame(table).round(2).to_string(na_rep="-"))


if __name__ == "__main__":
    main()
