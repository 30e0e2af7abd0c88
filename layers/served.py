"""Which indicators of a policy a ledger's columns and categories serve, for who fills them in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.catalogue.policy import load_indicators, variants
from layers.vocabulary import PRIORITY, Measure, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.indicators import Indicator, Rows

UNITS, FACILITIES, TOWNSHIPS = "units", "facilities", "township"
_BY_CLASS = ("urban_class", "urban")
_BY_PLACE = (Measure.ACCESS, Measure.KEY_SPOT)
_GENERAL: dict[str, tuple[Measure, ...]] = {
    **dict.fromkeys(
        ("unit_id", "facility_id", "register_id", "name", "kind", "category"), (*Measure,)
    ),
    **dict.fromkeys(("township_id", "township", "unit", "status"), (*Measure,)),
    **dict.fromkeys(("x", "y"), _BY_PLACE),
    "serves": (Measure.RADIATION,),
}
"""The columns that say what a row is and where, and the measures that go by them."""


@dataclass(frozen=True)
class Served:
    """The Chinese names of the indicators that the columns, rows and categories serve."""

    columns: dict[tuple[str, str], tuple[str, ...]]
    rows: dict[str, tuple[Indicator, ...]]
    categories: dict[str, tuple[str, ...]]

    def told(self, layer: str, column: str) -> str:
        """Say what one column of a ledger serves.

        Of columns that say what a row is and where, so many indicators go that they are counted.
        """
        names = self.columns.get((layer, column), ())
        said = list(names)
        if layer == UNITS and column in PRIORITY:
            said.append(text("scaffold.serves.priority"))
        measures = _GENERAL.get(column, ())
        count = sum(each.measure in measures for each in self.rows.get(layer, ()))
        if count and not said:
            key = "rows" if len(measures) == len(Measure) else "some_rows"
            return text(f"scaffold.serves.{key}", count=f"{count}")
        return text("workbook.then").join(said) or text("scaffold.serves.none")


def served_by(policy: str) -> Served:
    """Say what the columns of all ledgers serve under a policy, whichever reading is taken.

    Layers are units, facilities, township and the kinds of register.
    """
    columns: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    rows: dict[str, dict[str, Indicator]] = defaultdict(dict)
    categories: dict[str, dict[str, None]] = defaultdict(dict)
    for indicator in _every_reading(policy):
        for asked, names in indicator.asks():
            layer = layer_of(asked)
            rows[layer][indicator.id] = indicator
            for name in names:
                columns[layer, name][indicator.name_zh] = None
            for name in _BY_CLASS if asked.units != "all" else ():
                columns[UNITS, name][indicator.name_zh] = None
            for category in asked.categories:
                categories[category][indicator.name_zh] = None
        for name in _of_units(indicator):
            columns[UNITS, name][indicator.name_zh] = None
        rows[UNITS][indicator.id] = indicator
        if indicator.measure == Measure.ACCESS:  # a living circle names no category of its own
            rows[FACILITIES][indicator.id] = indicator
    return Served(
        {key: tuple(names) for key, names in columns.items()},
        {layer: tuple(found.values()) for layer, found in rows.items()},
        {category: tuple(names) for category, names in categories.items()},
    )


def layer_of(rows: Rows) -> str:
    """Give the ledger that rows stand in.

    >>> from layers.indicators import Rows
    >>> layer_of(Rows("registers", kind="staff")), layer_of(Rows("townships"))
    ('staff', 'township')
    """
    return rows.kind or (TOWNSHIPS if rows.frame == "townships" else rows.frame)


def _of_units(indicator: Indicator) -> Iterator[str]:
    if indicator.units != "all":
        yield from _BY_CLASS
    if indicator.over == "people":
        yield from dict.fromkeys(("people", indicator.cohort))


def _every_reading(policy: str) -> Iterator[Indicator]:
    yield from load_indicators(policy)
    for name, readings in variants(policy).items():
        for reading in readings:
            yield from (
                each for each in load_indicators(policy, {name: reading}) if each.id == name
            )
