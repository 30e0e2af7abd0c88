"""Findings: everything wrong with one layer, gathered row by row and told in bounded length."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from layers.errors import LayerError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

ROWS_TOLD = 20
"""A problem that repeats is told for so many rows; one more line counts the rest."""


_MANY = 500  # words to compare one by one; a province has some twenty thousand units


class Findings:
    """What was found in one layer so far, in the order it was found."""

    def __init__(self, layer: str) -> None:
        """Start with nothing found."""
        self.layer = layer
        self.problems: list[Problem] = []
        self._files: Sequence[tuple[str, int]] = ()

    def come_from(self, files: Sequence[tuple[str, int]]) -> None:
        """Say which file or sheet each row of the layer is from, and which row of it.

        Problems with a row are told of that place from now on; a file without a name is the
        layer's own.
        """
        self._files = files

    def place(self, row: int) -> tuple[str, int]:
        """Give the file or sheet that a row is from, and its number there."""
        return self._files[row - 1] if self._files else ("", row)

    def tell(
        self,
        code: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        fatal: bool = True,
        **fill: str,
    ) -> None:
        """Gather one problem."""
        shown = None if value is None else str(value)
        filled = tuple(sorted(fill.items()))
        layer = self.layer
        if row:
            file, row = self.place(row)
            layer = f"{layer}/{file}" if file else layer
        self.problems.append(Problem(layer, code, row, column, shown, fatal, filled))

    def tell_rows(
        self,
        code: str,
        rows: pd.Series[Any],
        *,
        column: str | None = None,
        fatal: bool = True,
        among: Mapping[str, str] | None = None,
        **fill: str,
    ) -> None:
        """Gather one problem for every row: the index counts rows, the values are shown.

        ``among`` holds the words that are known and what each stands for: what the nearest to
        the value stands for is told with it.
        """
        alike: dict[str, str] = {}
        for row, value in rows.iloc[:ROWS_TOLD].items():
            shown = _shown(value)
            if among and shown:
                alike.setdefault(shown, among[nearest(shown, among)])
                fill["nearest"] = alike[shown]
            self.tell(code, row=_number(row), column=column, value=shown, fatal=fatal, **fill)
        more = len(rows) - ROWS_TOLD
        if more > 0:
            self.tell("and_more", column=column, fatal=fatal, count=str(more))

    def refuse(self, code: str, *, value: object = None, **fill: str) -> NoReturn:
        """Stop the reading of this layer with all that was found so far; raises LayerError."""
        self.tell(code, row=None, column=None, value=value, fatal=True, **fill)
        raise LayerError(self.problems)


def nearest(word: str, known: Iterable[str]) -> str:
    """Give the known word most like another, or an empty text where none is known.

    >>> nearest("polce-room", ["pharmacy", "police-room"])
    'police-room'
    """
    ranked = sorted(
        _likely(word, list(known)), key=lambda name: -SequenceMatcher(None, word, name).ratio()
    )
    return ranked[0] if ranked else ""


def _likely(word: str, known: list[str]) -> list[str]:
    """Give the words worth comparing: of very many, those that begin alike for longest."""
    begin = len(word)
    found = known
    while len(known) > _MANY and begin:
        found = [name for name in known if name.startswith(word[:begin])]
        if found:
            break
        begin -= 1
    return found[:_MANY] or known[:_MANY]


def _number(row: object) -> int:
    return int(row) if isinstance(row, (int, np.integer)) else 0


def _shown(value: object) -> str | None:
    if value is None or value != value:  # noqa: PLR0124  # NaN is what differs from itself
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
