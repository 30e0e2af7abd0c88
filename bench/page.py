"""A province's page beside a naive one: python -m bench.page [UNITS] [--tries N].

17,500 units, 14 categories, 100,000 facilities and 100,000 junctions of streets, all simulated, in
one page; and the same units as folium.GeoJson draws them, with a popup, in the same run. Of several
tries each figure's least is told, since what else runs on the machine only adds, but of memory the
most: the browser sweeps up when it likes. Needs chromedriver, and Linux to tell the memory.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import folium
import pandas as pd

from bench.page_clock import chromium, measured
from bench.page_study import FACILITIES, study_of
from maps import write_page
from maps.offline import Verbatim, offline_map

if TYPE_CHECKING:
    from geo.study import Study


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


def tried(page: Path, kind: str, tries: int) -> pd.Series:
    """Open a page afresh so many times; give the least of every figure, of memory the most."""
    found = []
    for _ in range(tries):
        with chromium() as driver:
            found.append(measured(driver, page, kind))
    every = pd.DataFrame(found)
    return every.min().where(~every.columns.str.startswith("renderer"), every.max())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("units", type=int, nargs="?", default=17_500)
    parser.add_argument("--tries", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        study = study_of(asked.units)
        print(
            f"{asked.units:,} units, {FACILITIES:,} facilities; "
            f"assessed in {time.process_time() - began:.0f} s of CPU"
        )
        table = {}
        for kind, write in (("ours", write_page), ("naive", naive_page)):
            page = Path(folder) / f"{kind}.html"
            began = time.process_time()
            write(study, page)
            built = time.process_time() - began
            table[kind] = pd.concat(
                [pd.Series({"built, CPU s": built}), tried(page, kind, asked.tries)]
            )
            print(table[kind].rename(kind).round(2).to_string(), flush=True)
        print(pd.DataFrame(table).round(2).to_string(na_rep="-"))


if __name__ == "__main__":
    main()
