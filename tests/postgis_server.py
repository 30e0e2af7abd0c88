"""A PostgreSQL server with PostGIS of the tests' own: on loopback, in a folder that goes away."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def programs() -> Path:
    """Give the folder of the server's programs; skip where there are none, fail under CI."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    extensions = list(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
    if not (found and extensions and shutil.which("runuser")):
        _without("no PostgreSQL with PostGIS is installed here (Debian: postgresql-15-postgis-3)")
    return found[-1].parent


def _without(reason: str) -> NoReturn:
    """Skip what needs the server where there can be none; under CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running() -> Iterator[str]:
    """Start a server and give how to reach it; the server refuses to be run by root."""
    binaries = programs()
    folder = Path(tempfile.mkdtemp(prefix="livingcircle-pg-"))
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*command: object) -> None:
        words = [*as_user, *map(str, command)]
        done = subprocess.run(words, capture_output=True, cwd=folder, timeout=120, check=False)  # noqa: S603 - programs of our own choice
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace").strip()
            _without(f"PostgreSQL does not start here: {said[-300:]}")

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    try:
        run(
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "planner",
            "--auth=trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        )
        options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off"
        run(binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"host=127.0.0.1 port={port} user=planner dbname=postgres"
        finally:
            run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
