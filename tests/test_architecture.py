"""The house keeps its shape: sizes, imports, one place for words."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import pytest

from layers.vocabulary import texts_of

ROOT = Path(__file__).resolve().parents[1]
MODULES = [
    *sorted(path for folder in ("geo", "layers", "maps") for path in (ROOT / folder).rglob("*.py")),
    ROOT / "livingcircle.py",
]
FUNCTIONS = [
    (path, node)
    for path in MODULES
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.FunctionDef)
]


def _body_lines(node: ast.FunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_no_module_is_longer_than_300_lines_and_the_median_is_under_150():
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path.name: count for path, count in lines.items() if count > 300} == {}
    assert statistics.median(lines.values()) < 150


def test_no_function_body_is_longer_than_50_lines_and_nine_in_ten_are_under_25():
    lengths = sorted(_body_lines(node) for _, node in FUNCTIONS)
    long = {f"{path.name}:{node.name}" for path, node in FUNCTIONS if _body_lines(node) > 50}
    assert long == set()
    assert lengths[int(0.9 * len(lengths))] < 25


def test_no_function_takes_more_than_six_parameters():
    many = {
        f"{path.name}:{node.name}"
        for path, node in FUNCTIONS
        if path.name != "livingcircle.py"  # a command's options are its parameters
        and len([*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs])
        > 6 + _is_method(node)
    }
    assert many == set()


def _is_method(node: ast.FunctionDef) -> int:
    return int(bool(node.args.args) and node.args.args[0].arg in {"self", "cls"})


def test_no_module_is_a_drawer_for_odds_and_ends():
    odd = {"utils", "helpers", "common", "core", "base", "misc", "tools"}
    assert {path.stem for path in MODULES} & odd == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_geo_reads_no_files_and_sees_only_the_value_modules_of_layers():
    allowed = {"vocabulary", "indicators", "errors", "project", "question", "study_area"}
    allowed |= {"accessibility", "readings"}
    seen = set()
    for path in (ROOT / "geo").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        seen |= set(re.findall(r"^\s*from layers\.(\w+)", source, re.MULTILINE))
        reading = source.replace("os.open(os.devnull", "")  # which nobody can read anything from
        assert not re.search(r"\bopen\(|read_text|read_dataframe|rasterio", reading), path.name
    assert seen <= allowed


def test_sentences_for_people_live_in_the_texts_alone():
    chinese = re.compile("[\u4e00-\u9fff]{4}")
    # Column meanings and the parsing of Chinese ledgers need the words themselves.
    own_words = {"schema.py"}
    strays = [
        f"{path.name}:{node.lineno} {node.value[:20]}"
        for path in MODULES
        if path.name not in own_words and "demo" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and chinese.search(node.value)
        and not _is_docstring(node, path)
    ]
    assert strays == []


def _is_docstring(node: ast.Constant, path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    strings = {
        (child.body[0].value.lineno, child.body[0].value.col_offset)
        for child in ast.walk(tree)
        if isinstance(child, ast.Module | ast.ClassDef | ast.FunctionDef)
        and child.body
        and isinstance(child.body[0], ast.Expr)
        and isinstance(child.body[0].value, ast.Constant)
    }
    return (node.lineno, node.col_offset) in strings


def test_every_sentence_is_said_in_both_languages():
    for source in sorted((ROOT / "layers" / "texts").glob("*.toml")):
        chinese, english = texts_of(source.stem, "zh"), texts_of(source.stem, "en")
        assert chinese.keys() == english.keys(), source.name
        blanks = re.compile(r"\{(\w+)\}")
        for key, sentence in chinese.items():
            assert set(blanks.findall(sentence)) == set(blanks.findall(english[key])), key
