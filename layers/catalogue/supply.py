"""The floating catchments and decay functions of ``supply.toml``, as values."""

from __future__ import annotations

from layers.accessibility import Decay, SupplyMethod
from layers.catalogue.tables import tables

__all__ = ["decay_ids", "load_decay", "load_supply", "supply_ids"]


def supply_ids() -> tuple[str, ...]:
    """Give the ids of the methods."""
    return tuple(tables("supply")["methods"])


def decay_ids() -> tuple[str, ...]:
    """Give the ids of the decay functions."""
    return tuple(tables("supply")["decays"])


def load_decay(decay_id: str) -> Decay:
    """Give one decay function; KeyError if there is none of that id.

    >>> load_decay("stepped").weights
    (1.0, 0.68, 0.22)
    """
    table = tables("supply")["decays"][decay_id]
    return Decay(
        id=decay_id,
        kind=table["kind"],
        name_zh=table["name"]["zh"],
        name_en=table["name"]["en"],
        source=table["source"],
        weights=tuple(table.get("weights", ())),
        rate=table.get("rate", 0.0),
    )


def load_supply(
    method_id: str | None = None, *, decay: str | None = None, choices: int | None = None
) -> SupplyMethod:
    """Give one method, with another decay or number of choices where asked; else the default.

    >>> load_supply("3sfca").selection
    'share'
    """
    default = tables("supply")["default"]
    chosen = method_id or default["method"]
    table = tables("supply")["methods"][chosen]
    return SupplyMethod(
        id=chosen,
        selection=table["selection"],
        decay=load_decay(decay or table["decay"]),
        choices=choices or default["choices"],
        name_zh=table["name"]["zh"],
        name_en=table["name"]["en"],
        source=table["source"],
    )
