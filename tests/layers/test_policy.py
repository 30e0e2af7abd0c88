"""Policy indicators: what their files may say, and that they say what the documents say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from layers.catalogue import load_categories, load_modes
from layers.catalogue.ledger import load_labels, load_listed
from layers.catalogue.policy import inherit, load_indicators, read_indicators, variants
from layers.errors import ProjectError
from layers.indicators import Amount, Condition, Indicator, Target
from layers.readings import Reading
from layers.toml_table import TomlTable
from layers.vocabulary import Measure

FUJIAN, MINGXI = "fujian-2022-37", "mingxi-2023-16"
NUMERALS = "一二三四五六七八九十"
# What the documents say where they mean all: of units, of institutions, of villages.
WHOLE = (
    *("100%", "全覆盖", "村村有", "村村通", "全部", "全面落实", "全面推进", "普遍建立", "覆盖所有"),
    *("每个", "至少一次", "落实", "下设", "应开展24小时", "一般不少于", "全域覆盖", "建在网格上"),
    *("各项服务", "至少建成1个"),
)
CHINESE = {2.0: "两"}  # digits that the documents write in words

GOOD = {
    "name_zh": "某率",
    "name_en": "some rate",
    "measure": "possession",
    "categories": ["sport"],
    "source": "某文：表1",
}
WHY = {"name_en": "one", "reason_zh": "故", "reason_en": "so it is"}


def read(**table):
    """Read one made-up indicator; give it with what was told."""
    problems = []
    tables = TomlTable({"some-rate": GOOD | table}, file="made-up.toml", problems=problems)
    return read_indicators(tables), [(each.code, each.column) for each in problems]


# --- the file -----------------------------------------------------------------------------------


def test_a_table_becomes_an_indicator_named_by_it():
    (indicator,), told = read(
        target_county={"value": 0.8, "year": 2025, "source": "任务1"}, units="rural", minutes=15
    )
    assert told == []
    assert indicator == Indicator(
        id="some-rate",
        name_zh="某率",
        name_en="some rate",
        measure=Measure.POSSESSION,
        source="某文：表1",
        units="rural",
        categories=("sport",),
        minutes=15.0,
        target_county=Target(0.8, ">=", 2025, "任务1"),
    )
    assert isinstance(indicator.minutes, float)


def test_amounts_and_conditions_are_tables_of_their_own():
    (ratio,), _ = read(
        measure="ratio",
        numerator={"frame": "facilities", "column": "capacity", "categories": ["nursery"]},
        denominator={"frame": "units", "column": "people", "per": 1000},
    )
    (attribute,), _ = read(
        measure="attribute",
        conditions=[
            {"column": "capacity", "comparison": "<=", "value": 150},
            {"column": "members", "comparison": "between", "value": 3, "high": 9},
        ],
    )
    assert ratio.numerator == Amount("facilities", "capacity", ("nursery",))
    assert ratio.denominator == Amount("units", "people", per=1000.0)
    assert attribute.conditions == (
        Condition("capacity", "<=", 150.0),
        Condition("members", "between", 3.0, high=9.0),
    )


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"colour": "red"}, ("unknown_key", "some-rate.colour")),
        ({"measure": "presence"}, ("unknown_word", "some-rate.measure")),
        ({"categories": ["gym"]}, ("unknown_word", "some-rate.categories")),
        ({"mode": "teleport"}, ("unknown_word", "some-rate.mode")),
        ({"every": "yes"}, ("wrong_type", "some-rate.every")),
        ({"base": "75%"}, ("wrong_type", "some-rate.base")),
        ({"measure": "ratio"}, ("missing_key", "some-rate.numerator")),
        ({"measure": "count"}, ("missing_key", "some-rate.numerator")),
        ({"over": "registers", "conditions": [{"column": "a"}]}, ("missing_key", "some-rate.kind")),
        ({"kind": "compond"}, ("unknown_word", "some-rate.kind")),
        ({"conditions": [{"value": 1}]}, ("missing_key", "some-rate.conditions[1].column")),
        ({"variants": {"a": {}}}, ("missing_key", "some-rate.choice")),
        ({"variants": {"a": {}}, "choice": "a"}, ("missing_key", "some-rate.variants.a.reason_zh")),
        ({"variants": {"a": {}}, "choice": "a"}, ("missing_key", "some-rate.variants.a.reason_en")),
        ({"variants": {"a": {}}, "choice": "b"}, ("unknown_word", "some-rate.choice")),
        ({"measure": "attribute"}, ("missing_key", "some-rate.conditions")),
        ({"note_zh": "注意"}, ("missing_key", "some-rate.note_en")),
        ({"note_en": "mind"}, ("missing_key", "some-rate.note_zh")),
        ({"not_applicable_zh": "不适用"}, ("missing_key", "some-rate.not_applicable_en")),
        ({"target_county": {"value": 1.0}}, ("missing_key", "some-rate.target_county.source")),
        (
            {"target_county": {"value": 1.0, "source": "任务1", "minutes": 3}},
            ("unknown_key", "some-rate.target_county.minutes"),
        ),
    ],
)
def test_what_is_wrong_with_an_entry_is_told_by_its_place(table, told):
    _, problems = read(**table)
    assert told in problems


def test_an_entry_without_a_source_is_refused():
    problems = []
    unsourced = {name: value for name, value in GOOD.items() if name != "source"}
    tables = TomlTable({"some-rate": unsourced}, file="made-up.toml", problems=problems)
    assert read_indicators(tables) == ()
    assert [(each.code, each.column) for each in problems] == [("missing_key", "some-rate.source")]


def test_everything_wrong_is_told_at_once():
    problems = []
    tables = {"one": GOOD | {"colour": "red"}, "two": GOOD | {"measure": "guess"}}
    read_indicators(TomlTable(tables, file="made-up.toml", problems=problems))
    assert [each.column for each in problems] == ["one.colour", "two.measure"]


def test_a_document_overrides_what_it_inherits_key_by_key_and_adds_its_own():
    parent = {"a": {"base": 1, "note": "parent"}, "b": {"base": 2}}
    own = {"a": {"note": "own"}, "c": {"base": 3}}
    assert inherit(own, parent) == {
        "a": {"base": 1, "note": "own"},
        "b": {"base": 2},
        "c": {"base": 3},
    }
    assert list(inherit(own, parent)) == ["a", "b", "c"]


def test_a_document_takes_back_a_key_by_false():
    assert inherit({"a": {"base": False}}, {"a": {"base": 1, "note": "n"}}) == {"a": {"note": "n"}}


def test_of_several_readings_the_documents_own_is_taken_or_the_studys():
    readings = {
        "text": WHY | {"target_county": {"value": 0.9, "source": "任务1"}},
        "box": WHY | {"target_county": False},
    }
    (first,), _ = read(variants=readings, choice="text")
    (second,), _ = read(variants=readings, choice="box")
    assert first.choice == "text"
    assert first.readings == (Reading("text", **WHY), Reading("box", **WHY))
    assert first.target_county == Target(0.9, source="任务1")
    assert second.target_county is None
    own = {each.id: each for each in load_indicators(MINGXI)}["nursery-places-per-1000"]
    chosen = load_indicators(MINGXI, {"nursery-places-per-1000": "省"})
    other = {each.id: each for each in chosen}["nursery-places-per-1000"]
    assert (own.target.value, other.target.value) == (4.5, 3.0)


@pytest.mark.parametrize("document", [FUJIAN, MINGXI])
def test_every_reading_of_every_indicator_can_be_taken_and_says_why(document):
    for name, readings in variants(document).items():
        assert len(readings) > 1
        for reading in readings:
            found = {each.id: each for each in load_indicators(document, {name: reading})}[name]
            assert found.choice == reading
            assert tuple(each.name_zh for each in found.readings) == readings
            for each in found.readings:
                assert each.reason_zh
                assert each.name_en.isascii()
                assert re.search("[a-z]{3}", each.reason_en)


def test_a_document_that_is_not_in_the_catalogue_is_a_project_error_naming_the_nearest():
    with pytest.raises(ProjectError) as raised:
        load_indicators("mingxi-2023")
    (problem,) = raised.value.problems
    assert (problem.column, problem.value) == ("policy", "mingxi-2023")
    assert dict(problem.values)["nearest"] == MINGXI


# --- the two documents --------------------------------------------------------------------------


def test_a_shared_catalogue_cannot_be_changed_by_a_reader():
    assert load_indicators(MINGXI) is load_indicators(MINGXI)
    assert isinstance(load_indicators(MINGXI), tuple)


def test_the_county_keeps_the_provinces_indicators_in_order_and_adds_its_own():
    province = [indicator.id for indicator in load_indicators(FUJIAN)]
    county = [indicator.id for indicator in load_indicators(MINGXI)]
    assert county[: len(province)] == province
    assert set(county[len(province) :]) == {
        "elder-service-15min",
        "rural-police-grid-radiation",
        "fire-grid-officer",
        "community-six-ones",
        "leifeng-volunteer-station",
    }


def test_the_catalogue_is_the_115_that_were_read_out_of_the_documents(real_data):
    listed = pd.read_csv(real_data.parent / "reference" / "policy" / "indicators.csv", dtype=str)
    # one name was taken by a category; one figure is given centre by centre too
    ids = listed["id"].replace("micro-fire-station", "micro-fire-station-coverage")
    ours = {each.id: each for each in load_indicators(MINGXI)}
    assert len(ids) == 115
    assert set(ours) == {*ids, "resident-activity-area-facilities"}
    words = {"spatial": "spatial", "spatial-proxy": "proxy", "ledger": "ledger"}
    assert [ours[name].data for name in ids] == listed["computability"].map(words).tolist()


def test_every_kind_of_measure_is_used_and_every_column_is_in_the_catalogue():
    assert {indicator.measure for indicator in load_indicators(MINGXI)} == set(Measure)
    labels = load_labels()
    for indicator in load_indicators(MINGXI):
        for layer, column in columns_of(indicator):
            assert f"{layer}.{column}" in labels, indicator.id


def columns_of(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """Give the layer and name of every column that an indicator looks at."""

    def layer(frame: str, kind: str | None) -> str:
        return {"registers": kind, "townships": "township"}.get(frame) or frame

    for amount in (indicator.numerator, indicator.denominator):
        if amount is not None:
            place = layer(amount.frame, amount.kind)
            own = [] if amount.column is None else [amount.column]
            yield from ((place, name) for name in own)
            yield from ((place, each.column) for each in amount.where)
    rows = indicator.rows
    for each in indicator.conditions:
        yield from (
            (layer(rows.frame, rows.kind), name) for name in (each.column, each.over) if name
        )
    of_facilities = indicator.categories and indicator.kind is None
    place = "facilities" if of_facilities else layer(rows.frame, rows.kind)
    yield from ((place, each.column) for each in indicator.where)


def test_the_county_asks_for_more_nursery_places_than_the_province():
    found = {indicator.id: indicator for indicator in load_indicators(MINGXI)}
    nursery = found["nursery-places-per-1000"]
    assert nursery.target_province.value == 3.0
    assert nursery.target_county.value == nursery.target.value == 4.5


def test_only_one_indicator_is_binding():
    binding = [each.id for each in load_indicators(MINGXI) if each.binding == "binding"]
    assert binding == ["resident-activity-area-ratio"]


@pytest.mark.parametrize("document", [FUJIAN, MINGXI])
def test_shares_are_between_0_and_1_and_categories_and_modes_exist(document):
    categories, modes = load_categories(), load_modes()
    for indicator in load_indicators(document):
        assert indicator.id not in {*categories, *load_listed()}  # both name coverage rows
        assert set(indicator.categories) <= {*categories, *load_listed()}
        assert indicator.mode is None or indicator.mode in modes
        figures = [indicator.base, *(t.value for t in targets(indicator))]
        if indicator.is_share:
            assert all(0 <= figure <= 1 for figure in figures if figure is not None)


# --- against the documents' own text ------------------------------------------------------------


@pytest.fixture(scope="session")
def policy_texts(real_data: Path) -> dict[str, str]:
    folder = real_data.parent / "reference" / "policy"
    names = {"闽政办〔2022〕37号": "000_*.txt", "明政办发明电〔2023〕16号": "003_*.txt"}
    if not folder.is_dir():
        pytest.skip("the documents (../shared/reference/policy) are not here")
    texts = {}
    for document, pattern in names.items():
        (path,) = folder.glob(pattern)
        texts[document] = path.read_text(encoding="utf-8")
    return texts


def targets(indicator: Indicator) -> list[Target]:
    return [each for each in (indicator.target_province, indicator.target_county) if each]


def plain(text: str) -> str:
    """Leave out spaces, page numbers and the two widths of the percent sign."""
    text = re.sub(r"—\s*\d+\s*—", "", text)
    return re.sub(r"\s+", "", text).replace("％", "%").replace("(", "（").replace(")", "）")


def between(text: str, start: str, *ends: str) -> str:
    """Give the text from ``start``, which must be there, to the first of ``ends``."""
    assert start in text, start
    rest = text[text.index(start) + len(start) :]
    return rest[: min((rest.index(end) for end in ends if end in rest), default=len(rest))]


def task(text: str, number: int) -> str:
    """Give one task of the county's table, with the rest of its row on the next page."""
    rows = [line for line in text.splitlines() if "\t" in line and "主要任务" not in line]
    at = next(i for i, row in enumerate(rows) if row.startswith(f"{number}\t"))
    rest = rows[at + 1] if rows[at + 1].startswith("\t") else ""
    return plain(rows[at] + rest)


def clause(text: str, reference: str) -> str:
    """Give the words of a clause of the province's plan: 表2-4, 专栏1-9 or 第三章第二节（一）4."""
    text = plain(text)
    if reference == "表1":
        return between(text, "表1“十三五”", "第二章")
    if table := re.fullmatch(r"表2-(\d)", reference):
        row = int(table[1])
        rows = between(text, "表2“十四五”", "第三章重点任务")
        rows = between(rows, "指标属性")
        return between(f"预期性{rows}", f"性{row}", f"性{row + 1}") + "性"
    if box := re.fullmatch(r"专栏(\d)-(\d+)", reference):
        whole = between(text, f"专栏{box[1]}", f"专栏{int(box[1]) + 1}", "第三节补齐")
        start = f"。{box[2]}." if f"。{box[2]}." in whole else f"{box[2]}."
        return between(whole, start, f"。{int(box[2]) + 1}.")
    parts = re.fullmatch(r"(第.章)(第.节)（(.)）(\d*)", reference)
    assert parts is not None, reference
    chapter, section, letter, number = parts.groups()
    body = between(text, chapter, "第" + NUMERALS[NUMERALS.index(chapter[1]) + 1] + "章")
    body = between(body, section, "第" + NUMERALS[NUMERALS.index(section[1]) + 1] + "节")
    body = between(body, f"（{letter}）", f"（{NUMERALS[NUMERALS.index(letter) + 1]}）", "专栏")
    return between(body, f"{number}.", f"。{int(number) + 1}.") if number else body


def clauses(texts: dict[str, str], source: str, document: str) -> str:
    """Give the words of every clause a source names; ``document`` where it names none."""
    found = []
    for reference in source.split("；"):
        document, _, place = (
            reference.rpartition("：") if "：" in reference else (document, "", reference)
        )
        if place.startswith("任务"):
            found.append(task(texts[document], int(place.removeprefix("任务"))))
        else:
            found.append(clause(texts[document], place))
    return "\n".join(found)


def prints(text: str, value: float, *, share: bool) -> bool:
    """Say whether a text prints a figure: a share as percent, or in words for all."""
    if share and value == 1.0:
        return any(word in text for word in WHOLE)
    if not share and CHINESE.get(value, "-") in text:
        return True
    figure = f"{value * 100:.10g}%" if share else f"{value:.10g}"
    end = "" if share else r"(?![\d.%])"
    return re.search(rf"(?<![\d.]){re.escape(figure)}{end}", text) is not None


# What each must meet is a convention of ours; the document prints only that all must.
CONVENTIONS = {"new-compound-elder-facility"}


def figures() -> list[tuple[str, Indicator, str, Target | None]]:
    found = []
    for indicator in load_indicators(MINGXI):
        documents = {
            "target_province": "闽政办〔2022〕37号",
            "target_county": "明政办发明电〔2023〕16号",
        }
        found += [
            (document, indicator, target.source, target)
            for key, document in documents.items()
            if (target := getattr(indicator, key))
        ]
    return found


@pytest.mark.parametrize(
    ("document", "indicator", "source", "target"),
    [pytest.param(*each, id=f"{each[1].id}-{each[2]}") for each in figures()],
)
def test_every_target_is_printed_in_the_clause_it_names(
    policy_texts, document, indicator, source, target
):
    text = clauses(policy_texts, source, document)
    asked = [each for each in indicator.conditions if each.comparison != "in" and each.value != 1.0]
    if target.value == 1.0 and asked and indicator.id not in CONVENTIONS:
        # Asked of every one: what is printed is what each must meet, not the share of them.
        for each in asked:
            assert prints(text, each.value, share=each.over is not None), each
            assert each.high is None or prints(text, each.high, share=False)
    elif indicator.id == "women-micro-home":
        assert "一半以上" in text
    else:
        assert prints(text, target.value, share=indicator.is_share)


@pytest.mark.parametrize("document", [FUJIAN, MINGXI])
def test_every_base_and_limit_is_printed_in_a_clause_of_the_indicators_source(
    policy_texts, document
):
    for indicator in load_indicators(document):
        text = clauses(policy_texts, indicator.source, "")
        assert len(text) > 10
        if indicator.base is not None:
            assert prints(text, indicator.base, share=indicator.is_share), indicator.id
        if indicator.minutes is not None:
            words = (f"{indicator.minutes:g}分钟", "一刻钟")
            assert any(word in text for word in words), indicator.id


def test_binding_and_expected_indicators_are_called_so_in_the_documents_table(policy_texts):
    for indicator in load_indicators(FUJIAN):
        text = clauses(policy_texts, indicator.source, "")
        if indicator.binding in ("binding", "expected"):
            assert {"binding": "约束性", "expected": "预期性"}[indicator.binding] in text


def test_every_responsible_bureau_is_in_the_row_of_its_task(policy_texts):
    text = policy_texts["明政办发明电〔2023〕16号"]
    for indicator in load_indicators(MINGXI):
        bureaus = indicator.responsible.removesuffix("，各乡（镇）人民政府")
        assert bool(bureaus) == (indicator.responsible != "")
        rows = [task(text, int(number)) for number in re.findall(r"任务(\d+)", indicator.source)]
        for listed in filter(None, bureaus.split("；")):
            assert any(plain(listed) in row for row in rows), indicator.id


def test_a_figure_that_the_clause_does_not_print_would_be_noticed(policy_texts):
    text = clauses(policy_texts, "任务12", "明政办发明电〔2023〕16号")
    assert prints(text, 4.5, share=False)
    assert not prints(text, 3.5, share=False)
    assert not prints(clauses(policy_texts, "表2-1", "闽政办〔2022〕37号"), 0.6, share=True)
