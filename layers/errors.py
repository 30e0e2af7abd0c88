"""Everything that can be wrong with a study, in the planner's words.

PlanningError
├─ ProjectError(ValueError)     project.toml is wrong
├─ LayerError(ValueError)       every problem found in every layer, told once
│  └─ MissingLayerError(FileNotFoundError)
├─ CrsError(ValueError)         absent, refused, or not in metres
├─ NetworkError(ValueError)     empty, or no place can be joined to it
└─ SitingError(ValueError)      no feasible choice, with the binding constraint
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layers.vocabulary import Language, text

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong (or repaired) in one layer, with what to do about it.

    ``code`` is a key of ``texts/problems.toml``; ``values`` fill its sentence. ``row`` counts
    data rows from 1, as a planner sees them in a table; ``fatal`` is False where the program
    repaired the row or could go on without it.
    """

    layer: str
    code: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    fatal: bool = True
    values: tuple[tuple[str, str], ...] = field(default=())

    def message(self, lang: Language = "zh") -> str:
        """Say what is wrong."""
        return text(f"problems.{self.code}.what", lang, **self._fill())

    def remedy(self, lang: Language = "zh") -> str:
        """Say what to do about it."""
        return text(f"problems.{self.code}.remedy", lang, **self._fill())

    def line(self, lang: Language = "zh") -> str:
        """Say all of it in one line: layer, row, column, value, what, remedy."""
        where = [self.layer]
        if self.row is not None:
            where.append(text("problems.row", lang, row=str(self.row)))
        if self.column is not None:
            where.append(self.column)
        if self.value is not None:
            where.append(f"“{self.value}”")
        joiner = text("problems.joiner", lang)
        return f"{joiner.join(where)}: {self.message(lang)} {self.remedy(lang)}"

    def _fill(self) -> dict[str, str]:
        known = {"layer": self.layer, "column": self.column or "", "value": self.value or ""}
        return known | dict(self.values)


class PlanningError(Exception):
    """Anything this program refuses, with the problems that explain it."""

    def __init__(self, problems: Problem | Iterable[Problem], *, lang: Language = "zh") -> None:
        """Keep every problem, so that all of them can be told at once."""
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(problem.line(lang) for problem in self.problems))


class ProjectError(PlanningError, ValueError):
    """project.toml is wrong."""


class LayerError(PlanningError, ValueError):
    """One or more layers cannot be used as they are."""


class MissingLayerError(LayerError, FileNotFoundError):
    """A file that project.toml names is not there."""

    __str__ = LayerError.__str__


class CrsError(PlanningError, ValueError):
    """A coordinate reference system is absent, refused, or not in metres."""


class NetworkError(PlanningError, ValueError):
    """The street network is empty, or no place can be joined to it."""


class SitingError(PlanningError, ValueError):
    """No choice of sites meets what was asked."""
