"""Styles as QGIS reads them (QML): rules with a symbol each, and names for the columns.

Every style is one of rules, since only rules can say what is not known. Colours are "#rrggbb".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_OUTLINE = "#8a8a8a"


@dataclass(frozen=True)
class Symbol:
    """How one thing is drawn: its kind (fill, line, marker), QGIS layer class and properties."""

    kind: str
    drawn_by: str
    properties: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Rule:
    """One line of the legend: what it says, which rows it draws, and how; off where not shown."""

    label: str
    where: str
    symbol: Symbol
    shown: bool = True


def fill(
    colour: str, *, opacity: float = 0.85, style: str = "solid", outline: float = 0.2
) -> Symbol:
    """Give an area of one colour; ``outline`` in mm."""
    return Symbol(
        "fill",
        "SimpleFill",
        (
            ("color", _rgba(colour, opacity)),
            ("style", style),
            ("outline_color", _rgba(_OUTLINE)),
            ("outline_style", "solid"),
            ("outline_width", f"{outline:g}"),
            ("outline_width_unit", "MM"),
        ),
    )


def line(colour: str, millimetres: float) -> Symbol:
    """Give a line of one colour."""
    width = (("line_width", f"{millimetres:g}"), ("line_width_unit", "MM"))
    return Symbol("line", "SimpleLine", (("line_color", _rgba(colour)), *width))


def marker(colour: str, millimetres: float, *, shape: str = "circle") -> Symbol:
    """Give a point of one colour."""
    return Symbol(
        "marker",
        "SimpleMarker",
        (
            ("name", shape),
            ("color", _rgba(colour)),
            ("outline_color", _rgba("#ffffff")),
            ("outline_width", "0.2"),
            ("size", f"{millimetres:g}"),
            ("size_unit", "MM"),
        ),
    )


def qml(rules: Sequence[Rule], aliases: Mapping[str, str]) -> str:
    """Give a style as QGIS keeps it; without rules it only names the columns."""
    page = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|Fields")
    if rules:
        _renderer(page, rules)
    names = ET.SubElement(page, "aliases")
    for index, (field, name) in enumerate(aliases.items()):
        ET.SubElement(names, "alias", index=f"{index}", field=field, name=name)
    return _HEAD + ET.tostring(page, encoding="unicode")


def _renderer(page: ET.Element, rules: Sequence[Rule]) -> None:
    renderer = ET.SubElement(page, "renderer-v2", type="RuleRenderer", symbollevels="0")
    tree = ET.SubElement(renderer, "rules", key="{root}")
    symbols = ET.SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        told = {"key": f"{{{number}}}", "symbol": f"{number}", "label": rule.label}
        told |= {"filter": rule.where} if rule.where else {}
        told |= {} if rule.shown else {"checkstate": "0"}
        ET.SubElement(tree, "rule", told)
        symbol = ET.SubElement(
            symbols, "symbol", type=rule.symbol.kind, name=f"{number}", alpha="1"
        )
        drawn = ET.SubElement(symbol, "layer", {"class": rule.symbol.drawn_by, "enabled": "1"})
        for key, value in rule.symbol.properties:
            ET.SubElement(drawn, "prop", k=key, v=value)


def _rgba(colour: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"
