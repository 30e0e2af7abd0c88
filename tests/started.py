"""The program started as a planner does: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1] / "livingcircle.py"


def started(
    *words: str | Path, program: tuple[str, ...] = (str(PROGRAM),)
) -> subprocess.Popen[str]:
    """Start the program with these words."""
    return subprocess.Popen(  # noqa: S603 - our own program with our own words
        [sys.executable, *program, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
    )
