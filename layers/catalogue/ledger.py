"""What ledgers hold beyond the schema: their columns, kinds of register, listed categories.

Everything is read from ``layers/catalogue/attributes.toml`` and ``listed.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layers.catalogue.tables import tables
from layers.frame_schema import Column
from layers.project import ListedCategory
from layers.schema import SCHEMAS, UNITS
from layers.vocabulary import texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.vocabulary import Language


FRAMES = ("units", "facilities")
"""The frames with ledger columns beside the registers."""


@dataclass(frozen=True)
class RegisterKind:
    """A kind of register: its name, and the columns it has beyond those of every register."""

    id: str
    name_zh: str
    name_en: str
    columns: tuple[Column, ...] = ()
    sensitive: bool = False

    def name(self, lang: Language = "zh") -> str:
        """Give the name in one language."""
        return self.name_zh if lang == "zh" else self.name_en


def load_listed() -> dict[str, ListedCategory]:
    """Give every category that is counted and not timed, by id.

    >>> load_listed()["alarm-point"].sensitive
    True
    """
    return {
        name: ListedCategory(
            name, table["name"]["zh"], table["name"]["en"], sensitive=table.get("sensitive", False)
        )
        for name, table in tables("listed").items()
    }


def column_meanings(frame: str, lang: Language = "zh") -> dict[str, str]:
    """Give what the columns of a frame of results mean: its own, and those of ledgers in it.

    >>> column_meanings("units", "en")["has_5g"]
    'has 5G'
    """
    names, start = texts_of("gis", lang), "column."
    ours = {key.removeprefix(start): told for key, told in names.items() if key.startswith(start)}
    return {each.name: each.meaning(lang) for each in load_attributes(frame)} | ours


def load_register_kinds() -> dict[str, RegisterKind]:
    """Give every kind of register by id; the ledger of units has the numbers of units.

    >>> [column.name for column in load_register_kinds()["staff"].columns]
    ['workers', 'newly_certified']
    """
    numbers = (column for column in UNITS.columns if column.type == "number")
    own = {"unit": (*numbers, *load_attributes("units"))}
    return {
        name: RegisterKind(
            name,
            table["name"]["zh"],
            table["name"]["en"],
            own.get(name) or _columns(table.get("columns", {})),
            sensitive=table.get("sensitive", False),
        )
        for name, table in tables("attributes")["registers"].items()
    }


def load_attributes(frame: str) -> tuple[Column, ...]:
    """Give the ledger columns of a frame; those of registers are the columns of every kind.

    A column that kinds head differently is there once for each heading.
    """
    if frame == "registers":
        found = {
            (column.name, column.heading): column
            for kind in load_register_kinds().values()
            for column in kind.columns
        }
        return tuple(found.values())
    return _columns(tables("attributes").get(frame, {}))


def load_labels() -> dict[str, tuple[str, str]]:
    """Give the names of ledger columns (``compound.new``) and of kinds, Chinese and English.

    >>> load_labels()["staff"], load_labels()["units.has_5g"]
    (('社区工作者', 'community workers'), ('是否通5G', 'has 5G'))
    """
    kinds = load_register_kinds().values()
    columns = {frame: (*SCHEMAS[frame].columns, *load_attributes(frame)) for frame in FRAMES}
    columns |= {kind.id: kind.columns for kind in kinds}
    return {kind.id: (kind.name_zh, kind.name_en) for kind in kinds} | {
        f"{layer}.{column.name}": (column.zh, column.en)
        for layer, listed in columns.items()
        for column in listed
    }


def _columns(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(
        Column(
            name,
            table["type"],
            table["zh"],
            table["en"],
            minimum=0 if table["type"] in ("number", "whole") else None,
            choices=tuple(table.get("choices", ())),
        )
        for name, table in tables.items()
    )
