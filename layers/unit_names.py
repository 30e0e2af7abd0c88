"""Rows of a layer to the units they name, by code or by name; never silently.

What was found how is kept row by row for review, and told in one line; what is not sure stops
the study until it is mended, or accepted where something is proposed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd

from layers.belonging import SEPARATORS
from layers.columns import clean_ids, filled
from layers.harmless import harmless
from layers.names import Found, Gazetteer, Match
from layers.one_text import one_text
from layers.workbook_bytes import packed

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from layers.check import Findings
    from layers.project import LayerSource

UNIT, TOWNSHIP = "unit", "township"
"""Columns that name a unit and its township where there is no code."""

REVIEW_COLUMNS = ("layer", "row", "column", "township", "said", "how", "unit_id", "unit")
"""One row for every unit a file names in words: how it was found, and which it is or may be."""

_CODE = r"[\dＥE+.]+"  # or what Excel makes of one; told elsewhere


def named_units(
    frame: gpd.GeoDataFrame, units: Gazetteer, source: LayerSource, findings: Findings
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Give a layer with unit_id and serves as codes, and what was found by name, for review.

    Names may stand in unit_id itself, in a column ``unit``, or in the list ``serves``.
    """
    said = filled(frame["unit_id"])
    if UNIT in frame:
        said = filled(said.where(said.notna(), filled(frame[UNIT])))
    township = filled(frame[TOWNSHIP]) if TOWNSHIP in frame else None
    found = _look_up(said, township, units)
    reviews = [_review(found, units, findings, "unit_id")]
    frame = frame.assign(unit_id=_codes(said, found, source))
    if "township_id" in frame:
        frame = frame.assign(township_id=_townships(frame, units, findings))
    if "serves" in frame:
        listed = filled(frame["serves"]).dropna().astype("str")
        cells = listed.str.split(SEPARATORS, regex=True).explode()
        served = _look_up(filled(cells).dropna(), township, units)
        reviews.append(_review(served, units, findings, "serves"))
        ids = _codes(filled(cells).dropna(), served, source).dropna()
        joined = clean_ids(ids).groupby(level=0).agg(";".join).reindex(frame.index)
        frame = frame.assign(serves=filled(joined))
        found = pd.concat([found, served])
    tell_names(found, units, source, findings)
    return frame, pd.concat([review for review in reviews if len(review)] or reviews[:1])


def write_review(review: pd.DataFrame, path: Path) -> Path:
    """Write a review as a table that Excel opens: a workbook where the path says .xlsx, else CSV.

    What looks like a formula stands behind an apostrophe; codes are text (in the CSV, which is
    UTF-8 with a mark, behind a tab).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    told = review.map(harmless)
    if path.suffix.lower() == ".xlsx":
        _write_workbook(told, path)
        return path
    codes = review["unit_id"].map(lambda ids: f"\t{ids}", na_action="ignore")
    told.assign(unit_id=codes).to_csv(path, index=False, encoding="utf-8-sig")
    return path


def _write_workbook(table: pd.DataFrame, path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(list(table.columns))
    for row in table.astype(object).where(table.notna(), None).to_numpy().tolist():
        page.append(row)
    page.freeze_panes = "A2"
    path.write_bytes(packed(book))


def tell_names(
    found: pd.DataFrame, units: Gazetteer, source: LayerSource, findings: Findings
) -> None:
    """Tell how many names were found, and every one that is not sure."""
    how = found["how"]
    sure = how.isin([Found.EXACT, Found.VARIANT])
    if sure.any():
        exact, variant = (str(int(how.eq(each).sum())) for each in (Found.EXACT, Found.VARIANT))
        findings.tell("names_found", fatal=False, exact=exact, variant=variant)
    for kind, code in (
        (Found.FUZZY, "name_accepted" if source.accept else "name_proposed"),
        (Found.AMBIGUOUS, "name_ambiguous"),
        (Found.ELSEWHERE, "name_elsewhere"),
        (Found.UNMATCHED, "name_unknown"),
    ):
        some = found[how == kind]
        columns = (some.index, some["column"], some["said"], some["match"])
        for row, column, said, match in zip(*columns, strict=True):
            findings.tell(
                code,
                row=int(row),
                column=column,
                value=said,
                fatal=kind != Found.FUZZY or not source.accept,
                likely="、".join(f"{units.name(unit)} {unit}" for unit in match.units),
            )


def _townships(frame: gpd.GeoDataFrame, units: Gazetteer, findings: Findings) -> pd.Series[Any]:
    """Give the codes of townships that a register names, in township_id or beside it."""
    said = filled(frame["township_id"])
    if TOWNSHIP in frame:
        said = filled(said.where(said.notna(), filled(frame[TOWNSHIP])))
    words = said[_is_word(said)].astype("str")
    meant = words.map(units.townships)
    unknown = words[meant.map(len) != 1]
    findings.tell_rows("township_unknown", unknown, column="township_id")
    codes = meant.map(lambda found: next(iter(found)) if len(found) == 1 else None)
    return filled(said.where(~_is_word(said), codes.reindex(said.index)))


def _look_up(
    said: pd.Series[Any], township: pd.Series[Any] | None, units: Gazetteer
) -> pd.DataFrame:
    """Find the unit of every cell that is no code; the index stays."""
    words = said[_is_word(said)]
    within = [None] * len(words) if township is None else township.reindex(words.index).tolist()
    known: dict[tuple[str, str | None], Match] = {}
    pairs = [(str(word), place) for word, place in zip(words, within, strict=True)]
    for pair in pairs:
        if pair not in known:
            known[pair] = units.find(*pair)
    matches = [known[pair] for pair in pairs]
    return pd.DataFrame(
        {
            "column": said.name,
            "township": within,
            "said": words.to_numpy(dtype=object),
            "how": [str(match.how) for match in matches],
            "match": matches,
        },
        index=words.index,
        columns=["column", "township", "said", "how", "match"],
    )


def _codes(said: pd.Series[Any], found: pd.DataFrame, source: LayerSource) -> pd.Series[Any]:
    """Give codes for words: of what is sure, and of what was proposed where that is accepted."""
    ids = said.astype(object).to_numpy(copy=True)
    ids[_is_word(said).to_numpy()] = [
        match.units[0] if match.unit_id or (source.accept and match.how == Found.FUZZY) else None
        for match in found["match"]
    ]
    return filled(pd.Series(ids, index=said.index, dtype=object, name=said.name))


def _is_word(said: pd.Series[Any]) -> pd.Series[bool]:
    """Say which cells name a unit in words, not by a code or not at all."""
    there = said.notna()
    whole = one_text(said[there].tolist())
    if whole is not None and whole.isascii() and whole.isdigit():
        return pd.Series(data=False, index=said.index)
    coded: pd.Series[bool] = said.astype("str").str.fullmatch(_CODE).fillna(value=False)
    return there & ~coded.astype(bool)


def _review(found: pd.DataFrame, units: Gazetteer, findings: Findings, column: str) -> pd.DataFrame:
    places = [findings.place(int(row)) for row in found.index]
    return pd.DataFrame(
        {
            "layer": [f"{findings.layer}/{file}" if file else findings.layer for file, _ in places],
            "row": [row for _, row in places],
            "column": column,
            "township": found["township"],
            "said": found["said"],
            "how": found["how"],
            "unit_id": [";".join(match.units) or None for match in found["match"]],
            "unit": ["、".join(map(units.name, match.units)) or None for match in found["match"]],
        },
        columns=list(REVIEW_COLUMNS),
    )
