"""Two folders of results compared: a workbook, the short of it in lines, and a map if asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.errors import LayerError, Problem
from layers.results import read_results
from layers.vocabulary import text
from maps.comparison import comparison_lines, write_comparison
from maps.comparison_page import comparable, write_comparison_page
from maps.written_page import page_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from layers.vocabulary import Language


def compare_folders(
    old: Path, new: Path, out: Path, *, page: bool, lang: Language
) -> Iterator[str]:
    """Write the comparison to ``out`` and, with ``page``, its map beside it; tell what changed.

    Nothing is written where a folder cannot be read, or where one is for everybody and the other
    is not: beside public results nobody looks for internal figures.
    """
    results = read_results(old), read_results(new)
    public = [each.record.get("profile") == "public" for each in results]
    if any(public) and not all(public):
        folder = new if public[1] else old
        raise LayerError(Problem(folder.name, "results_one_public"))
    pages = (page_of(old), page_of(new)) if page else None
    for each in pages or ():
        comparable(each)
    path = write_comparison(*results, out, lang=lang)
    yield from comparison_lines(*results, lang=lang)
    yield text("cli.compared", lang, path=str(path))
    if pages:
        path = write_comparison_page(pages, results, out.with_suffix(".html"), lang=lang)
        yield text("cli.compared_page", lang, path=str(path))
