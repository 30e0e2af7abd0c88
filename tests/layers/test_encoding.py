from __future__ import annotations

import pandas as pd
import pytest

from layers.encoding import garbled, text_encoding

TEXT = "明溪县雪峰镇城东社区，㘵"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_utf_8_and_gb_18030_are_told_apart(encoding):
    content = TEXT.encode(encoding)
    found = text_encoding(content, None)
    assert found is not None
    assert content.decode(found) == TEXT


def test_a_file_called_gbk_may_hold_what_only_gb_18030_has():
    found = text_encoding(TEXT.encode("gb18030"), "GBK")
    assert found == "gb18030"


def test_a_declared_encoding_that_does_not_read_the_file_is_refused():
    assert text_encoding("明溪".encode("gbk"), "utf-8") is None


@pytest.mark.parametrize(
    ("right", "wrong"), [("utf-8", "gbk"), ("utf-8", "cp1252"), ("gbk", "latin-1")]
)
def test_text_read_in_the_wrong_encoding_is_garbled(right, wrong):
    names = pd.Series(["明溪", "雪峰", "盖洋"])
    names = names.str.encode(right).str.decode(wrong, errors="replace")
    assert len(garbled(names)) == 3


@pytest.mark.parametrize(
    "names",
    [
        ["明溪县", "雪峰镇", "城东社区", "一中"],
        ["Ordino", "Sant Julià de Lòria", "Las Palmas", "Peñón", "ÀÉ"],
        ["Žižkov", "Łódź", "ẞ"],
        ["plain", None, ""],
    ],
)
def test_real_names_of_any_language_are_not_garbled(names):
    assert garbled(pd.Series(names, dtype=object)).empty


def test_a_single_lost_character_is_told_wherever_it_is():
    names = pd.Series(["明溪县", "雪峰镇", "城\ufffd社区"])
    assert garbled(names).index.tolist() == [2]
