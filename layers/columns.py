"""Columns of one layer: the file's names become ours, its cells the types of the schema."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.catalogue.ledger import load_attributes
from layers.check import nearest
from layers.encoding import garbled
from layers.headings import find_heading, plain_text, unit_factor
from layers.one_text import one_text
from layers.reading import words_of

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.check import Findings
    from layers.frame_schema import Column, FrameSchema
    from layers.project import LayerSource

_SCIENTIFIC = r"^[+-]?\d(?:\.\d+)?[eE]\+?\d+$"
_WHOLE_NUMBER = r"^(\d+)\.0$"
_DBF_NAME = 10  # characters that a shapefile keeps of a column's name
_LONGEST_NUMBER = 15  # digits that a number holds exactly; a longer one is a code


def renamed(
    frame: gpd.GeoDataFrame, source: LayerSource, schema: FrameSchema, findings: Findings
) -> gpd.GeoDataFrame:
    """Give the frame with our column names, and the constants of project.toml as columns."""
    constants = source.values  # noqa: PD011  # a mapping, not a frame
    theirs = _likely(frame, schema, {*source.columns, *constants})
    for name, column in source.columns.items():
        found = find_heading(column, frame.columns)
        if found is None:
            _tell_missing(name, column, frame, findings)
        else:
            theirs[name] = found
    replaced = {*theirs, *theirs.values(), *constants}
    kept = frame.drop(columns=[column for column in frame if column in replaced])
    cells = {name: frame[column] for name, column in theirs.items()}
    return kept.assign(**_in_our_units(cells, theirs, schema, findings), **constants)


def typed(frame: gpd.GeoDataFrame, schema: FrameSchema, findings: Findings) -> pd.DataFrame:
    """Give every column of the schema in its type and order, then what else the file has.

    Missing columns and cells take the schema's default; the ledger columns of the catalogue have
    a type where they are there. Everything that does not fit is told.
    """
    table = pd.DataFrame(frame.drop(columns=frame.columns[frame.dtypes == "geometry"]))
    attributes = {column.name: column for column in load_attributes(schema.name)}
    asked = (*schema.columns, *(attributes[name] for name in attributes if name in table))
    known = {column.name: _column(table, column, schema, findings) for column in asked}
    extra = {name: _attribute(table[name], findings) for name in table.columns if name not in known}
    return pd.DataFrame(known | extra, index=frame.index)


def clean_ids(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Give ids as text: whole numbers in full, full-width digits made plain, no blanks around."""
    if pd.api.types.is_numeric_dtype(texts) and not pd.api.types.is_bool_dtype(texts):
        whole = texts.isna() | texts.mod(1).eq(0)
        plain = texts.map("{:.0f}".format, na_action="ignore")
        return filled(plain.where(whole, texts.astype(str)))
    texts = filled(texts)
    said = one_text(texts.dropna().tolist())
    if said is not None and said.isascii() and ".0" not in said:
        return texts
    plain = texts.map(plain_text, na_action="ignore")
    return filled(
        plain.str.replace(_WHOLE_NUMBER, r"\1", regex=True) if plain.notna().any() else plain
    )


def to_number(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Give numbers, NaN where there is none: "1,234", "１２" and " 12 " are numbers."""
    if pd.api.types.is_numeric_dtype(texts):
        return texts.astype(np.float64)
    plain = filled(texts).map(plain_text, na_action="ignore").astype("str")
    grouped = plain.str.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?").fillna(value=False)
    plain = plain.where(~grouped.astype(bool), plain.str.replace(",", ""))
    return pd.to_numeric(plain, errors="coerce").astype(np.float64)


def filled(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Give cells as objects without blanks around, None where there is nothing."""
    texts = cells.astype(object).to_numpy(copy=True)
    gone = pd.isna(texts)
    there = texts[~gone]
    texts[gone] = None
    if one_text(there.tolist()) is None:
        stripped = [cell.strip() or None if isinstance(cell, str) else cell for cell in there]
        texts[~gone] = pd.Series(stripped, dtype=object).to_numpy()
    return pd.Series(texts, index=cells.index, dtype=object, name=cells.name)


def _likely(frame: gpd.GeoDataFrame, schema: FrameSchema, given: set[str]) -> dict[str, str]:
    """Give our columns that are called by their own name, capital or cut, or by their heading."""
    said = {str(column).lower(): str(column) for column in frame}
    places = {} if "geometry" in frame else words_of("place")
    own = {column.name for column in schema.columns}
    named = words_of("named") if "unit_id" in own and schema.key != "unit_id" else {}
    words = {**places, **named}
    common = {name: said[word] for word, name in words.items() if word in said}
    for column in (*schema.columns, *load_attributes(schema.name)):
        short = said.get(column.name) or said.get(column.name[:_DBF_NAME])
        found = short or find_heading(column.heading, frame.columns)
        if found:
            common[column.name] = found
    return {name: column for name, column in common.items() if name not in given}


def _in_our_units(
    cells: dict[str, pd.Series[Any]],
    headings: dict[str, str],
    schema: FrameSchema,
    findings: Findings,
) -> dict[str, pd.Series[Any]]:
    """Multiply numbers whose heading says another unit than ours; what cannot be is told."""
    columns = (*schema.columns, *load_attributes(schema.name))
    numbers = {column.name: column.zh for column in columns if column.type == "number"}
    for name in numbers.keys() & cells.keys():
        said = unit_factor(headings[name], numbers[name])
        if said is None:
            continue
        unit, factor = said
        if factor is None:
            findings.tell("unit_differs", column=headings[name], value=unit, ours=numbers[name])
            continue
        multiplied = to_number(cells[name]).mul(factor).round(6)
        cells[name] = multiplied.astype(object).where(multiplied.notna(), cells[name])
        findings.tell(
            "unit_changed",
            column=headings[name],
            value=unit,
            fatal=False,
            ours=numbers[name],
            factor=f"{factor:g}",
        )
    return cells


def _tell_missing(name: str, column: str, frame: gpd.GeoDataFrame, findings: Findings) -> None:
    """Tell that a column is not there, with the one most like its name."""
    known = [str(other) for other in frame.columns if other != "geometry"]
    findings.tell(
        "missing_column",
        column=column,
        ours=name,
        nearest=nearest(column, known),
        known="、".join(known),
    )


def _column(
    table: pd.DataFrame, column: Column, schema: FrameSchema, findings: Findings
) -> pd.Series[Any]:
    if column.name not in table:
        if column.required:
            _require(table, column, findings)
        return _absent(column, table.index)
    values = _values(table[column.name], column, findings)
    if column.required and column.name != schema.key:
        findings.tell_rows("missing_value", values[values.isna()], column=column.name)
    return values


def _absent(column: Column, rows: pd.Index[Any]) -> pd.Series[Any]:
    """Give a column that the file does not have: its default, else missing."""
    plain = {"text": "object", "flag": "bool", "direction": "int8"}.get(column.type, "float64")
    dtype = "boolean" if plain == "bool" and column.default is None else plain
    values: pd.Series[Any] = pd.Series([column.default] * len(rows), index=rows, dtype=object)
    return values.astype(pd.api.types.pandas_dtype(dtype))


def _require(table: pd.DataFrame, column: Column, findings: Findings) -> None:
    """Tell that a required column is missing, unless project.toml named another that is."""
    if any(("ours", column.name) in problem.values for problem in findings.problems):  # noqa: PD011  # not a frame
        return
    known = [str(name) for name in table.columns]
    alike = {nearest(column.name, known), nearest(column.zh, known)}
    findings.tell(
        "missing_column",
        column=column.name,
        ours=column.name,
        nearest="、".join(sorted(alike)),
        known="、".join(known),
    )


def _values(cells: pd.Series[Any], column: Column, findings: Findings) -> pd.Series[Any]:
    if column.type in ("number", "whole"):
        return _numbers(cells, column, findings)
    if column.type == "flag":
        return _flags(cells, column, findings)
    if column.type == "direction":
        return _directions(cells, column, findings)
    if column.name.endswith("_id"):
        return _ids(cells, column, findings)
    return _texts(cells, column, findings)


def _numbers(cells: pd.Series[Any], column: Column, findings: Findings) -> pd.Series[Any]:
    numbers = to_number(cells)
    wrong = (numbers.isna() & filled(cells).notna()) | np.isinf(numbers)
    findings.tell_rows("not_a_number", cells[wrong], column=column.name)
    if column.type == "whole":
        findings.tell_rows("not_whole", cells[numbers.mod(1).gt(0)], column=column.name)
    if column.minimum is not None:
        low = numbers < column.minimum
        fill = f"{column.minimum:g}"
        findings.tell_rows("below_minimum", cells[low], column=column.name, minimum=fill)
    return numbers.fillna(float(column.default)) if column.default is not None else numbers


def _flags(cells: pd.Series[Any], column: Column, findings: Findings) -> pd.Series[Any]:
    said = _looked_up(cells, "flag", column, findings)
    flags = said.map({"yes": True, "no": False}).astype("boolean")
    return (
        flags.fillna(value=bool(column.default)).astype(bool)
        if column.default is not None
        else flags
    )


def _directions(cells: pd.Series[Any], column: Column, findings: Findings) -> pd.Series[Any]:
    said = _looked_up(cells, "direction", column, findings)
    return said.map({"along": 1, "against": -1}).fillna(0).astype(np.int8)


def _texts(cells: pd.Series[Any], column: Column, findings: Findings) -> pd.Series[Any]:
    texts = clean_ids(cells) if pd.api.types.is_numeric_dtype(cells) else filled(cells)
    findings.tell_rows("mojibake", garbled(texts), column=column.name)
    if column.choices:
        texts = _looked_up(texts, column.name, column, findings)
    return texts.where(texts.notna(), column.default)


def _ids(cells: pd.Series[Any], column: Column, findings: Findings) -> pd.Series[Any]:
    ids = clean_ids(cells)
    whole = one_text(ids.dropna().tolist())
    if whole is None or "e" in whole.lower():
        spoilt = ids[ids.astype("str").str.fullmatch(_SCIENTIFIC).fillna(value=False).astype(bool)]
        findings.tell_rows("scientific_id", spoilt, column=column.name)
    return ids


def _looked_up(
    cells: pd.Series[Any], words: str, column: Column, findings: Findings
) -> pd.Series[Any]:
    said = filled(cells)

    @lru_cache(maxsize=None, typed=True)
    def meant(cell: object) -> str | None:
        return words_of(words).get(plain_text(cell).lower())

    found = said.map(meant, na_action="ignore")
    known = column.choices or tuple(words_of(words))
    findings.tell_rows(
        "unknown_choice",
        said[said.notna() & found.isna()],
        column=column.name,
        among=dict(zip(known, known, strict=True)),
        known="、".join(known),
    )
    return filled(found)


def _attribute(cells: pd.Series[Any], findings: Findings) -> pd.Series[Any]:
    """Give a column of the file's own: numbers where every cell is one and none is a code."""
    if pd.api.types.infer_dtype(cells, skipna=True) != "string":
        return cells
    texts = filled(cells)
    findings.tell_rows("mojibake", garbled(texts), column=str(cells.name))
    numbers = to_number(texts)
    all_numbers = numbers.notna().eq(texts.notna()).all() and texts.notna().any()
    return numbers if all_numbers and not _coded(texts) else texts


def _coded(texts: pd.Series[Any]) -> bool:
    """Say whether digits are a code: by the column's name, a leading zero, or their length."""
    said = texts.dropna().astype("str")
    named = str(texts.name).lower().endswith(tuple(words_of("code")))
    return named or bool((said.str.match(r"0\d") | said.str.len().gt(_LONGEST_NUMBER)).any())
