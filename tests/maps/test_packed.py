from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from maps.packed import Columns, bytes_of, characters, planes, read_block, whole_numbers
from tests.page_block import Block, letters, numbers

WHOLE = st.integers(-(2**30), 2**30 - 1)  # and so a step between two has 32 bits


@given(st.lists(WHOLE))
def test_whole_numbers_come_back_whole(values):
    packed = planes(np.array(values, dtype=np.int64))
    assert numbers(packed, len(values)) == values
    assert whole_numbers(packed, len(values)).tolist() == values


def test_a_number_that_javascript_would_turn_is_refused():
    with pytest.raises(ValueError, match="32 bits"):
        Columns().whole("x", [2**31])


@given(st.binary())
def test_bytes_come_back_from_printable_characters(packed):
    text = characters(packed)
    assert letters(text) == packed
    assert bytes_of(text) == packed
    assert text.isascii()
    assert not set(text) & set("<`\\ \n")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts_come_back_whatever_they_begin_with(texts):
    columns = Columns()
    columns.words("names", texts)
    packed = columns.block({})
    assert Block(packed).column("names") == texts
    assert read_block(packed)[1]("names") == texts


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
