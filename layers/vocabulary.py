"""The words of the program: its closed lists, and the sentences it shows to people.

Every sentence lives in ``layers/texts/*.toml``, Chinese first, English beside it, and is looked
up by key: ``text("page.title", "en")`` reads ``[title]`` of ``texts/page.toml``.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

Cohort = Literal["people", "age_0_14", "age_60_plus", "age_65_plus", "disabled"]
COHORTS: tuple[Cohort, ...] = get_args(Cohort)

PRIORITY: tuple[Cohort, ...] = ("age_0_14", "age_60_plus", "disabled")
"""Whom planning puts first: minors, the elderly, the disabled. Told apart wherever people count."""

Profile = Literal["internal", "public"]
"""For whom a run is: those who keep the data, or everybody."""

MILLISECONDS_PER_MINUTE = 60_000

PLAN_STATUS = "plan"
"""The status of a facility that a what-if plan adds; it always counts."""


class Reason(StrEnum):
    """Why a unit is left out, the most telling first."""

    NO_DATA = "no_data"
    NO_COORDINATES = "no_coordinates"
    OFF_NETWORK = "off_network"
    NO_PATH = "no_path"
    BARRIER = "barrier"
    OVER_CAPACITY = "over_capacity"
    TOO_FAR = "too_far"
    NONE_IN_STUDY = "none_in_study"
    NONE_IN_UNIT = "none_in_unit"
    NOT_SERVED = "not_served"
    NOT_MET = "not_met"


class Change(StrEnum):
    """What became of a unit's coverage from one run to another."""

    GAINED = "gained"
    LOST = "lost"
    NOW_KNOWN = "now_known"
    NOW_UNKNOWN = "now_unknown"
    UNIT_ADDED = "unit_added"
    UNIT_REMOVED = "unit_removed"


class Method(StrEnum):
    """How a figure came about."""

    NETWORK = "network"
    STRAIGHT_LINE = "straight-line"
    LEDGER = "ledger"
    AREA = "area"


class Measure(StrEnum):
    """The measures an indicator can use; radiation lies wherever the facility lies."""

    POSSESSION = "possession"
    ACCESS = "access"
    RADIATION = "radiation"
    RATIO = "ratio"
    ATTRIBUTE = "attribute"
    COUNT = "count"
    KEY_SPOT = "key-spot"


@cache
def _texts(surface: str) -> dict[str, Any]:
    source = files("layers").joinpath("texts", f"{surface}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def text(key: str, lang: Language = "zh", **values: str) -> str:
    """Give the sentence that a key names, with its blanks filled.

    Raises KeyError for an unknown key: a sentence that is missing is a defect, not a default.

    >>> text("words.unit", "en")
    'unit'
    """
    surface, *path = key.split(".")
    found: Any = _texts(surface)
    for step in path:
        found = found[step]
    sentence: str = found[lang]
    return sentence.format(**values) if values else sentence


def texts_of(surface: str, lang: Language) -> dict[str, str]:
    """Give every sentence of one surface in one language, keyed by its dotted path.

    >>> texts_of("words", "en")["unit"]
    'unit'
    """
    found: dict[str, str] = {}

    def walk(node: dict[str, Any], path: tuple[str, ...]) -> None:
        if lang in node and isinstance(node[lang], str):
            found[".".join(path)] = node[lang]
            return
        for name, child in node.items():
            walk(child, (*path, name))

    walk(_texts(surface), ())
    return found
