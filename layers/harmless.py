"""Text that no spreadsheet takes for a formula."""

from __future__ import annotations

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a cell begins with that Excel takes for a formula once it is edited, pasted or read as CSV.

Full-width signs are taken for the others in some languages.
"""


def harmless(value: object) -> object:
    """Give a cell of a CSV as it is, a text that looks like a formula behind an apostrophe.

    A return within a text becomes a blank: what follows would begin a row of its own.

    >>> harmless("=1+1"), harmless("明溪"), harmless(-1)
    ("'=1+1", '明溪', -1)
    """
    if not isinstance(value, str):
        return value
    told = value.replace("\r", " ")
    return f"'{told}" if told.lstrip().startswith(FORMULA) or told.startswith(FORMULA) else told
