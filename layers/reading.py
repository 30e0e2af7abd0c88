"""What tables commonly say, and the values it stands for: ``layers/catalogue/reading/*.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def words_of(name: str) -> Mapping[str, str]:
    """Give what cells commonly say, in small letters, and the value each stands for.

    >>> words_of("flag")["有"]
    'yes'
    """
    return {word: value for value, words in table_of(name).items() for word in words}


@cache
def table_of(name: str) -> Mapping[str, Any]:
    """Give one table of ``values.toml``."""
    source = files("layers").joinpath("catalogue", "reading", "values.toml")
    table: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))[name]
    return table
