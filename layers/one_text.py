"""The texts of a column looked at all at once: most are clean, and that is quickly told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def one_text(cells: Sequence[object]) -> str | None:
    """Give cells as one text; None where one is no text, is empty, or has a blank anywhere.

    >>> one_text(["350102", "道路"])
    '350102道路'
    >>> one_text(["350102 ", None])
    """
    if not all(cells):
        return None
    try:
        whole = "".join(cells)  # type: ignore[arg-type]  # what is no text is what is asked
    except TypeError:
        return None
    return whole if not whole or whole.split(None, 1) == [whole] else None
