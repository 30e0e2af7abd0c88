"""What a frame that files are read into is: its key, its columns, the geometries it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from layers.vocabulary import Language

ColumnType = Literal["text", "number", "whole", "flag", "direction"]


@dataclass(frozen=True)
class Column:
    """One column: its type, whether it must be there and filled, and its meaning."""

    name: str
    type: ColumnType
    zh: str
    en: str
    required: bool = False
    minimum: float | None = None
    choices: tuple[str, ...] = ()
    default: str | float | bool | None = None

    @property
    def heading(self) -> str:
        """Its Chinese name in a table: the meaning less what is said after it.

        >>> Column("unit_id", "text", "所在单元代码；缺省按位置", "unit").heading
        '所在单元代码'
        """
        ends = "；，：" if self.choices or self.type == "direction" else "；，"
        depth = 0
        for at, letter in enumerate(self.zh):
            depth += (letter == "（") - (letter == "）")
            if letter in ends and not depth:
                return self.zh[:at]
        return self.zh

    def meaning(self, lang: Language = "zh") -> str:
        """Give the meaning in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class FrameSchema:
    """One frame: its key, columns and the geometries it accepts (empty: none needed).

    Where ``geometry_required`` a row without geometry is told; a ``plain_table`` may have no
    places at all.
    ``order`` is by what rows are sorted where that is more than the key.
    """

    name: str
    key: str
    columns: tuple[Column, ...]
    geometries: tuple[str, ...]
    geometry_required: bool = True
    plain_table: bool = False
    order: tuple[str, ...] = ()

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """Give the columns whose values make a row unique, by which rows are sorted."""
        return self.order or (self.key,)

    def column(self, name: str) -> Column:
        """Give one column by name; KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]
