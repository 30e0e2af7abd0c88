"""What the catalogue's own files say, as they say it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def tables(name: str) -> dict[str, dict[str, Any]]:
    """Give the tables of one file of the catalogue, read once; nobody changes them."""
    source = files("layers").joinpath("catalogue", f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
