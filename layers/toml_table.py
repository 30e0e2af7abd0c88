"""TOML both ways: a table that gathers everything wrong with it, and a plain writer."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from layers.errors import Problem

Range = tuple[float, float]
"""From the first bound to the second, both included."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class TomlTable:
    """A table at a dotted place in a file; what it cannot give it tells and leaves out.

    ``problems`` is one list shared by all tables of the file, so that a reader can go through
    the whole file and raise once.
    """

    def __init__(
        self, content: Mapping[str, Any], *, file: str, problems: list[Problem], place: str = ""
    ) -> None:
        """Hold the content of one table."""
        self.content = content
        self.place = place
        self.problems = problems
        self._file = file

    def tell(self, code: str, key: str, value: object = None, **values: str) -> None:
        """Gather one problem with a key of this table."""
        where = f"{self.place}.{key}" if self.place else key
        shown = None if value is None else str(value)
        filled = tuple(sorted(values.items()))
        self.problems.append(Problem(self._file, code, None, where, shown, values=filled))

    def only(self, known: Iterable[str]) -> None:
        """Tell every key that is not known, with the nearest one that is."""
        allowed = tuple(known)
        for key in self.content:
            if key not in allowed:
                self.tell("unknown_key", key, **_nearest(key, allowed))

    def require(self, key: str, example: str) -> None:
        """Tell that a key is missing."""
        if key not in self.content:
            self.tell("missing_key", key, example=example)

    def text(self, key: str) -> str | None:
        """Give a text, or None where there is none; a TOML date is text too."""
        found = self.content.get(key)
        if isinstance(found, dt.date):
            return found.isoformat()
        if found is None or (isinstance(found, str) and found.strip()):
            return found
        self._wrong(key, f'{key} = "…"')
        return None

    def texts(self, key: str, known: Iterable[str] = ()) -> tuple[str, ...]:
        """Give a list of texts, of the known ones where any are given."""
        found = self.content.get(key, [])
        if not (isinstance(found, list) and all(isinstance(entry, str) for entry in found)):
            self._wrong(key, f'{key} = ["…", "…"]')
            return ()
        allowed = tuple(known)
        for entry in found if allowed else ():
            if entry not in allowed:
                self.tell("unknown_word", key, entry, **_nearest(entry, allowed))
        return tuple(found)

    def flag(self, key: str) -> bool:
        """Give a flag, False where there is none."""
        found = self.content.get(key, False)
        if not isinstance(found, bool):
            self._wrong(key, f"{key} = true")
        return found is True

    def number(self, key: str, within: Range) -> float | None:
        """Give a number within a range, or None where there is none."""
        found = self.content.get(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            self._wrong(key, f"{key} = 15")
            return None
        low, high = within
        if low <= found <= high:
            return float(found)
        self.tell("out_of_range", key, found, low=f"{low:g}", high=f"{high:g}")
        return None

    def choice(self, key: str, known: Iterable[str]) -> str | None:
        """Give one of the known words, or None where there is none."""
        found = self.text(key)
        allowed = tuple(known)
        if found is None or found in allowed:
            return found
        self.tell("unknown_word", key, found, **_nearest(found, allowed))
        return None

    def table(self, key: str) -> TomlTable:
        """Give a table inside this one, empty where there is none."""
        found = self.content.get(key, {})
        if not isinstance(found, dict):
            self._wrong(key, f"[{self.place + '.' if self.place else ''}{key}]")
            found = {}
        place = f"{self.place}.{key}" if self.place else key
        return TomlTable(found, file=self._file, problems=self.problems, place=place)

    def saying(self, content: Mapping[str, Any]) -> TomlTable:
        """Give this table with other content."""
        return TomlTable(content, file=self._file, problems=self.problems, place=self.place)

    def _wrong(self, key: str, example: str) -> None:
        self.tell("wrong_type", key, self.content[key], example=example)


def _nearest(word: str, known: tuple[str, ...]) -> dict[str, str]:
    ranked = sorted(known, key=lambda name: -SequenceMatcher(None, word, name).ratio())
    return {"nearest": ranked[0] if ranked else "", "known": "、".join(known)}


def toml_text(content: Mapping[str, Any], *path: str) -> str:
    """Write tables of texts, numbers, flags and lists of them; None is left out.

    >>> print(toml_text({"name": "明溪", "layers": {"units": {"source": "a.gpkg"}}}), end="")
    name = "明溪"
    <BLANKLINE>
    [layers.units]
    source = "a.gpkg"
    """
    return "".join(f"{line}\n" for line in _lines(content, path)).lstrip("\n")


def _lines(content: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    tables = {key: value for key, value in content.items() if isinstance(value, Mapping)}
    plain = {key: value for key, value in content.items() if key not in tables}
    if path and (plain or not tables):
        yield from ("", f"[{'.'.join(map(_key, path))}]")
    yield from (
        f"{_key(key)} = {_value(value)}" for key, value in plain.items() if value is not None
    )
    for key, table in tables.items():
        yield from _lines(table, (*path, key))


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _value(key)


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, float):
        return repr(value)
    # JSON's texts, flags and whole numbers are TOML's, but for the one character it leaves raw
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
