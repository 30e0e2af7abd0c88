"""What the tests share: the toy town, the real places, and a deterministic search for laws."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import geo
import layers
from layers.shelf import PLACE
from maps.second_process import SecondProcess
from maps.simulating import simulated_county
from tests.started import started
from tests.town import town_area, town_project

if TYPE_CHECKING:
    from geo.study import Study
    from layers.project import Project
    from layers.study_area import StudyArea

# Nothing is kept for the user who tests, nor found of theirs, by whatever process is started.
os.environ[PLACE] = "off"

settings.register_profile(
    "same-every-time",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=25,
    # an example may be a whole assessment
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("same-every-time")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Give the folder of real places beside the checkout."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if folder.is_dir():
        return folder
    reason = "the real places (../shared/data) are not here"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def area() -> StudyArea:
    """Give the layers of the toy town."""
    return town_area()


@pytest.fixture
def project() -> Project:
    """Give the settings of the toy town."""
    return town_project()


@pytest.fixture(scope="session")
def town() -> Study:
    """Give the assessed toy town."""
    return geo.assess(town_area(), town_project())


@pytest.fixture(scope="session")
def demo_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Give the simulated county, assessed; its areas are drawn coarsely, nothing counts them."""
    project = layers.read_project(
        simulated_county(tmp_path_factory.mktemp("demo") / "county", SecondProcess())
    )
    project = replace(project, rules=replace(project.rules, cell_metres=60.0))
    return geo.assess(layers.read_study_area(project), project)


@pytest.fixture(scope="session")
def andorra_study(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Give Andorra, fetched from its extract with its elevation, and assessed."""
    source = real_data / "andorra"
    path = layers.fetch_extract(
        source / "andorra.osm.pbf",
        out=tmp_path_factory.mktemp("real") / "andorra",
        elevation=source / "andorra_srtm3.tif",
    )
    project = layers.read_project(path, lang="zh")
    return geo.assess(layers.read_study_area(project), project)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Give the folder of the demo, told in English, and what it said on stdout and stderr."""
    out = tmp_path_factory.mktemp("示范 demo") / "out"
    process = started("demo", "--out", out, "--lang", "en", "--verbose")
    said, told = process.communicate(timeout=600)
    assert process.returncode == 0, told
    return out, said, told
