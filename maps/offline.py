"""A folium map that asks nobody for anything: every script, style and image is inside the page."""

from __future__ import annotations

import html
import re
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, cast

import folium
from branca.element import Element, Figure, MacroElement
from jinja2 import Template

from maps.basemaps import image_hosts
from maps.modules import asset, modules, panel_file

if TYPE_CHECKING:
    from collections.abc import Sequence

# The browser itself is told to refuse every request, whatever the page may contain, but for the
# images of a basemap that the planner chooses on it.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)
LEAFLET_IMAGE = re.compile(r"url\((images/[\w.-]+)\)")


class Verbatim(Element):
    """A piece of the page that is written as it stands: branca compiles other text as templates."""

    _template = Template("{{ this.content }}")

    def __init__(self, content: str) -> None:
        """Keep the content, which must be safe where it is put."""
        super().__init__()
        self.content = content


def offline_map(name: str, bounds: Sequence[Sequence[float]], *, online: bool = True) -> folium.Map:
    """Give an empty map that shows ``bounds``, with Leaflet inside and no tiles.

    ``bounds`` are [[south, west], [north, east]]; ``name`` is the page's title. Unless it is
    ``online`` a page can have no basemap either.
    """
    (south, west), (north, east) = bounds
    figure = Figure(title=html.escape(name))
    allowed = f"{POLICY} {image_hosts()}" if online else POLICY
    policy = f'<meta http-equiv="Content-Security-Policy" content="{allowed}" />'
    figure.header.add_child(Verbatim(policy), name="policy")
    figure.header.add_child(Verbatim(style(leaflet_style())), name="leaflet_css")
    figure.header.add_child(Verbatim(script(leaflet_script())), name="leaflet")
    drawn = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        prefer_canvas=True,
        zoom_snap=0.25,
    )
    drawn.default_js, drawn.default_css = [], []
    drawn._id = "study"  # noqa: SLF001 - folium's own ids are random, the same study gives the same bytes
    drawn.add_to(figure)
    return drawn


class Panel(MacroElement):
    """Our own part of the page: its data, its style, its scripts, and the call that starts it."""

    def __init__(self, block: str, *, earlier: str = "", entry: str = "page") -> None:
        """Keep the packed study, in characters that can end nothing, and an earlier run.

        ``entry`` is the module of maps/panel whose ``startPage`` begins.
        """
        super().__init__()  # type: ignore[no-untyped-call] # branca's
        self.entry = entry
        self.blocks = {"study": block, "earlier": earlier}

    def render(self, **_: object) -> str:
        """Put the parts into the figure, after those of the map that this is a child of."""
        figure, drawn = cast("Figure", self.get_root()), cast("folium.Map", self._parent)
        data = "\n".join(
            f'<script type="application/octet-stream" id="{name}">{block}</script>'
            for name, block in self.blocks.items()
            if block
        )
        rules = style(asset("page.css") + asset("charts.css"))
        figure.header.add_child(Verbatim(rules), name="panel_css")
        figure.html.add_child(Verbatim(data), name="panel_data")
        start = f"modules.{self.entry}.startPage({drawn.get_name()});"
        parts = [inflater(), "(() => {", modules(self.entry), start, "})();"]
        figure.script.add_child(Verbatim("\n".join(parts)), name="panel_js")
        return ""


def script(code: str) -> str:
    """Give a script element."""
    return f"<script>\n{code}\n</script>"


def style(rules: str) -> str:
    """Give a style element."""
    return f"<style>\n{rules}\n</style>"


@cache
def leaflet_script() -> str:
    """Give Leaflet with its licence, without the link to a source map that is not there."""
    code = asset("leaflet/leaflet.js").partition("//# sourceMappingURL")[0]
    return f"/*\n{asset('leaflet/LICENSE')}*/\n{code}"


@cache
def inflater() -> str:
    """Give the library for browsers that cannot inflate by themselves, with its licence."""
    return f"/*\n{asset('fflate/LICENSE')}*/\n{asset('fflate/fflate.js')}"


@cache
def leaflet_style() -> str:
    """Give Leaflet's style with its images in it."""

    def inline(match: re.Match[str]) -> str:
        image = panel_file(f"leaflet/{match[1]}").read_bytes()
        return f"url(data:image/png;base64,{b64encode(image).decode('ascii')})"

    return LEAFLET_IMAGE.sub(inline, asset("leaflet/leaflet.css"))
