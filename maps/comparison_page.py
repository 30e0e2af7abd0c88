"""Two runs in one page: the new one's map, and the old one beneath it to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.errors import LayerError, Problem
from layers.vocabulary import LANGUAGES, text
from maps.comparison import comparison_title, told_differences
from maps.offline import Panel, offline_map
from maps.packed import read_block, repacked
from maps.page import Page
from maps.written_page import block_of

if TYPE_CHECKING:
    from pathlib import Path

    from layers.results import Results
    from layers.vocabulary import Language

    Json = dict[str, Any]

# A comparison needs the old run's figures, shapes and places, not the areas its map draws.
_LEFT_OUT = ("reach/",)
_NEEDED = {
    "facilities": ("id", "category", "counted", "room"),
    "network": ("places/x", "facilities/x", "facilities/there"),
    "residences": ("unit", "order", "weight/unit"),
    "streets": ("count", "wide", "x"),
    "townships": ("id", "name", "x"),
    "units": ("id", "name", "urban", "derived", "arcs/back", "x"),
}


def write_comparison_page(
    pages: tuple[Path, Path],
    results: tuple[Results, Results],
    path: Path,
    *,
    lang: Language = "zh",
) -> Path:
    """Write one offline page of two runs, from the pages they wrote, the old one first.

    Raises LayerError where one of them is no page, or is of a version that carries other things.
    """
    blocks = [comparable(page) for page in pages]
    headers = [read_block(block)[0] for block in blocks]
    name = comparison_title(*results, lang)
    settings: Json = {"name": name, "lang": lang, "runs": _runs(headers, results)}
    title = text("page.title", lang, name=name)
    drawn = offline_map(title, _together(*(header["bounds"] for header in headers)))
    drawn.add_child(
        Panel(repacked(blocks[1], **settings), earlier=repacked(blocks[0], without=_LEFT_OUT))
    )
    return Page(drawn.get_root().render()).save(path)


def comparable(page: Path) -> str:
    """Give the packed study of a page; LayerError where it lacks what a comparison needs."""
    block = block_of(page)
    there = read_block(block)[0]["columns"].keys()
    if not there >= {f"{what}/{part}" for what, parts in _NEEDED.items() for part in parts}:
        raise LayerError(Problem(str(page), "not_a_page"))
    return block


def _runs(headers: list[Json], results: tuple[Results, Results]) -> Json:
    """Say which the two runs are, and in each language what they were not made alike in."""
    told = ("name", "dataDate", "plan", "simulated")
    old, new = ({key: header[key] for key in told} for header in headers)
    differ = {lang: told_differences(*results, lang) for lang in LANGUAGES}
    return {"old": old, "new": new, "differences": differ}


def _together(old: list[list[float]], new: list[list[float]]) -> list[list[float]]:
    """Give bounds that hold both."""
    return [
        [min(one, other) for one, other in zip(old[0], new[0], strict=True)],
        [max(one, other) for one, other in zip(old[1], new[1], strict=True)],
    ]
