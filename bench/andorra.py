"""Seconds and memory of every stage, from an OpenStreetMap extract to all result files.

``python -m bench.andorra`` runs Andorra (kept in ../shared/data) twice in one fresh process: the
first run is cold (imports included), the second warm. Then the command itself is run, and run
again into the same folder, where nothing has changed: a process of its own, its interpreter
included. ``--demo`` does the same with the simulated county, ``--profile`` lists the functions that
take the time of a warm run. Seconds are those of the clock and, where others share the machine,
rather those of the processors: all threads of it, but not the second process that simulates the
county, reads some layers, draws the areas and writes the office files: ``simulate``, ``areas`` and
``papers`` are mostly seconds that are waited for it.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import itertools
import json
import os
import platform
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from maps.second_process import SecondProcess

    Mark = Callable[[str], None]

AIMS = {"andorra": ("25", "12", ""), "demo": ("15", "", "5")}  # seconds: cold, warm, again
PROGRAM = Path(__file__).resolve().parents[1] / "livingcircle.py"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "andorra"


def make(place: str, folder: Path, second: SecondProcess) -> Path:
    """Write the project folder of a place and return it."""
    if place == "demo":
        from maps.simulating import simulated_county  # noqa: PLC0415 - imports belong to the stage

        return simulated_county(folder / "county", second).parent
    from layers.fetch import fetch_extract  # noqa: PLC0415 - imports belong to the stage

    out = folder / "project"
    pbf, heights = DATA / "andorra.osm.pbf", DATA / "andorra_srtm3.tif"
    return fetch_extract(pbf, elevation=heights, out=out).parent


def stages(place: str, folder: Path) -> list[tuple[str, float, float]]:
    """Run a place from its sources to all results; give every stage's seconds by clock and CPU."""
    marks = [("start", time.perf_counter(), time.process_time())]

    def mark(stage: str) -> None:
        marks.append((stage, time.perf_counter(), time.process_time()))

    from maps.second_process import MANY_BYTES, second_process  # noqa: PLC0415 - as above

    with second_process(MANY_BYTES) as second:
        project_folder = make(place, folder, second)
        mark("simulate" if place == "demo" else "fetch")
        run(project_folder, folder / "out", second, mark)
    return [
        (name, clock - began, cpu - spent)
        for (_, began, spent), (name, clock, cpu) in itertools.pairwise(marks)
    ]


def run(project_folder: Path, results: Path, second: SecondProcess, mark: Mark) -> None:
    """Run a project as ``maps.running`` does, and mark the end of every stage."""
    import geo  # noqa: PLC0415 - imports belong to the stage
    import layers  # noqa: PLC0415
    import maps  # noqa: PLC0415
    from maps.papers import Papers  # noqa: PLC0415

    project = layers.read_project(project_folder)
    begun: list[str] = []

    def note(stage: str, _done: int, _total: int) -> None:
        if begun:
            mark(begun[-1])
        begun.append(stage)

    second.make_ready("layers.read_area")
    area = layers.read_study_area(project, begin=second.begin)
    mark("read")
    second.make_ready("geo.areas", "maps.papers")
    study = geo.assess(area, project, progress=note, begin=second.begin)
    mark(begun[-1])
    with layers.results_folder(results) as out:
        with second.during(Papers(study, (), out, "zh").alone().write):
            layers.write_frames(study.frames(), out / "results.gpkg")
            mark("results.gpkg")
            maps.write_page(study, out / "map.html")
            mark("map.html")
        mark("papers")
        layers.write_record(project, area, out / "run.json", counts={})
    mark("run.json")


def child(place: str, *, profile: bool) -> None:
    """Run twice in this process, set up as the command's own, and print the figures as JSON."""
    from livingcircle import SELDOM  # noqa: PLC0415 - measured with the imports

    gc.set_threshold(*SELDOM)
    runs = []
    for turn in ("cold", "warm"):
        with tempfile.TemporaryDirectory() as folder:
            watch = cProfile.Profile()
            if profile and turn == "warm":
                watch.enable()
            found = stages(place, Path(folder))
            watch.disable()
        # ru_maxrss is in KiB on Linux
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        runs.append({"turn": turn, "stages": found, "peak_mib": peak})
    print(json.dumps(runs))
    if profile:
        pstats.Stats(watch, stream=sys.stderr).sort_stats("tottime").print_stats(30)


def again(place: str) -> tuple[float, float]:
    """Run a place twice by its command; give the second run's seconds by clock and CPU."""
    with tempfile.TemporaryDirectory() as folder:
        project, out = Path(folder, "project"), Path(folder, "out")
        if place == "demo":
            words = ["demo", "--out", out]
        else:
            pbf, heights = DATA / "andorra.osm.pbf", DATA / "andorra_srtm3.tif"
            command(["fetch", "--pbf", pbf, "--elevation", heights, "--out", project])
            words = ["run", project, "--out", out]
        command(words)
        return command(words)


def command(words: list[str | Path]) -> tuple[float, float]:
    """Run a command in a process of its own; give its seconds by clock and CPU."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 - this very program
        [sys.executable, PROGRAM, *words, "--quiet"], stdout=subprocess.DEVNULL, check=True
    )
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--demo", action="store_true")
    asked.add_argument("--profile", action="store_true")
    asked.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    place = "demo" if chosen.demo else "andorra"
    if chosen.child:
        child(place, profile=chosen.profile)
        return
    options = ["--demo"] * chosen.demo + ["--profile"] * chosen.profile
    begin = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - runs this very file
        [sys.executable, "-m", "bench.andorra", "--child", *options],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    whole = time.perf_counter() - begin
    cold, warm = json.loads(done.stdout)
    print(f"{place}: {platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"{'stage':<14}{'cold s':>9}{'warm s':>9}{'cold CPU':>11}{'warm CPU':>9}")
    for (name, *first), (_, *second) in zip(cold["stages"], warm["stages"], strict=True):
        print(f"{name:<14}{first[0]:>9.2f}{second[0]:>9.2f}{first[1]:>11.2f}{second[1]:>9.2f}")
    (cold_s, cold_cpu), (warm_s, warm_cpu) = (
        [sum(each[kind] for each in run["stages"]) for kind in (1, 2)] for run in (cold, warm)
    )
    start = whole - cold_s - warm_s
    print(f"{'interpreter':<14}{start:>9.2f}")
    print(f"{'total':<14}{cold_s + start:>9.2f}{warm_s:>9.2f}{cold_cpu:>11.2f}{warm_cpu:>9.2f}")
    cold_aim, warm_aim, again_aim = AIMS[place]
    print(f"{'aim':<14}{cold_aim:>9}{warm_aim:>9}")
    clock, used = again(place)
    print(f"again, nothing changed: {clock:.2f} s, {used:.2f} of CPU; aim {again_aim or 'none'}")
    print(f"peak memory {cold['peak_mib']:,.0f} MiB cold, {warm['peak_mib']:,.0f} MiB after both")


if __name__ == "__main__":
    main()
