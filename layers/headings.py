"""Headings of columns as tables have them: with units, line breaks, in two rows, or cut short."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from layers.reading import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LEVELS = "/"
"""Between the rows of a heading: 人口/60岁以上."""

_DBF_BYTES = 10  # of a column's name that a shapefile keeps
_SHORTEST = 8  # with a Chinese character or less cut off them
_UNIT = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]$")


def plain_text(cell: object) -> str:
    """Make full-width letters, digits and brackets plain, and blanks single."""
    return " ".join(unicodedata.normalize("NFKC", str(cell)).split())


def find_heading(wanted: str, columns: Iterable[object]) -> str | None:
    """Give the one column that a heading means, or None where there is none or more than one.

    As it is; else but for blanks, capitals, full-width letters and a unit in brackets; else the
    last row of a heading in two; else what a shapefile leaves of it.

    >>> find_heading("面积", ["名称", "建筑/面积（平方米）"])
    '建筑/面积（平方米）'
    """
    known = [str(column) for column in columns if column != "geometry"]
    if wanted in known:
        return wanted
    meant = simplified(wanted)
    for way in (simplified, _last_level):
        found = [column for column in known if way(column) == meant]
        if found:
            return found[0] if len(found) == 1 else None
    cut = [column for column in known if _is_cut(column, wanted)]
    return cut[0] if len(cut) == 1 else None


def simplified(heading: str) -> str:
    """Give a heading without blanks, capitals and a unit in brackets at its end."""
    bare = plain_text(heading).replace(" ", "").lower()
    return _UNIT.sub("", bare) or bare


def unit_factor(heading: str, meaning: str) -> tuple[str, float | None] | None:
    """Give the unit of a heading and what its numbers are multiplied by, None where none is said.

    ``meaning`` is what the column should hold, with its own unit in brackets. The factor is None
    where the two units count different things, or one is unknown.

    >>> unit_factor("常住人口（万人）", "常住人口（人）")
    ('万人', 10000.0)
    """
    said, ours = _unit(heading), _unit(meaning)
    if said is None or ours is None or said == ours:
        return None
    for family in _units().values():
        if said in family and ours in family:
            factor = family[said] / family[ours]
            return None if factor == 1 else (said, factor)
    known = any(said in family for family in _units().values())
    return (said, None) if known else None


def _last_level(heading: str) -> str:
    return simplified(heading.rpartition(LEVELS)[2])


def _is_cut(column: str, wanted: str) -> bool:
    """Say whether a column is called by what ten bytes hold of a longer name."""
    return any(
        len(wanted.encode(encoding, errors="ignore")[:_DBF_BYTES]) >= _SHORTEST
        and wanted.encode(encoding, errors="ignore")[:_DBF_BYTES].decode(encoding, errors="ignore")
        == column
        for encoding in ("gb18030", "utf-8")
        if column != wanted
    )


def _unit(heading: str) -> str | None:
    found = _UNIT.search(plain_text(heading).replace(" ", ""))
    return found[1].lower() if found else None


@cache
def _units() -> Mapping[str, Mapping[str, float]]:
    return {
        name: {plain_text(unit).lower(): float(size) for unit, size in family.items()}
        for name, family in table_of("units").items()
    }
