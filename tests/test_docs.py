"""The words around the program agree with it: README, method, decisions, pictures, texts.

The tables of docs/method.md between marks are made here. To write them anew:
``python -m tests.test_docs``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import typer.main

import layers
import livingcircle
from layers.catalogue import circle_ids, load_categories, load_circle, load_modes
from layers.catalogue.policy import load_indicators
from layers.catalogue.supply import decay_ids, load_decay, load_supply, supply_ids
from layers.datum import from_wgs84
from layers.project import Rules
from layers.vocabulary import LANGUAGES, Measure, Reason, text, texts_of
from maps import outcome
from tests.broken.good_study import UNITS, GoodStudy, degrees, write_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from layers.project import Category, Limit

ROOT = Path(__file__).resolve().parents[1]
README, METHOD = ROOT / "README.md", ROOT / "docs" / "method.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
POLICY = "mingxi-2023-16"


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# --- the tables of docs/method.md ---------------------------------------------------------------


def with_tables(page: str) -> str:
    """Give the page with every marked table made anew."""
    for name, table in TABLES.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        made = f"\\1\n{table()}\n\\2"
        page = marked.sub(made, page)
    return page


def speed_table() -> str:
    rows = [("mode", "方式", "street classes", "km/h", "source")]
    for mode in load_modes().values():
        of_speed: dict[tuple[float, str], list[str]] = {}
        for street, rule in mode.classes.items():
            of_speed.setdefault((rule.kmh, rule.source), []).append(street)
        rows += [
            (mode.id, mode.name_zh, ", ".join(streets), f"{kmh:g}", source)
            for (kmh, source), streets in of_speed.items()
        ]
        rows.append((mode.id, mode.name_zh, "off the road", f"{mode.off_road_kmh:g}", ""))
    return table_of(rows)


def circle_table() -> str:
    rows = [("circle", "生活圈", "minutes", "mode", "categories", "source")]
    for circle in map(load_circle, circle_ids()):
        minutes = ", ".join(f"{each:g}" for each in circle.minutes)
        asked = ", ".join(circle.categories)
        rows.append((circle.id, circle.name_zh, minutes, circle.mode, asked, circle.source))
    return table_of(rows)


def category_table() -> str:
    def told(limit: Limit) -> str:
        return f"{limit.minutes:g} {limit.mode}"

    def counted(category: Category) -> tuple[str, str]:
        if category.standard is None:
            return "", ""
        told = f"{category.standard.per_1000:g}"
        return told if category.capacity_per_1000 else f"({told})", category.standard.source

    columns = ("urban 城镇", "rural 农村", "whose share", "per 1000", "source of that")
    rows = [("category", "类别", "meaning", *columns)]
    for each in load_categories().values():
        names = (each.id, each.name_zh, each.name_en, told(each.urban), told(each.rural))
        rows.append((*names, text(f"words.{each.cohort}", "en"), *counted(each)))
    return table_of(rows)


def indicator_table() -> str:
    rows = [("indicator", "指标", "measure", "over", "units", "target", "source")]
    for each in load_indicators(POLICY):
        target, whose = each.target, "县" if each.target_county else "省"
        told = f"{target.comparison} {target.value:g}（{whose}：{target.source}）" if target else ""
        kind = (str(each.measure), each.over, each.units)
        rows.append((each.id, each.name_zh, *kind, told, each.source))
    return table_of(rows)


def choice_table() -> str:
    rows = [("id", "指标、方式", "reading 读法", "理由", "reason")]
    for each in (*load_modes().values(), *load_indicators(POLICY)):
        for one in each.readings:
            mark = f"**{one.name_zh}**" if one.name_zh == each.choice else one.name_zh
            rows.append((f"`{each.id}`", each.name_zh, mark, one.reason_zh, one.reason_en))
    return table_of(rows)


def rule_table() -> str:
    rows = [("rule", "default", "含义", "meaning")]
    for each in fields(Rules):
        shown = ", ".join(each.default) if isinstance(each.default, tuple) else f"{each.default}"
        key = f"workbook.method.rule.{each.name}"
        rows.append((f"`{each.name}`", shown, text(key), text(key, "en")))
    return table_of(rows)


def table_of(rows: Iterable[tuple[str, ...]]) -> str:
    head, *body = ("| " + " | ".join(row) + " |\n" for row in rows)
    return head + re.sub(r"[^|\n]+", "---", head) + "".join(body)


def supply_table() -> str:
    rows = [("", "", "方法", "meaning", "source")]
    for method in map(load_supply, supply_ids()):
        name = (method.name_zh, f"{method.name_en}, decay {method.decay.id}")
        rows.append(("method", f"`{method.id}`", *name, method.source))
    decays = map(load_decay, decay_ids())
    told = (("decay", f"`{each.id}`", each.name_zh, each.name_en, each.source) for each in decays)
    return table_of([*rows, *told])


TABLES = {
    "speeds": speed_table,
    "circles": circle_table,
    "categories": category_table,
    "indicators": indicator_table,
    "choices": choice_table,
    "rules": rule_table,
    "supply": supply_table,
}


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_of_the_method_page_are_those_of_the_program(name):
    page = read(METHOD)
    assert f"<!-- {name} -->\n\n{TABLES[name]()}\n<!-- end -->" in page


def test_every_rule_is_explained_outside_its_table():
    told = read(METHOD).split("<!-- rules -->")[0]
    assert [rule.name for rule in fields(Rules) if f"`{rule.name}`" not in told] == []


@pytest.mark.parametrize("rule", [field.name for field in fields(Rules)])
def test_every_rule_of_the_table_can_be_set_in_project_toml(rule, tmp_path):
    default = getattr(Rules(), rule)
    others = {"straight_class": "residential", "statuses": ("existing", "building")}
    wanted = others.get(rule) or default * 0.8
    said = list(wanted) if isinstance(wanted, tuple) else wanted
    file = tmp_path / "project.toml"
    study = 'name = "县"\ncrs = "EPSG:4548"\n[layers.units]\nsource = "u.gpkg"\n'
    told = f'"{said}"' if isinstance(said, str) else str(said).replace("'", '"')
    file.write_text(f"{study}[rules]\n{rule} = {told}\n", encoding="utf-8")
    assert layers.read_project(file).rules == replace(Rules(), **{rule: wanted})


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_explained(reason):
    assert reason in read(METHOD)
    word = text(f"words.reason.{reason}").split("（", maxsplit=1)[0]
    assert word in read(METHOD)


@pytest.mark.parametrize("measure", Measure)
def test_every_measure_is_explained(measure):
    assert f"| {measure} | {text(f'words.measure.{measure}')} |" in read(METHOD)


# --- the README's commands ----------------------------------------------------------------------


def fences(page: str, language: str) -> list[str]:
    """Give the fenced blocks of a page that are in one language, without their indent."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", page, re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def commands() -> dict[str, typer.main.TyperCommand]:
    return typer.main.get_command(livingcircle.app).commands


def test_the_two_commands_that_a_fresh_clone_runs_are_there_and_alone():
    setup = "python3 -m venv .venv\n.venv/bin/python -m pip install --quiet"
    assert fences(read(README), "sh") == [
        f"# demo\n{setup} .\n.venv/bin/livingcircle demo\n",
        f'# tests\n{setup} --editable ".[test]"\n.venv/bin/python -m pytest\n',
    ]


def test_windows_is_told_the_same_commands():
    def for_windows(block: str) -> str:
        told = block.split("\n", maxsplit=1)[1].replace("python3", "py")
        return re.sub(r"^\.venv/bin/", r".venv\\Scripts\\", told, flags=re.MULTILINE)

    page = read(README)
    assert fences(page, "bat") == [for_windows(block) for block in fences(page, "sh")]


def test_every_command_is_in_the_readme_and_every_command_there_exists():
    assert set(re.findall(r"`livingcircle (\w+)", read(README))) == set(commands())


def test_every_option_that_the_readme_names_exists_and_every_own_option_is_named():
    page = "\n".join(line for line in read(README).splitlines() if "pip" not in line)
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", page))
    own = {opt for each in commands().values() for param in each.params for opt in param.opts}
    assert named == {opt for opt in own if opt.startswith("--")} | {"--help"}


def test_the_exit_codes_are_those_of_the_program():
    codes = {outcome.DONE, outcome.FOUND, outcome.BAD, outcome.INTERRUPTED}
    assert codes == {0, 1, 2, 130}
    assert "0 none, 1 some, 2 project.toml unusable" in read(README)
    assert "ends with 130" in read(README)


def test_the_sheets_the_readme_names_are_those_of_the_workbook():
    sheets = texts_of("workbook", "zh")
    told = "、".join(name for key, name in sheets.items() if key.startswith("sheet."))
    assert f"| `report.xlsx` | {told} |" in read(README)


def test_the_python_and_the_version_told_are_those_of_the_package():
    package = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    assert f"Python {package['requires-python'].removeprefix('>=')} or newer" in read(README)
    assert f"\n## {package['version']} · " in read(ROOT / "CHANGELOG.md")


# --- the README's project.toml ------------------------------------------------------------------


@pytest.fixture
def planners_folder(tmp_path: Path) -> Path:
    """Give a folder as the README describes it: its project.toml and the files that names."""
    (example,) = fences(read(README), "toml")
    study = GoodStudy()
    theirs = {"unit_id": "区划代码", "name": "名称", "kind": "类型", "urban_class": "城乡分类"}
    theirs |= {"people": "常住人口", "age_60_plus": "60岁以上"}
    units = study.units.replace({"community": "居委会", "village": "村委会"})
    units = units.rename(columns=theirs)[[*theirs.values(), "geometry"]]
    units.to_file(tmp_path / "单元.gpkg")
    study.streets.to_file(tmp_path / "道路.gpkg")
    homes = study.residences.rename(columns={"residence_id": "编号", "weight": "建筑面积"})
    homes.drop(columns="unit_id").to_csv(tmp_path / "居住点.csv", index=False, encoding="gbk")
    lon, lat = from_wgs84(*degrees(np.array([950.0, 2950.0]), np.array([1000.0, 3000.0])), "gcj02")
    served = [None, f"{UNITS[1]};{UNITS[2]}"]
    rooms = {"编号": ["J1", "J2"], "名称": ["甲", "乙"], "服务村": served, "经度": lon, "纬度": lat}
    pd.DataFrame(rooms).to_excel(tmp_path / "警务室.xlsx", index=False)
    write_grid(tmp_path / "dem.tif")
    (tmp_path / "project.toml").write_text(example, encoding="utf-8")
    return tmp_path


def test_the_readmes_project_says_what_its_comments_say(planners_folder):
    project = layers.read_project(planners_folder)
    assert {layer.path.name for layer in project.layers} <= {
        path.name for path in planners_folder.iterdir()
    }
    assert project.indicators == load_indicators(POLICY)
    limit = project.categories["police-room"].rural
    assert (limit.minutes, limit.mode) == (20.0, "drive")
    assert project.rules == replace(Rules(), max_access_metres=300.0)


def test_the_readmes_project_reads_its_layers_without_a_problem(planners_folder):
    project = layers.read_project(planners_folder)
    area = layers.read_study_area(project)
    assert area.problems == ()
    assert area.residences["unit_id"].tolist() == [UNITS[n // 10] for n in range(40)]
    assert area.facilities["unit_id"].tolist() == [UNITS[0], UNITS[3]]
    assert area.units["urban"].tolist()[:3] == [True, False, False]
    assert area.has_elevation


# --- pictures, links, paths ---------------------------------------------------------------------


def links(page: Path) -> Iterator[Path]:
    for target in re.findall(r"\]\(([^)#]+)", read(page)):
        if not target.startswith("http"):
            yield page.parent / target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_what_a_page_points_to_is_there(page):
    assert [link for link in links(page) if not link.exists()] == []


def test_the_pictures_are_shown_and_small():
    shown = {link.resolve() for page in PAGES for link in links(page) if link.suffix == ".webp"}
    kept = set((ROOT / "docs" / "images").glob("*.webp"))
    assert shown == kept
    for path in kept:
        assert path.read_bytes().startswith(b"RIFF")
        assert path.stat().st_size < 300_000


@pytest.mark.parametrize(
    "page", [*PAGES, *sorted((ROOT / "layers").rglob("*.toml"))], ids=lambda path: path.name
)
def test_no_page_names_a_place_on_somebodys_machine(page):
    assert not re.search(r"(?<![\w.])/(work|home|tmp|root|Users|mnt)/|[A-Z]:\\Users", read(page))


# --- texts --------------------------------------------------------------------------------------


SOURCES = [
    ROOT / "livingcircle.py",
    *sorted(path for name in ("geo", "layers", "maps") for path in (ROOT / name).rglob("*.py")),
]
SAY = {
    "livingcircle.py": "cli.",
    "account_words.py": "explain.",
    "sheets_method.py": "workbook.method.",
    "comparison.py": "comparison.",
    "gis_styles.py": "gis.",
    "report_findings.py": "report.findings.",
    "report_maps.py": "report.picture.",
}


def asked_keys() -> Iterator[tuple[str, str]]:
    """Give every key that the code asks a text for, and its module; a blank leaves a prefix."""
    for path in SOURCES:
        source = re.sub(r'"""(?s:.*?)"""', "", read(path))
        for formatted, key in re.findall(r'(?<![.\w])text\(\s*(f?)"([\w.{}-]+)', source):
            yield path.name, key.split("{")[0] if formatted else key
        for formatted, key in re.findall(r'\b_say\(\s*(f?)"([\w.{}-]+)', source):
            yield path.name, SAY[path.name] + (key.split("{")[0] if formatted else key)
        for key in re.findall(r'\b_option\(\s*"(\w+)"', source):
            yield path.name, f"cli.option.{key}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_that_the_code_asks_for_is_there(lang):
    asked = {key for _, key in asked_keys()}
    assert len(asked) > 50
    assert [key for key in sorted(asked) if not is_said(key, lang)] == []


def is_said(key: str, lang: str) -> bool:
    surface, _, name = key.partition(".")
    known = texts_of(surface, lang)
    is_prefix = name == "" or name[-1] in "._"
    return name in known or (is_prefix and any(each.startswith(name) for each in known))


if __name__ == "__main__":
    METHOD.write_text(with_tables(read(METHOD)), encoding="utf-8")
