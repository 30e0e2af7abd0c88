"""What a kill at any moment leaves behind: ``python -m bench.faults [KILLS]``, by default 50.

A run of a small county over earlier results is killed (SIGKILL) at a random moment between its
start and a little after its end, each time in a process of its own. Prints how often the folder
then held the earlier results byte for byte, the new ones whole, or a mixture that INCOMPLETE.txt
and ``read_results`` tell of; anything else is counted as wrong. After each kill a second program
writes into the folder, which must leave nothing of the killed one behind.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import layers
from layers.one_writer import NOTE, WORK, is_incomplete
from layers.store import results_folder
from maps.running import run_project
from maps.stages import Stages
from tests.test_cli import RESULTS, contents, with_earlier_results, write_project

SEED = 20261126


def started(county: Path) -> int:
    """Start a run of the county in a process of its own, and give its number."""
    child = os.fork()
    if child:
        return child
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with Stages("zh", quiet=True, verbose=False) as stages:
        run_project(county, county / "out", stages, lang="zh")
    os._exit(0)


def ending(county: Path, before: dict[str, bytes]) -> str:
    """Say what a killed run left in the folder of results."""
    out = county / "out"
    left = {name: held for name, held in contents(out).items() if not name.startswith(WORK)}
    if is_incomplete(out):
        return "mixed, and told" if NOTE in left else "mixed"
    if left == before:
        return "earlier results" + (", nothing else" if len(left) == len(contents(out)) else "")
    whole = set(left) == RESULTS and b"earlier" not in left.values()
    if whole:
        layers.read_results(out)
    return "new results, whole" if whole else f"wrong: {sorted(left)}"


def main() -> None:
    """Kill as many runs as asked for, and print what they left."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    moments, found = random.Random(SEED), Counter[str]()  # noqa: S311 - moments, no secret
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        os.waitpid(started(write_project(Path(folder) / "whole")), 0)
        whole = time.monotonic() - began
        for number in range(kills):
            county = write_project(Path(folder) / f"某 县 {number}")
            before = with_earlier_results(county)
            child = started(county)
            time.sleep(moments.uniform(0.0, 1.2 * whole))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            found[ending(county, before)] += 1
            with results_folder(county / "out") as new:
                (new / "more.txt").write_text("more", encoding="utf-8")
            if {path.name for path in (county / "out").iterdir()} != RESULTS | {"more.txt"}:
                found["wrong: something of it stayed"] += 1
    for what, count in sorted(found.items()):
        print(f"{count:4} {what}")
    print(f"{kills} kills in runs of {whole:.1f} s")
    sys.exit(any(what.startswith(("wrong", "mixed:")) for what in found))


if __name__ == "__main__":
    main()
