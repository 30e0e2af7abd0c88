"""Online basemaps that the page offers: which there are, and whom the browser may ask for them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def basemaps() -> tuple[dict[str, Any], ...]:
    """Give the basemaps, each with its id, in the order they are offered."""
    told = tomllib.loads(files("maps").joinpath("basemaps.toml").read_text(encoding="utf-8"))
    return tuple({"id": name, **each} for name, each in told.items())


def image_hosts() -> str:
    """Give the hosts of all basemaps, as a content security policy names them."""
    return " ".join(host for each in basemaps() for host in each["hosts"])
