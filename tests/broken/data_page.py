"""The tables of docs/data.md: columns from the schema, broken inputs from the cases.

Everything outside the marks of the page is written by hand. To write the tables anew:
``python -m tests.broken.data_page``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from layers.catalogue.ledger import load_attributes, load_listed, load_register_kinds
from layers.schema import SCHEMAS
from tests.broken.case import told
from tests.broken.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.errors import Problem
    from layers.frame_schema import Column, FrameSchema
    from tests.broken.case import Case

PAGE = Path(__file__).parents[2] / "docs" / "data.md"

_TYPES = {  # as the page says it
    "text": "文字",
    "number": "数字",
    "whole": "整数",
    "flag": "是否",
    "direction": "方向",
}


def with_tables(page: str) -> str:
    """Give the page with every marked table made anew."""
    tables = {f"columns {name}": column_table(schema) for name, schema in SCHEMAS.items()}
    tables |= {f"ledger {name}": ledger_table(name) for name in ("units", "facilities")}
    tables["ledger registers"] = register_table()
    tables["listed categories"] = listed_table()
    tables["broken inputs"] = broken_table()
    for name, table in tables.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page = marked.sub(lambda found, made=table: f"{found[1]}\n{made}\n{found[2]}", page)
    return page


def column_table(schema: FrameSchema) -> str:
    """Give the columns of one layer as a table."""
    head = ("列", "类型", "必填", "缺省", "含义", "meaning")
    return _table([head, *(_column(column) for column in schema.columns)])


def ledger_table(frame: str) -> str:
    """Give the ledger columns that indicators need of a frame."""
    return _table([("列", "类型", "含义", "meaning"), *map(_ledger, load_attributes(frame))])


def register_table() -> str:
    """Give the kinds of register, and the columns of each."""
    rows = [("种类", "名称", "列", "类型", "含义", "meaning")]
    for kind in load_register_kinds().values():
        columns = [] if kind.id == "unit" else kind.columns
        told = [_ledger(column) for column in columns] or [("", "", "", "")]
        rows += [(f"`{kind.id}`", kind.name_zh, *each) for each in told]
    return _table(rows)


def listed_table() -> str:
    """Give the categories that are counted and not timed."""
    rows = [(f"`{each.id}`", each.name_zh, each.name_en) for each in load_listed().values()]
    return _table([("类别", "名称", "meaning"), *rows])


def _ledger(column: Column) -> tuple[str, ...]:
    return (f"`{column.name}`", _TYPES[column.type], column.zh, column.en)


def broken_table() -> str:
    """Give what each broken input is told, by reading every one of them."""
    rows = [("输入有什么不对", "图层", "停止", "提示", "处理办法")]
    return _table([*rows, *(_broken(case) for case in CASES)])


def _column(column: Column) -> tuple[str, ...]:
    return (
        f"`{column.name}`",
        _TYPES[column.type],
        "是" if column.required else "",
        "" if column.default is None else f"{column.default}",
        column.zh,
        column.en,
    )


def _broken(case: Case) -> tuple[str, ...]:
    _, problems = told(case)
    problem = next(problem for problem in problems if problem.code == case.code)
    problem = _alike_everywhere(problem)
    stops = "是" if problem.fatal else ""
    return (case.zh, problem.layer, stops, problem.message(), problem.remedy())


def _alike_everywhere(problem: Problem) -> Problem:
    """Leave out what a library says, which changes with its version."""
    values = ((name, "……" if name == "reason" else value) for name, value in problem.values)
    return replace(problem, values=tuple(values))


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    head, *body = ("| " + " | ".join(row) + " |\n" for row in rows)
    return head + re.sub(r"[^|\n]+", "---", head) + "".join(body)


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
