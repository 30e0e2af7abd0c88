"""A question of where to build, frozen: a table [sites.NAME] of project.toml, or options.

``layers.question_file`` reads it; nothing here reads a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.vocabulary import Cohort

Aim = Literal["people", "units", "travel", "longest", "served", "backup", "fair"]


@dataclass(frozen=True)
class Use:
    """A service that may share premises: what fitting it out costs, and the floor it takes."""

    cost: float = 0.0
    area_m2: float = 0.0


@dataclass(frozen=True)
class SiteQuestion:
    """Where to build facilities of a category, what for, and within which limits.

    ``aim``: most people or units within the limit, least travel, the shortest longest trip, most
    people served within capacity, most people covered twice, or the fairest across townships.
    One of ``count``, ``budget``, ``target`` (a share to reach with the fewest sites or least
    money) and ``years`` (sites per year) says how much. ``minutes`` and ``mode`` stand in for the
    category's own limit. ``cost`` and ``capacity`` are those of a candidate that has none of its
    own. ``priority`` multiplies people of a cohort. Existing facilities count and stay unless
    ``may_move``; planned ones count if ``planned``. ``uses`` are other categories that may share
    the premises.
    """

    id: str
    category: str
    aim: Aim = "people"
    count: int | None = None
    budget: float | None = None
    target: float | None = None
    years: Mapping[int, int] = field(default_factory=dict)
    minutes: float | None = None
    mode: str | None = None
    candidates: tuple[str, ...] = ()
    spacing_metres: float = 500.0
    exclude: tuple[str, ...] = ()
    per_township: int = 0
    most_per_township: int | None = None
    apart_metres: float = 0.0
    cost: float = 1.0
    capacity: float | None = None
    priority: Mapping[Cohort, float] = field(default_factory=dict)
    may_move: bool = False
    planned: bool = False
    uses: Mapping[str, Use] = field(default_factory=dict)
    time_limit: float = 60.0
