"""A map as a picture: units coloured by class, with title, legend, north arrow and scale bar."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from math import floor, log10
from typing import TYPE_CHECKING

import shapely
from PIL import Image, ImageDraw

from maps.style import FACILITY, MAIN_STREETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from maps.fonts import Font

    Point = tuple[float, float]

WIDTH, HEIGHT = 1600, 1200
_FINER = 2  # drawn so many times larger, then made smaller: smooth edges
_TITLE, _MARGIN, _LEGEND, _FOOT = 90, 30, 380, 60
_INK, _GREY, _STREET, _EDGE = "#222222", "#666666", "#9a9a9a", "#ffffff"


@dataclass(frozen=True)
class MapPicture:
    """What a map shows.

    ``units`` areas with a column ``colour``; ``legend`` colours and what they mean; ``townships``
    areas with ``name`` (may be empty); ``streets`` lines with ``class``, or None; ``points`` small
    dots, or None. All in one CRS in metres.
    """

    title: str
    units: gpd.GeoDataFrame
    legend: Sequence[tuple[str, str]]
    townships: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame | None
    points: gpd.GeoDataFrame | None
    points_label: str
    notes: Sequence[str]


def draw_map(picture: MapPicture, font: Font) -> bytes:
    """Give a map as PNG, WIDTH by HEIGHT pixels; the same map and font give the same bytes."""
    sheet = _Sheet(picture, font)
    sheet.areas()
    sheet.lines()
    sheet.dots()
    sheet.names()
    sheet.frame()
    sheet.legend()
    sheet.scale_bar()
    sheet.north()
    return sheet.png()


class _Sheet:
    """The paper a map is drawn on; positions are in pixels of the finished picture."""

    def __init__(self, picture: MapPicture, font: Font) -> None:
        self.picture, self.font = picture, font
        self.image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), "white")
        self.draw = ImageDraw.Draw(self.image)
        west, south, east, north = picture.units.total_bounds
        room = (WIDTH - _LEGEND - 2 * _MARGIN, HEIGHT - _TITLE - _FOOT - _MARGIN)
        self.scale = min(room[0] / max(east - west, 1), room[1] / max(north - south, 1)) * 0.97
        self.middle = ((west + east) / 2, (south + north) / 2)
        self.at = (_MARGIN + room[0] / 2, _TITLE + room[1] / 2)
        self.box = (_MARGIN, _TITLE, _MARGIN + room[0], _TITLE + room[1])

    def png(self) -> bytes:
        """Give the finished picture."""
        made = BytesIO()
        small = self.image.reduce(_FINER)
        # A quarter of the size; this method keeps colours that cover little, as of a single unit.
        few = small.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(made, "PNG", optimize=True)
        return made.getvalue()

    def areas(self) -> None:
        """Colour the units, large ones first so that one inside another stays in sight."""
        units = self.picture.units.assign(size=self.picture.units.area)
        units = units.sort_values("size", ascending=False, kind="stable")
        for shape, colour in zip(units.geometry, units["colour"], strict=True):
            for part in _polygons(shape):
                self._polygon(part.exterior, colour)
                for hole in part.interiors:
                    self._polygon(hole, "white")

    def lines(self) -> None:
        """Draw main streets, then the townships' outlines."""
        streets = self.picture.streets
        if streets is not None:
            for shape in streets[streets["class"].isin(MAIN_STREETS)].geometry:
                for part in shapely.get_parts(shape):
                    self._line(part, _STREET, 2.0)
        for shape in self.picture.townships.geometry:
            for part in _polygons(shape):
                self._line(part.exterior, _INK, 2.5)

    def dots(self) -> None:
        """Draw the facilities."""
        if self.picture.points is not None:
            for shape in self.picture.points.geometry:
                self._dot(self._place(shapely.get_coordinates(shape)[:1])[0])

    def names(self) -> None:
        """Write the townships' names inside them."""
        for row in self.picture.townships.itertuples():
            point = row.geometry.representative_point()
            at = self._place(shapely.get_coordinates(point))[0]
            self._write(at, row.name, 24, anchor="mm", halo=True)

    def frame(self) -> None:
        """Draw the edge of the map, its title and its notes."""
        self.draw.rectangle([side * _FINER for side in self.box], outline=_INK, width=2 * _FINER)
        self._write((WIDTH / 2, _TITLE / 2), self.picture.title, 40, anchor="mm")
        foot = "    ".join(self.picture.notes)
        self._write((_MARGIN, HEIGHT - _FOOT / 2), foot, 22, anchor="lm")

    def legend(self) -> None:
        """Say what the colours and dots mean, right of the map."""
        left, top = self.box[2] + 30, self.box[3] - 44 * (len(self.picture.legend) + 1)
        for colour, label in self.picture.legend:
            corner = (left, top, left + 48, top + 30)
            self.draw.rectangle(
                [side * _FINER for side in corner], fill=colour, outline=_GREY, width=_FINER
            )
            self._write((left + 62, top + 15), label, 24, anchor="lm")
            top += 44
        if self.picture.points is not None:
            self._dot((left + 24, top + 15))
            self._write((left + 62, top + 15), self.picture.points_label, 24, anchor="lm")

    def scale_bar(self) -> None:
        """Draw a bar of a round length, about a fifth of the map."""
        metres = round_length((self.box[2] - self.box[0]) / self.scale / 5)
        left, bottom = self.box[2] + 30, self.box[1] + 220
        width = metres * self.scale
        for part, colour in ((0, _INK), (1, "white")):
            corner = (left + part * width / 2, bottom, left + (part + 1) * width / 2, bottom + 10)
            self.draw.rectangle(
                [side * _FINER for side in corner], fill=colour, outline=_INK, width=_FINER
            )
        told = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"  # noqa: PLR2004
        self._write((left, bottom + 30), "0", 22, anchor="mm")
        self._write((left + width, bottom + 30), told, 22, anchor="mm")

    def north(self) -> None:
        """Draw an arrow to the north of the grid."""
        x, y = self.box[2] + 70, self.box[1] + 40
        arrow = [(x, y), (x + 22, y + 90), (x, y + 70), (x - 22, y + 90)]
        self.draw.polygon([(px * _FINER, py * _FINER) for px, py in arrow], fill=_INK)
        self._write((x, y - 18), "N", 28, anchor="mm")

    def _place(self, xy: NDArray[np.float64]) -> list[Point]:
        x = self.at[0] + (xy[:, 0] - self.middle[0]) * self.scale
        y = self.at[1] - (xy[:, 1] - self.middle[1]) * self.scale
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def _finer(self, shape: shapely.Geometry) -> list[Point]:
        places = self._place(shapely.get_coordinates(shape))
        return [(x * _FINER, y * _FINER) for x, y in places]

    def _polygon(self, ring: shapely.LinearRing, colour: str) -> None:
        self.draw.polygon(self._finer(ring), fill=colour, outline=_EDGE, width=_FINER)

    def _line(self, shape: shapely.Geometry, colour: str, width: float) -> None:
        self.draw.line(self._finer(shape), fill=colour, width=round(width * _FINER), joint="curve")

    def _dot(self, at: Point, radius: float = 5) -> None:
        x, y = at
        corner = (x - radius, y - radius, x + radius, y + radius)
        self.draw.ellipse(
            [side * _FINER for side in corner], fill=FACILITY, outline="white", width=_FINER
        )

    def _write(
        self,
        at: Point,
        told: str,
        size: float,
        *,
        anchor: str,
        halo: bool = False,
    ) -> None:
        self.draw.text(
            (at[0] * _FINER, at[1] * _FINER),
            told,
            fill=_INK,
            font=self.font.at(size * _FINER),
            anchor=anchor,
            stroke_width=3 * _FINER if halo else 0,
            stroke_fill="white",
        )


def round_length(metres: float) -> float:
    """Give the greatest length of 1, 2 or 5 times a power of ten that is no longer.

    >>> round_length(7300), round_length(480), round_length(2000)
    (5000.0, 200.0, 2000.0)
    """
    power = 10.0 ** floor(log10(metres))
    steps = (0.5, 1, 2, 5)  # a logarithm may be rounded up to the next power
    return max(step * power for step in steps if step * power <= metres)


def _polygons(shape: shapely.Geometry) -> Iterable[shapely.Polygon]:
    return (part for part in shapely.get_parts(shape) if part.geom_type == "Polygon")
