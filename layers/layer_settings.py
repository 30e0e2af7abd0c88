"""The tables [layers.NAME] of project.toml: what each layer is and how it is read."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, get_args

from layers.catalogue import load_categories
from layers.catalogue.ledger import load_attributes, load_listed, load_register_kinds
from layers.project import LayerSource, Role
from layers.schema import SCHEMAS
from layers.vocabulary import DATUMS

if TYPE_CHECKING:
    from pathlib import Path

    from layers.toml_table import Range, TomlTable

_ROLES: tuple[str, ...] = get_args(Role)
_LAYER = (
    "role",
    "source",
    "layer",
    "encoding",
    "datum",
    "crs",
    "columns",
    "values",
    "accept",
    "query",
)
_DATABASE = "postgis:"
_JOINING = ("join_metres", "planarise")
_PLACE = ("x", "y")
_NAMED = ("unit", "township")  # columns that name a unit where there is no code
_JOIN_METRES: Range = (0.0, 20.0)


def read_layers(top: TomlTable, folder: Path) -> tuple[LayerSource, ...]:
    """Give the layers of a project in its order; what is wrong is told to the tables' problems."""
    table = top.table("layers")
    root = None if top.flag("allow_outside") else folder.resolve()
    found = [_layer(table.table(name), name, folder, root) for name in table.content]
    if not any(layer.role == "units" for layer in found):
        table.tell("missing_key", "units", example='[layers.units] source = "…"')
    return tuple(found)


def _layer(table: TomlTable, name: str, folder: Path, root: Path | None) -> LayerSource:
    table.require("source", 'source = "…"')
    if name not in _ROLES:
        table.require("role", 'role = "facilities"')
    role = table.choice("role", _ROLES) or (name if name in _ROLES else "")
    table.only((*_LAYER, *_JOINING) if role == "streets" else _LAYER)
    database = _database(table)
    path = folder / ("" if database is not None else _path(table))
    _check_path(table, path, root)
    known = _columns(role)
    return LayerSource(
        name=name,
        role=role,  # type: ignore[arg-type]  # one of _ROLES, or told as a problem
        path=path,
        layer=table.text("layer"),
        encoding=_encoding(table),
        datum=table.choice("datum", DATUMS),  # type: ignore[arg-type]  # one of DATUMS
        crs=table.text("crs"),
        columns=_texts(table.table("columns"), (*known, *_PLACE, *_NAMED)),
        values=_values(table.table("values"), known, role),
        join_metres=table.number("join_metres", _JOIN_METRES) or 0.0,
        planarise=table.flag("planarise"),
        accept=table.flag("accept"),
        database=database,
        query=table.text("query"),
    )


def _check_path(table: TomlTable, path: Path, root: Path | None) -> None:
    try:
        path.exists()
        inside = root is None or path.resolve().is_relative_to(root)
    except (OSError, ValueError) as error:  # too long, a zero in it, or a disk that is not there
        table.tell("path_unusable", "source", reason=getattr(error, "strerror", "") or str(error))
        return
    if not inside:
        table.tell("path_outside", "source", table.content["source"])


def _path(table: TomlTable) -> str:
    return (table.text("source") or "").replace("\\", "/")


def _database(table: TomlTable) -> str | None:
    """Give how a database is reached where the source is one; a password has no place there."""
    source = table.text("source") or ""
    if not source.startswith(_DATABASE):
        return None
    said = source.removeprefix(_DATABASE).strip()
    if "password" in said.lower():
        table.tell("password_in_project", "source")
    return said


def _encoding(table: TomlTable) -> str | None:
    name = table.text("encoding")
    try:
        codecs.lookup(name or "utf-8")
    except (LookupError, ValueError):  # unknown, or no name of anything: a zero in it
        table.tell("unknown_encoding", "encoding", name)
    return name


def _columns(role: str) -> tuple[str, ...]:
    schema = SCHEMAS.get(role)
    columns = (*schema.columns, *load_attributes(role)) if schema else ()
    return tuple(dict.fromkeys(column.name for column in columns))


def _texts(table: TomlTable, known: tuple[str, ...]) -> dict[str, str]:
    table.only(known)
    found = {key: table.text(key) for key in table.content}
    return {key: value for key, value in found.items() if value is not None}


def _values(table: TomlTable, known: tuple[str, ...], role: str) -> dict[str, str]:
    """Give the constants of a layer as text: ``year = 2024`` and ``urban = true`` are welcome."""
    table.choice("category", (*load_categories(), *load_listed()))
    if role == "registers":
        table.choice("kind", load_register_kinds())
    written = {
        key: str(value).lower() if isinstance(value, bool | int | float) else value
        for key, value in table.content.items()
    }
    return _texts(table.saying(written), known)
