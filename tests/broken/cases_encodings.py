"""Ways in which the encoding of a table can be wrong, or unsaid."""

from __future__ import annotations

from pathlib import Path

from tests.broken.breaks import both, shapefile, source
from tests.broken.case import Case

SHAPEFILE = source("units", path=Path("units.shp"))


def _language(folder: Path) -> None:
    """Let the language byte of a GBK table say Big5, which does not read it."""
    shapefile(encoding="gbk", cpg=None)(folder)
    table = bytearray((folder / "units.dbf").read_bytes())
    table[29] = 0x78
    text = "镕㙍".encode("gb18030")  # no characters of Big5
    at = table.index("大焦村".encode("gbk"))
    table[at : at + len(text)] = text
    (folder / "units.dbf").write_bytes(table)


def _spoilt(folder: Path) -> None:
    """Put bytes into a name that are no text in any encoding."""
    shapefile(encoding="gbk", cpg=None)(folder)
    table = (folder / "units.dbf").read_bytes()
    (folder / "units.dbf").write_bytes(table.replace("大焦村".encode("gbk"), b"\xff\xff \xff\xff "))


ENCODING_CASES = (
    Case(
        "Shapefile 是 GBK，没有 .cpg",
        "units",
        "encoding_guessed",
        SHAPEFILE,
        shapefile(encoding="gbk", cpg=None),
        fatal=False,
    ),
    Case(
        "Shapefile 是 GBK，.cpg 却写 UTF-8",
        "units",
        "encoding_claimed",
        SHAPEFILE,
        shapefile(encoding="gbk", cpg="UTF-8"),
        fatal=False,
    ),
    Case(
        "Shapefile 是 GBK，.cpg 却写 ISO-8859-1",
        "units",
        "encoding_claimed",
        SHAPEFILE,
        shapefile(encoding="gbk", cpg="ISO-8859-1"),
        fatal=False,
    ),
    Case(
        "Shapefile 是 UTF-8，.cpg 却写 GBK",
        "units",
        "encoding_claimed",
        SHAPEFILE,
        shapefile(encoding="utf-8", cpg="GBK"),
        fatal=False,
    ),
    Case(
        "Shapefile 没有 .cpg，语言字节写的是繁体",
        "units",
        "encoding_guessed",
        SHAPEFILE,
        _language,
        fatal=False,
    ),
    Case(
        "Shapefile 是 GBK，project.toml 声明成 utf-8",
        "units",
        "undecodable",
        both(SHAPEFILE, source("units", encoding="utf-8")),
        shapefile(encoding="gbk", cpg=None),
    ),
    Case("Shapefile 的文字已损坏", "units", "undecodable", SHAPEFILE, _spoilt),
)
