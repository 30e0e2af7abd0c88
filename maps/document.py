"""An official document in Word: the page, fonts and spacing of GB/T 9704, and tables that fit it.

Fonts are those every Chinese Windows has; a program without them takes its own.
"""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from layers.store import FIXED_TIME
from layers.workbook_bytes import sealed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

_BODY, _HEAD, _SUBHEAD, _TITLE = "仿宋", "黑体", "楷体", "宋体"
_MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # mm, GB/T 9704-2012
_PAGE_MM = (210, 297)
_TEXT_MM = _PAGE_MM[0] - _MARGINS["left"] - _MARGINS["right"]
_BODY_PT, _LINE_PT, _TABLE_PT = 16, 28, 10.5
_CELL_MARGIN_MM, _TWIPS_PER_MM = 0.7, 56.7


class OfficialDocument:
    """A document written from top to bottom."""

    def __init__(self, title: str) -> None:
        """Begin a document with its title, each of its lines on one of its own."""
        self._document = Document()
        self._set_page()
        self._set_styles()
        self._properties(title)
        paragraph = self._document.add_paragraph(title, style="Title")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def heading(self, told: str, level: int = 1) -> None:
        """Begin a part."""
        self._document.add_paragraph(told, style=f"Heading {level}")

    def paragraph(self, told: str) -> None:
        """Add a paragraph, its first line indented by two characters."""
        self._document.add_paragraph(told, style="Body Text")

    def notice(self, told: str) -> None:
        """Add a line that nobody should overlook."""
        paragraph = self._document.add_paragraph(style="Body Text")
        paragraph.paragraph_format.first_line_indent = Pt(0)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(told)
        run.font.bold = True
        run.font.color.rgb = RGBColor(0x9C, 0x00, 0x06)

    def table(
        self,
        caption: str,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
    ) -> None:
        """Add a table under its caption; ``widths`` are relative. Its head comes on every page."""
        self._caption(caption)
        table = self._document.add_table(rows=0, cols=len(head), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        _set_cell_margins(table)
        room = [Mm(_TEXT_MM * width / sum(widths)) for width in widths]
        for column, width in zip(table.columns, room, strict=True):
            column.width = width
        _fill_row(table.add_row(), head, room, is_head=True)
        for values in rows[:1]:
            _fill_row(table.add_row(), values, room, is_head=False)
        for values in rows[1:]:
            _add_alike(table, values)
        self._document.add_paragraph(style="Caption")

    def picture(self, png: bytes, caption: str) -> None:
        """Add a picture as wide as the text, with its caption below."""
        paragraph = self._document.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run().add_picture(BytesIO(png), width=Mm(_TEXT_MM))
        self._caption(caption)

    def packed(self) -> bytes:
        """Give the bytes of the document: the same content gives the same bytes."""
        loose = BytesIO()
        self._document.save(loose)
        return sealed(loose.getvalue())

    def _caption(self, told: str) -> None:
        paragraph = self._document.add_paragraph(told, style="Caption")
        paragraph.paragraph_format.keep_with_next = True

    def _properties(self, title: str) -> None:
        properties = self._document.core_properties
        properties.title, properties.author = " ".join(title.splitlines()), "livingcircle"
        properties.comments = ""
        properties.created = properties.modified = FIXED_TIME.replace(tzinfo=None)

    def _set_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(_PAGE_MM[0]), Mm(_PAGE_MM[1])
        section.top_margin, section.bottom_margin = Mm(_MARGINS["top"]), Mm(_MARGINS["bottom"])
        section.left_margin, section.right_margin = Mm(_MARGINS["left"]), Mm(_MARGINS["right"])
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _add_page_number(foot)

    def _set_styles(self) -> None:
        styles = self._document.styles
        looks: dict[str, tuple[str, float, bool]] = {
            "Body Text": (_BODY, _BODY_PT, False),
            "Title": (_TITLE, 22, True),
            "Heading 1": (_HEAD, _BODY_PT, False),
            "Heading 2": (_SUBHEAD, _BODY_PT, True),
            "Caption": (_HEAD, 12, False),
            "Normal": (_BODY, _TABLE_PT, False),
        }
        for name, (font, size, bold) in looks.items():
            style: ParagraphStyle = styles[name]
            _set_font(style, font, size, bold=bold)
            _drop_rule(style)
            spacing = style.paragraph_format
            spacing.space_before = spacing.space_after = Pt(0)
            if name in ("Body Text", "Heading 1", "Heading 2"):
                spacing.line_spacing = Pt(_LINE_PT)
                spacing.first_line_indent = Pt(2 * _BODY_PT)
        styles["Title"].paragraph_format.space_after = Pt(_LINE_PT)
        caption = styles["Caption"].paragraph_format
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.space_before = caption.space_after = Pt(6)


def _set_font(style: ParagraphStyle, name: str, size: float, *, bold: bool) -> None:
    style.font.name, style.font.size, style.font.bold = name, Pt(size), bold
    style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _drop_rule(style: ParagraphStyle) -> None:
    """Take away the line that python-docx's own template draws below a title."""
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _set_cell_margins(table: Table) -> None:
    """Leave little room beside the text, so that narrow columns hold two characters."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), f"{_CELL_MARGIN_MM * _TWIPS_PER_MM:.0f}")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)  # noqa: SLF001 - python-docx has no other way


def _fill_row(row: _Row, values: Sequence[str], room: Sequence[Mm], *, is_head: bool) -> None:
    _keep_whole(row, repeated=is_head)
    for cell, told, width in zip(row.cells, values, room, strict=True):
        cell.width = width
        _fill(cell, told, bold=is_head)


def _add_alike(table: Table, values: Sequence[str]) -> None:
    """Add a row like the last one: to make it anew would take much longer."""
    row = deepcopy(table._tbl.tr_lst[-1])  # noqa: SLF001 - python-docx has no other way
    for cell, told in zip(row.tc_lst, values, strict=True):
        cell.p_lst[0].r_lst[0].text = told
    table._tbl.append(row)  # noqa: SLF001 - the same


def _fill(cell: _Cell, told: str, *, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(told)
    run.font.bold = bold
    if bold:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _keep_whole(row: _Row, *, repeated: bool) -> None:
    """Keep a row on one page; the head of a table comes again on each."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way
    for name in ("w:cantSplit", *(["w:tblHeader"] if repeated else [])):
        properties.append(OxmlElement(name))


def _add_page_number(paragraph: Paragraph) -> None:
    for kind, told in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = told
        run._r.append(mark)  # noqa: SLF001 - python-docx has no other way
