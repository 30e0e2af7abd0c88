"""The page's GCJ-02 is Python's, over China and beyond."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from layers.datum import from_wgs84, to_wgs84
from tests.panel.node import node

HERE = Path(__file__).parent
MICROMETRE = 1e-11  # degrees


def test_points_are_shifted_and_brought_back_as_in_python(tmp_path):
    random = np.random.default_rng(20260101)
    lng, lat = random.uniform(70, 140, 5000), random.uniform(-2, 58, 5000)
    path = tmp_path / "points.json"
    path.write_text(json.dumps(np.column_stack((lng, lat)).tolist()))
    ran = node(str(HERE / "gcj.mjs"), str(path))
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    there = np.column_stack(from_wgs84(lng, lat, "gcj02"))
    back = np.column_stack(to_wgs84(lng, lat, "gcj02"))
    assert np.abs(np.array(found["there"]) - there).max() < MICROMETRE
    assert np.abs(np.array(found["back"]) - back).max() < MICROMETRE
    moved = np.hypot(*(there - np.column_stack((lng, lat))).T)
    assert (moved > 1e-4).sum() > 3000
    assert (moved == 0).sum() > 100  # beyond the box
