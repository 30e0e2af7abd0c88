"""The classes by which maps colour units: how many minutes, how many shortfalls."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from layers.vocabulary import text
from maps.style import LIMITS, MINUTES, NO_DATA, SHORTFALLS, UNREACHED

if TYPE_CHECKING:
    import pandas as pd

    from layers.vocabulary import Language


@dataclass(frozen=True)
class Class:
    """One class: values over ``low``, up to and with ``high``; None leaves a side open."""

    label: str
    colour: str
    low: float | None
    high: float | None

    def holds(self, values: pd.Series) -> pd.Series:
        """Say of each value whether it is of this class; a missing one never is."""
        found = values.notna()
        if self.low is not None:
            found &= values > self.low
        if self.high is not None:
            found &= values <= self.high
        return found


def minutes_classes(lang: Language) -> list[Class]:
    """Give the classes of minutes, nearest first."""
    found = []
    for (low, high), colour in zip(pairwise((None, *LIMITS, None)), MINUTES, strict=True):
        key = "up_to" if low is None else "beyond" if high is None else "between"
        label = text(f"gis.{key}", lang, low=f"{low or 0:g}", high=f"{high or 0:g}")
        found.append(Class(label, colour, low, high))
    return found


def shortfall_classes(lang: Language) -> list[Class]:
    """Give the classes of the number of shortfalls, none first."""
    found: list[Class] = []
    low: int | None = None
    for high, colour in SHORTFALLS:
        key = "none" if low is None else "over" if high is None else "of"
        told = {"low": f"{(low or 0) + 1}", "high": f"{high}"}
        found.append(Class(text(f"gis.shortfalls_{key}", lang, **told), colour, low, high))
        low = high
    return found


def unreached(lang: Language) -> tuple[str, str]:
    """Give colour and meaning of what is not reached at all."""
    return UNREACHED, text("gis.unreached", lang)


def no_data(lang: Language) -> tuple[str, str]:
    """Give colour and meaning of what nobody knows."""
    return NO_DATA, text("gis.no_data", lang)
