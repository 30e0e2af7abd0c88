"""One broken input: how it is made, what must be told of it, and the telling."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import layers
from layers.errors import CrsError, LayerError
from tests.broken.good_study import GoodStudy

if TYPE_CHECKING:
    from layers.errors import Problem
    from layers.project import Project
    from tests.broken.breaks import Break, Damage


@dataclass(frozen=True)
class Case:
    """A broken input: what is wrong with it, and the layer and code that must be told.

    ``change`` breaks the study before it is written, ``damage`` its files afterwards.
    """

    zh: str
    layer: str
    code: str
    change: Break | None = None
    damage: Damage | None = None
    fatal: bool = True

    def __str__(self) -> str:
        """Name the case in a test report."""
        return f"{self.layer}-{self.code}-{self.zh}"

    def write(self, folder: Path) -> Project:
        """Write the broken study."""
        study = GoodStudy()
        if self.change:
            self.change(study)
        project = study.write(folder)
        if self.damage:
            self.damage(folder)
        return project


@cache
def told(case: Case) -> tuple[bool, tuple[Problem, ...]]:
    """Read a broken study: whether that stops, and the problems it stops or goes on with."""
    with tempfile.TemporaryDirectory() as folder:
        project = case.write(Path(folder))
        try:
            return False, layers.read_study_area(project).problems
        except (LayerError, CrsError) as refused:
            return True, refused.problems
