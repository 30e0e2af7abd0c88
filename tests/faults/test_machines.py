"""The same results on other machines: their clock, language, console, paths and Windows' names."""

from __future__ import annotations

import ntpath
import os
import re
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

import pytest

import layers.inputs
from layers.layer_settings import _path
from layers.project import LayerSource
from layers.record import _layer, _plain
from layers.toml_table import TomlTable
from maps.outcome import BAD, DONE, FOUND
from tests.started import PROGRAM
from tests.test_cli import SAME_EVERY_TIME, contents, write_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

# Words for the machine: its variables, then the seconds since 1970 that its clock shows.
MACHINES = {
    "plain C, in 1980": ({"LC_ALL": "C", "TZ": "Pacific/Kiritimati"}, 3.2e8),
    "a GBK console, in 2040": (
        {"LC_ALL": "zh_CN.GBK", "PYTHONIOENCODING": "gbk", "TZ": "Asia/Shanghai"},
        2.2e9,
    ),
}
OTHER_CLOCK = """
import os, time
began, real = {clock}, time.time()
time.time = lambda now=time.time: began - (now() - real)  # it runs backwards, too
time.time_ns = lambda: int(time.time() * 1e9)
real_day, real_clock = time.localtime, time.strftime
time.localtime = lambda seconds=None: real_day(time.time() if seconds is None else seconds)
time.strftime = lambda form, at=None: real_clock(form, at or time.localtime())
import livingcircle
livingcircle.main()
"""
# What a machine of ours may have set, and a planner's has not.
LEFT_OUT = ("PYTHONUTF8", "PYTHONIOENCODING", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ")


def _run(words: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - our own program with our own words
        [sys.executable, *words],
        capture_output=True,
        check=False,
        env={name: said for name, said in os.environ.items() if name not in LEFT_OUT} | env,
        cwd=PROGRAM.parent,
        timeout=600,
    )


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a planner's folder whose path is Chinese, has spaces and more than 200 letters."""
    deep = tmp_path_factory.mktemp("某 县") / ("很长的文件夹名 " * 8).strip()
    return write_project(deep / ("again and again " * 10).strip() / "县")


@pytest.fixture(scope="module")
def usual(county: Path, ask: Callable[..., Result]) -> dict[str, bytes]:
    """Give the results of a run on this machine as it is."""
    assert len(str(county)) > 200
    assert ask("run", county, "--quiet").exit_code == DONE
    return contents(county / "out")


@pytest.mark.parametrize("machine", MACHINES)
def test_clock_language_console_and_a_long_chinese_path_change_no_byte(
    county, usual, tmp_path, machine
):
    env, clock = MACHINES[machine]
    words = ["-c", OTHER_CLOCK.format(clock=clock), "run", str(county), "--out", str(tmp_path)]
    done = _run(words, env)
    assert done.returncode == DONE, done.stderr.decode(errors="replace")
    assert b"Traceback" not in done.stderr
    results = contents(tmp_path)
    assert set(results) == set(usual)
    assert [name for name in SAME_EVERY_TIME if results[name] != usual[name]] == []


def test_a_clock_before_1980_is_told_before_anything_is_read_or_written(tmp_path):
    words = ["-c", OTHER_CLOCK.format(clock=1000.0), "run", str(tmp_path), "--lang", "en"]
    done = _run(words, {})
    assert done.returncode == BAD
    assert "1980" in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp437", "latin-1"])
def test_a_console_that_cannot_show_everything_gets_question_marks_and_no_traceback(
    county, tmp_path, encoding
):
    project = county / "project.toml"
    said = project.read_text(encoding="utf-8").replace('"小县"', '"小县 𠮷 é"')
    (tmp_path / "project.toml").write_text(said, encoding="utf-8")
    words = [str(PROGRAM), "check", str(tmp_path)]  # its files are not there: a table of problems
    done = _run(words, {"PYTHONIOENCODING": encoding})
    assert done.returncode == FOUND, done.stderr
    assert b"Traceback" not in done.stderr
    shown = done.stdout.decode(encoding, errors="replace")  # click gives an ASCII one UTF-8
    assert "units.gpkg" in shown
    assert ("?" in shown) == (encoding != "gbk")


# --- Windows --------------------------------------------------------------------------------------

FOLDER = PureWindowsPath("D:/规划/某 县")
WINDOWS_PATHS = {
    "units.gpkg": "units.gpkg",
    "数据\\单元.shp": "数据/单元.shp",
    "D:\\规划\\某 县\\数据\\a.csv": "数据/a.csv",
    "d:/规划/某 县/a.csv": "a.csv",
    "E:\\other\\dem.tif": "dem.tif",
    "\\\\server\\share\\民政局\\台账.xlsx": "台账.xlsx",
    "\\\\?\\D:\\规划\\" + "长" * 200 + "\\dem.tif": "dem.tif",
    "..\\别处\\a.csv": "../别处/a.csv",
}


@pytest.mark.parametrize(("source", "known"), WINDOWS_PATHS.items())
def test_a_path_of_windows_is_recorded_with_slashes_and_not_by_whose_disk_it_is_on(source, known):
    table = TomlTable({"source": source}, file="project.toml", problems=[])
    path = FOLDER / _path(table)
    layer = LayerSource("units", "units", path)  # type: ignore[arg-type]  # pure: there is no disk
    assert _plain(_layer(layer, FOLDER).path) == known  # type: ignore[arg-type]  # the same


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("D:/规划/某 县/数据/a.csv", "数据/a.csv"),
        ("D:/规划/b.csv", "../b.csv"),
        ("E:/b.csv", "b.csv"),
        ("//server/share/b.csv", "b.csv"),
    ],
)
def test_an_input_on_another_drive_goes_by_its_name_alone(monkeypatch, path, known):
    monkeypatch.setattr(layers.inputs, "os", replace_path(ntpath))
    monkeypatch.setattr(layers.inputs, "Path", PureWindowsPath)
    assert layers.inputs._name(PureWindowsPath(path), FOLDER) == known  # type: ignore[arg-type]  # pure


def replace_path(other: object) -> object:
    """Give something with the ``path`` of another system, as ``os`` has that of this one."""
    return type("os", (), {"path": other})


FORBIDDEN = re.compile(
    r'[<>:"/\\|?*\x00-\x1f]|[ .]$|^(con|prn|aux|nul|(com|lpt)\d)(\.|$)', re.IGNORECASE
)


def test_every_file_a_run_writes_has_a_name_that_windows_allows(usual):
    for name in usual:
        assert not any(FORBIDDEN.search(part) for part in name.split("/")), name
        assert len(name) < 60, name
