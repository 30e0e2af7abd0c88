"""What a policy indicator is: frozen values, read from ``layers/catalogue/<document>.toml``.

Five kinds of measure serve every indicator; none has a function of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layers.vocabulary import Cohort, Language, Measure

Comparison = Literal[">=", ">", "<=", "<"]
UnitClass = Literal["urban", "rural", "all"]
Frame = Literal["units", "facilities"]
Over = Literal["units", "people", "facilities"]


@dataclass(frozen=True)
class Amount:
    """A total over one frame: the sum of a column, or a count of rows where ``column`` is None.

    ``categories`` narrows facilities, ``units`` narrows units; ``per`` scales the total
    (households in hundreds: ``per = 100``).
    """

    frame: Frame
    column: str | None = None
    categories: tuple[str, ...] = ()
    units: UnitClass = "all"
    per: float = 1.0


@dataclass(frozen=True)
class Condition:
    """What one facility must meet: ``column`` (divided by ``over`` where given) against a value."""

    column: str
    comparison: Comparison
    value: float
    over: str | None = None


@dataclass(frozen=True)
class Target:
    """A figure of a policy document; shares are 0 to 1."""

    value: float
    comparison: Comparison = ">="
    year: int | None = None
    source: str = ""

    def met_by(self, value: float) -> bool:
        """Say whether a value meets the target.

        >>> Target(0.8).met_by(0.8), Target(0.18, ">").met_by(0.18)
        (True, False)
        """
        return {
            ">=": value >= self.value,
            ">": value > self.value,
            "<=": value <= self.value,
            "<": value < self.value,
        }[self.comparison]


@dataclass(frozen=True)
class Indicator:
    """One indicator of a policy document.

    ``over`` says what the share is of; ``units`` which units count (urban communities, rural
    villages, all). ``every`` asks for all of ``categories`` (a living circle), else any one is
    enough; access without ``categories`` asks for every one of the study's own circle.
    ``minutes`` and ``mode`` replace the categories' own limits where given.
    ``numerator`` / ``denominator`` serve ratios, ``condition`` attributes.
    """

    id: str
    name_zh: str
    name_en: str
    measure: Measure
    source: str
    over: Over = "units"
    units: UnitClass = "all"
    cohort: Cohort = "people"
    categories: tuple[str, ...] = ()
    every: bool = False
    minutes: float | None = None
    mode: str | None = None
    numerator: Amount | None = None
    denominator: Amount | None = None
    condition: Condition | None = None
    unit_zh: str = "%"
    unit_en: str = "%"
    base: float | None = None
    base_year: int | None = None
    target_province: Target | None = None
    target_county: Target | None = None
    binding: Literal["binding", "expected", "unmarked"] = "unmarked"
    responsible: str = ""
    note: str = ""

    @property
    def target(self) -> Target | None:
        """The county's own target where it has one, else the province's."""
        return self.target_county or self.target_province

    @property
    def is_share(self) -> bool:
        """Whether the value is a share (shown as percent) rather than an amount."""
        return self.unit_zh == "%"

    def name(self, lang: Language = "zh") -> str:
        """Give the name in one language."""
        return self.name_zh if lang == "zh" else self.name_en
