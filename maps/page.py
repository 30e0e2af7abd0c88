"""The map page: one file that opens from disk with no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.vocabulary import text
from maps.content import page_data
from maps.offline import Panel, offline_map

if TYPE_CHECKING:
    from pathlib import Path

    from geo.study import Study
    from layers.vocabulary import Language


def write_page(study: Study, path: Path, *, lang: Language = "zh") -> Path:
    """Write the map of a study to one html file, the same bytes for the same study."""
    data = page_data(study, lang)
    title = text("page.title", lang, name=study.project.name)
    drawn = offline_map(title, data["bounds"])
    drawn.add_child(Panel(data))
    path.write_text(drawn.get_root().render(), encoding="utf-8", newline="\n")
    return path
