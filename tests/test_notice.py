"""NOTICE names the work of others that the program carries, and the wheel carries NOTICE."""

from __future__ import annotations

import re
from importlib.metadata import metadata, requires
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
FILES = [
    path
    for folder in ("geo", "layers", "maps", "tests", "bench", "docs")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file() and "__pycache__" not in path.parts
]
LICENCES = [path for path in FILES if path.name.startswith(("LICENSE", "LICENCE", "COPYING"))]
CLAIM = re.compile(
    r"©|\(c\) ?(?:\d{4}|copyright)|copyright|all rights reserved|@license", re.IGNORECASE
)
OURS = ("osmconf.ini", "package.json")  # written here, for GDAL and for node


def within(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("licence", LICENCES, ids=within)
def test_a_folder_with_a_licence_is_named_with_its_licence_holder_and_version(licence):
    folder = f"{within(licence.parent)}/"
    (entry,) = [part for part in NOTICE.split("\n\n") if folder in part]
    said = licence.read_text(encoding="utf-8")
    name, version = entry.strip().split()[:2]
    assert re.search(r"(MIT|BSD-\d-Clause|MPL-[\d.]+|Apache-2.0)", entry)
    assert within(licence) in entry
    assert re.fullmatch(r"[\d.]+", version), name
    holders = re.findall(r"(?i)copyright \(c\) ([^\n]+)", said)
    assert all(holder.strip().rstrip(".") in entry for holder in holders), holders


def test_there_are_licences_to_name():
    assert len(LICENCES) >= 3


def test_no_script_or_style_of_others_lies_outside_a_folder_with_a_licence():
    scripts = [path for path in FILES if path.suffix in (".js", ".css", ".mjs")]
    strays = [
        within(path)
        for path in scripts
        if not any((path.parent / licence.name).is_file() for licence in LICENCES)
        and CLAIM.search(path.read_text(encoding="utf-8"))
    ]
    assert strays == []


def test_every_shipped_file_that_is_neither_code_nor_a_table_of_ours_is_named():
    shipped = [
        path for path in FILES if path.relative_to(ROOT).parts[0] in ("geo", "layers", "maps")
    ]
    others = [
        path
        for path in shipped
        if path.suffix not in (".py", ".toml", ".js", ".css") and path.name not in OURS
    ]
    unnamed = [
        within(path)
        for path in others
        if within(path) not in NOTICE
        and not any(f"{folder.as_posix()}/" in NOTICE for folder in path.relative_to(ROOT).parents)
    ]
    assert unnamed == []


def test_no_library_that_everybody_installs_is_under_the_gpl():
    """It would bind whoever hands the program on."""
    strict = re.compile(r"(?<!Lesser )General Public License|(?<![A-Z])A?GPL")
    names = [
        re.split(r"[<>=\[; ]", each)[0]
        for each in requires("livingcircle") or ()
        if "extra" not in each
    ]
    assert len(names) > 10
    for name in names:
        told = metadata(name)
        claims = [told.get("License-Expression") or "", *(told.get_all("Classifier") or ())]
        assert [claim for claim in claims if strict.search(claim)] == [], name
