"""CPU time and memory of the search beside its peers, on the same contracted, directed graphs.

``python -m bench.engine`` measures a simulated town of a million nodes; ``--nodes 100000`` another
size, ``--place porto`` (or las_palmas, porto_alegre, wuhan) a real one, ``--growth`` one and four
million.
Twenty categories of 500 facilities at random nodes. Every row is a process of its own; times are
CPU seconds of all its threads, the least of three runs where one takes less than ten seconds.
Slow peers run some of the categories or sources, scaled. Compilation is not counted; pandana is
measured where it is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bench.engine_rows import SUBJECTS, Parts
from bench.engine_task import CATEGORIES, load, save, task_on
from bench.graphs import real, simulated
from bench.memory import begin_anew, memory

if TYPE_CHECKING:
    from bench.graphs import Town

SMALL = 150_000  # nodes up to which networkx and pandana are asked


def measured(subject: str, path: Path) -> tuple[Parts, float]:
    """Measure a subject in a process of its own: seconds, and MiB beyond the graph."""
    done = subprocess.run(  # noqa: S603 - runs this very file
        [sys.executable, "-m", "bench.engine", "--child", subject, "--graph", str(path)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    # pandana talks on the same stream
    parts, mib = json.loads(next(line for line in done.stdout.splitlines() if line[:2] == "[{"))
    return parts, mib


def child(subject: str, path: Path) -> None:
    """Measure a subject here and print what was found as JSON."""
    task = load(path)
    begin_anew()
    before = memory("VmRSS")
    parts = SUBJECTS[subject](task)
    print(f"\n{json.dumps([parts, memory('VmHWM') - before])}", flush=True)


def report(name: str, town: Town, subjects: list[str]) -> None:
    """Print the table of one town."""
    task = task_on(town)
    size, few = town.x.size, task.facilities.shape[1]
    print(f"\n{name}: {size:,} nodes, {town.graph.heads.size:,} arcs, {CATEGORIES} x {few}")
    print(f"{'':<42}{'CPU s':>9}{'MiB':>8}  parts")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        save(task, path)
        for subject in subjects:
            if (size > SMALL and "networkx" in subject) or (
                "pandana" in subject and (size > SMALL or find_spec("pandana") is None)
            ):
                continue
            parts, mib = measured(subject, path)
            whole = parts.get("cold", parts.get("", parts.get("warm", 0.0)))
            rest = ", ".join(f"{key} {value:,.3f}" for key, value in parts.items() if key)
            print(f"{subject:<42}{whole:>9.3f}{mib:>8,.0f}  {rest}", flush=True)


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--nodes", type=int, default=1_000_000)
    asked.add_argument("--place", choices=("porto", "las_palmas", "porto_alegre", "wuhan"))
    asked.add_argument("--growth", action="store_true")
    asked.add_argument("--only", default="", help="rows whose name holds this")
    asked.add_argument("--child", help=argparse.SUPPRESS)
    asked.add_argument("--graph", type=Path, help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if chosen.child:
        child(chosen.child, chosen.graph)
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    rows = [name for name in SUBJECTS if chosen.only in name]
    if chosen.growth:
        for nodes in (1_000_000, 4_000_000):
            report("simulated", simulated(nodes), ["uncapped: sweeps", "900 s: buckets"])
    elif chosen.place:
        report(chosen.place, real(chosen.place), rows)
    else:
        report("simulated", simulated(chosen.nodes), rows)


if __name__ == "__main__":
    main()
