"""What CI installs is pinned to a version and a file, within what pyproject.toml allows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PINNED = re.compile(r"(\S+)==(\S+) --hash=sha256:[0-9a-f]{64}")
LINES = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def plain(name: str) -> str:
    """Give a distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> dict[str, str]:
    found = [PINNED.fullmatch(line) for line in LINES if not line.startswith("#")]
    assert all(found)
    return {plain(each[1]): each[2] for each in found if each}


def asked() -> list[Requirement]:
    """Give everything that the project, its extras and its building ask for."""
    project = PROJECT["project"]
    parts = [project["dependencies"], PROJECT["build-system"]["requires"]]
    parts += project["optional-dependencies"].values()
    named = [Requirement(each) for part in parts for each in part]
    return [each for each in named if each.name != "livingcircle"]


def test_every_line_has_a_version_and_a_hash_and_none_an_address():
    assert len(pinned()) > 50
    assert not any("://" in line or "--index" in line for line in LINES)


@pytest.mark.parametrize("requirement", asked(), ids=lambda each: each.name)
def test_every_library_asked_for_is_pinned_within_what_is_allowed(requirement):
    names = {plain(requirement.name)}
    names |= {f"{plain(requirement.name)}-{extra}" for extra in requirement.extras}
    assert names <= pinned().keys()
    assert requirement.specifier.contains(pinned()[plain(requirement.name)])


def test_every_library_has_a_floor():
    assert [each.name for each in asked() if not str(each.specifier).startswith(">=")] == []
