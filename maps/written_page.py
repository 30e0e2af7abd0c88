"""A page that a run has written, and the study that it carries."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from layers.errors import LayerError, MissingLayerError, Problem
from maps.packed import read_block

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "map.html"
_BLOCK = re.compile(r'id="study">([^<]*)<')


def page_of(result: Path) -> Path:
    """Give the page of a folder of results, or the page itself."""
    page = result / PAGE if result.is_dir() else result
    if not page.is_file():
        raise MissingLayerError(Problem(str(page), "no_page"))
    return page


def block_of(page: Path) -> str:
    """Give the packed study of a page; LayerError where it is none that this version reads."""
    block = _BLOCK.search(page.read_text(encoding="utf-8", errors="replace"))
    try:
        if block and read_block(block[1]):
            return block[1]
    except (ValueError, zlib.error):
        pass  # another version packed it
    raise LayerError(Problem(str(page), "not_a_page"))
