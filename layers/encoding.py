"""Encodings of text tables: declared, else said by the file, else UTF-8, else GB 18030."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

_GUESSES = ("utf-8", "gb18030")
_SUBSETS = ("gbk", "gb2312", "cp936", "936")

# Language byte of a .dbf (dBASE IV): only those that name a Chinese code page. 0x57 says "the
# machine's own", and 0 nothing, so that the text itself has to tell.
_LANGUAGE_BYTE = 29
_LANGUAGES = {0x4D: "gbk", 0x7A: "gbk", 0x4F: "big5", 0x78: "big5"}
_HEADER_SIZE = slice(8, 10)

_PAIRED_FROM, _LAST_BYTE = 0xA1, 0xFF  # both bytes of a common Chinese character in GBK
_TWO_PAIRS = 4
_SAMPLE = 200


def text_encoding(content: bytes, declared: str | None) -> str | None:
    """Give the encoding that reads the bytes without fault, or None."""
    guesses = (_widest(declared),) if declared else _GUESSES
    return next((guess for guess in guesses if _reads(content, guess)), None)


def dbf_encoding(path: Path, declared: str | None) -> str | None:
    """Give the encoding of a shapefile's table, or None where what it says does not read it.

    ``path`` is the .shp. Declared, else .cpg, else the language byte, else UTF-8, else GB 18030.
    """
    table = _beside(path, ".dbf")
    if table is None:
        return declared or "utf-8"
    content = table.read_bytes()
    said = declared or _said_by_cpg(path) or _LANGUAGES.get(_byte(content, _LANGUAGE_BYTE))
    records = content[int.from_bytes(content[_HEADER_SIZE], "little") :]
    return text_encoding(records, said)


def garbled(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Give texts that have lost characters, or a sample of a column plainly read wrongly."""
    filled = texts[texts.notna()].astype("str")
    odd = filled[~filled.str.isascii().astype(bool)]
    lost = odd[odd.str.contains("\ufffd|锟斤拷", regex=True)]
    sample = odd.iloc[:_SAMPLE]
    undone = sample[[_undone(value) for value in sample]]
    plainly = 2 * len(undone) > len(sample)
    return odd[odd.index.isin([*lost.index, *(undone.index if plainly else ())])]


def _undone(value: str) -> bool:
    """Say whether a text is UTF-8 or GBK that was read as something else."""
    letters = value.replace(" ", "")
    bytewise = all(_PAIRED_FROM <= ord(letter) <= _LAST_BYTE for letter in letters)
    return (
        _is_chinese(_recoded(letters, "gb18030", "utf-8"))
        or _recoded(letters, "cp1252", "utf-8") not in ("", value)
        or (bytewise and len(letters) >= _TWO_PAIRS and bool(_recoded(letters, "latin-1", "gbk")))
    )


def _recoded(value: str, wrong: str, right: str) -> str:
    try:
        return value.encode(wrong).decode(right)
    except UnicodeError:
        return ""


def _is_chinese(value: str) -> bool:
    return value != "" and all("\u4e00" <= letter <= "\u9fff" for letter in value)


def _widest(encoding: str) -> str:
    """Give GB 18030 for its subsets: a file called GBK may hold a character that only it has."""
    return "gb18030" if encoding.lower() in _SUBSETS else encoding


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _said_by_cpg(path: Path) -> str | None:
    said = _beside(path, ".cpg")
    if said is None:
        return None
    name = said.read_text(encoding="ascii", errors="ignore").strip()
    name = {"936": "gbk", "950": "big5", "65001": "utf-8"}.get(name, name)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _beside(path: Path, suffix: str) -> Path | None:
    candidates: Iterable[Path] = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    return next((other for other in candidates if other.is_file()), None)


def _byte(content: bytes, place: int) -> int:
    return content[place] if len(content) > place else 0
