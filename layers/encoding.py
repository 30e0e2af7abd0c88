"""Encodings of text: declared, else UTF-8, else GB 18030; and what was read in a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.one_text import one_text

if TYPE_CHECKING:
    import pandas as pd

GUESSES = ("utf-8", "gb18030")
"""What a text may be in that says nothing of it, in the order tried."""

_SUBSETS = ("gbk", "gb2312", "cp936", "936")

_PAIRED_FROM, _LAST_BYTE = 0xA1, 0xFF  # both bytes of a common Chinese character in GBK
_TWO_PAIRS = 4
_WESTERN = ("cp1252", "latin-1")
_SAMPLE = 200


def text_encoding(content: bytes, declared: str | None) -> str | None:
    """Give the encoding that reads the bytes without fault, or None."""
    guesses = (widest(declared),) if declared else GUESSES
    return next((guess for guess in guesses if _reads(content, guess)), None)


def garbled(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Give texts that have lost characters, or a sample of a column plainly read wrongly."""
    filled = texts[texts.notna()]
    whole = one_text(filled.tolist())
    if whole is not None and whole.isascii():
        return filled.iloc[:0]
    filled = filled.astype("str")
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
        or any(_recoded(letters, wrong, "utf-8") not in ("", value) for wrong in _WESTERN)
        or (bytewise and len(letters) >= _TWO_PAIRS and bool(_recoded(letters, "latin-1", "gbk")))
    )


def _recoded(value: str, wrong: str, right: str) -> str:
    try:
        return value.encode(wrong).decode(right)
    except UnicodeError:
        return ""


def _is_chinese(value: str) -> bool:
    return value != "" and all("\u4e00" <= letter <= "\u9fff" for letter in value)


def widest(encoding: str) -> str:
    """Give GB 18030 for its subsets: a file called GBK may hold a character that only it has."""
    return "gb18030" if encoding.lower() in _SUBSETS else encoding


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True
