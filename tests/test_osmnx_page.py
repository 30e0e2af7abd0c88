"""The examples of docs/osmnx.md run as they stand, one after the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layers.fetch_source import fetch_rules
from tests.osm_server import BOX, Osm, serving, use_server

PAGE = (Path(__file__).parents[1] / "docs" / "osmnx.md").read_text(encoding="utf-8")


@pytest.mark.real
def test_the_examples_for_analysts_run(real_data, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    known = {}
    with serving(Osm(real_data / "andorra" / "andorra.osm.pbf")) as address:
        use_server(address, monkeypatch)
        for example in re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
            exec(example, known)  # noqa: S102 - the page's own examples
    assert known["box"] == BOX
    assert re.fullmatch(
        r"\d+ units, \d+ facilities, \d+ streets\n[\d.]+ minutes from junction to junction\n",
        capsys.readouterr().out,
    )
    assert {file.name for file in tmp_path.iterdir()} >= {"walk.graphml", "map.html", "kept"}
    assert known["page"]._repr_html_().startswith("<iframe")


def test_the_page_tells_the_order_of_a_box_and_the_servers_limit():
    assert fetch_rules()["online"]["max_km2"] == 20_000
    assert "20,000 km²" in PAGE
    assert "2万平方公里" in PAGE
