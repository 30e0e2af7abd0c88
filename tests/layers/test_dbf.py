from __future__ import annotations

import warnings

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from layers.check import Findings
from layers.dbf import dbf_encoding
from layers.errors import LayerError
from layers.shapefile import read_shapefile

NAMES = ["城东社区", "盖洋村", "龙湖村"]
LONG = "年龄0至14岁人口"  # its tenth byte is the first half of a character, in GBK and in UTF-8


def shapefile(folder, encoding, *, cpg=None, names=NAMES, column="名称"):
    points = [Point(at, at) for at in range(len(names))]
    frame = gpd.GeoDataFrame({column: names}, geometry=points, crs=4326)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*(laundered|Could not decode).*")
        frame.to_file(folder / "a.shp", encoding=encoding)
    (folder / "a.cpg").unlink(missing_ok=True)
    if cpg:
        (folder / "a.cpg").write_text(cpg)
    return folder / "a.shp"


@pytest.mark.parametrize("cpg", [None, "GBK", "936", "UTF-8", "ISO-8859-1", "nonsense"])
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_the_text_is_read_whatever_the_cpg_says(tmp_path, encoding, cpg):
    frame = read_shapefile(shapefile(tmp_path, encoding, cpg=cpg), None, Findings("units"))
    assert frame["名称"].tolist() == NAMES


def test_an_encoding_found_against_the_cpg_is_told_with_a_sample(tmp_path):
    findings = Findings("units")
    read_shapefile(shapefile(tmp_path, "GBK", cpg="UTF-8"), None, findings)
    (problem,) = findings.problems
    assert (problem.code, problem.value, problem.fatal) == ("encoding_claimed", "utf-8", False)
    assert dict(problem.values) == {"encoding": "gb18030", "sample": "龙湖村"}


def test_the_language_byte_counts_before_any_guess(tmp_path):
    path = shapefile(tmp_path, "GBK")
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0x4D
    path.with_suffix(".dbf").write_bytes(table)
    found = dbf_encoding(path, None)
    assert (found.name, found.said) == ("gb18030", "LDID")


def test_what_project_toml_declares_has_to_read_the_file(tmp_path):
    path = shapefile(tmp_path, "GBK", cpg="GBK")
    with pytest.raises(LayerError):
        read_shapefile(path, "utf-8", Findings("units"))


@pytest.mark.parametrize(
    ("encoding", "kept"), [("GBK", "年龄0至14"), ("UTF-8", "年龄0至")], ids=str
)
def test_a_name_cut_inside_a_character_keeps_the_whole_ones(tmp_path, encoding, kept):
    path = shapefile(tmp_path, encoding, column=LONG)
    assert kept in read_shapefile(path, None, Findings("units"))


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_text_cut_inside_a_character_keeps_the_whole_ones(tmp_path, encoding):
    path = shapefile(tmp_path, encoding, names=["盖洋镇盖洋村民委员会"] * 2)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    size, width = int.from_bytes(table[8:10], "little"), int.from_bytes(table[10:12], "little")
    for row in range(2):  # the field is as long as the text was cut: 255 bytes
        start, end = size + row * width + 1, size + (row + 1) * width
        text = ("村" * 200).encode(encoding)[: end - start]
        table[start:end] = text
    path.with_suffix(".dbf").write_bytes(table)
    texts = read_shapefile(path, None, Findings("units"))["名称"]
    assert set("".join(texts)) == {"村"}


chinese = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=9)


@given(
    names=st.lists(chinese, min_size=3, max_size=6),
    encoding=st.sampled_from(["GBK", "UTF-8"]),
    declared=st.booleans(),
)
def test_text_comes_back_as_it_was_written(tmp_path_factory, names, encoding, declared):
    path = shapefile(tmp_path_factory.mktemp("dbf"), encoding, names=names, cpg=encoding)
    frame = read_shapefile(path, encoding if declared else None, Findings("units"))
    assert frame["名称"].tolist() == names
