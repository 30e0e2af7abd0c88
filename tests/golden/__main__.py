"""Write the golden tables anew from a fresh demo: ``python -m tests.golden``.

Say in docs/decisions.md why they changed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.golden.tables import FOLDER, csv_of, demo_tables
from tests.started import started

with tempfile.TemporaryDirectory() as folder:
    process = started("demo", "--out", Path(folder) / "demo", "--quiet")
    _, told = process.communicate()
    if process.returncode:
        raise SystemExit(told)
    for name, table in demo_tables(Path(folder) / "demo").items():
        (FOLDER / f"{name}.csv").write_text(csv_of(table), encoding="utf-8", newline="\n")
