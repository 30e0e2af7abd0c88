from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from layers.toml_table import toml_text

plain = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
)
keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
tables = st.recursive(
    st.dictionaries(keys, plain | st.lists(plain)),
    lambda inner: st.dictionaries(keys, inner | plain),
    max_leaves=8,
)


@given(tables)
def test_what_is_written_reads_back_the_same(content):
    assert tomllib.loads(toml_text(content)) == content


def test_none_is_left_out_of_what_is_written():
    assert toml_text({"name": "a", "data_date": None}) == 'name = "a"\n'
