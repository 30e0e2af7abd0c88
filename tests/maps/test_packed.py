from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from maps.packed import Columns, varint
from tests.page_block import Block, numbers

WHOLE = st.integers(-(2**53), 2**53)


@given(st.lists(WHOLE))
def test_whole_numbers_come_back_whole(values):
    assert list(numbers(varint(np.array(values, dtype=np.int64)))) == values


@given(st.lists(WHOLE), st.booleans())
def test_a_column_comes_back_with_or_without_steps(values, steps):
    columns = Columns()
    columns.whole("first", [7])
    columns.whole("second", values, steps=steps)
    block = Block(columns.block({}))
    assert block.column("second").tolist() == values
    assert block.column("first").tolist() == [7]


@given(arrays.arrays("<f8", st.integers(0, 9)))
def test_real_numbers_come_back_to_the_bit(values):
    columns = Columns()
    columns.real("x", values)
    assert Block(columns.block({})).column("x").tobytes() == values.tobytes()


def test_the_same_columns_give_the_same_block():
    def block():
        columns = Columns()
        columns.words("names", ["乡", "镇"])
        return columns.block({"a": 1})

    assert block() == block()


def test_a_name_is_given_once():
    columns = Columns()
    columns.whole("x", [1])
    with pytest.raises(ValueError, match="there already"):
        columns.real("x", [1.0])
