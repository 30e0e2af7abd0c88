"""What a policy indicator is: frozen values, read from ``layers/catalogue/<document>.toml``.

Seven kinds of measure serve every indicator; none has a function of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from layers.readings import Reading
from layers.vocabulary import Cohort, Language, Measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Comparison = Literal[">=", ">", "<=", "<"]
Test = Literal[">=", ">", "<=", "<", "between", "in", "filled"]
UnitClass = Literal["urban", "rural", "all"]
Frame = Literal["units", "facilities", "townships", "registers"]
Over = Literal["units", "people", "facilities", "townships", "registers"]


@dataclass(frozen=True)
class Condition:
    """What one row must meet: ``column`` (divided by ``over`` where given) against a value.

    Without more it asks for a flag that is yes, or at least one. ``between`` takes ``value`` and
    ``high``, both inclusive; ``in`` takes ``values``; ``filled`` any entry at all, an empty cell
    being none.
    """

    column: str
    comparison: Test = ">="
    value: float = 1.0
    over: str | None = None
    high: float | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Which rows of a frame count: facilities of some categories, registers of a kind.

    ``units`` narrows by the class of the unit they are in, ``where`` by their own columns.
    """

    frame: Frame
    categories: tuple[str, ...] = ()
    kind: str | None = None
    units: UnitClass = "all"
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Amount:
    """A total over one frame: the sum of a column, or a count of rows where ``column`` is None.

    What counts is as in ``Rows``; ``per`` scales the total (households in hundreds: 100).
    """

    frame: Frame
    column: str | None = None
    categories: tuple[str, ...] = ()
    units: UnitClass = "all"
    per: float = 1.0
    kind: str | None = None
    where: tuple[Condition, ...] = ()

    @property
    def rows(self) -> Rows:
        """Give which rows count."""
        return Rows(self.frame, self.categories, self.kind, self.units, self.where)


@dataclass(frozen=True)
class Target:
    """A figure of a policy document; shares are 0 to 1.

    A ``total`` is asked of the whole province: shown in a county, never compared with it.
    """

    value: float
    comparison: Comparison = ">="
    year: int | None = None
    source: str = ""
    total: bool = False

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
    villages, all); ``kind`` which registers, where the share is of registers or the radiation is
    theirs; ``where`` which of the rows counted, or which facilities are good enough to possess.
    ``every`` asks for all of ``categories`` (a living circle), else any one is enough; access
    without ``categories`` asks for every one of the study's own circle. ``minutes`` and ``mode``
    replace the categories' own limits where given; ``metres`` is how near, in a straight line, a
    place must lie. Rows that meet all ``conditions`` count; ``numerator`` / ``denominator`` serve
    ratios and counts.

    ``data`` says what it is reckoned from: spatial layers, spatial layers by a convention of ours
    (proxy), or ledgers. Of several ``readings`` of a document ``choice`` is the one taken. What
    does not apply says why in ``not_applicable_zh``.
    """

    id: str
    name_zh: str
    name_en: str
    measure: Measure
    source: str
    over: Over = "units"
    units: UnitClass = "all"
    kind: str | None = None
    cohort: Cohort = "people"
    categories: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    every: bool = False
    minutes: float | None = None
    mode: str | None = None
    metres: float | None = None
    numerator: Amount | None = None
    denominator: Amount | None = None
    conditions: tuple[Condition, ...] = ()
    unit_zh: str = "%"
    unit_en: str = "%"
    base: float | None = None
    base_year: int | None = None
    target_province: Target | None = None
    target_county: Target | None = None
    binding: Literal["binding", "expected", "worded", "unmarked"] = "unmarked"
    data: Literal["spatial", "proxy", "ledger"] = "spatial"
    headline: bool = False
    responsible: str = ""
    sensitivity: str = ""
    not_applicable_zh: str = ""
    not_applicable_en: str = ""
    choice: str = ""
    readings: tuple[Reading, ...] = ()
    note_zh: str = ""
    note_en: str = ""

    @property
    def rows(self) -> Rows:
        """Give which rows the share is of; people are counted by unit."""
        if self.over in ("facilities", "registers"):
            return Rows(self.over, self.categories, self.kind, self.units, self.where)
        return Rows("townships" if self.over == "townships" else "units", units=self.units)

    def asks(self) -> Iterator[tuple[Rows, tuple[str, ...]]]:
        """Give the rows that must be there, and the columns they must fill."""
        amounts = [each for each in (self.numerator, self.denominator) if each]
        for amount in amounts:
            own = () if amount.column is None else (amount.column,)
            yield amount.rows, (*own, *_columns(amount.where))
        if amounts:
            return
        if self.conditions:
            yield self.rows, (*_columns(self.where), *_columns(self.conditions))
            return
        if self.kind is not None:
            yield Rows("registers", kind=self.kind), _columns(self.rows.where)
        if self.measure == Measure.ACCESS and self.every:
            yield from ((Rows("facilities", (name,)), ()) for name in self.categories)
        elif self.categories:
            good = () if self.kind is not None else _columns(self.where)
            yield Rows("facilities", self.categories), good

    @property
    def target(self) -> Target | None:
        """The county's own target where it has one, else the province's if that is no total."""
        province = self.target_province
        return self.target_county or (None if province and province.total else province)

    @property
    def is_share(self) -> bool:
        """Whether the value is a share (shown as percent) rather than an amount."""
        return self.unit_zh == "%"

    def name(self, lang: Language = "zh") -> str:
        """Give the name in one language."""
        return self.name_zh if lang == "zh" else self.name_en

    def unit(self, lang: Language = "zh") -> str:
        """Give the unit of measure in one language."""
        return self.unit_zh if lang == "zh" else self.unit_en

    def note(self, lang: Language = "zh") -> str:
        """Say in one language what is to be minded; empty where there is nothing."""
        return self.note_zh if lang == "zh" else self.note_en

    def not_applicable(self, lang: Language = "zh") -> str:
        """Say in one language why the indicator does not apply; empty where it does."""
        return self.not_applicable_zh if lang == "zh" else self.not_applicable_en


def _columns(conditions: Iterable[Condition]) -> tuple[str, ...]:
    return tuple(name for each in conditions for name in (each.column, each.over) if name)
