"""Two small counties of a simulated province, as files, and Dask on this machine to run them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bench.province import write_province
from maps.asked import Asked
from maps.province import run_province
from maps.stages import Stages

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
COUNTIES = ("350203", "350205")


def small_province(folder: Path, *, pages: bool = False) -> Path:
    """Write two neighbouring counties of few streets, and give the folder."""
    path = write_province(folder, begins="3502", counties=2, nodes=4000, homes=400)
    if not pages:
        said = path.read_text(encoding="utf-8")
        path.write_text(f"county_pages = false\n{said}", encoding="utf-8")
    return folder


def run_small(folder: Path, out: Path, **asked: object) -> Path:
    """Run it and give the folder of results."""
    with Stages("en", quiet=True, verbose=False) as stages:
        run_province(folder, out, stages, lang="en", asked=Asked(**asked))  # type: ignore[arg-type]
    return out


def tables(out: Path) -> dict[str, bytes]:
    """Give every partition and sum by name."""
    found = sorted((out / "tables").rglob("*.parquet"))
    return {str(path.relative_to(out)): path.read_bytes() for path in found}


def table(out: Path, name: str) -> pd.DataFrame:
    """Read one table, partitions together."""
    return pd.concat(map(pd.read_parquet, sorted((out / "tables" / name).glob("*.parquet"))))


def _started(kind: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words]
    return subprocess.Popen(  # noqa: S603 - our own cluster with our own words
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and so many workers on 127.0.0.1; give its address and the workers."""
    known = folder / "scheduler.json"
    local = ("--host", "127.0.0.1", "--no-dashboard")
    running = [_started("scheduler", *local, "--port", "0", "--scheduler-file", str(known))]
    try:
        for _ in range(600):
            if known.is_file() and known.read_text():
                break
            time.sleep(0.1)
        address = json.loads(known.read_text())["address"]
        alone = ("--no-nanny", "--nthreads", "1", "--local-directory", str(folder))
        running += [_started("worker", address, *local, *alone) for _ in range(workers)]
        yield address, running[1:]
    finally:
        for process in running:
            process.kill()
            process.wait()
