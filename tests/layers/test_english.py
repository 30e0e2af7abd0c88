"""What figures rest on, in English: every sentence of the catalogue, figure by figure."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass

import pytest

from layers.catalogue import circle_ids, load_categories, load_circle, load_modes
from layers.catalogue.english import source_text
from layers.catalogue.supply import decay_ids, load_supply, supply_ids
from layers.catalogue.tables import tables
from layers.reading import table_of
from layers.vocabulary import texts_of

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”]")
FIGURES = re.compile(r"\d+(?:\.\d+)?(?!\d*[.\d]*万)")


def sources_in(value):
    """Give every source that a value of the catalogue carries, however deep."""
    if isinstance(value, dict):
        for each in value.values():
            yield from sources_in(each)
    elif is_dataclass(value):
        for field in fields(value):
            part = getattr(value, field.name)
            if field.name == "source":
                yield part
            else:
                yield from sources_in(part)


def everything():
    """Give all that the sheet of methods can tell the source of."""
    values = [
        load_categories(),
        load_modes(),
        {name: load_circle(name, unsure=True) for name in circle_ids()},
        {name: load_supply(name) for name in supply_ids()},
        {name: load_supply("gaussian", decay=name) for name in decay_ids()},
    ]
    return sorted(
        {source for value in values for source in sources_in(value)}
        | {str(reading["source"]) for reading in table_of("urban").values()}
    )


@pytest.mark.parametrize("source", everything())
def test_what_a_figure_rests_on_has_its_english_with_the_same_figures(source):
    told = source_text(source, "en")
    assert not CHINESE.search(told)
    assert set(FIGURES.findall(source)) <= set(FIGURES.findall(told))
    assert source_text(source, "zh") == source


def test_a_figure_that_rests_on_two_things_names_both():
    both = "约定：文件未给出时限；约定：乘车15分钟；文件未给出时限"
    assert source_text(both, "en") == (
        "convention: the document gives no time limit; "
        "convention: 15 minutes by car; the document gives no time limit"
    )


def test_the_simulated_county_says_in_english_what_it_is_made_of():
    for key, told in texts_of("demo", "zh").items():
        if key.startswith("attribution."):
            assert source_text(told, "en") == texts_of("demo", "en")[key]


def test_no_english_is_kept_for_what_the_catalogue_no_longer_says():
    said = "；".join(everything())
    assert [each for each in tables("english")["sources"] if each not in said] == []


def test_what_a_planner_wrote_stays_as_it_is_written():
    assert source_text("某县交通局2024年实测", "en") == "某县交通局2024年实测"
