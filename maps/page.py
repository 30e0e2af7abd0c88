"""The map page: one file that opens from disk with no network, and shows itself in a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layers.vocabulary import text
from maps.content import page_content
from maps.offline import Panel, offline_map
from maps.site_record import site_record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo.site_plan import SitePlan
    from geo.study import Study
    from layers.vocabulary import Language

# The page runs its own scripts and saves files; it sees nothing of the notebook around it.
_FRAME = (
    '<iframe sandbox="allow-scripts allow-downloads" width="100%" height="640"'
    ' style="border:0" srcdoc="{page}"></iframe>'
)


@dataclass(frozen=True)
class Page:
    """The html of one page. The last line of a notebook's cell, it is drawn there."""

    html: str = field(repr=False)

    def save(self, path: Path) -> Path:
        """Write the page to a file."""
        path.write_text(self.html, encoding="utf-8", newline="\n")
        return path

    def _repr_html_(self) -> str:
        return _FRAME.format(page=html.escape(self.html))


def study_page(
    study: Study, *, lang: Language = "zh", plans: Sequence[SitePlan] = (), opens: str | None = None
) -> Page:
    """Give the map of a study, the same bytes for the same study.

    ``plans`` are answers to siting questions, told in a tab of their own; ``opens`` names the tab
    that the page opens on.
    """
    header, columns = page_content(study, lang)
    header |= {"answers": [site_record(each, study.project) for each in plans], "opens": opens}
    title = text("page.title", lang, name=study.project.name)
    drawn = offline_map(title, header["bounds"])
    drawn.add_child(Panel(columns.block(header)))
    return Page(drawn.get_root().render())


def write_page(
    study: Study,
    path: Path,
    *,
    lang: Language = "zh",
    plans: Sequence[SitePlan] = (),
    opens: str | None = None,
) -> Path:
    """Write the map of a study to one html file; see ``study_page``."""
    return study_page(study, lang=lang, plans=plans, opens=opens).save(path)
